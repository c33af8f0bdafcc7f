"""Talk that looks for nothing: greetings, thanks, abuse, what is out of scope, memories, a fresh start."""

from __future__ import annotations

import re

from agent.conditions import Where
from agent.planner.turn import Planned, joined
from agent.tools.remember import ACCEPTED, EVERYTHING, REFUSED, Remembered

_SOCIAL: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), replies)
    for pattern, replies in (
        (
            r"\b(?:robot|bot|human|real person|machine|computer|ai|chatgpt|who are you|your name)\b",
            (
                "I'm this shop's assistant: a program, not a person. I know its products, reviews and pages. "
                "What can I look up?",
            ),
        ),
        (
            r"\b(?:joke|funny|sing|poem|story)\b",
            ("Jokes are not my trade, but finding things in this shop is. What would cheer you up?",),
        ),
        (
            r"\b(?:bye|goodbye|good ?night|see (?:you|ya)|that's (?:me|all|it)|i'm done|all done|"
            r"have a (?:good|nice|great))\b",
            ("Goodbye, and come back any time!", "Take care, and come back any time!"),
        ),
        (
            r"\b(?:thanks?|thank|thx|ta|cheers|appreciate|grateful|star|legend|lovely|perfect|great|"
            r"brilliant|awesome|that'll do)\b",
            (
                "You're welcome! Just ask if there is anything else.",
                "Glad to help! I'm here if you need anything else.",
            ),
        ),
        (
            r"\b(?:hi|hello|hey|hiya|howdy|good (?:morning|afternoon|evening)|yo|greetings|"
            r"how are you|how's it going)\b",
            (
                "Hello! What are you looking for today?",
                "Hi there! Tell me what you need, and I'll see what the shop has.",
            ),
        ),
        (
            r"\b(?:sorry|my bad|apolog\w+|oops)\b",
            ("No problem at all. What would you like to see?",),
        ),
    )
)
_OTHERWISE = (
    "All right. What can I find for you?",
    "I see. Tell me what you are looking for, and I'll have a look.",
)
_LISTS = re.compile(
    r"\bwhat (?:do|did) (?:you|u) (?:know|remember|have)\b"
    r"|\b(?:list|show)\b.*\b(?:preferences|profile|memory)\b",
    re.IGNORECASE,
)
_ALL = re.compile(r"\b(?:everything|all|whatever)\b", re.IGNORECASE)


def social(turn: Planned) -> str:
    """A greeting, thanks or chat, answered in kind; nothing is shown."""
    replies = next((replies for cue, replies in _SOCIAL if cue.search(turn.question)), _OTHERWISE)
    return turn.vary(*replies)


def abusive(turn: Planned) -> str:
    return turn.vary(
        "I'm sorry this is frustrating. Tell me what you need, and I'll try again.",
        "Let's keep it friendly; I'd like to help. What are you looking for?",
    )


def out_of_scope(turn: Planned) -> str:
    return turn.vary(
        "That's outside what I can do here; I can help with this shop's products and its rules.",
        "I can't help with that, but I know this shop's products, its reviews and its pages.",
    )


def start_over(turn: Planned) -> str:
    if "seek" in turn.meant.moves:
        return ""
    return turn.vary(
        "All right, a fresh start. What are you looking for?", "Done, we start afresh. What would you like?"
    )


def remember(turn: Planned) -> str:
    """Keep or list what a shopper says of themselves; asks for consent where there is none."""
    text, context = turn.question, turn.context
    said = text.lower().strip(" .!")
    if said == REFUSED:
        return "All right, I keep it for this conversation only."
    if said == ACCEPTED and context.user_id is not None and turn.state.exchanges:
        context.desk.profiles.consents.decide(context.user_id, "remember", True)
        text = turn.state.exchanges[-1].said
    if _LISTS.search(text):
        return _listed(turn.call("remember", action="list"))
    kept: Remembered = turn.call("remember", action="keep", statement=text, avoid=_ruled_out(turn))
    told = joined([f"“{one}”" for one in kept.statements])
    match kept.outcome:
        case "kept":
            return f"I'll remember {told}. Say “forget” with it, and it is gone."
        case "no consent":
            return f"I'll go by {told} in this conversation. Shall I remember it for your next visits, too?"
        case "unknown shopper":
            return f"I'll go by {told} here; I can't keep it longer, as I don't know who you are."
    return f"I couldn't keep that: {kept.problem}."


def _ruled_out(turn: Planned) -> list[Where]:
    """What the statement says must not be; after a yes, what the turn before said so."""
    return [where for where in (turn.meant.where or turn.state.topic.where) if where.is_negative]


def _listed(known: Remembered) -> str:
    if known.outcome != "listed":
        return "I remember nothing about you beyond what the shop's own records say."
    told = joined([f"“{one}”" for one in known.statements])
    return f"You told me: {told}. Say “forget” with one of them, and it is gone."


def forget(turn: Planned) -> str:
    """Forget what the words name; all of it where all is said."""
    statement = EVERYTHING[0] if _ALL.search(turn.question) else turn.question
    gone: Remembered = turn.call("remember", action="forget", statement=statement)
    if gone.outcome == "forgotten":
        return f"I have forgotten {joined([f'“{one}”' for one in gone.statements])}."
    return "I had kept nothing like that. What was said in this conversation goes with it."
