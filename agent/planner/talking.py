"""Talk that looks for nothing: greetings, thanks, abuse, what is out of scope, memories, a fresh start."""

from __future__ import annotations

import re

from agent.conditions import Where
from agent.planner.asking import from_pages
from agent.planner.turn import Planned
from agent.tools.remember import ACCEPTED, EVERYTHING, REFUSED, Remembered
from agent.understanding.language.request_cues import NO, YES
from agent.wording import listed, say

_SOCIAL = tuple(
    (re.compile(pattern, re.IGNORECASE), key)
    for pattern, key in (
        (
            r"\b(?:robot|bot|human|real person|machine|computer|ai|chatgpt|who are you|your name)\b",
            "social.program",
        ),
        (r"\b(?:joke|funny|sing|poem|story)\b", "social.joke"),
        (
            r"\b(?:bye|goodbye|good ?night|see (?:you|ya)|that's (?:me|all|it)|i'm done|all done|"
            r"have a (?:good|nice|great)|auf wiedersehen|tsch(?:ü|ue)ss)\b",
            "social.goodbye",
        ),
        (
            r"\b(?:thanks?|thank|thx|ta|cheers|appreciate|grateful|star|legend|lovely|perfect|great|"
            r"brilliant|awesome|that'll do|danke|vielen dank)\b",
            "social.thanks",
        ),
        (
            r"\b(?:hi|hello|hey|hiya|howdy|good (?:morning|afternoon|evening)|yo|greetings|"
            r"evenin|mornin|alright|all right|ey up|sup|how are you|how's it going|hallo|guten (?:tag|morgen|abend))\b",
            "social.hello",
        ),
        (r"\b(?:sorry|my bad|apolog\w+|oops)\b", "social.sorry"),
    )
)
"""Cues of talk, and the key of what is said to it."""
_LISTS = re.compile(
    r"\bwhat (?:do|did) (?:you|u) (?:know|remember|have)\b"
    r"|\b(?:list|show)\b.*\b(?:preferences|profile|memory)\b",
    re.IGNORECASE,
)
_SENTENCES = re.compile(r"(?<=[.!?])\s+")
_ALL = re.compile(r"\b(?:everything|all|whatever)\b", re.IGNORECASE)
ANSWERED = 0.9
"""How surely a page of the shop must answer what seemed to be none of its business."""


def social(turn: Planned) -> str:
    """A greeting, thanks or chat, answered in kind; nothing is shown."""
    return turn.say(next((key for cue, key in _SOCIAL if cue.search(turn.question)), "social.otherwise"))


def abusive(turn: Planned) -> str:
    return turn.say("abusive")


def out_of_scope(turn: Planned) -> str:
    return from_pages(turn, "", ANSWERED) or turn.say("out_of_scope")


def start_over(turn: Planned) -> str:
    if "seek" in turn.meant.moves:
        return ""
    return turn.say("start_over")


def remember(turn: Planned) -> str:
    """Keep or list what a shopper says of themselves; asks for consent where there is none."""
    text, context = turn.question, turn.context
    said = text.lower().strip(" .!")
    asked = is_asked_to_remember(turn)
    if said == REFUSED or (asked and NO.fullmatch(text)):
        return say("memory.conversation_only")
    accepted = said == ACCEPTED or (asked and YES.fullmatch(text))
    if accepted and context.user_id is not None and turn.state.exchanges:
        context.desk.profiles.consents.decide(context.user_id, "remember", True)
        text = turn.state.exchanges[-1].said
    if _LISTS.search(text):
        return _listed(turn.call("remember", action="list"))
    statement = " ".join(part for part in _SENTENCES.split(text) if not part.rstrip().endswith("?")) or text
    kept: Remembered = turn.call("remember", action="keep", statement=statement, avoid=_ruled_out(turn))
    told = _quoted(kept)
    match kept.outcome:
        case "kept":
            return say("memory.kept", told=told)
        case "no consent":
            return say("memory.ask", told=told)
        case "unknown shopper":
            return say("memory.unknown_shopper", told=told)
    return say("memory.failed", problem=kept.problem)


def is_asked_to_remember(turn: Planned) -> bool:
    """Whether the turn before asked whether something should be remembered."""
    question = say("memory.ask", told="\0").partition("\0")[2].strip(' ”".')
    return bool(turn.state.exchanges) and question[-30:] in turn.state.exchanges[-1].answered


def _ruled_out(turn: Planned) -> list[Where]:
    """What the statement says must not be; after a yes, what the turn before said so."""
    return [where for where in (turn.meant.where or turn.state.topic.where) if where.is_negative]


def _listed(known: Remembered) -> str:
    if known.outcome != "listed":
        return say("memory.nothing")
    return say("memory.listed", told=_quoted(known))


def _quoted(known: Remembered) -> str:
    return listed([say("memory.quoted", told=one) for one in known.statements])


def forget(turn: Planned) -> str:
    """Forget what the words name; all of it where all is said."""
    statement = EVERYTHING[0] if _ALL.search(turn.question) else turn.question
    gone: Remembered = turn.call("remember", action="forget", statement=statement)
    if gone.outcome == "forgotten":
        return say("memory.forgotten", told=_quoted(gone))
    return say("memory.had_nothing")
