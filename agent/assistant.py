"""The assistant: one call a turn, from the shopper's words to cards and checked prose. The Python API of
Aisle.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.dialogue import DialogueState
from agent.errors import AisleError
from agent.own_thread import in_own_thread
from agent.recommending.ranking import RankingWeights
from agent.records import Reply, ReplyDelta
from agent.session import Session
from agent.session_locks import SessionLocks
from agent.settings import Settings
from agent.shop import Shop
from agent.shop_context import ShopContext
from agent.storage.consents import Purpose
from agent.storage.lists import ShopperLists
from agent.storage.sessions import DialogueStore
from agent.storage.turns import TurnStore

if TYPE_CHECKING:
    from agent.storage.erasure import Erasure
    from agent.understanding.interpret import Interpreter
    from agent.understanding.reader import Reader
    from agent.voice import Voice

Recording = bytes | Path
"""A sound file or what is in one: WAV, FLAC, OGG, MP3, M4A or WebM."""


class ShoppingAssistant:
    """Answers shoppers of one shop. Safe for threads; the session is the unit of order.

    ``user_id`` is the shop's own id of a known shopper, or None; ``session_id`` names a conversation, which
    survives a restart. Without a model configured a turn takes tens of milliseconds and makes no external
    request.
    """

    def __init__(self, shop: Shop, *, weights: RankingWeights | None = None, model: Any = None) -> None:
        """``model``: a LangChain chat model that takes the place of the one in the settings."""
        self._weights, self._model = weights, model
        self._take(shop)
        self._locks = SessionLocks()

    def _take(self, shop: Shop) -> None:
        for made_of_the_old in ("interpreter", "agent", "voice"):
            self.__dict__.pop(made_of_the_old, None)
        self.shop = shop
        self.desk = ShopContext(shop, self._weights)
        self.sessions = DialogueStore(shop.engine)
        self.turns = TurnStore(shop.engine)
        self.lists = ShopperLists(shop.engine)

    @classmethod
    def open(
        cls,
        shop: Shop | str | Path,
        *,
        settings: Settings | None = None,
        weights: RankingWeights | None = None,
        model: Any = None,
    ) -> ShoppingAssistant:
        """Open the assistant of a built shop, given opened or by its folder.

        Matrix products of this process then use ``AISLE_THREADS`` threads, as all else of a turn does: at a
        turn's sizes a second thread wins nothing, and waiting for it costs milliseconds on a busy machine.

        Raises:
            ShopError: there is no shop, or it has no build.
            AisleError: a part of the build can't be opened; says which and what to do.
        """
        from threadpoolctl import threadpool_limits

        from agent.operations.commands import plainly

        opened = shop if isinstance(shop, Shop) else Shop.open(shop, settings)
        assistant = cls(opened, weights=weights, model=model)
        with plainly():  # what can't be opened says so now, not in the middle of a conversation
            opened.open_build()
            _ = assistant.reader, assistant.interpreter
            assistant._open_model()
        threadpool_limits(opened.settings.threads, user_api="blas")
        return assistant

    # --- talking ------------------------------------------------------------------------------------------

    def reply(
        self,
        text: str = "",
        *,
        audio: Recording | None = None,
        user_id: str | None = None,
        session_id: str | None = None,
        language: str | None = None,
    ) -> Reply:
        """Answer one utterance, given as text or as a recording of at most a minute, in ``language``, e.g.
        "de"; by default that of `shop.toml`.

        Raises:
            AisleError: the recording cannot be understood, or voice is not installed; says what to do.
        """
        return _last(
            self.stream(text, audio=audio, user_id=user_id, session_id=session_id, language=language)
        )

    def stream(
        self,
        text: str = "",
        *,
        audio: Recording | None = None,
        user_id: str | None = None,
        session_id: str | None = None,
        language: str | None = None,
    ) -> Iterator[ReplyDelta]:
        """Answer one utterance piece by piece: status lines, checked text, and at last the whole reply."""
        from agent.operations.commands import plainly
        from agent.turn import run_turn

        session = session_id or uuid.uuid4().hex
        with plainly(), self._locks.held(session):
            said = text if audio is None else self._heard(text, audio, session)
            yield from run_turn(self, said, user_id, session, language=language)

    async def areply(
        self,
        text: str = "",
        *,
        audio: Recording | None = None,
        user_id: str | None = None,
        session_id: str | None = None,
        language: str | None = None,
    ) -> Reply:
        """`reply` off the event loop: the work blocks, so it runs in a thread."""
        return await asyncio.to_thread(
            self.reply, text, audio=audio, user_id=user_id, session_id=session_id, language=language
        )

    async def astream(
        self,
        text: str = "",
        *,
        audio: Recording | None = None,
        user_id: str | None = None,
        session_id: str | None = None,
        language: str | None = None,
    ) -> AsyncIterator[ReplyDelta]:
        """`stream` off the event loop."""
        pieces = self.stream(text, audio=audio, user_id=user_id, session_id=session_id, language=language)
        async for delta in in_own_thread(pieces):
            yield delta

    def session(self, user_id: str | None = None, session_id: str | None = None) -> Session:
        """A conversation, new or taken up again."""
        return Session(self, user_id, session_id or uuid.uuid4().hex)

    def as_tools(self, user_id: str | None = None, session_id: str | None = None) -> list[Any]:
        """The shop as LangChain tools for somebody else's agent; they share one session of their own."""
        from agent.tools.context import ToolContext
        from agent.tools.langchain import as_tools

        shopper = self.desk.profiles.load(user_id)
        session = session_id or uuid.uuid4().hex
        return as_tools(ToolContext(desk=self.desk, session_id=session, user_id=user_id, shopper=shopper))

    # --- what a page's buttons do -------------------------------------------------------------------------

    def drop_constraint(
        self, constraint_id: str, *, user_id: str | None, session_id: str, language: str | None = None
    ) -> Reply:
        """Take back one condition or preference, as its chip does, and look again."""
        from agent.turn import chips_in_force, run_turn

        with self._locks.held(session_id):
            chips = chips_in_force(self, self.state(session_id, user_id))
            gone = next((chip.label for chip in chips if chip.constraint_id == constraint_id), "")
            said = f"(without {gone})" if gone else "(look again)"
            return _last(run_turn(self, said, user_id, session_id, drop=constraint_id, language=language))

    def feedback(
        self, item_id: str, action: str, *, user_id: str | None, session_id: str, take_back: bool = False
    ) -> None:
        """Like or dislike a product: kept as an event where the shopper is known; a disliked one is not shown
        again. ``take_back``: the button was pressed before in this session, and is let go.

        Raises:
            AisleError: for another action, or a product that the shop does not have.
        """
        if action not in ("like", "dislike"):
            raise AisleError(f"feedback is `like` or `dislike`; got {action!r}")
        if self.shop.catalog.product(item_id) is None:
            raise AisleError(f"no product {item_id!r} in this shop")
        if user_id is not None and take_back:
            self.shop.events.take_back(user_id, item_id, action, session_id)
        elif user_id is not None and self.desk.profiles.load(user_id).allows("personalise"):
            self._note(item_id, action, user_id, session_id)
        with self._locks.held(session_id):
            state = self.state(session_id, user_id)
            unwanted = action == "dislike" and not take_back
            changed = state.reject((item_id,)) if unwanted else state.readmit(item_id)
            if changed != state:
                self.sessions.save(changed)

    def _note(self, item_id: str, kind: Any, user_id: str, session_id: str) -> None:
        from cf_engine.events import Event

        event = Event(
            user_id=user_id, item_id=item_id, kind=kind, time=datetime.now(UTC), session_id=session_id
        )
        self.shop.events.append([event])

    # --- shoppers -----------------------------------------------------------------------------------------

    def most_active_shoppers(self, limit: int) -> tuple[str, ...]:
        """Shoppers with most events, for a demonstration."""
        return self.shop.events.user_ids(limit)

    def consents(self, user_id: str) -> Mapping[Purpose, bool]:
        """What a shopper agreed to: `personalise`, `remember`, `exposure`."""
        return self.desk.profiles.consents.given(user_id)

    def consent(self, user_id: str, purpose: Purpose, granted: bool) -> None:
        """Keep a shopper's decision.

        Raises:
            ValueError: for a purpose that does not exist.
        """
        self.desk.profiles.consents.decide(user_id, purpose, granted)

    def forget_shopper(self, user_id: str) -> Erasure:
        """Erase a shopper everywhere: from the database, from the files made of it, and from every build. The
        assistant goes on with the build that is made without them; this takes as long as making it.

        Raises:
            AisleError: another process is writing to the shop, or the build fails; says what to do.
        """
        from agent.operations.commands import plainly
        from agent.storage.erasure import erase_shopper

        with plainly():
            erasure = erase_shopper(self.shop, user_id)
        self._take(self.shop.reopened())
        return erasure

    def forget_session(self, session_id: str) -> int:
        """Delete one conversation: where it stands and what was said; how many turns there were."""
        with self._locks.held(session_id), self.shop.engine.begin() as connection:
            self.sessions.forget_session(session_id, connection)
            return self.turns.forget_session(session_id, connection)

    # --- inside -------------------------------------------------------------------------------------------

    def state(self, session_id: str, user_id: str | None) -> DialogueState:
        """Where a session stands; a new one where there is none, or where it is somebody else's."""
        state = self.sessions.load(session_id)
        if state is None or state.user_id != user_id:
            return DialogueState(session_id=session_id, user_id=user_id)
        return state

    @cached_property
    def reader(self) -> Reader:
        """The learned reader of utterances."""
        from agent.understanding.reader import Reader

        return Reader.open(
            self.shop.settings.exports_folder,
            weights=None if self.shop.settings.reader == "default" else Path(self.shop.settings.reader),
            threads=self.shop.settings.threads,
        )

    @cached_property
    def interpreter(self) -> Interpreter:
        """What resolves an utterance that was read to this shop's words."""
        from agent.understanding.interpret import Interpreter

        return Interpreter(self.desk)

    @cached_property
    def voice(self) -> Voice:
        """What writes down what shoppers say aloud, and reads replies aloud."""
        from agent.voice import Voice, texts_of

        catalog = self.shop.catalog
        return Voice(self.shop.settings, self.shop.search.vocabulary, texts=lambda: texts_of(catalog))

    def _heard(self, text: str, audio: Recording, session: str) -> str:
        if text:
            raise AisleError("got both a text and a recording; expected one of them")
        last = self.turns.last(session)
        return self.voice.transcribe(audio, shown=last.shown if last else ()).text

    @cached_property
    def model(self) -> Any:
        """The chat model in use; None for the planner."""
        if self._model is not None:
            return self._model
        from agent.llm.models import open_chat_model

        return open_chat_model(self.shop.settings)

    @cached_property
    def agent(self) -> Any:
        """The compiled LangChain agent of the model, with this shop's profile in its prompt."""
        from agent.llm.loop import build_agent
        from agent.llm.profile import shop_profile

        return build_agent(self.model, shop_profile(self.desk))

    @cached_property
    def spending(self) -> Any:
        """What models cost the shop today."""
        from agent.llm.usage import Spending

        return Spending(self.shop.engine)

    def _open_model(self) -> None:
        """Say now what is wrong with the configured model.

        Raises:
            ModelError: its package or key is missing or wrong, or a daily limit is set and its price is unknown.
        """
        if self.shop.settings.llm.strip() in ("", "planner") and self._model is None:
            return
        from agent.llm.models import check_key, check_price

        if self._model is None:
            check_key(self.model, self.shop.settings)
        check_price(self.model, self.shop.settings)


def _last(deltas: Iterator[ReplyDelta]) -> Reply:
    reply = None
    for delta in deltas:
        reply = delta.reply or reply
    assert reply is not None, "every turn ends with its reply"
    return reply
