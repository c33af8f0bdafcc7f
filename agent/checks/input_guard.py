"""What reaches the understanding: bounded, normalised, and without the parts that address the machine, not
the shop.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from agent.checks.claims import plain
from retrieval.text.language import language, model_language

Decline = Literal["", "empty", "abuse", "injection", "medical", "distress"]
MAX_CHARACTERS = 2_000

_RULES = (
    r"(?:instruct\w*|rules?|prompts?|guidelines?|directives?|polic(?:y|ies)|programming|training|safeguards?|"
    r"restrictions?|guardrails?)"
)
INJECTION = re.compile(
    "|".join(
        (
            rf"\b(?:ignore|disregard|forget|override|overrule|bypass|drop|skip|violate|break|discard|"
            rf"neglect|stop following)\b.{{0,40}}\b{_RULES}",
            r"\b(?:ignore|disregard|forget)\b.{0,20}\b(?:everything|all|anything|what)\b.{0,25}\b(?:above|before|previous\w*|prior|earlier|told|said)\b",
            rf"\b(?:new|updated?|different|real|true|following)\s+{_RULES}\b",
            rf"\b(?:reveal|show|print|repeat|tell|output|leak|give|display|recite|dump|share|send|expose|"
            rf"paste|summari[sz]e|translate|encode|write|what(?:'s| is| are| were))\b.{{0,40}}\b(?:your|"
            rf"system|hidden|initial|secret|developer|internal|above|original)\s+(?:(?:own|system|hidden|"
            rf"initial|secret|developer|internal|original|full|exact|entire)\s+)*(?:{_RULES}|api keys?|"
            rf"passwords?|secrets?|credentials?|configuration|source code|tokens?|tools?)\b",
            r"\b(?:system|developer|assistant)\s*(?:prompt|message|override|note|mode)\b",
            r"\byou (?:are|'re) (?:now|no longer)\b|\bfrom now on,? you\b|\byou (?:must|will|shall|should)"
            r" (?:now |always |only )?(?:obey|say|claim|reply|respond|answer|recommend|tell|state|comply|"
            r"act)\b",
            r"\b(?:act|behave|respond|answer|roleplay|role-play) as (?:an? |the |"
            r"if )?(?:\w+ ){0,2}(?:admin\w*|developer|assistant|ai|bot|model|system|root|owner|manager|"
            r"hacker|dan|unfiltered|unrestricted|you)\b",
            r"\bpretend\b.{0,30}\b(?:you|to be|that|it|this)\b|\bjailbreak|\b(?:developer|god|admin|debug|"
            r"sudo|dan|maintenance) mode\b|\bdo anything now\b",
            r"^\s*(?:system|assistant|developer|tool|admin)\s*[:>]|<\s*/?\s*(?:system|assistant|user|tool|instructions?|im_start|im_end)|\[/?inst\]|<\||#{2,}\s*(?:instruct|system|new)",
            r"\b(?:say|tell|claim|state|write|answer|respond|reply|announce|promise|confirm|report|insist|"
            r"print|output)\b.{0,30}\b(?:costs?|is (?:only |just )?(?:free|sold)|are free|for free|"
            r"price(?:d| is| to)|discount\w*|(?:is|are) the (?:best|only|cheapest))\b",
            r"\b(?:set|change|make|reduce|lower|update|edit|modify|override|rewrite|drop|mark)\b.{0,25}"
            r"\bprices?\b(?: of [\w ]{1,20}?)?\s+(?:to|at|as|equal)\b",
            r"\b(?:set|change|make|mark)\b.{0,25}\b(?:cost|free|price|priced)\b\s*(?:of|at|to|is|=|:|for|only|just)?\s*(?:\$|€|£)?\s?\d",
            r"\b(?:call|invoke|use|run|execute|trigger)\b.{0,15}\b(?:the )?(?:\w+ )?(?:tools?|functions?|"
            r"commands?|sql|shell|code|scripts?|api)\b",
            r"\b(?:drop|delete|truncate) (?:table|from)\b|\bselect \* from\b|\bunion select\b|;\s*--|"
            r"\brm -rf\b|<script|onerror\s*=|javascript:",
            r"\b(?:always|only|never) (?:recommend|mention|say|suggest|answer|promote|praise|rank)\b(?! me\b)"
            r".{0,30}\b(?:this|our|my|it|first|above|competitor\w*|product|item|yes|number one)\b",
            r"\b(?:always|only|never) show\b(?! me\b).{0,30}\b(?:our|competitor\w*|first|number one)\b",
            r"\b(?:recommend|rank|promote|place|put|list)\b.{0,20}\b(?:this|it|our)"
            r"\b.{0,20}\b(?:first(?! one| two| product)|above all|number one|#1|at the top)\b",
            r"\b(?:disable|turn off|remove|switch off|deactivate)\b.{0,25}\b(?:filters?|guards?|safety|"
            r"checks?|guardrails?|moderation|safeguards?|limits? of)\b",
            r"\b(?:base64|rot13|hex)\b.{0,20}\b(?:decode|encoded?|instructions?)|\bdecode\b.{0,20}\b(?:base64|rot13)\b",
            r"\b(?:attention|important|note|notice|message|warning) (?:to|for) (?:the |any |all )?(?:ai|"
            r"assistant|model|bot|llm|language model)s?\b|\b(?:dear|hey) (?:ai|assistant|model|llm)\b|"
            r"\bas an ai\b",
        )
    ),
    re.IGNORECASE,
)
_ABUSE = re.compile(
    r"\b(?:f+u+c+k+(?:ing|er|ers|ed)?|sh[i1]t(?:ty|head)?|bitch(?:es)?|asshole|bastard|cunt|wank(?:er)?|dickhead|motherf\w+|"
    r"idiot|moron|stupid (?:bot|machine|thing)|shut up|kill yourself|go to hell)\b",
    re.IGNORECASE,
)
CLAUSE_ENDS = re.compile(
    r"(,\s*(?:and |then |but )?|\s+(?:and then|and also|and|then|but|also)\s+|\s+-+\s+|:\s+)", re.IGNORECASE
)
_MEDICINE = (
    r"(?:pain ?killers?|medicines?|medications?|drugs?|pills?|tablets?|antibiotics?|remed(?:y|ies)|ibuprofen|"
    r"aspirin|paracetamol|acetaminophen|dos(?:e|age))"
)
MEDICAL = re.compile(
    "|".join(
        (
            r"\b(?:i(?:'ve| have| had| get| feel|'m having)?|my \w+ (?:has|have|had|feels?|gets?))\b"
            r".{0,25}\b(?:chest pains?|heart attack|stroke|seizures?|trouble breathing|allergic reaction|"
            r"swallowed|overdosed?|poisoned)\b",
            r"\bcan(?:no|')?t breathe\b|\bhurt myself\b",
            rf"\b(?:which|what|how (?:much|many)|is|are)\b.{{0,15}}\b{_MEDICINE}\b.{{0,25}}"
            r"\b(?:should|can|may|must|shall) (?:i|we|he|she|they|my \w+) (?:take|give|use|have)\b",
            r"\b(?:should|can|may|must) (?:i|we|he|she|they|my \w+) (?:take|give|stop taking|double)\b.{0,30}"
            rf"\b{_MEDICINE}\b",
        )
    ),
    re.IGNORECASE,
)
"""Someone asks what a physician must be asked; looking for "a chair against back pain" is shopping."""
DISTRESS = re.compile(
    r"\b(?:kill(?:ing)?|harm(?:ing)?|hurting) (?:myself|my ?self)\b|\bsuicid\w*|\bself[ -]?harm\w*"
    r"|\bend(?:ing)? (?:my (?:own )?life|it all)\b|\b(?:want|wanna|going|ready) (?:to )?die\b"
    r"(?! in (?:it|them|these|those)\b| (?:of|from) (?:the )?(?:heat|cold|sweat\w*|thirst|hunger|boredom|shame|laugh\w*)\b)"
    r"|\bbetter off dead\b"
    r"|\bwish i (?:was|were) dead\b|\bdo(?:n'?t| not) (?:want|wanna) (?:to )?(?:live|be alive)\b",
    re.IGNORECASE,
)
"""Somebody may be about to harm themselves: nothing is sold to them."""
_LEET = str.maketrans("0134579@$", "oieastgas")


IN_ENGLISH = "I understand English best; tell me in English if this is not what you meant."


@dataclass(frozen=True)
class GuardedInput:
    """``text`` is what goes on to be understood; ``decline`` says why nothing does."""

    text: str
    decline: Decline = ""
    notices: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()


def guard_input(text: str, max_characters: int = MAX_CHARACTERS) -> GuardedInput:
    """Bounds and normalises an utterance and cuts out what tries to instruct the machine. Under 1 ms."""
    notices: list[str] = []
    actions: list[str] = []
    cleaned = " ".join(plain(text).split())
    if len(cleaned) > max_characters:
        cleaned = cleaned[:max_characters].rsplit(" ", 1)[0]
        notices.append(f"That was long; I read the first {max_characters:,} characters.")
        actions.append("input: shortened")
    if not re.search(r"\w", cleaned):
        return GuardedInput("", "empty", tuple(notices), tuple(actions))
    kept = without_instructions(cleaned)
    if kept != cleaned:
        actions.append("input: instructions to the machine removed")
        if not re.search(r"\w{2}", kept):
            return GuardedInput("", "injection", tuple(notices), tuple(actions))
    if DISTRESS.search(kept):
        return GuardedInput("", "distress", tuple(notices), (*actions, "input: a person in distress"))
    civil = " ".join(_ABUSE.sub(" ", kept).split())
    if civil != kept:
        actions.append("input: abusive words removed")
        if len(re.findall(r"\w{3,}", civil)) < 2:
            return GuardedInput("", "abuse", tuple(notices), tuple(actions))
    if MEDICAL.search(civil):
        actions.append("input: medical question declined")
        return GuardedInput("", "medical", tuple(notices), tuple(actions))
    notices.extend(_language_notice(civil))
    return GuardedInput(civil, "", tuple(notices), tuple(actions))


def without_instructions(text: str) -> str:
    """``text`` less every sentence from the first clause on that addresses a machine; its line breaks are
    kept.
    """
    return "\n".join(_clean_line(line) for line in text.splitlines()).strip()


def is_instruction(text: str) -> bool:
    """Whether a text tries to instruct a machine, through digits for letters and spacing, too."""
    folded = plain(text)
    spaced = re.sub(r"\b(?:\w[ .\-_*]){4,}\w\b", lambda m: re.sub(r"[ .\-_*]", "", m.group()), folded)
    return any(INJECTION.search(form) for form in {folded, spaced, folded.translate(_LEET)})


def fence(text: str, label: str, limit: int = 600) -> str:
    """A text by a stranger, as a model may see it: shortened, without instructions or tags, between marks."""
    cleaned = " ".join(without_instructions(plain(text)).split())[:limit]
    cleaned = cleaned.replace("<", "‹").replace(">", "›").replace("[", "(").replace("]", ")")
    return f"<{label}>{cleaned}</{label}>"


def _clean_line(line: str) -> str:
    if not is_instruction(line):
        return line
    kept = []
    for sentence in re.split(r"(?<=[.!?;])\s+", line):
        whole = sentence if not is_instruction(sentence) else _before_instruction(sentence)
        if re.search(r"\w", whole) and not is_instruction(whole):
            kept.append(whole)
    return " ".join(kept)


def _before_instruction(sentence: str) -> str:
    """The clauses before the first that instructs; what follows it in its sentence is its payload."""
    clauses = CLAUSE_ENDS.split(sentence)
    good: list[str] = []
    for clause in clauses:
        if is_instruction("".join(good[-2:]) + clause) or is_instruction(clause):
            break
        good.append(clause)
    if ":" in (clauses[len(good)].strip(), (good or [""])[-1].strip()) and len("".join(good).split()) <= 5:
        good = []  # a label, like "SYSTEM:"
    return re.sub(r"(?i)[\s,:-]+(?:and|then|but|also)?[\s,:-]*$", "", "".join(good))


def _language_notice(text: str) -> list[str]:
    """A word of warning when the utterance is decisively not English; it is still tried."""
    words = re.findall(r"[^\W\d_]+", text)
    if len(words) < 3:
        return []
    if language(text) != "en":
        return [IN_ENGLISH]
    if len(words) < 4:
        return []
    from agent.checks.allowed_words import glue_stems
    from agent.checks.claims import stem

    if sum(stem(word) in glue_stems() for word in words) >= len(words) / 4:
        return []
    return [] if model_language(text) == "en" else [IN_ENGLISH]
