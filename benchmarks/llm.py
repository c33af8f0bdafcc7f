"""The part of the conversation benchmark with a real model behind an OpenAI-compatible endpoint."""

from __future__ import annotations

import time
import uuid
from collections import Counter
from pathlib import Path
from typing import Any

from agent.assistant import ShoppingAssistant
from agent.settings import Settings
from agent.shop import Shop
from benchmarks.claims_audit import Auditor

# What is said, the tool that fits, and what one of its arguments (or the turn's constraints) must hold.
SCRIPT: tuple[tuple[tuple[str, str, str], ...], ...] = tuple(
    (
        (f"I am looking for {thing}", "search", thing.split()[-1]),
        ("what do buyers say about the first one?", "what_buyers_say", ""),
        ("something similar to the second one", "similar", ""),
    )
    for thing in (
        "a city bike light", "a tent", "wireless headphones", "a coffee grinder", "running shoes",
        "a desk lamp", "a hiking backpack", "an electric kettle", "a jigsaw puzzle", "a face cream",
        "a vacuum cleaner", "a board game", "an electric toothbrush", "a sleeping bag", "a floor pump",
        "a turntable", "a duvet", "a rain jacket", "a blender", "an office chair",
    )
)  # fmt: skip


def with_llm(
    shop: Path, base_url: str, *, replies: int = 60, model: str = "openai:local", timeout: float = 60.0
) -> dict[str, Any]:
    """Scripted turns with the model: the right tool, an answer in every case, and claims that reached the
    shopper.

    At most ``replies`` turns.
    """
    settings = Settings(llm=model, llm_base_url=base_url, llm_timeout=timeout)
    assistant = ShoppingAssistant.open(Shop(shop, settings))
    auditor = Auditor(assistant.shop)
    turns = right = answered = 0
    wrong: list[str] = []
    actions: Counter[str] = Counter()
    seconds = []
    for script in SCRIPT:
        session, said = uuid.uuid4().hex, []
        for text, tool, argument in script:
            if turns >= replies:
                break
            said.append(text)
            started = time.perf_counter()
            reply = assistant.reply(text, session_id=session)
            seconds.append(time.perf_counter() - started)
            calls = reply.record.tool_calls
            told = " ".join(str(call.arguments) for call in calls) + str(reply.record.understanding)
            turns += 1
            right += any(call.name == tool for call in calls) and argument.lower() in told.lower()
            answered += bool(reply.text.strip())
            wrong += auditor.unsupported(reply, said)
            actions.update(action.split(":")[0] for action in reply.record.guard_actions)
    return {
        "turns": turns,
        "right_tool": round(right / max(1, turns), 3),
        "answered": round(answered / max(1, turns), 3),
        "unsupported_claims": len(wrong),
        "unsupported": wrong[:10],
        "guard_actions": dict(actions),
        "median_s": round(sorted(seconds)[len(seconds) // 2], 2) if seconds else None,
    }
