"""Checks one reply, sentence by sentence, against the evidence of its turn. Pure: no shop, no model, no
clock.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.checks.absence_claims import unbacked_absences
from agent.checks.allowed_words import glue_stems
from agent.checks.claim_phrases import check_phrases, scope_of
from agent.checks.claims import (
    ABOVE,
    BELOW,
    DIFFERENCE,
    GROUPING,
    NEGATORS,
    ORDINALS,
    Backing,
    Subject,
    Token,
    Violation,
    Vocabulary,
    plain,
    sentences,
    stem,
    tokens,
)
from agent.checks.input_guard import is_instruction
from agent.understanding.language.units import NAMES, convert

LINK = re.compile(r"https?://|www\.|<[a-z/!]|\]\(|javascript:", re.IGNORECASE)
QUOTED = re.compile(r'"([^"]+)"|(?<!\w)\'([^\']+ [^\']+)\'(?!\w)')
MONEY = frozenset(
    ["dollar", "dollars", "buck", "bucks", "euro", "euros", "pound", "pounds", "cent", "cents", "quid"]
)
PROMISES = frozenset(
    map(
        stem,
        [
            "shipping",
            "delivery",
            "delivered",
            "warranty",
            "guarantee",
            "guaranteed",
            "refund",
            "refundable",
            "discount",
            "discounted",
            "sale",
            "voucher",
            "coupon",
            "promotion",
        ],
    )
)
"""What only the shop's own pages can promise, whatever a buyer writes of it."""
STATED_OF_PRODUCTS = frozenset(map(stem, ("warranty", "guarantee", "guaranteed")))
CAPITALISED = frozenset(
    ["i", "i'm", "i'd", "i'll", "i've", "ok", "english", "tv", "pc", "usb", "diy", "monday", "christmas"]
)
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
DATA, STORES = frozenset(("kb", "mb", "gb", "tb")), tuple(map(stem, ("memory", "storage", "capacity", "ram")))
COUNTED = re.compile(r"(\d+(?:\.\d+)?)-?([^\W\d_]+)")
OTHERS = re.compile(r"\b(?:others?|rest|remaining|these|those|ones|none|they|them|all)\b", re.IGNORECASE)
"""What stands for products that a sentence doesn't name, beside those of the sentence before."""
YEARS = range(1980, 2050)
DENIED_FOR = 5
"""Words that a negator before them denies, as far as nothing else is known of the sentence."""
COMPARING = frozenset(("less", "more"))
ECHO = frozenset(["your", "for", "under", "below", "within", "over", "than", "least", "most", "asked"])
UNIT_STEMS = {stem(name): unit for name, unit in NAMES.items()}
STARS_AFTER = frozenset({"star"})
COUNT_AFTER = frozenset(
    stem(word) for word in ("reviews", "ratings", "buyers", "customers", "people", "reviewers")
)
REVIEWS = frozenset((stem("reviews"), stem("ratings")))
PLURAL_AFTER = frozenset(
    stem(word)
    for word in [
        "options",
        "products",
        "picks",
        "items",
        "choices",
        "results",
        "matches",
        "ones",
        "suggestions",
        "cards",
    ]
)


def check(text: str, backing: Backing) -> list[Violation]:
    """Every claim of ``text`` that the evidence does not back; empty when all is well."""
    found: list[Violation] = []
    about: tuple[int, ...] = ()
    for sentence in sentences(text):
        violations, about = check_sentence(sentence, backing, about)
        found.extend(violations)
    return found


def check_sentence(
    sentence: str, backing: Backing, about: tuple[int, ...] = ()
) -> tuple[list[Violation], tuple[int, ...]]:
    """The unbacked claims of one sentence, and the products the next sentence's "it" stands for.

    ``about``: indexes of the products that the sentence before spoke of.
    """
    if LINK.search(sentence):
        return [Violation("link", sentence)], about
    if is_instruction(sentence):
        return [Violation("instruction", sentence)], about
    marked, found = backing.with_mentions(sentence)
    marked, quote_violations = _check_quotes(marked, backing, about)
    found.extend(quote_violations)
    marked, phrase_violations = check_phrases(marked, backing, about)
    found.extend(phrase_violations)
    asks, doubts = sentence.rstrip().endswith("?"), bool(UNSTATED.search(sentence))
    reading = _Reading(tokens(marked), backing, about, asks, doubts, bool(OTHERS.search(sentence)), marked)
    found.extend(reading.violations())
    if backing.words != "none":
        scope = scope_of(marked, len(marked), backing, about) or list(backing.offered)
        found.extend(unbacked_absences(sentence, scope, doubts=doubts))
    return found, reading.mentioned or about


def _check_quotes(marked: str, backing: Backing, about: tuple[int, ...]) -> tuple[str, list[Violation]]:
    found = []
    for match in QUOTED.finditer(marked):
        quote = match.group(1) or match.group(2)
        if not re.search(r"\w", re.sub(r"⟦\d+⟧", "", quote)):
            continue  # a title in quotation marks
        scope = scope_of(marked, match.start(), backing, about) or list(backing.subjects)
        backed = any(v.quotes(quote) for v in (*(s.vocabulary for s in scope), backing.common, backing.told))
        if not backed and not (len(quote.split()) <= 3 and backing.asked.quotes(quote)):
            found.append(Violation("quote", quote))
    return QUOTED.sub(lambda m: m.group() if "⟦" in m.group() else " ", marked), found


@dataclass
class _Reading:
    """One sentence as tokens, each bound to the products it speaks of."""

    sentence: list[Token]
    backing: Backing
    about: tuple[int, ...]
    asks: bool = False
    doubts: bool = False
    others: bool = False
    """Whether it speaks of products that it doesn't name."""
    text: str = ""

    def __post_init__(self) -> None:
        self.mentioned = tuple(dict.fromkeys(int(t.text[1:-1]) for t in self.sentence if t.kind == "mention"))
        self.groups = self._groups()
        self.denied_at = [at for at, t in enumerate(self.sentence) if t.kind == "word" and _negates(t.text)]

    def _groups(self) -> list[tuple[int, int, tuple[int, ...]]]:
        """Runs of mentions joined by nothing but "and": (first token, last token, products)."""
        groups: list[tuple[int, int, tuple[int, ...]]] = []
        for at, token in enumerate(self.sentence):
            if token.kind != "mention":
                continue
            index = int(token.text[1:-1])
            between = self.sentence[groups[-1][1] + 1 : at] if groups else []
            if groups and all(t.kind == "word" and t.text.lower() in GROUPING for t in between):
                first, _, members = groups[-1]
                groups[-1] = (first, at, (*members, index))
            else:
                groups.append((at, at, (index,)))
        return groups

    def bound(self, at: int) -> list[Subject]:
        before = [group for group in self.groups if group[1] < at]
        after = [group for group in self.groups if group[0] > at]
        chosen = before[-1][2] if before else (after[0][2] if after else self.about)
        return [self.backing.subjects[index] for index in chosen if index < len(self.backing.subjects)]

    def violations(self) -> list[Violation]:
        found = []
        for at, token in enumerate(self.sentence):
            if token.kind == "amount" and not self._price_holds(at, token):
                found.append(Violation("price", token.text))
            elif token.kind == "number" and not self._number_holds(at, token):
                found.append(Violation("number", token.text))
            elif token.kind == "code" and not self._code_holds(at, token):
                found.append(Violation("attribute", token.text))
            elif token.kind == "word" and (violation := self._word_violation(at, token)):
                found.append(violation)
        return found

    def _near(self, at: int, step: int, reach: int = 1) -> list[str]:
        words = []
        for index in range(at + step, at + step * (reach + 1), step):
            if not 0 <= index < len(self.sentence) or self.sentence[index].kind != "word":
                break
            words.append(self.sentence[index].text.lower())
        return words

    def _price_holds(self, at: int, token: Token) -> bool:
        amount, scope = token.value, self.bound(at)
        if amount is None:
            return False
        if self.backing.words == "names" and amount in self.backing.asked.numbers and self._is_echo(at):
            return True
        if set(self._near(at, +1)) & DIFFERENCE:
            return self._is_difference(amount, at)
        before = set(self._near(at, -1, 3))
        known = amount in self.backing.asked.numbers or amount in self.backing.common.numbers
        limited = {"up", "at"} & before and {"to", "most"} & before
        if limited and scope and all(subject.costs(amount) for subject in scope):
            return True
        if "than" not in before and before & COMPARING and scope and all(s.costs(amount) for s in scope):
            return True  # "for less, $404.60"
        if before & BELOW or limited:
            return known and all(s.price is None or s.price <= amount for s in scope or self.backing.subjects)
        if before & ABOVE or {"at", "least"} <= before:
            return known and all(s.price is None or s.price >= amount for s in scope or self.backing.subjects)
        if scope and self.mentioned:
            return all(subject.costs(amount) for subject in scope) or self._is_budget(at, amount)
        if self._is_budget(at, amount) or amount in self.backing.common.amounts:
            return True
        return bool(scope) and all(subject.costs(amount) for subject in scope)

    def _is_budget(self, at: int, amount: float) -> bool:
        around = set(self._near(at, -1, 4)) | set(self._near(at, +1, 2))
        spoken = {"budget", "limit", "asked", "your", "between", "spend", "range"} & around
        return bool(spoken) and (
            amount in self.backing.asked.numbers or amount in self.backing.common.numbers
        )

    def _is_difference(self, amount: float, at: int) -> bool:
        prices = [s.price for s in self.bound(at)] + [
            s.price for s in ([self.backing.subjects[i] for i in self.mentioned] or self.backing.subjects)
        ]
        known = [price for price in prices if price is not None]
        return any(abs(abs(a - b) - amount) < 0.005 for a in known for b in known if a != b)

    def _number_holds(self, at: int, token: Token) -> bool:
        value = token.value
        if value is None:
            return False
        scope = self.bound(at)
        if self._is_share(at, scope) or self._is_own_rating(at, value):
            return True
        if self.backing.words == "names" and value in self.backing.asked.numbers and self._is_echo(at):
            return True
        # After a comma something else begins: "1050, brighter than most" is no count of what is brighter.
        follows = [] if token.text.endswith(",") else [stem(word) for word in self._near(at, +1, 2)]
        before = self._near(at, -1, 2)
        if self._is_age(at) and value in self.backing.asked.numbers:
            return True
        if value == 5 and (before[:2] == ["of", "out"] or (before[:1] == ["of"] and follows[:1] == ["star"])):
            return True
        if (follows[:1] and follows[0] in STARS_AFTER) or follows[:1] == ["out"]:
            return (bool(scope) and all(_same_stars(s.stars, value) for s in scope)) or self._paired(
                scope, value, "star"
            )
        if follows[:1] and follows[0] in COUNT_AFTER:
            people = follows[0] not in REVIEWS
            counted = bool(scope) and all(
                value == s.review_count or (people and value in s.vocabulary.tallied) for s in scope
            )
            return counted or self._paired(scope, value, follows[0])
        if follows[:1] and follows[0] in PLURAL_AFTER and not scope and value <= len(self.backing.subjects):
            return True
        if follows and self._paired(scope, value, follows[0]):
            return True
        if self.backing.words == "names" and self._holds_of_any(at, value, follows[0] if follows else ""):
            return True
        unit = (
            follows[0] if follows and follows[0] not in glue_stems() else (stem(before[0]) if before else "")
        )
        if self.others and not self.mentioned and self._stands_anywhere(value, unit):
            return True
        if unit and unit not in glue_stems() and self._is_unit(scope, value, unit):
            return self._paired(scope, value, unit)
        return self._stands(scope, value)

    def _is_age(self, at: int) -> bool:
        """Whether a number is how old somebody is whom the shopper told of: "a seven-year-old", "your 3 year old"."""
        after = [stem(word) for word in self._near(at, +1, 3)]
        return self.backing.words == "names" and after[:1] in (["year"], ["month"]) and "old" in after

    def _is_unit(self, scope: list[Subject], value: float, unit: str) -> bool:
        """Whether a word beside a number says what is counted, not what has it: "128 GB", not "a 2021 phone"."""
        if self.backing.words != "names" or unit in UNIT_STEMS:
            return True
        if value in YEARS:
            return False
        near = scope or self.backing.subjects
        return any(u == unit for s in near for _, u in s.vocabulary.pairs)

    def _stands_anywhere(self, value: float, unit: str) -> bool:
        """Whether it is true of any product of this turn: "the others have only 25 keys"."""
        every = [subject.vocabulary for subject in self.backing.subjects]
        if unit and unit not in glue_stems():
            return any(measures(vocabulary, value, unit) for vocabulary in every)
        return any(value in vocabulary.numbers for vocabulary in every)

    def _is_echo(self, at: int) -> bool:
        """Whether a number is the shopper's own: "your 90 cm shelf", "nothing for $100"."""
        before = set(self._near(at, -1, 2))
        named = any(token.kind == "mention" for token in self.sentence[:at])
        denied = any(place < at for place in self.denied_at) and not named
        return denied or bool(before & ECHO)

    def _is_share(self, at: int, scope: list[Subject]) -> bool:
        """Whether it is part or whole of a share that is told of these products: "11 of 12 buyers"."""
        text = [token.text.lower() for token in self.sentence]
        for first in (at, at - 2, at - 3):
            if first < 0 or first + 2 >= len(text) or text[first + 1] != "of":
                continue
            last = first + (3 if text[first + 2] == "the" and first + 3 < len(text) else 2)
            part, whole = self.sentence[first].value, self.sentence[last].value
            if at not in (first, last) or part is None or whole is None:
                continue
            if scope and all((part, whole) in s.vocabulary.shares for s in scope):
                return True
            if (part, whole) in self.backing.common.shares:
                return True
        return False

    def _is_own_rating(self, at: int, value: float) -> bool:
        """Whether it is what the shopper gave a product: "the fuzz you rated 4 stars"."""
        if not {"you", "rated"} <= set(self._near(at, -1, 4)) and not {"you", "gave"} & set(
            self._near(at, -1, 2)
        ):
            return False
        return any((value, "star") in s.vocabulary.pairs for s in self.backing.subjects)

    def _holds_of_any(self, at: int, value: float, unit: str) -> bool:
        """Whether it is true of one of the products that are set against each other ("10 hours against 9 for that one"),
        or the shopper's own.
        """
        near = dict.fromkeys((*self.mentioned, *self.about))
        subjects = [self.backing.subjects[index] for index in near]
        if unit and unit not in glue_stems():
            own = self._is_echo(at) and measures(self.backing.asked, value, unit)
            return own or any(measures(s.vocabulary, value, unit) for s in subjects)
        return any(value in s.vocabulary.numbers for s in subjects)

    def _paired(self, scope: list[Subject], value: float, unit: str) -> bool:
        if measures(self.backing.common, value, unit):
            return True
        if scope:
            return all(measures(s.vocabulary, value, unit) for s in scope) or self._is_gap(scope, value, unit)
        return measures(self.backing.asked, value, unit) or any(
            measures(s.vocabulary, value, unit) for s in self.backing.subjects
        )

    def _is_gap(self, scope: list[Subject], value: float, unit: str) -> bool:
        """Whether two products differ by so much: "150 g lighter"."""
        others = [self.backing.subjects[index] for index in self.mentioned] or list(self.backing.offered)
        known = {id(s): s for s in (*scope, *others)}.values()
        values = [{v for v, u in s.vocabulary.pairs if u == unit} for s in known]
        pairs = (
            (a, b)
            for i, first in enumerate(values)
            for second in values[i + 1 :]
            for a in first
            for b in second
        )
        return any(abs(abs(a - b) - value) < 1e-6 for a, b in pairs)

    def _stands(self, scope: list[Subject], value: float) -> bool:
        if value in self.backing.common.numbers:
            return True
        if not scope:
            return value in self.backing.asked.numbers or value == len(self.backing.subjects)
        return all(
            value in s.vocabulary.numbers or s.costs(value) or value in (s.stars, s.review_count, s.stock)
            for s in scope
        )

    def _code_holds(self, at: int, token: Token) -> bool:
        code, scope = token.text.lower(), self.bound(at)
        if (split := COUNTED.fullmatch(code)) and self._paired(scope, float(split[1]), stem(split[2])):
            return True  # "30-hour battery"
        if re.fullmatch(r"\d+-\d+", code) and scope:
            numbers = [float(part) for part in code.split("-")]
            if all(self._stands(scope, number) for number in numbers):
                return True
        named = any(token.kind == "mention" for token in self.sentence[:at])
        if (
            self.backing.words == "names"
            and code in self.backing.asked.codes
            and (self.doubts or not named or self._is_echo(at))
        ):
            return True
        if scope:
            return all(code in s.vocabulary.codes for s in scope) or code in self.backing.common.codes
        everywhere = [s.vocabulary for s in self.backing.subjects] + [self.backing.common, self.backing.asked]
        return any(code in vocabulary.codes for vocabulary in everywhere)

    def _word_violation(self, at: int, token: Token) -> Violation | None:
        word, root = token.text.lower(), stem(token.text)
        if word in ORDINALS:
            return (
                None
                if ORDINALS[word] <= max(len(self.backing.subjects), 2)
                else Violation("number", token.text)
            )
        if token.value is not None and set(self._near(at, +1)) & MONEY:
            return None if self._price_holds(at, token) else Violation("price", token.text)
        if token.value is not None and self._counts_products(at, token.value):
            return None
        if token.value is not None and word not in ("one", "hundred", "thousand"):
            return None if self._number_holds(at, token) else Violation("number", token.text)
        if self.backing.words == "none" or root in glue_stems() or word in NEGATORS or _negates(word):
            return None
        if self.backing.words == "names":
            return self._marked_violation(at, token, root)
        if self._word_holds(at, root):
            return None
        named = token.text[:1].isupper() and at > 0
        return Violation("product" if named else "attribute", token.text)

    def _counts_products(self, at: int, value: float) -> bool:
        """Whether a number word counts products at hand: "both", "two lighter ones", not "two buyers" or "two litres"."""
        follows = [stem(word) for word in self._near(at, +1, 2)]
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


def measures(vocabulary: Vocabulary, value: float, unit: str) -> bool:
    """Whether a text says so much of that unit, whatever the unit is called there: 650 g are 0.65 kg."""
    if (value, unit) in vocabulary.pairs:
        return True
    if unit in DATA and any((value, store) in vocabulary.pairs for store in STORES):
        return True  # a storage of 128 is told without its unit
    wanted = UNIT_STEMS.get(unit)
    if wanted is None:
        return False
    for said, other in vocabulary.pairs:
        known = UNIT_STEMS.get(other)
        converted = convert(said, known, wanted) if known else None
        if converted is not None and abs(converted - value) <= 0.005 * abs(value):
            return True
    return False


def _negates(word: str) -> bool:
    lowered = plain(word).lower()
    return lowered in NEGATORS or lowered.endswith("n't")


def _same_stars(stars: float | None, said: float) -> bool:
    return stars is not None and abs(round(stars, 1) - said) < 0.001
