"""Runs scripted dialogues through the real assistant and tells which checks failed, and how."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from agent.records import Reply
from benchmarks.simulation.dialogues import Dialogue, Range, ScriptedTurn
from retrieval.filters import Attribute, Brand, Category, Words, numbers_in
from retrieval.records import Product

if TYPE_CHECKING:
    from agent.assistant import ShoppingAssistant


@dataclass(frozen=True)
class Failure:
    """A check that did not hold: dialogue, turn (from 1), which check, what was got."""

    dialogue: str
    turn: int
    check: str
    got: str

    def __str__(self) -> str:
        return f"{self.dialogue}, turn {self.turn}: {self.check} ({self.got})"


@dataclass(frozen=True)
class ScriptedResult:
    passed: int
    total: int
    failures: tuple[Failure, ...]
    checks: int


@dataclass
class _Conversation:
    assistant: ShoppingAssistant
    dialogue: Dialogue
    session_id: str
    shown: list[tuple[str, ...]] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    checks: int = 0

    def product(self, item_id: str) -> Product:
        product = self.assistant.shop.catalog.product(item_id)
        assert product is not None, f"{item_id} was shown and is not in the shop"
        return product

    def named(self, name: str) -> tuple[str, ...]:
        """``"1.2"``: the second product of turn 1; ``"1"``: all of that turn."""
        turn, _, place = name.partition(".")
        items = self.shown[int(turn) - 1]
        return items[int(place) - 1 : int(place)] if place else items


def run_dialogue(assistant: ShoppingAssistant, dialogue: Dialogue) -> tuple[list[Failure], int]:
    """Failures, and the number of checks made."""
    conversation = _Conversation(assistant, dialogue, f"scripted-{uuid.uuid4().hex}")
    failures: list[Failure] = []
    for number, turn in enumerate(dialogue.turns, start=1):
        reply = _take(conversation, turn)
        if reply is None:
            chips = str([chip.label for chip in conversation.replies[-1].chips])
            failures.append(Failure(dialogue.name, number, f"has a chip for {turn.press}", chips))
            break
        conversation.replies.append(reply)
        conversation.shown.append(tuple(card.item_id for card in reply.cards))
        for check, got in _failed(conversation, turn, reply):
            failures.append(Failure(dialogue.name, number, check, got))
    return failures, conversation.checks


def run_dialogues(assistant: ShoppingAssistant, dialogues: Iterable[Dialogue]) -> ScriptedResult:
    """Run all; a dialogue passes when every check of every turn holds."""
    failures: list[Failure] = []
    passed = total = checks = 0
    for dialogue in dialogues:
        failed, made = run_dialogue(assistant, dialogue)
        failures += failed
        checks += made
        total += 1
        passed += not failed
    return ScriptedResult(passed, total, tuple(failures), checks)


def _take(conversation: _Conversation, turn: ScriptedTurn) -> Reply | None:
    """The answer to what is said or pressed; None where there is no such chip."""
    assistant, session = conversation.assistant, conversation.session_id
    user = turn.user or conversation.dialogue.user
    if turn.press is None:
        return assistant.reply(turn.say or "", user_id=user, session_id=session)
    chips = [chip for chip in conversation.replies[-1].chips if chip.kind == turn.press.kind]
    if len(chips) <= turn.press.index:
        return None
    chip = chips[turn.press.index]
    if chip.utterance is None:
        assert chip.constraint_id is not None
        return assistant.drop_constraint(chip.constraint_id, user_id=user, session_id=session)
    return assistant.reply(chip.utterance, user_id=user, session_id=session)


_Check = tuple[str, bool, str]


def _failed(conversation: _Conversation, turn: ScriptedTurn, reply: Reply) -> Iterator[tuple[str, str]]:
    for check, holds, got in (
        *_understood(conversation, turn, reply),
        *_shown(conversation, turn, reply),
        *_compared(conversation, turn, reply),
    ):
        conversation.checks += 1
        if not holds:
            yield check, got


def _understood(conversation: _Conversation, turn: ScriptedTurn, reply: Reply) -> Iterator[_Check]:
    meant = reply.record.understanding
    if turn.move is not None:
        moves = turn.move if isinstance(turn.move, tuple) else (turn.move,)
        main = str((*meant.get("moves", ()), "")[0])
        yield f"move is {' or '.join(moves)}", main in moves, main
    labels = [chip.label for chip in reply.chips if chip.kind == "constraint"]
    for label in turn.in_force:
        yield f"in force: {label}", label in labels, str(labels)
    for label in turn.not_in_force:
        yield f"not in force: {label}", label not in labels, str(labels)
    if turn.referents is not None:
        pointed = list(meant.get("pointed", {}).get("item_ids", ()))
        wanted = [item for name in turn.referents for item in conversation.named(name)]
        yield f"points at {turn.referents}", pointed == wanted, f"{pointed}, wanted {wanted}"
    if turn.gift is not None:
        gift = bool(meant.get("gift"))
        yield f"gift is {turn.gift}", gift == turn.gift, str(gift)
    if turn.table is not None:
        yield f"table: {turn.table}", (reply.table is not None) == turn.table, str(reply.table)


def _shown(conversation: _Conversation, turn: ScriptedTurn, reply: Reply) -> Iterator[_Check]:
    cards = reply.cards
    if turn.cards is not None:
        holds = turn.cards.holds(len(cards)) if isinstance(turn.cards, Range) else len(cards) == turn.cards
        yield f"cards: {turn.cards}", holds, str(len(cards))
    for product in [conversation.product(card.item_id) for card in cards]:
        name = f"{product.title} ({product.item_id})"
        if turn.price is not None:
            price = product.price
            yield f"price in {turn.price}", price is not None and turn.price.holds(price), f"{name}: {price}"
        if turn.brand is not None:
            yield (
                f"brand {turn.brand}",
                Brand(_texts(turn.brand)).matches(product),
                f"{name}: {product.brand}",
            )
        for brand in _texts(turn.not_brand):
            yield f"not brand {brand}", not Brand((brand,)).matches(product), f"{name}: {product.brand}"
        if turn.category is not None:
            yield (
                f"category {turn.category}",
                Category((turn.category,)).matches(product),
                f"{name}: {product.category}",
            )
        for category in _texts(turn.not_category):
            yield (
                f"not category {category}",
                not Category((category,)).matches(product),
                f"{name}: {product.category}",
            )
        for word in turn.words:
            yield f"has word {word!r}", any(Words(w).matches(product) for w in word.split("|")), name
        for word in turn.without_words:
            yield f"has no word {word!r}", not Words(word).matches(product), name
        for key, wanted in turn.attributes.items():
            yield (
                f"{key} is {wanted}",
                _attribute(product, key, wanted),
                f"{name}: {product.attributes.get(key)}",
            )
        for key, value in turn.not_attributes.items():
            holds = not Attribute(key, (value,)).matches(product)
            yield f"{key} is not {value}", holds, f"{name}: {product.attributes.get(key)}"
        if turn.stars is not None:
            card = next(card for card in cards if card.item_id == product.item_id)
            holds = card.stars is not None and turn.stars.holds(card.stars)
            yield f"stars in {turn.stars}", holds, f"{name}: {card.stars}"


def _compared(conversation: _Conversation, turn: ScriptedTurn, reply: Reply) -> Iterator[_Check]:
    items = tuple(card.item_id for card in reply.cards)
    for name in turn.excludes:
        gone = set(conversation.named(name))
        yield f"does not show {name}", gone.isdisjoint(items), str(sorted(gone & set(items)))
    if turn.same_as is not None:
        before = conversation.shown[turn.same_as - 1]
        yield f"shows what turn {turn.same_as} showed", items == before, f"{items}, then {before}"
    if turn.cheaper_than is not None:
        named = [conversation.product(item).price or 0.0 for item in conversation.named(turn.cheaper_than)]
        limit = min(named, default=0.0)
        prices = [conversation.product(item).price or 0.0 for item in items]
        yield (
            f"all cheaper than {turn.cheaper_than}",
            all(price < limit for price in prices),
            f"{prices}, {limit}",
        )
    for direction, wanted in ((-1, turn.less), (1, turn.more)):
        for key, name in wanted.items():
            old = next((_number(conversation.product(item), key) for item in conversation.named(name)), None)
            new = [_number(conversation.product(item), key) for item in items]
            holds = old is not None and all(v is not None and (v - old) * direction > 0 for v in new)
            yield f"{'more' if direction > 0 else 'less'} {key} than {name}", holds, f"{new}, then {old}"


def _texts(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value


def _number(product: Product, key: str) -> float | None:
    value = product.attributes.get(key)
    numbers = [] if value is None else numbers_in(value)
    return numbers[0] if numbers else None


def _attribute(product: Product, key: str, wanted: str | bool | Range | tuple[str, ...]) -> bool:
    if isinstance(wanted, Range):
        number = _number(product, key)
        return number is not None and wanted.holds(number)
    if isinstance(wanted, bool):
        return product.attributes.get(key) is wanted
    return Attribute(key, _texts(wanted)).matches(product)
