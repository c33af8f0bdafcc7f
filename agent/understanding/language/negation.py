"""Which words of an utterance are denied, excused or merely wished for: cues, scopes, what cancels them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Polarity = Literal["wanted", "unwanted", "indifferent", "wished"]
"""``indifferent``: "doesn't have to be black"; ``wished``: "ideally black", a preference that only weighs."""

# Looks like a denial and is none: removed before cues are sought.
_NOT_A_DENIAL = re.compile(
    r"\b(?:nothing about|no (?:wait|problem|worries|idea|thanks?|thank you|rush|doubt|actually|make)|not (?:sure"
    r"|certain|yet|bad|exactly"
    r"|really sure|to mention)|i'?m not sure|why not|don't know|do not know|didn't know|no preference"
    r"|not a problem"
    r"|(?:do|are|is|have|can|could|would|will)(?:n't| not) (?:you|there|it|they)|if not|whether or not"
    r"|no matter"
    r"|don't you|(?:do|did|can|could|would|will) you not|can't (?:find|decide|wait)|cannot (?:find"
    r"|decide)|couldn't find|not necessarily|don't (?:have|need) to be"
    r"|(?:know|knows|knew|understand|understands) (?:absolutely |next to |almost |literally )?nothing (?:about|of)"
    r"|nothing (?:but|except|other than|besides)|no (?:other|one but))\b|^no\b(?=\s*[,.!])|^(?:nope|nah)\b",
    re.IGNORECASE,
)
_ONLY = re.compile(r"\bnothing (?:but|except|other than|besides)\b", re.IGNORECASE)
_DOUBLE = re.compile(
    r"\b(?:nothing|not|no(?:t)? (?:any|a|an)?|never|don't (?:want|show me)(?: anything| any"
    r"| one)?)(?:\s+(?:ones?|products?|things?|that (?:is|are|come)))?"
    r"\s+without\b",
    re.IGNORECASE,
)
_INDIFFERENT = re.compile(
    r"\b(?:(?:do(?:es)?n't|do not|does not|needn't|need not) (?:have to|need to"
    r"|necessarily have to)? ?(?:be|have|come in)\b"
    r"|not (?:only|just)(?: from| by| in)?|not necessarily|(?:i )?(?:do not|don't|dont|doesn't) (?:mind"
    r"|care)(?: (?:about|if it'?s|if it is"
    r"|for|whether|which|what))?"
    r"|no preference (?:on|for|about|as to)|doesn't matter (?:if|whether|about|which|what)"
    r"|never mind (?:about )?(?:the )?|forget (?:about )?the"
    r"|regardless of|no matter (?:the|what|which)|any (?=\w+ (?:is|are|would be|will) (?:fine|ok|okay"
    r"|good|do|works)))",
    re.IGNORECASE,
)
_INDIFFERENT_AFTER = re.compile(
    r"\s*(?:\w+ )?(?:doesn't matter|does not matter|is not important|isn't important|not important"
    r"|is fine too|is optional|are fine too"
    r"|(?:is|are) (?:also )?(?:ok|okay|fine) too|does not make a difference"
    r"|(?:(?:is|are|would)n't(?: be)?|(?:is|are|'s|would be)(?: for (?:me|us|him|her|them))?(?: just| simply)? not)"
    r"(?: for (?:me|us|him|her|them))?(?: really| quite)? (?:good )?enough|(?:won't|will not|wouldn't) (?:do|cut it))",
    re.IGNORECASE,
)
_DENIAL = re.compile(
    r"\b(?:(?:i )?(?:do not|don't|dont|didn't|won't|wouldn't|never) (?:want|like|need|wear|use|eat|show"
    r"|show me|give|give me|include|buy|recommend|love"
    r"|suggest)(?: me)?(?: (?:any|anything|any more|one|ones|it))*(?: (?:with|from|by|in|made of|made by"
    r"|that (?:is|are|has|have)))?"
    r"|(?:nothing|none|no products?|no ones?|not anything)(?: (?:with|from|by|in|of|made (?:of|by|from)"
    r"|that(?:'s| is| has| uses| contains)|containing|like))*"
    r"|(?:anything|everything|all|any|any (?:brand|color|colour|one|kind)|whatever)(?: [\w-]+)?"
    r" (?:but(?! (?:i|you|he|she|it|we|they|there)\b)"
    r"|except(?: for)?|besides|other than|apart from|aside from|bar)"
    r"|except(?: for)?|excluding|exclude|other than|apart from|aside from|besides|rather than|instead of"
    r"|as long as (?:it'?s|it is) not"
    r"|(?:won't|wouldn't|never|not) be (?:seen|caught)(?: dead)?(?: in| with| wearing)?(?: any(?:thing)?)?"
    r"|leave(?= (?!out\b)[\w' -]{2,25}? out\b)"
    r"|without(?: (?:any|a|an|the))?|w/o|minus|avoid(?:ing)?|leave out|skip(?: the)?|ban|hide"
    r"|remove(?: the| all)?|get rid of|drop the|less of"
    r"|(?:i )?(?:hates?|dislikes?|detests?|can't stand|cannot stand|loathes?)|allergic to"
    r"|not (?:a fan of|into"
    r"|interested in|keen on|fond of)|sick of|tired of"
    r"|(?:am|is|are|be|was|it's|that's|i'm)n't|isn't|aren't|shouldn't be|should not be|must not be"
    r"|mustn't be|can't be|cannot be|can not be|shouldn't have|must not have|can't have|cannot have"
    r"|not(?: (?:from|by|with|in|made of|made by|the|a|an|any|be|have|too|so|another))*"
    r"|neither|nor|no(?: more)?(?! (?:more|less) than)|non|never)\b-?",
    re.IGNORECASE,
)
_WISH = re.compile(
    r"\b(?:preferably|prefer(?:ably|red)?|ideally|if possible|if you (?:have|can)|hopefully|maybe|perhaps"
    r"|would be (?:nice|great|good|lovely|a plus|ideal)"
    r"|(?:he|she|they|who)(?: really| also)? (?:likes?|loves?|enjoys?)|(?:he|she)(?:'s| is) into"
    r"|would (?:prefer|rather)|bonus if|nice to have|i(?:'d| would) (?:love|prefer|rather)|rather|a plus"
    r"|leaning towards?)\b",
    re.IGNORECASE,
)
_RATHER_THAN = re.compile(r"\b(?:rather|prefer(?:red)?)\b[^.;,]{1,40}?\bthan\b", re.IGNORECASE)
_WISH_AFTER = re.compile(
    r"\s*(?:\w+\s){0,2}(?:if possible|would be (?:nice|great|good|lovely|a plus|ideal)|(?:is"
    r"|are) (?:a plus|preferred|nice to have)|ideally|preferably)",
    re.IGNORECASE,
)
_HARMS_AFTER = re.compile(
    r"(?:\s+(?:and|or|&)\s+[\w-]+)?(?:\s*,?\s*(?:u+m+|uh|they|it|that|which|always|just|really)\b)*\s+"
    r"(?:makes?|made|gives?|gave|sets?|brings?)\s+(?:me|him|her|us|them|my \w+)\s+(?:all )?"
    r"(?:itch\w*|sneez\w*|wheez\w*|cough\w*|swell\w*|react\w*|ill|sick|off|out in|break|a rash|hives|a headache|spots)\b",
    re.IGNORECASE,
)
"""Behind what hurts: "wool makes me itch"."""
_FREE_AFTER = re.compile(r"[\s-]free\b", re.IGNORECASE)
_CLAUSE_END = re.compile(
    r"[.;!?:]|\bbut\b|\bhowever\b|\bthough\b|\balthough\b|\binstead\b|\bplease\b|\band (?:i|we|it|also"
    r"|then|with|under|below|over|show|make|maybe|something|preferably"
    r"|ideally|not|no|must|should)\b|\bwith(?!out)\b|\bunder\b|\bbelow\b|\bthat (?:is|are|has|have"
    r"|costs?)\b|\b(?:i'd|i) (?:want|need|prefer|like|would|am|love)\b"
    r"|\bjust\b|\bonly\b|\bshow me\b|\bgive me\b|\bfor (?:my|me|a|an|the)\b|\bsomething\b|\bbecause\b",
    re.IGNORECASE,
)
_WISH_END = re.compile(r"[.;!?,]|\bbut\b|\bwith\b|\bunder\b|\bmust\b|\bneeds? to\b|\band\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Scope:
    start: int
    end: int
    polarity: Polarity
    cue_start: int


class Denials:
    """Where an utterance denies; asks ``of(start, end)`` for the polarity of a stretch of text."""

    def __init__(self, text: str) -> None:
        self.text = text
        masked = list(text)
        for match in _NOT_A_DENIAL.finditer(text):
            masked[match.start() : match.end()] = "\0" * (match.end() - match.start())
        for match in _DOUBLE.finditer(text):
            masked[match.start() : match.end()] = "\0" * (match.end() - match.start())
        self._scopes: list[Scope] = []
        for match in _INDIFFERENT.finditer(text):
            self._scopes.append(self._scope(match, "indifferent", _CLAUSE_END))
            masked[match.start() : match.end()] = "\0" * (match.end() - match.start())
        plain = "".join(masked)
        self._scopes += [self._scope(match, "unwanted", _CLAUSE_END) for match in _DENIAL.finditer(plain)]
        self._scopes += [
            Scope(match.end(), self._scope(match, "unwanted", _CLAUSE_END).end, "unwanted", match.end() - 4)
            for match in _RATHER_THAN.finditer(text)
        ]
        self._wishes = [self._scope(match, "wished", _WISH_END) for match in _WISH.finditer(text)]
        self.only = [self._scope(match, "wanted", _CLAUSE_END) for match in _ONLY.finditer(text)]

    def _scope(self, match: re.Match[str], polarity: Polarity, ends: re.Pattern[str]) -> Scope:
        end = ends.search(self.text, match.end())
        return Scope(match.end(), end.start() if end else len(self.text), polarity, match.start())

    def of(self, start: int, end: int) -> Polarity:
        """The polarity of ``text[start:end]``, read alone; lists are for `polarities`."""
        if _FREE_AFTER.match(self.text, end) or _HARMS_AFTER.match(self.text, end):
            return "unwanted"
        if any(s.cue_start < start < s.start < end or self._is_right_behind(s, start) for s in self._scopes):
            return (
                "unwanted"  # a name that opens with words which end denials: "not Just Kidding", "no Only Us"
            )
        covering = [s for s in self._scopes if s.start <= start < s.end and not self._listed(s.start, start)]
        nearest = max(covering, key=lambda s: s.cue_start, default=None)
        if nearest is not None:
            return nearest.polarity
        if _INDIFFERENT_AFTER.match(self.text, end):
            return "indifferent"
        if _WISH_AFTER.match(self.text, end) or any(s.start <= start < s.end for s in self._wishes):
            return "wished"
        return "wanted"

    def _is_right_behind(self, scope: Scope, start: int) -> bool:
        """Whether nothing stands between a denial and a stretch of text, whatever word that opens with."""
        return (
            scope.polarity == "unwanted"
            and start >= scope.start
            and not self.text[scope.start : start].strip()
        )

    def _listed(self, left: int, right: int) -> bool:
        """Whether a comma or "and" stands between: then what follows is a further item, see `polarities`."""
        return bool(_FURTHER.search(self.text[left:right].lstrip(" ,")))


_FURTHER = re.compile(r",|\band\b", re.IGNORECASE)
_LIST_JOINT = re.compile(
    r"^\s*(?:,|,?\s*(?:or|nor|and|&|/)(?:\s+(?:any|a|an|the|even|also))?)\s*$", re.IGNORECASE
)
_OR_JOINT = re.compile(r"\b(?:or|nor)\b|/", re.IGNORECASE)


def polarities(text: str, denials: Denials, spans: list[tuple[int, int, str]]) -> list[Polarity]:
    """The polarity of each ``(start, end, slot)``, with lists: "not black, white or red" denies all three.

    A list goes on over "or"/"nor" whatever follows, over "and" only within the same slot, and over a comma
    when an "or" comes later in the list; "not black, white" denies black alone.
    """
    result: list[Polarity] = []
    for index, (start, end, slot) in enumerate(spans):
        own = denials.of(start, end)
        if index and result[index - 1] in ("unwanted", "indifferent"):
            _, previous_end, previous_slot = spans[index - 1]
            joint = text[previous_end:start]
            if (
                own in ("wanted", "wished")
                and _LIST_JOINT.match(joint)
                and (
                    _OR_JOINT.search(joint)
                    or (slot == previous_slot and ("," not in joint or _or_ahead(text, spans, index)))
                )
            ):
                own = result[index - 1]
            elif slot == "category" != previous_slot and own == "unwanted" and not joint.strip():
                own = "wanted"  # "no leather shoes" denies the leather
        result.append(own)
    return result


def _or_ahead(text: str, spans: list[tuple[int, int, str]], index: int) -> bool:
    """Whether the list that ``spans[index]`` stands in closes with "or", "nor" or "and"."""
    for (_, end, _), (start, _, _) in zip(spans[index:], spans[index + 1 :], strict=False):
        joint = text[end:start]
        if not _LIST_JOINT.match(joint):
            return False
        if re.search(r"\b(?:or|nor|and)\b|&", joint, re.IGNORECASE):
            return True
    return False
