"""The answer to "shall I remember that?", which is about the shopper and not about products."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.meaning import Act, MemoryStatement, Understanding
from agent.toolbox.actions import ACCEPTED, REFUSED

if TYPE_CHECKING:
    from agent.assistant import ShoppingAssistant
    from agent.state import DialogueState


def answer_to_consent(assistant: ShoppingAssistant, text: str, state: DialogueState) -> Understanding | None:
    """Keep a yes or a no to remembering, and bring back what was stated; None when it is no such answer."""
    said = text.lower().strip(" .!")
    if state.user_id is None or said not in (ACCEPTED, REFUSED):
        return None
    last = assistant.turns.last(state.session_id)
    stated = last.understanding.get("memory", ()) if last else ()
    if not stated:
        return None
    assistant.consent(state.user_id, "remember", said == ACCEPTED)
    statements = tuple(MemoryStatement.model_validate(one) for one in stated) if said == ACCEPTED else ()
    return Understanding(act=Act.REMEMBER, text=said, query=state.query, memory=statements)
