"""Runs scripted dialogues through the real assistant and tells which checks failed, and how."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from agent.meaning import Act
from agent.records import Reply
from agent.simulation.dialogues import Dialogue, Range, ScriptedTurn
from agent.state import DialogueState
from retrieval.catalog import Product
from retrieval.filters import Attribute, Brand, Category, Words, numbers_in

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
    violations: int
    """Products shown that break a constraint in force, over all turns."""
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


def run_dialogue(assistant: ShoppingAssistant, dialogue: Dialogue) -> tuple[list[Failure], int, int]:
    """Failures, products shown against a constraint in force, and the number of checks made."""
    conversation = _Conversation(assistant, dialogue, f"scripted-{uuid.uuid4().hex}")
    failures: list[Failure] = []
    violations = 0
    for number, turn in enumerate(dialogue.turns, start=1):
        reply = _take(conversation, turn)
        state = assistant.state(conversation.session_id, turn.user or dialogue.user)
        conversation.replies.append(reply)
        conversation.shown.append(tuple(card.item_id for card in reply.cards))
        broken = _broken(conversation, state, reply)
        violations += len(broken)
        failures += [Failure(dialogue.name, number, "breaks a constraint in force", item) for item in broken]
        for check, got in _failed(conversation, turn, reply, state):
            failures.append(Failure(dialogue.name, number, check, got))
    return failures, violations, conversation.checks


def run_dialogues(assistant: ShoppingAssistant, dialogues: Iterable[Dialogue]) -> ScriptedResult:
    """Run all; a dialogue passes when every check of every turn holds."""
    failures: list[Failure] = []
    passed = total = violations = checks = 0
    for dialogue in dialogues:
        failed, broken, made = run_dialogue(assistant, dialogue)
        failures += failed
        violations += broken
        checks += made
        total += 1
        passed += not failed
    return ScriptedResult(passed, total, tuple(failures), violations, checks)


def _take(conversation: _Conversation, turn: ScriptedTurn) -> Reply:
    assistant, session = conversation.assistant, conversation.session_id
    user = turn.user or conversation.dialogue.user
    if turn.press is None:
        return assistant.reply(turn.say or "", user_id=user, session_id=session)
    chips = [chip for chip in conversation.replies[-1].chips if chip.kind == turn.press.kind]
    assert len(chips) > turn.press.index, (
        f"there is no {turn.press.kind} chip number {turn.press.index}: {chips}"
    )
    chip = chips[turn.press.index]
    if chip.utterance is None:
        assert chip.constraint_id is not None
        return assistant.drop_constraint(chip.constraint_id, user_id=user, session_id=session)
    return assistant.reply(chip.utterance, user_id=user, session_id=session)


_LISTING = (
    Act.ASK,
    Act.REFINE,
    Act.CRITIQUE,
    Act.ANSWER,
    Act.REJECT,
    Act.RECOMMEND,
    Act.UNDO,
    Act.START_OVER,
    Act.BUNDLE,
)


def _broken(conversation: _Conversation, state: DialogueState, reply: Reply) -> list[str]:
    """Products listed as results that the state's own filter denies, by the filter's definition."""
    if state.last_act not in _LISTING:
        return []
    condition, desk = state.filter(), conversation.assistant.desk
    items = [card.item_id for card in reply.cards]
    return [item for item in items if not condition.matches(conversation.product(item), desk.stars_of(item))]


def _failed(
    conversation: _Conversation, turn: ScriptedTurn, reply: Reply, state: DialogueState
) -> Iterator[tuple[str, str]]:
    for check, holds, got in (
        *_understood(conversation, turn, reply, state),
        *_shown(conversation, turn, reply),
        *_compared(conversation, turn, reply),
        *_said(turn, reply, state),
    ):
        conversation.checks += 1
        if not holds:
            yield check, got


_Check = tuple[str, bool, str]


def _understood(
    conversation: _Conversation, turn: ScriptedTurn, reply: Reply, state: DialogueState
) -> Iterator[_Check]:
    meant = reply.record.understanding
    act, labels = str(meant.get("act", "")), [c.label for c in state.constraints]
    if turn.act is not None:
        acts = turn.act if isinstance(turn.act, tuple) else (turn.act,)
        yield f"act is {' or '.join(acts)}", act in acts, act
    for label in turn.in_force:
        yield f"in force: {label}", label in labels, str(labels)
    for label in turn.not_in_force:
        yield f"not in force: {label}", label not in labels, str(labels)
    if turn.constraints is not None:
        yield f"{turn.constraints} constraints", len(labels) == turn.constraints, str(labels)
    wishes = [p.label for p in state.preferences]
    for label in turn.not_preferences:
        yield f"no preference: {label}", label not in wishes, str(wishes)
    for label in turn.preferences:
        yield f"preference: {label}", label in wishes, str(wishes)
    if turn.referents is not None:
        pointed = [r["item_id"] for r in meant.get("referents", ())]
        wanted = [item for name in turn.referents for item in conversation.named(name)]
        yield f"points at {turn.referents}", pointed == wanted, f"{pointed}, wanted {wanted}"
    for aspect in turn.aspects:
        yield f"aspect {aspect}", aspect in meant.get("aspects", ()), str(meant.get("aspects"))
    if turn.query is not None:
        yield f"query is {turn.query!r}", state.query == turn.query, repr(state.query)
    if turn.gift is not None:
        yield f"gift is {turn.gift}", state.gift == turn.gift, str(state.gift)
    keys = [memory["key"] for memory in meant.get("memory", ())]
    for key in turn.remembers:
        yield f"remembers {key}", key in keys, str(keys)


def _shown(conversation: _Conversation, turn: ScriptedTurn, reply: Reply) -> Iterator[_Check]:
    cards, shop = reply.cards, conversation.assistant
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
            stars = shop.desk.stars_of(product.item_id)
            yield (
                f"stars in {turn.stars}",
                stars is not None and turn.stars.holds(stars[0]),
                f"{name}: {stars}",
            )


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


def _said(turn: ScriptedTurn, reply: Reply, state: DialogueState) -> Iterator[_Check]:
    text = reply.text.lower()
    for words in turn.mentions:
        yield f"says {words!r}", any(part.lower() in text for part in words.split("|")), reply.text
    for words in turn.avoids:
        said = re.search(rf"(?<!\w){re.escape(words.lower())}(?!\w)", text) is not None
        yield f"does not say {words!r}", not said, reply.text
    if turn.asks is not None:
        yield f"asks: {turn.asks}", (state.pending is not None) == turn.asks, str(state.pending)
    if turn.asks_about is not None:
        slot = state.pending.slot if state.pending else None
        yield f"asks about {turn.asks_about}", slot == turn.asks_about, str(slot)
    labels = [chip.label for chip in reply.chips]
    for label in turn.chips:
        yield f"chip {label!r}", label in labels, str(labels)
    if turn.table is not None:
        yield f"table: {turn.table}", (reply.table is not None) == turn.table, str(reply.table)
    notices = " ".join(reply.record.notices).lower()
    for notice in turn.notices:
        yield f"notice {notice!r}", notice.lower() in notices, notices


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
