"""From what the reader found to what it asks of this shop: one utterance, resolved in its conversation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from agent.conditions import KIND, PRICE, TITLE, Prefer, Where
from agent.dialogue import DialogueState, Topic
from agent.records import Frozen
from agent.shop_context import ShopContext
from agent.understanding.conditions import Resolver
from agent.understanding.labels import SPAN_LABELS
from agent.understanding.language.function_words import FUNCTION_WORDS
from agent.understanding.language.negation import Denials, Polarity, polarities
from agent.understanding.language.text import stems
from agent.understanding.lexicon import Lexicon
from agent.understanding.outright import bounded, outright
from agent.understanding.people import Person, read_person
from agent.understanding.person_conditions import person_conditions
from agent.understanding.reader import Read, Span
from agent.understanding.references import Pointed, References
from agent.understanding.resolved import Resolved
from agent.understanding.scales import Scale
from retrieval.filters import And, Filter

SURE, LIKELY = 0.8, 0.5
SHORT = 12
"""Words of a request in which a kind named in passing is what is sought."""
MADE = 0.4
"""A move less likely than this is not made."""
SPAN = 0.3
"""A span that the reader believes in less is only words."""
VOTERS, MAJORITY = 12, 0.55
SEEKING = ("seek", "refine", "more", "reject", "recommend", "undo")
_COUNT = re.compile(
    r"\b(?:show|give|list|find|see|recommend)(?: me)?(?: the)?(?: top| best)? "
    r"(\d{1,2}|two|three|four|five)\b",
    re.I,
)
_QUANTITY = re.compile(
    r"\b(?P<n>\d{1,3}|a couple|couple|two|three|four|five|six|seven|eight|nine|ten|twelve|a dozen|dozen|both"
    r"|another)\b",
    re.I,
)
_NUMBERS = {
    "a couple": 2,
    "couple": 2,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
}
_NUMBERS |= {"nine": 9, "ten": 10, "twelve": 12, "a dozen": 12, "dozen": 12, "another": 1}
_AMONG = re.compile(r"\bwhich\b|(?<!\bone )\bof (?:those|these|them|that lot)\b", re.I)
_ALL = re.compile(
    r"\b(?:you (?:have|stock|sell|do|got|carry)|in (?:the|your) shop|there is|anywhere)\b", re.I
)
_VAGUE = frozenset(
    [
        "thing",
        "things",
        "thingy",
        "thingies",
        "thingamajig",
        "stuff",
        "something",
        "anything",
        "item",
        "items",
        "product",
        "products",
        "gadget",
        "gadgets",
        "gear",
        "gizmo",
        "present",
        "presents",
        "gift",
        "gifts",
        "surprise",
        "bits",
        "pieces",
        "accessory",
        "accessories",
        "idea",
        "ideas",
        "option",
        "options",
        "one",
        "ones",
    ]
)
"""Heads that name no kind of product."""
_GUESSED = frozenset(("seek", "refine", "more"))
"""Moves that a denied reference turns into a rejection."""
_DENYING_MOVES = frozenset(("reject", "refine", "more", "undo", "seek"))
"""Moves of which "not the second one" may be one, whatever the reader marked."""
_BESIDE_THE_SHOP = frozenset(("out_of_scope", "social", "abusive", "forget"))
"""Moves that a request for a kind of the shop is not, unless the reader is sure."""
_NAMING = frozenset(("seek", "start_over", "add_to_cart"))
"""Moves whose short texts may name a kind that the reader marked as no thing."""
_WHICH = re.compile(r"\W*(?:(?:so|and|ok|okay|well|right)\W+)?which\b", re.I)
_TELLING = frozenset(("advice", "ask_buyers", "ask_shop"))
_GUESSING = (("seek",), ("refine",), ("reject",))
"""Moves after which a kind that is not named may be guessed from the need."""
_ANY = re.compile(
    r"\b(?:any|whatever|every) (?P<what>price|colou?r|brand|size|material|make)\b(?! (?:but|except|other))"
    r"|\b(?:the )?(?P<which>price|colou?r|brand|size|make) (?:does ?n.t|doesnt|does not) matter"
    r"|\b(?:don.?t|do not) (?:mind|care)(?: about)? (?:the |which |what )?(?P<named>price|colou?r|brand|size|make)\b",
    re.I,
)
_PRONOUN = re.compile(r"\W*(?:it|that|them|those|this|one|these)\W*", re.I)
_GIFT = re.compile(
    r"\b(?:gift|present|birthday|christmas|xmas|anniversary|wedding|for (?:her|him|them)|surprise"
    r"|buy(?:ing)? (?:her|him))\b",
    re.I,
)
_SIMILAR = re.compile(
    r"\b(?:(?:something|anything|stuff|things?|ones?|others?|more|similar|exactly|just|much|a lot) like"
    r"|similar to|resembl\w+|along the lines of|in the style of|(?:same|comparable) (?:as|to))\W*$",
    re.I,
)
"""Directly before a product that others should resemble; "I'd like the second" is none of these."""
_OF_MINE = re.compile(r"\b(?:my|our)\b", re.I)
_ONLY = re.compile(r"\b(?:only|just)\s+(?:from |by |in )?$", re.I)
_AND = re.compile(r"\s*(?:,|\band\b|\bor\b|/|&)\s*", re.I)


class Interpretation(Frozen):
    """One utterance, resolved. Item ids, fields and values are the shop's own."""

    text: str
    moves: tuple[str, ...] = ()
    """Main move first."""
    thing: str = ""
    kinds: tuple[str, ...] = ()
    kind_confidence: float = 0.0
    where: tuple[Where, ...] = ()
    prefer: tuple[Prefer, ...] = ()
    unmet: tuple[str, ...] = ()
    """Conditions, as said, that nothing of the kind speaks of."""
    words: str = ""
    """What of the utterance is for retrieval, beside the thing."""
    scale: Scale | None = None
    among: bool = False
    """Whether an order is asked among the products on the screen."""
    pointed: Pointed = Pointed()
    afresh: bool = False
    """Whether a value is asked for that what was looked for can't have: something else is meant."""
    like: str | None = None
    """Item id of a product that others should resemble."""
    asked: str = ""
    taken_back: tuple[str, ...] = ()
    given_up: tuple[str, ...] = ()
    """Kinds that are not wanted any more."""
    recipient: str = ""
    person: Person | None = None
    gift: bool = False
    count: int | None = None
    quantity: int | None = None

    @property
    def main(self) -> str:
        return self.moves[0] if self.moves else "seek"


@dataclass
class Interpreter:
    """Resolves what was read; one per opened shop. A few milliseconds an utterance."""

    desk: ShopContext
    lexicon: Lexicon = field(init=False)

    def __post_init__(self) -> None:
        self.lexicon = Lexicon(self.desk.schema)

    def interpret(self, text: str, read: Read, state: DialogueState) -> Interpretation:
        """What ``text`` asks for after ``state``."""
        spans = [span for span in read.spans if span.confidence >= SPAN]
        moves = tuple(str(scored.move) for scored in read.moves if scored.probability >= MADE) or (
            str(read.main),
        )
        of = {str(label): [s for s in spans if s.label == label] for label in SPAN_LABELS}
        topic = state.topic
        things = [span for span in of["thing"] if not _is_vague(span.text)]
        thing, kinds, confidence = self._thing(things)
        named_things, is_value = things, False
        if things and not kinds and self.lexicon.exactly(thing):  # a value of the shop, taken for a thing
            of["condition"] = sorted([*of["condition"], *things], key=lambda span: span.start)
            thing, things, is_value = "", [], True
        if not (kinds or of["reference"]) and moves[0] in _NAMING and len(text.split()) <= SHORT:
            thing, kinds, confidence = self._named_in_passing(text) or (thing, kinds, confidence)
        if moves[0] == "start_over" and kinds and "seek" not in moves:
            moves = (*moves, "seek")
        if confidence >= SURE and moves[0] in _BESIDE_THE_SHOP and read.moves[0].probability < SURE:
            moves = ("seek",)
        if confidence >= SURE and _WHICH.match(text) and moves[0] in _TELLING and not of["reference"]:
            moves = ("seek",)  # "which kettle do people like best" asks to be shown it
        named = self._by_name(thing) if things and confidence < SURE else Resolved()
        if named.where:
            kinds, confidence = (), 0.0
        settled = (
            topic.sure
            or topic.personal
            or (moves[0] == "refine" and topic.kinds and topic.lists and not of["excluded"])
        )
        if not (things or is_value or settled) and moves[:1] in _GUESSING:
            refines = moves[0] == "refine" and not of["excluded"]
            kinds, confidence = self._guessed(text, state, topic.lists[-1] if refines and topic.lists else ())
        kind = self._kind_filter(kinds or topic.kinds) if confidence >= LIKELY or not things else And()
        expects = state.pending.slot if state.pending else ""
        known = bool(kinds or topic.kinds or named.where) or len(self.desk.shop.search.table.paths) == 1
        in_force = tuple(w for w in topic.where if isinstance(w.value, float))
        resolver = Resolver(
            self.desk, self.lexicon, kind, known, expects if expects == PRICE else "", in_force
        )
        references = References(self.desk, state)
        found = Resolved()
        denied = _polarities(text, of["condition"])
        for span, polarity in zip(of["condition"], denied, strict=True):
            if _counts(span, things, text):
                continue
            if polarity == "unwanted" and not resolver.amounts.is_stated(span.text):
                found = found + resolver.exclusions.excluded(_bare(span.text))
                continue
            before = f"{state.subject} {text[max(0, span.start - 24) : span.start]}"
            said = state.subject if state.subject and _PRONOUN.fullmatch(span.text) else bounded(text, span)
            numbers = [w for w in found.where if isinstance(w.value, float)]
            found = found + resolver.condition(said, before=before, in_force=numbers)
        for span in of["excluded"]:
            if _ONLY.search(text[: span.start]):
                found = found + resolver.condition(span.text)
                continue
            if resolver.amounts.is_stated(span.text):  # "nothing over fifty" is a bound, not a thing
                found = found + resolver.condition(f"not {span.text}")
                continue
            for part in _AND.split(span.text):
                found = found + resolver.exclusions.excluded(part)
        for span in of["wish"]:
            found = found + resolver.values.wish(span.text)
        found = found + resolver.amounts.stated(_outside(text, spans))
        recipient = of["recipient"][0].text if of["recipient"] else ""
        person = read_person(" ".join(s.text for s in of["recipient"])) if of["recipient"] else None
        if person is not None:
            found = found + person_conditions(person, resolver.fields)
        given_up = self._given_up(of["taken_back"])
        if given_up and not kinds:
            found = found + Resolved((Where(field=KIND, op="not in", value=given_up),))
        found = self._qualifiers(things, kinds, resolver) + found
        valued = not (kinds or things or of["thing"] or named.where) and bool(found.where)
        afresh = valued and moves[0] == "seek" and all(resolver.values.is_foreign(w) for w in found.where)
        found = named + found
        found = resolver.exclusions.denied(text, found)
        if moves[0] in SEEKING:
            found = found + outright(text, found, resolver, spans)
        found = resolver.exclusions.without(text, found)
        if moves[0] == "out_of_scope" and any(w.op == "lacks" for w in found.where):
            moves = ("seek",)  # who says what must not be in it looks for something
        if moves[0] == "refine" and not (found.where or things):  # "cast iron?" asks to be shown it
            for span in of["asked"]:
                found = found + resolver.condition(span.text)
        orders = of["order"] or (of["asked"] if moves[0] in SEEKING else [])
        scale = next((s for span in orders if (s := resolver.order(span.text, text))), None)
        pointed = self._pointed(of["reference"], references, text, moves)
        if moves[0] == "undo" and found.where and read.moves[0].probability < SURE:
            moves = tuple(m for m in moves if m != "undo") or ("refine",)
        denied_places = references.at_place(text) if moves[0] in _DENYING_MOVES else ()
        if denied_places:
            pointed, moves = Pointed(denied_places), ("reject",)
        if pointed.item_ids and moves[0] in _GUESSED and _denies(text, of["reference"]):
            moves = ("reject", *moves)
        like = None
        if len(pointed.item_ids) == 1 and any(_SIMILAR.search(text[: s.start]) for s in of["reference"]):
            like, moves = pointed.item_ids[0], ("refine",)
        return Interpretation(
            text=text,
            moves=moves,
            thing=thing,
            kinds=kinds,
            kind_confidence=confidence,
            where=tuple(dict.fromkeys(found.joined().where)),
            unmet=found.unmet,
            prefer=tuple(dict.fromkeys(found.prefer)),
            words=_search_words(text, [s for s in spans if s not in named_things], found),
            scale=scale,
            among=bool(state.listed) and _is_among(text, pointed, things),
            pointed=pointed,
            afresh=afresh,
            like=like,
            asked=" ".join(s.text for s in of["asked"]),
            taken_back=(*(s.text for s in of["taken_back"]), *_indifferent(text, of["condition"], denied)),
            given_up=given_up,
            recipient=recipient,
            person=person,
            gift=bool(_GIFT.search(text)) or _is_for_another(recipient, person),
            count=_number(m[1]) if (m := _COUNT.search(text)) else None,
            quantity=_quantity(text, of["reference"] + of["condition"]),
        )

    def _thing(self, things: list[Span]) -> tuple[str, tuple[str, ...], float]:
        """The thing as said, its kinds, and how sure they are."""
        best: tuple[str, tuple[str, ...], float] = (things[0].text if things else "", (), 0.0)
        for span in things:
            match = self.desk.shop.search.kinds.resolve(span.text)
            if match is not None and match.confidence >= max(LIKELY, best[2]):
                best = (span.text, match.names, match.confidence)
        return best

    def _guessed(
        self, text: str, state: DialogueState, listed: Sequence[str]
    ) -> tuple[tuple[str, ...], float]:
        """The kind where none is named: what the question before was about, else what the need and the
        products refined, ``listed``, point at.
        """
        if state.topic.is_empty and state.exchanges and state.subject:
            named = self.mentioned(state.exchanges[-1].said)
            if named:
                return named, SURE
        said = f"{state.topic.query} {text}" if state.topic.query not in text else text
        return self._implied(said, listed), LIKELY

    def mentioned(self, text: str) -> tuple[str, ...]:
        """The kind that a text names in passing, longest name first."""
        words = re.findall(r"[\w'-]+", text)
        for size in (3, 2, 1):
            for at in range(len(words) - size + 1):
                phrase = " ".join(words[at : at + size])
                if words[at].lower() in FUNCTION_WORDS or words[at + size - 1].lower() in FUNCTION_WORDS:
                    continue
                match = self.desk.shop.search.kinds.resolve(phrase)
                if match is not None and match.exact and match.confidence >= 0.9:
                    return match.names
        return ()

    def _implied(self, text: str, listed: Sequence[str]) -> tuple[str, ...]:
        """The kind that a need without a thing points at: where most of what search finds for it stands, and
        of what was shown for it before.
        """
        search = self.desk.shop.search
        votes: dict[tuple[str, ...], float] = {}
        found = [hit.item_id for hit in search.search(text, None, VOTERS).hits]
        for items in (found, listed):
            for place, item_id in enumerate(items, start=1):
                path = search.table.paths[int(search.table.columns["path"][search.table.row_of[item_id]])]
                votes[path] = votes.get(path, 0.0) + 1.0 / (place + 2)
        best = max(votes, key=votes.__getitem__, default=())
        sure = bool(best) and votes[best] >= MAJORITY * sum(votes.values())
        return (" > ".join(best),) if sure else ()

    def _named_in_passing(self, text: str) -> tuple[str, tuple[str, ...], float] | None:
        """The kind that a short request names where the reader marked no thing."""
        kinds = self.mentioned(text)
        return (kinds[0].split(">")[-1].strip().lower(), kinds, SURE) if kinds else None

    def _given_up(self, spans: list[Span]) -> tuple[str, ...]:
        matches = (self.desk.shop.search.kinds.resolve(span.text) for span in spans)
        return tuple(name for match in matches if match is not None for name in match.names)

    def _kind_filter(self, kinds: tuple[str, ...]) -> Filter:
        from agent.tools.compile import Compiler

        if not kinds:
            return And()
        where = Topic(kinds=kinds).kind_guess()
        compiled = Compiler(self.desk.shop.search, self.desk.schema).compile(where)[0]
        return compiled.filter if compiled.filter is not None else And()

    def _by_name(self, thing: str) -> Resolved:
        """A thing that is no kind here but stands in a few titles ("galaxy s6 edge", "ipods"):
        those alone.
        """
        words = [w for w in thing.lower().split() if w not in FUNCTION_WORDS]
        named = self.desk.shop.search.titled(" ".join(words))
        few = max(5, 0.1 * len(self.desk.shop.search.item_ids))
        return (
            Resolved((Where(field=TITLE, op="has", value=" ".join(words)),))
            if 0 < len(named) <= few
            else Resolved()
        )

    def _qualifiers(self, things: list[Span], kinds: tuple[str, ...], resolver: Resolver) -> Resolved:
        """What a thing's own words condition beside its kind: "waterproof head torch", "men's jeans"."""
        if not kinds:
            return Resolved()
        named = {s for kind in kinds for part in kind.split(">") for s in stems(part)}
        found = Resolved()
        for span in things:
            found = found + self._describing(span.text, named, resolver)
            for match in self.lexicon.find(span.text):
                inside = span.text[match.start : match.end]
                if set(stems(inside)) <= named:
                    continue
                meanings = resolver.values.of_kind(match.meanings)
                if meanings and not match.corrected:
                    found = found + Resolved((resolver.values.any_of(meanings),))
            person = read_person(span.text)
            if person.group:
                found = found + person_conditions(person, resolver.fields)
        return found

    def _describing(self, phrase: str, named: set[str], resolver: Resolver) -> Resolved:
        """Words beside the kind's own that mean one of its values: "city helmets" are urban."""
        known = {s for match in self.lexicon.find(phrase) for s in stems(phrase[match.start : match.end])}
        left = [
            w
            for w in phrase.split()
            if not set(stems(w)) & (named | known) and w.lower() not in FUNCTION_WORDS
        ]
        near = resolver.values.near(" ".join(left)) if left else None
        return (
            Resolved(prefer=(Prefer(field=near.where.field, value=near.where.value),)) if near else Resolved()
        )

    def _pointed(
        self, spans: list[Span], references: References, text: str, moves: tuple[str, ...]
    ) -> Pointed:
        items: tuple[str, ...] = ()
        by_name = whole = False
        for span in spans:
            pointed = references.resolve(span.text)
            items = tuple(dict.fromkeys((*items, *pointed.item_ids)))
            by_name, whole = by_name or pointed.by_name, whole or pointed.whole_list
        if not spans and moves[:1] and moves[0] in ("ask_product", "ask_buyers", "compare", "add_to_cart"):
            named = references.named(text)
            items, by_name = named.item_ids, named.by_name
        return Pointed(items, by_name, whole)


def _is_for_another(recipient: str, person: Person | None) -> bool:
    """Whether it is for somebody whom the shopper knows: "my dad", "our niece"."""
    return bool(person and person.group and not person.is_self and _OF_MINE.search(recipient))


def _polarities(text: str, spans: list[Span]) -> list[Polarity]:
    """Whether each span is wanted, denied or indifferent, by the words before and after it."""
    return polarities(text, Denials(text), [(span.start, span.end, span.label) for span in spans])


def _denies(text: str, references: list[Span]) -> bool:
    """Whether the products pointed at are what is not wanted ("not the fourth one")."""
    denials = Denials(text)
    return any(
        denials.of(text.rfind(" ", 0, span.end - 1) + 1, span.end) == "unwanted" for span in references
    )


def _bare(phrase: str) -> str:
    """A denied span without the words that deny it."""
    return re.sub(
        r"^(?:anything|everything|nothing|any|all|but|not|no|except|without|other than|from|by|in)\b\s*",
        "",
        phrase,
        flags=re.I,
    )


def _indifferent(text: str, spans: list[Span], denied: list[Polarity]) -> list[str]:
    """What no longer matters: "doesn't have to be black", "any price is fine"."""
    found = [span.text for span, polarity in zip(spans, denied, strict=True) if polarity == "indifferent"]
    return found + [next(word for word in match.groups() if word) for match in _ANY.finditer(text)]


def _counts(span: Span, things: list[Span], text: str) -> bool:
    """ "Three blenders": a bare number before the thing says how many to show."""
    bare = re.fullmatch(r"\W*(?:\d{1,2}|two|three|four|five|six|ten)\W*", span.text, re.I)
    return bool(bare) and any(
        not text[span.end : thing.start].strip() for thing in things if thing.start >= span.end
    )


def _outside(text: str, spans: list[Span]) -> str:
    """The text with what the reader marked blanked: what is left may still state an amount outright."""
    for span in spans:
        if span.label not in ("wish", "asked", "recipient"):
            text = f"{text[: span.start]}{'·' * (span.end - span.start)}{text[span.end :]}"
    return text


def _is_vague(thing: str) -> bool:
    """Whether a thing is only called a thing, so that what it is for must tell."""
    words = [w for w in re.findall(r"[a-z]+", thing.lower()) if w not in FUNCTION_WORDS]
    head = re.split(r"\b(?:for|to|that|which|with|who|where)\b", thing.lower())[0]
    named = [w for w in re.findall(r"[a-z]+", head) if w not in FUNCTION_WORDS]
    return not words or not named or named[-1] in _VAGUE


def _is_among(text: str, pointed: Pointed, things: list[Span]) -> bool:
    """Whether an order is asked among what is on the screen, not among all."""
    if things or _ALL.search(text):
        return False
    return pointed.whole_list or len(pointed.item_ids) > 1 or bool(_AMONG.search(text))


def _search_words(text: str, spans: list[Span], found: Resolved) -> str:
    """The thing, the wishes and what conditions left over, in the order said; the whole text where nothing
    is.
    """
    wanted = [s for s in spans if s.label in ("thing", "wish", "recipient")]
    said = " ".join(s.text for s in sorted(wanted, key=lambda s: s.start))
    loose = [w for w in found.words.split() if w not in said]
    words = " ".join((said, *loose)).strip()
    return words if any(s not in FUNCTION_WORDS for s in stems(words)) else ""


def _number(text: str) -> int | None:
    return _NUMBERS.get(text.lower()) or (int(text) if text.isdigit() else None)


def _quantity(text: str, spans: list[Span]) -> int | None:
    """How many pieces: a number that no size, price or product's name holds."""
    for match in _QUANTITY.finditer(text):
        if match["n"].lower() == "both":
            continue
        inside = [s for s in spans if s.start <= match.start() < s.end]
        if any(len(s.text.split()) > 3 or re.search(r"first|last|[$€£]", s.text, re.I) for s in inside):
            continue
        return _number(match["n"])
    return None
