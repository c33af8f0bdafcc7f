"""Where a conversation stands: a stack of topics, what is on the screen, and what was said of the person."""

from __future__ import annotations

import re

from agent.conditions import KIND, TITLE, Prefer, Sort, Where
from agent.records import Frozen

MOST_TOPICS = 8
MOST_LISTS = 12
MOST_HANDLES = 300
MOST_REJECTED = 500
MOST_EXCHANGES = 8
MOST_UNDO = 10


class PendingQuestion(Frozen):
    """A question that was asked and waits for its answer."""

    text: str
    slot: str = ""
    """The field that it is about, so that a bare number can answer it."""
    options: tuple[str, ...] = ()
    """Answers to choose from."""


class Exchange(Frozen):
    """One turn as the next ones remember it."""

    said: str
    answered: str = ""
    shown: tuple[str, ...] = ()
    """Item ids in order."""
    carted: bool = False
    """Whether it was about the cart."""


class Part(Frozen):
    """One of several things that are looked for together."""

    thing: str
    kinds: tuple[str, ...] = ()
    """What it is in this shop; empty where it is not sold here."""


class Topic(Frozen):
    """One errand: what is sought and all that holds for it."""

    thing: str = ""
    """The thing as the shopper called it."""
    kinds: tuple[str, ...] = ()
    """What that is in this shop; empty where only the words tell."""
    parts: tuple[Part, ...] = ()
    """Of several things that are looked for together, each; the kinds are those of all."""
    shared: bool = False
    """Whether what they cost together must keep to the budget."""
    sure: bool = False
    """Whether the kinds bind; else they only weigh."""
    personal: bool = False
    """Whether it is for the shopper's own taste to tell what is found."""
    query: str = ""
    """Words for retrieval, over the turns of this topic."""
    where: tuple[Where, ...] = ()
    """What must hold, beside the kind."""
    chosen: tuple[Where, ...] = ()
    """Those of them, and the kind, that a language model chose for a need: no words of the shopper's."""
    unmet: tuple[str, ...] = ()
    """Conditions, as said, that nothing of the kind speaks of: told when they were said, and kept on record."""
    prefer: tuple[Prefer, ...] = ()
    sort: Sort | None = None
    like: str | None = None
    """Item id of a product that others should resemble."""
    lists: tuple[tuple[str, ...], ...] = ()
    """Item ids of each list shown, oldest first."""
    recipient: str = ""
    gift: bool = False

    @property
    def seen(self) -> frozenset[str]:
        return frozenset(item for shown in self.lists for item in shown)

    @property
    def is_empty(self) -> bool:
        return not (self.thing or self.query or self.where or self.prefer or self.lists or self.like)

    @property
    def wish(self) -> str:
        """All that is searched by: the thing, unless the words name it, and the words."""
        named = not self.thing or re.search(rf"\b{re.escape(self.thing)}\b", self.query, re.I)
        return self.query if named else f"{self.thing} {self.query}".strip()

    def kind_where(self) -> tuple[Where, ...]:
        """The kind as a condition, where it is one."""
        if not self.kinds or not self.sure:
            return ()
        return self.kind_guess()

    def kind_guess(self) -> tuple[Where, ...]:
        """The kind, sure or not."""
        if not self.kinds:
            return ()
        return (Where(field=KIND, op="in" if len(self.kinds) > 1 else "=", value=_plain(self.kinds)),)

    def conditions(self) -> tuple[Where, ...]:
        return (*self.kind_where(), *self.where)

    def with_where(self, new: tuple[Where, ...]) -> Topic:
        """With further conditions: one on a field takes the place of what it competes with there."""
        kept = [old for old in self.where if not any(_replaces(fresh, old) for fresh in new)]
        return self.model_copy(update={"where": (*kept, *(w for w in new if w not in kept))})

    def without(self, gone: Where) -> Topic:
        """Without one of its conditions; without the kind, what is sought is only a word."""
        if gone in self.kind_where():
            return self.model_copy(update={"kinds": (), "sure": False})
        return self.model_copy(update={"where": tuple(w for w in self.where if w != gone)})

    def with_prefer(self, new: tuple[Prefer, ...]) -> Topic:
        kept = [old for old in self.prefer if not any(_same_wish(fresh, old) for fresh in new)]
        return self.model_copy(update={"prefer": (*kept, *dict.fromkeys(new))[-20:]})


class DialogueState(Frozen):
    """All that a turn needs to know of the turns before; every method returns a new state. Bounded
    in size.
    """

    session_id: str = ""
    user_id: str | None = None
    turn: int = 0
    topics: tuple[Topic, ...] = (Topic(),)
    """Oldest first; the last is in force."""
    undo: tuple[Topic, ...] = ()
    """What was in force before, newest last: earlier states of the topic, and the topics before it."""
    listed: tuple[str, ...] = ()
    """Item ids of the list on the screen, which "the second" points into."""
    focus: str | None = None
    """The one product that is talked about."""
    handles: tuple[str, ...] = ()
    """Item ids in the order of their handles."""
    rejected: tuple[str, ...] = ()
    without: tuple[Where, ...] = ()
    """What the shopper must be without for their health, whatever the talk is about."""
    exchanges: tuple[Exchange, ...] = ()
    subject: str = ""
    """What the last question was about, which "it" may mean."""
    pending: PendingQuestion | None = None
    asked_in_row: int = 0
    offered: str = ""
    """What the last answer offered to do, so that "yes please" has it done."""

    @property
    def topic(self) -> Topic:
        return self.topics[-1]

    @property
    def on_show(self) -> tuple[str, ...]:
        """The list on the screen, else the one product that is talked about."""
        return self.listed or ((self.focus,) if self.focus else ())

    def with_topic(self, topic: Topic) -> DialogueState:
        """The topic in force replaced; what it was can be undone, be it the same: then that is what is undone."""
        return self.model_copy(update={"topics": (*self.topics[:-1], topic), "undo": self._undoable})

    @property
    def _undoable(self) -> tuple[Topic, ...]:
        """What can be undone once the topic in force is changed or left."""
        return self.undo if self.topic.is_empty else (*self.undo, self.topic)[-MOST_UNDO:]

    def push(self, topic: Topic) -> DialogueState:
        """A new topic on top; an empty one below is dropped."""
        below = self.topics[:-1] if self.topic.is_empty else self.topics
        topics = (*below, topic)[-MOST_TOPICS:]
        return self.model_copy(update={"topics": topics, "undo": self._undoable})

    def started_over(self, topic: Topic) -> DialogueState:
        """Nothing in force but ``topic``, and nothing on the screen; only an undo brings back what was."""
        return self.model_copy(
            update={"topics": (topic,), "undo": self._undoable, "listed": (), "focus": None}
        )

    def back_to(self, at: int) -> DialogueState:
        """An earlier topic on top again."""
        topic = self.topics[at]
        rest = tuple(t for i, t in enumerate(self.topics) if i != at and not t.is_empty)
        listed = topic.lists[-1] if topic.lists else self.listed
        return self.model_copy(update={"topics": (*rest, topic), "undo": (), "listed": listed, "focus": None})

    def undone(self) -> DialogueState:
        """One step back: within the topic, else to the topic before, which stays reachable as the others do."""
        if not self.undo:
            return self.back_to(len(self.topics) - 2) if len(self.topics) > 1 else self
        topic = self.undo[-1]
        left = (self.topic,) if topic in self.topics[:-1] and not self.topic.is_empty else ()
        topics = (*(other for other in self.topics[:-1] if other != topic), *left, topic)
        listed = topic.lists[-1] if topic.lists else self.listed
        return self.model_copy(
            update={"topics": topics, "undo": self.undo[:-1], "listed": listed, "focus": None}
        )

    def show(self, item_ids: tuple[str, ...], *, listed: bool) -> DialogueState:
        """Record what this turn shows; a single product becomes the focus."""
        if not item_ids:
            return self
        state = self
        if listed:
            topic = self.topic
            lists = (*topic.lists, item_ids)[-MOST_LISTS:]
            topics = (*self.topics[:-1], topic.model_copy(update={"lists": lists}))
            state = state.model_copy(update={"topics": topics, "listed": item_ids})
        focus = item_ids[0] if len(item_ids) == 1 else (state.focus if state.focus in item_ids else None)
        return state.model_copy(update={"focus": focus})

    def keep(self, exchange: Exchange, handles: tuple[str, ...]) -> DialogueState:
        """The state after a turn."""
        exchanges = (*self.exchanges, exchange)[-MOST_EXCHANGES:]
        return self.model_copy(update={"exchanges": exchanges, "handles": handles[:MOST_HANDLES]})

    def reject(self, item_ids: tuple[str, ...]) -> DialogueState:
        rejected = tuple(dict.fromkeys((*self.rejected, *item_ids)))[-MOST_REJECTED:]
        return self.model_copy(update={"rejected": rejected})

    def readmit(self, item_id: str) -> DialogueState:
        """A rejection taken back."""
        return self.model_copy(update={"rejected": tuple(i for i in self.rejected if i != item_id)})


def _replaces(new: Where, old: Where) -> bool:
    """Whether a new condition takes an old one's place: the same value with another sign, another bound of
    the same side, one that nothing can keep to beside it, another value of a field that was asked for one.
    """
    if new.field != old.field:
        return False
    if _is_bound(new) and _is_bound(old):
        same_side = new.op[0] == old.op[0] or "=" in (new.op, old.op)
        numbers = (float(str(new.value)), float(str(old.value)))
        crossed = numbers[0] <= numbers[1] if new.op[0] == "<" else numbers[0] >= numbers[1]
        return same_side or crossed
    if str(new.value).lower() == str(old.value).lower():
        return True
    return not new.is_negative and not old.is_negative and (new.op != "has" or new.field == TITLE)


def _is_bound(where: Where) -> bool:
    number = isinstance(where.value, float | int) and not isinstance(where.value, bool)
    return number and where.op in ("<", "<=", ">", ">=", "=")


def _same_wish(new: Prefer, old: Prefer) -> bool:
    return new.field == old.field and (new.aim != "has" or new.value == old.value)


def _plain(values: tuple[str, ...]) -> str | tuple[str, ...]:
    return values if len(values) > 1 else values[0]
