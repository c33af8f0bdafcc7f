"""Words of a sentence that claim something: names, visible properties and promises of the shop."""

from __future__ import annotations

import re

from agent.checks.allowed_words import glue_stems
from agent.checks.claims import (
    NEGATORS,
    ORDINALS,
    Token,
    Violation,
    stem,
    tokens,
)
from agent.checks.number_claims import COUNT_AFTER, STARS_AFTER, UNIT_STEMS, NumberClaims
from agent.checks.sentence import negates
from agent.understanding.language.units import NAMES
from retrieval.text.word_set import word_set

MONEY = word_set("dollar dollars buck bucks euro euros pound pounds cent cents quid")
PROMISES = frozenset(
    map(
        stem,
        word_set(
            "shipping delivery delivered warranty guarantee guaranteed refund refundable discount discounted "
            "sale voucher coupon promotion"
        ),
    )
)
"""What only the shop's own pages can promise, whatever a buyer writes of it."""
STATED_OF_PRODUCTS = frozenset(map(stem, ("warranty", "guarantee", "guaranteed")))
CAPITALISED = word_set("i i'm i'd i'll i've ok english tv pc usb diy monday christmas")
UNSTATED = re.compile(
    r"\b(?:not|nothing|nobody|nowhere|none|neither|no(?: \w+)?|\w+n't)\b.{0,40}\b(?:state|say|said|spell|know|certain|sure|"
    r"describe|specif|list|mention|confirm|promise)",
    re.IGNORECASE,
)
"""What tells that something is not known may name it."""
PROMISING = re.compile(
    r"\b(?:but|though|although|while|whereas|however|yet|still|free|included?|comes? with|has|have|yes|always|"
    r"of course|offers?|gives?|gets?)\b|\d",
    re.IGNORECASE,
)
"""What a sentence may hold beside its not knowing that is a promise itself."""
DENIED_FOR = 5
"""Words that a negator before them denies, as far as nothing else is known of the sentence."""


class SentenceClaims(NumberClaims):
    """All claims of one sentence."""

    def violations(self) -> list[Violation]:
        found = []
        for at, token in enumerate(self.sentence):
            if token.kind == "amount" and not self.price_holds(at, token):
                found.append(Violation("price", token.text))
            elif token.kind == "number" and not self.number_holds(at, token):
                found.append(Violation("number", token.text))
            elif token.kind == "code" and not self.code_holds(at, token):
                found.append(Violation("attribute", token.text))
            elif token.kind == "word" and (violation := self._word_violation(at, token)):
                found.append(violation)
        return found

    def _word_violation(self, at: int, token: Token) -> Violation | None:
        word, root = token.text.lower(), stem(token.text)
        if word in ORDINALS:
            return (
                None
                if ORDINALS[word] <= max(len(self.backing.subjects), 2)
                else Violation("number", token.text)
            )
        if token.value is not None and set(self.near(at, +1)) & MONEY:
            return None if self.price_holds(at, token) else Violation("price", token.text)
        if token.value is not None and self._counts_products(at, token.value):
            return None
        if token.value is not None and word not in ("one", "hundred", "thousand"):
            return None if self.number_holds(at, token) else Violation("number", token.text)
        if self.backing.words == "none" or root in glue_stems() or word in NEGATORS or negates(word):
            return None
        if self.backing.words == "names":
            return self._marked_violation(at, token, root)
        if self._word_holds(at, root):
            return None
        named = token.text[:1].isupper() and at > 0
        return Violation("product" if named else "attribute", token.text)

    def _counts_products(self, at: int, value: float) -> bool:
        """Whether a number word counts products at hand: "both", "two lighter ones", not "two buyers" or "two litres"."""
        follows = [stem(word) for word in self.near(at, +1, 2)]
        units = COUNT_AFTER | STARS_AFTER | (NAMES.keys() - {"in"})  # "the two in price" are no inches
        counted = any(word in units for word in follows[:1])
        return self.backing.words == "names" and not counted and value <= max(2, len(self.backing.offered))

    def _marked_violation(self, at: int, token: Token, root: str) -> Violation | None:
        """A name, a visible property or a promise of the shop that nothing backs; questions claim nothing."""
        if root in PROMISES and not self.asks and not self._is_left_open(root):
            stated = self.backing.common.says(root) or (
                root in STATED_OF_PRODUCTS and self._word_holds(at, root)
            )
            return None if stated else Violation("promise", token.text)
        if self._word_holds(at, root) or self._is_said(root):
            return None
        if (
            token.text[:1].isupper()
            and at > 0
            and token.text.lower() not in CAPITALISED
            and root not in UNIT_STEMS
            and len(token.text) > 1
        ):
            return Violation("product", token.text)
        if self.asks:
            return None
        if (self.doubts or self._stands_against(at, root)) and self.backing.asked.says(root):
            return None
        if root in self.backing.terms and self.bound(at):
            return Violation("attribute", token.text)
        return None

    def _stands_against(self, at: int, root: str) -> bool:
        """Whether a color or material that no product here has is set against one that it has: "navy, not white"."""
        if root not in self.backing.values or not any(at - 2 <= place < at for place in self.denied_at):
            return False
        if any(root in subject.vocabulary.affirmed for subject in self.bound(at)):
            return False
        values = ((place, stem(t.text)) for place, t in enumerate(self.sentence) if t.kind == "word")
        return any(
            other != root and other in self.backing.values and self._word_holds(place, other)
            for place, other in values
        )

    def _is_left_open(self, root: str) -> bool:
        """Whether a sentence that only says what nobody states names what the shopper asked for."""
        parts = [
            part for part in re.split(r"[;:]", self.text) if root in {stem(t.text) for t in tokens(part)}
        ]
        return self.backing.asked.says(root) and all(
            UNSTATED.search(part) and not PROMISING.search(part) for part in parts
        )

    def _is_said(self, root: str) -> bool:
        """Whether the shopper or any text of this turn has the word, where it is no property of a product."""
        if root in self.backing.terms or root in PROMISES:
            return False
        return self.backing.asked.says(root) or any(s.vocabulary.says(root) for s in self.backing.subjects)

    def _word_holds(self, at: int, root: str) -> bool:
        scope = self.bound(at)
        denied = any(at - DENIED_FOR <= place < at for place in self.denied_at)
        if scope:
            vocabularies = [s.vocabulary for s in scope]
            if all(root in (v.denied if denied else v.affirmed) for v in vocabularies):
                return True
            if self.backing.common.says(root):
                return True
            if (
                denied
                and not self.mentioned
                and any(root in s.vocabulary.denied for s in self.backing.subjects)
            ):
                return True  # "the cheaper ones aren't waterproof"
            return not self.mentioned and self.backing.asked.says(root) and root not in self.backing.terms
        if self.backing.common.says(root):
            return True
        if any(root in s.vocabulary.affirmed for s in self.backing.subjects):
            return not denied
        return self.backing.asked.says(root) and (
            root not in self.backing.terms or denied or not self.backing.subjects
        )
