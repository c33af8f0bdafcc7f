"""One conversation of one shopper, as a program holds it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agent.dialogue import DialogueState
from agent.records import Reply, ReplyDelta

if TYPE_CHECKING:
    from agent.assistant import Recording, ShoppingAssistant


@dataclass(frozen=True)
class Session:
    """One conversation of one shopper."""

    assistant: ShoppingAssistant
    user_id: str | None
    session_id: str

    def reply(self, text: str = "", *, audio: Recording | None = None) -> Reply:
        return self.assistant.reply(text, audio=audio, user_id=self.user_id, session_id=self.session_id)

    def stream(self, text: str = "", *, audio: Recording | None = None) -> Iterator[ReplyDelta]:
        return self.assistant.stream(text, audio=audio, user_id=self.user_id, session_id=self.session_id)

    async def areply(self, text: str = "", *, audio: Recording | None = None) -> Reply:
        return await self.assistant.areply(
            text, audio=audio, user_id=self.user_id, session_id=self.session_id
        )

    def astream(self, text: str = "", *, audio: Recording | None = None) -> AsyncIterator[ReplyDelta]:
        return self.assistant.astream(text, audio=audio, user_id=self.user_id, session_id=self.session_id)

    @property
    def state(self) -> DialogueState:
        return self.assistant.state(self.session_id, self.user_id)
