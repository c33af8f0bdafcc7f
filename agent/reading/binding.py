"""Whether a word of the shop binds where it stands: a brand or just a word, what is sought or what for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.language.english import english_ranks
from agent.language.function_words import FUNCTION_WORDS
from agent.language.noun_phrase import PHRASE_ENDS
from agent.language.text import Token, singular, stems
from agent.reading.terms import Mention, Term, is_size

_BRAND_CUE_BEFORE = re.compile(
    r"\b(?:from|by|brand(?: is|:)?|made by|branded|only|love|like)\s+(?:the )?$", re.IGNORECASE
)
_BRAND_CUE_AFTER = re.compile(r"^(?:'s)?\s+(?:brand|branded|products?|ones?)\b", re.IGNORECASE)
_BESIDE_FOR = re.compile(
    r"(?<!looking )(?<!searching )(?<!search )(?<!shopping )(?<!hunting )\bfor\s+(?:my |a "
    r"|the )?$",
    re.IGNORECASE,
)
_SIZE_CUE = re.compile(
    r"\b(?:sizes?|be|make it|want|in(?: an?| size)?|fits?|wear(?: an?| size)?|an?)\s*(?:is\s"
    r"|:\s*)?$",
    re.IGNORECASE,
)
_BESIDE_CUE = re.compile(
    r"(?<!looking )(?<!searching )(?<!search )(?<!shopping )(?<!hunting )(?<!market )(?<!asking )"
    r"\b(?:for|with|to go with|fits?|compatible with|on|in|under|near|like)\s+(?:my|a|an|the|our|his|her"
    r"|their)?\s*"
    r"(?:[\w-]+\s)?$",
    re.IGNORECASE,
)
_COMPANY = re.compile(
    r"\bwith (?:my|our|the|his|her|their|some|two|three|\d)\s+(?:\w+\s+){0,2}$", re.IGNORECASE
)
_ACTING = re.compile(
    r"\s+(?:is|are|was|were|has|have|had|wants?|needs?|loves?|likes?|will|would|can|who|got)\b", re.IGNORECASE
)
_INFINITIVE = re.compile(r"(?<!similar )(?<!next )(?<!according )\bto\s+$", re.IGNORECASE)
""" "Something to sleep on" does not ask for what is tagged sleep."""
_ONES = re.compile(r"\s+(?:ones?|size)\b", re.IGNORECASE)
_OWNED = re.compile(r"\b(?:my|our|his|her|their|your)\s+$", re.IGNORECASE)
""" "Keep my coffee warm" seeks no coffee."""
_APPROVAL = frozenset(("fine", "great", "good", "normal", "ok", "okay", "cool", "perfect"))
_IS = re.compile(r"\b(?:is|are|be|that's|it's|they're|all|also)\s+$", re.IGNORECASE)
""" "Heavy ones are fine" approves of them and seeks nothing fine."""
PEOPLE = frozenset(("man", "woman", "kid", "child", "boy", "girl", "unisex", "baby", "toddler"))


@dataclass(frozen=True, slots=True)
class Binder:
    """Judges the mentions of one utterance by what stands around them; ``taken``: stretches that are read as
    something else."""

    text: str
    tokens: tuple[Token, ...]
    mentions: tuple[Mention, ...]
    taken: tuple[tuple[int, int], ...]

    def binds(self, mention: Mention, term: Term) -> bool:
        """Whether the mention, meant so, is a constraint and not just a word to search for."""
        before = self.text[: mention.start]
        if set(stems(mention.phrase)) <= PEOPLE and self._are_company(mention):
            return False
        if term.kind == "brand":
            named = term.certain or self.capital(mention)
            return self.brand_cue(mention) or (named and not _compatible(before))
        if term.kind == "category":
            if singular(mention.phrase) in PEOPLE or set(stems(mention.phrase)) <= PEOPLE:
                return term.certain
            return (
                term.certain
                and self._is_head(mention)
                and not (_BESIDE_CUE.search(before) or _OWNED.search(before))
            )
        if term.kind == "attribute":
            if is_size(term.key):
                return bool(_SIZE_CUE.search(before) or _ONES.match(self.text[mention.end :]))
            return term.certain and not (mention.phrase in _APPROVAL and _IS.search(before))
        if set(stems(mention.phrase)) <= PEOPLE:
            return True
        if _INFINITIVE.search(before):
            return False
        for_what = _BESIDE_FOR.search(before) or _OWNED.search(before)
        return term.certain and not for_what and self._no_unknown_noun_after(mention)

    def _are_company(self, mention: Mention) -> bool:
        """ "With my two kids", "the kids are small": spoken of, and not whom it is for."""
        after = self.text[mention.end :]
        return bool(_COMPANY.search(self.text[: mention.start]) or _ACTING.match(after))

    def brand_cue(self, mention: Mention) -> bool:
        """ "From Home", "Home products": said as a brand, however common the word."""
        before, after = self.text[: mention.start], self.text[mention.end :]
        return bool(_BRAND_CUE_BEFORE.search(before) or _BRAND_CUE_AFTER.match(after))

    def capital(self, mention: Mention) -> bool:
        """Written as a name inside a sentence that is not all capitals."""
        word = self.text[mention.start : mention.end]
        rest = self.text[: mention.start] + self.text[mention.end :]
        return mention.start > 0 and word[0].isupper() and any(c.islower() for c in rest)

    def _is_head(self, mention: Mention) -> bool:
        """Whether no further noun follows: in "phone case" the phone is not what is wanted."""
        following = next((token for token in self.tokens if token.start >= mention.end), None)
        if following is None or not following.is_word or following.text in FUNCTION_WORDS | PHRASE_ENDS:
            return True
        gap = self.text[mention.end : following.start]
        if gap.strip() or any(start <= following.start < end for start, end in self.taken):
            return True
        other = next((m for m in self.mentions if m.start == following.start), None)
        if other is not None:
            return other.main.kind not in ("category",)
        rank = english_ranks().get(following.text, 10**6)
        return following.text[0].isdigit() or following.text.endswith("ing") or rank < 150

    def _no_unknown_noun_after(self, mention: Mention) -> bool:
        """ "Hiking" binds in "hiking backpack" and alone, not in "hiking boots" where boots are unknown
        here."""
        following = next((token for token in self.tokens if token.start >= mention.end), None)
        known = following is None or any(m.start <= following.start < m.end for m in self.mentions)
        return known or self._is_head(mention)


def _compatible(before: str) -> bool:
    """ "A case for my Samsung": the brand of another thing."""
    return bool(
        re.search(
            r"\b(?:for|fits?|compatible with|works? with|like)\s+(?:my|a|an|the)?\s*$", before, re.IGNORECASE
        )
    )
