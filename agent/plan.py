"""From what was understood to the tools to call, in order: the rules' plan for a turn."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from agent.language.acts import COMPARE_ALIKE, GOODBYE, OUT_OF_CART, SHOW_CART
from agent.language.measure_questions import asked_extreme
from agent.language.safety import ASK_SAFETY
from agent.meaning import Act, Understanding
from agent.records import Frozen
from agent.state import DialogueState
from agent.toolbox.turn import Shelf


class Step(Frozen):
    """One tool call."""

    tool: str
    arguments: dict[str, Any] = Field(default_factory=dict)


TOOLS_BY_ACT: dict[Act, tuple[str, ...]] = {
    Act.ASK: ("search", "recommend_for_me", "ask_back"),
    Act.REFINE: ("refine", "search", "similar", "ask_back"),
    Act.CRITIQUE: ("refine", "search", "similar"),
    Act.ANSWER: ("search", "refine", "ask_back"),
    Act.REJECT: ("refine", "search", "similar"),
    Act.UNDO: ("refine", "search", "recommend_for_me"),
    Act.RECOMMEND: ("recommend_for_me", "search"),
    Act.COMPARE: ("compare", "details"),
    Act.ASK_PRODUCT: ("details", "what_buyers_say"),
    Act.ASK_BUYERS: ("what_buyers_say", "details"),
    Act.ASK_SHOP: ("shop_documents",),
    Act.BUNDLE: ("goes_well_with", "search"),
    Act.ACCEPT: ("cart", "goes_well_with"),
    Act.REMEMBER: ("remember", "search"),
    Act.FORGET: ("remember",),
}
"""What a model may choose from: a few fitting tools make small models reliable, and text can't reach the
others.
"""

_FINDING = (Act.ASK, Act.REFINE, Act.CRITIQUE, Act.ANSWER, Act.REJECT, Act.UNDO)
_WHICH = "Which product do you mean? Ask for something first, then point at one, like “the second”."
_TALK = {
    Act.SMALL_TALK: "I'm here to help you find something in this shop. What are you looking for?",
    Act.OUT_OF_SCOPE: "I can only help with this shop: finding, comparing and explaining its products. "
    "What are you looking for?",
    Act.HELP: "Tell me what you want in your own words, like “a quiet coffee grinder under 80”. "
    "Then say “cheaper”, "
    "“like the second one”, “not that brand”, “compare the first two” or “what do buyers say about it”. "
    "“Start over” forgets what you asked for, and “undo” takes back the last step.",
    Act.START_OVER: "All right, we start over. What are you looking for?",
    Act.UNDO: "There is nothing to take back. What are you looking for?",
    Act.ACCEPT: "Good choice. Which one do you mean, the first, the second, …?",
    Act.CRITIQUE: "That is as far as it goes.",
    Act.COMPARE: "Which ones shall I compare? Ask for something first, then name two of what you see.",
    Act.ASK_PRODUCT: _WHICH,
    Act.ASK_BUYERS: _WHICH,
    Act.BUNDLE: "Which product shall it go with? Ask for one first, then say “what goes with the first”.",
}
CAUTION = (
    "I can't judge what is safe; please ask the shop or a professional. I can read you what the shop says of "
    "a product: ask for one first, then point at it, like “is the second safe for …”."
)
SORRY = "Sorry, something went wrong on my side. Please say that once more."
FAREWELL = "You're welcome. Come back whenever you need something else."
ELSEWHERE = "I can help you find something in this shop. What are you looking for?"


def plan(understanding: Understanding, state: DialogueState, shelf: Shelf) -> tuple[Step, ...]:
    """The tools for this act, with handles for the products pointed at; none where words are enough."""
    act = understanding.act
    pointed = [h for r in understanding.referents if r.item_id and (h := shelf.handle_of(r.item_id))]
    focus = pointed or [h for h in (shelf.handle_of(state.focus) if state.focus else None,) if h]
    remember = (Step(tool="remember"),) if understanding.memory and act is not Act.FORGET else ()
    question = understanding.question or understanding.text
    match act:
        case Act.RECOMMEND:
            return (*remember, Step(tool="recommend_for_me"))
        case Act.COMPARE:
            handles = pointed or list(shelf.handles)[:2]
            if len(handles) == 1 and not COMPARE_ALIKE.search(understanding.text):
                handles = [*handles, *(h for h in shelf.handles if h not in handles)][:2]
            return (Step(tool="compare", arguments={"handles": handles}),) if handles else ()
        case Act.ASK_SHOP:
            return (Step(tool="shop_documents", arguments={"question": question}),)
        case Act.REMEMBER | Act.FORGET:
            return (Step(tool="remember"),)
        case Act.ASK_PRODUCT | Act.ASK_BUYERS:
            return _about(act, focus, shelf, question)
        case Act.BUNDLE:
            target = (focus or list(shelf.handles))[:1]
            return (
                (Step(tool="goes_well_with", arguments={"handle": target[0]}),)
                if target
                else _searching(state, shelf)
            )
        case Act.ACCEPT if SHOW_CART.search(understanding.text):
            return (Step(tool="cart", arguments={"action": "show"}),)
        case Act.ACCEPT:
            action = "remove" if OUT_OF_CART.search(understanding.text) else "add"
            target = (focus or (list(shelf.handles) if len(shelf.handles) == 1 else []))[:1]
            return (Step(tool="cart", arguments={"action": action, "handle": target[0]}),) if target else ()
        case Act.CRITIQUE if _leads_nowhere(understanding):
            return ()
        case Act.START_OVER if not (understanding.query or understanding.constraints):
            return ()
        case _ if act in _FINDING or act is Act.START_OVER:
            return (*remember, *_searching(state, shelf))
    return ()


def _leads_nowhere(understanding: Understanding) -> bool:
    """Whether a critique changes nothing: no product that fits goes further that way, which a notice
    tells."""
    meant = understanding
    changes = (*meant.add, *meant.replace, *meant.drop, *meant.preferences)
    return bool(meant.notices) and not (changes or meant.similar_to or meant.more)


def _searching(state: DialogueState, shelf: Shelf) -> tuple[Step, ...]:
    if state.similar_to and (handle := shelf.handle_of(state.similar_to)):
        return (Step(tool="similar", arguments={"handle": handle}),)
    if state.query.strip() or state.constraints or state.preferences:
        return (Step(tool="search", arguments={"query": state.query}),)
    if state.shown or state.last_act is Act.ASK:
        return (Step(tool="recommend_for_me"),)
    return ()


def _about(act: Act, focus: list[str], shelf: Shelf, question: str) -> tuple[Step, ...]:
    tool = "details" if act is Act.ASK_PRODUCT else "what_buyers_say"
    among_all = len(focus) > 2 or (len(focus) > 1 and asked_extreme(question))
    if focus and not (act is Act.ASK_BUYERS and among_all):
        return tuple(Step(tool=tool, arguments={"handle": h, "question": question}) for h in focus[:2])
    if act is Act.ASK_BUYERS and shelf.handles:
        return (Step(tool="what_buyers_say", arguments={"handle": "all", "question": question}),)
    if len(shelf.handles) >= 1:
        return (Step(tool=tool, arguments={"handle": next(iter(shelf.handles)), "question": question}),)
    return ()


def canned(act: str, text: str = "") -> str:
    """What is said without any tool, in answer to ``text``."""
    if act == Act.ASK_PRODUCT and ASK_SAFETY.search(text):
        return CAUTION
    if act == Act.SMALL_TALK and GOODBYE.search(text):
        return FAREWELL
    known = {str(key): text for key, text in _TALK.items()}
    return known.get(act, ELSEWHERE)
