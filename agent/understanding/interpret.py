"""From what the reader found to what it asks of this shop: one utterance, resolved in its conversation."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from agent.conditions import PRICE, Prefer, Where
from agent.dialogue import DialogueState, Topic
from agent.language.function_words import FUNCTION_WORDS
from agent.language.text import stems
from agent.records import Frozen
from agent.toolbox.desk import Desk
from agent.understanding.conditions import Resolved, Resolver
from agent.understanding.labels import SPAN_LABELS
from agent.understanding.lexicon import Lexicon
from agent.understanding.people import Person, read_person
from agent.understanding.reader import Read, Span
from agent.understanding.references import Pointed, References
from agent.understanding.scales import Scale
from retrieval.filters import And, Filter

SURE, LIKELY = 0.8, 0.5
MADE = 0.4
"""A move less likely than this is not made."""
SPAN = 0.45
"""A span that the reader believes in less is only words."""
SEEKING = ("seek", "refine", "more", "reject", "recommend", "undo")
_COUNT = re.compile(r"\b(?:show|give|list|find|see|recommend)(?: me)?(?: the)?(?: top| best)? (\d{1,2}|two|three|four|five)\b", re.I)
_QUANTITY = re.compile(r"\b(?P<n>\d{1,3}|a couple|couple|two|three|four|five|six|seven|eight|nine|ten|twelve|a dozen|dozen|both|another)\b", re.I)
_NUMBERS = {"a couple": 2, "couple": 2, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
_NUMBERS |= {"nine": 9, "ten": 10, "twelve": 12, "a dozen": 12, "dozen": 12, "another": 1}
_AMONG = re.compile(r"\b(?:which|what) (?:one|ones|of|is|are|has|have|would|will|weighs?|costs?|lasts?|'s)\b|\bwhich\b|\bof (?:those|these|them|that lot)\b", re.I)
_ALL = re.compile(r"\b(?:you (?:have|stock|sell|do|got|carry)|in (?:the|your) shop|there is|anywhere)\b", re.I)
_GIFT = re.compile(r"\b(?:gift|present|birthday|christmas|xmas|anniversary|wedding|for (?:her|him|them)|surprise|buy(?:ing)? (?:her|him))\b", re.I)
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
    words: str = ""
    """What of the utterance is for retrieval."""
    scale: Scale | None = None
    among: bool = False
    """Whether an order is asked among the products on the screen."""
    pointed: Pointed = Pointed()
    asked: str = ""
    taken_back: tuple[str, ...] = ()
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

    desk: Desk
    lexicon: Lexicon = field(init=False)

    def __post_init__(self) -> None:
        self.lexicon = Lexicon(self.desk.schema)

    def interpret(self, text: str, read: Read, state: DialogueState) -> Interpretation:
        """What ``text`` asks for after ``state``."""
        spans = [span for span in read.spans if span.confidence >= SPAN]
        moves = tuple(str(scored.move) for scored in read.moves if scored.probability >= MADE) or (str(read.main),)
        of = {str(label): [s for s in spans if s.label == label] for label in SPAN_LABELS}
        topic = state.topic
        things = of["thing"]
        thing, kinds, confidence = self._thing(things)
        kind = self._kind_filter(kinds or topic.kinds) if confidence >= LIKELY or not things else And()
        expects = state.pending.slot if state.pending else ""
        resolver = Resolver(self.desk, self.lexicon, kind, expects if expects == PRICE else "")
        references = References(self.desk, state)
        found = Resolved()
        for span in of["condition"]:
            found = found + resolver.condition(span.text, before=text[max(0, span.start - 24) : span.start])
        for span in of["excluded"]:
            for part in _AND.split(span.text):
                found = found + resolver.excluded(part)
        for span in of["wish"]:
            found = found + resolver.wish(span.text)
        recipient = of["recipient"][0].text if of["recipient"] else ""
        person = read_person(" ".join(s.text for s in of["recipient"])) if of["recipient"] else None
        if person is not None:
            found = found + resolver.person(person)
        qualified = self._qualifiers(things, kinds, resolver)
        found = qualified + found
        scale = next((s for span in of["order"] if (s := resolver.order(span.text))), None)
        pointed = self._pointed(of["reference"], references, text, moves)
        return Interpretation(
            text=text,
            moves=moves,
            thing=thing,
            kinds=kinds,
            kind_confidence=confidence,
            where=tuple(dict.fromkeys(found.where)),
            prefer=tuple(dict.fromkeys(found.prefer)),
            words=_search_words(text, spans, found),
            scale=scale,
            among=bool(state.listed) and _is_among(text, pointed, things),
            pointed=pointed,
            asked=" ".join(s.text for s in of["asked"]),
            taken_back=tuple(s.text for s in of["taken_back"]),
            recipient=recipient,
            person=person,
            gift=bool(recipient and person and not person.is_self and _GIFT.search(text)) or bool(_GIFT.search(text)),
            count=_number(m[1]) if (m := _COUNT.search(text)) else None,
            quantity=_quantity(text, of["reference"] + of["condition"]),
        )

    def _thing(self, things: list[Span]) -> tuple[str, tuple[str, ...], float]:
        """The thing as said, its kinds, and how sure they are."""
        best: tuple[str, tuple[str, ...], float] = (things[0].text if things else "", (), 0.0)
        for span in things:
            match = self.desk.shop.search.kinds.resolve(span.text)
            if match is not None and match.confidence > best[2]:
                best = (span.text, match.names, match.confidence)
        return best

    def _kind_filter(self, kinds: tuple[str, ...]) -> Filter:
        from agent.tools.compile import Compiler

        if not kinds:
            return And()
        where = Topic(kinds=kinds).kind_where()
        compiled = Compiler(self.desk.shop.search, self.desk.schema).compile(where)[0]
        return compiled.filter if compiled.filter is not None else And()

    def _qualifiers(self, things: list[Span], kinds: tuple[str, ...], resolver: Resolver) -> Resolved:
        """What a thing's own words condition beside its kind: "waterproof head torch", "men's jeans"."""
        if not kinds:
            return Resolved()
        named = {s for kind in kinds for part in kind.split(">") for s in stems(part)}
        found = Resolved()
        for span in things:
            for match in self.lexicon.find(span.text):
                inside = span.text[match.start : match.end]
                if set(stems(inside)) <= named:
                    continue
                meanings = resolver._of_fields(match.meanings)
                if meanings and not match.corrected:
                    found = found + Resolved((resolver._any_of(meanings),))
            person = read_person(span.text)
            if person.group:
                found = found + resolver.person(person)
        return found

    def _pointed(self, spans: list[Span], references: References, text: str, moves: tuple[str, ...]) -> Pointed:
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


def _is_among(text: str, pointed: Pointed, things: list[Span]) -> bool:
    """Whether an order is asked among what is on the screen, not among all."""
    if things or _ALL.search(text):
        return False
    return pointed.whole_list or len(pointed.item_ids) > 1 or bool(_AMONG.search(text))


def _search_words(text: str, spans: list[Span], found: Resolved) -> str:
    """The thing, the wishes and what conditions left over, in the order said; the whole text where nothing is."""
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
