"""A real model behind an OpenAI-compatible endpoint drives the demo shop: calls, tokens, time, and what is
wrong.

Alone: `python -m benchmarks.llm http://127.0.0.1:8191/v1 [--replies 60] [--role writer]`. The last line is
JSON.
"""

from __future__ import annotations

import argparse
import json
import socket
import statistics
import sys
import threading
import time
import uuid
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from agent.assistant import ShoppingAssistant
from agent.records import Reply
from agent.settings import Settings
from agent.shop import Shop
from agent.tools.compile import Compiler
from agent.tools.labels import label
from benchmarks.claims_audit import Auditor
from benchmarks.demo import demo_shop
from retrieval.filters import And

# What is said in each conversation: a wish with a condition, then about what was shown.
SCRIPT: tuple[tuple[str, ...], ...] = tuple(
    (
        f"I am looking for {thing} under $150",
        "what do buyers say about the first one?",
        "compare the first two",
        "anything cheaper?",
        "put the first one into my cart",
    )
    for thing in (
        "a city bike light", "a tent", "wireless headphones", "a coffee grinder", "running shoes",
        "a desk lamp", "a hiking backpack", "an electric kettle", "a jigsaw puzzle", "a face cream",
        "a vacuum cleaner", "a board game", "an electric toothbrush", "a sleeping bag", "a floor pump",
        "a turntable", "a duvet", "a rain jacket", "a blender", "an office chair",
    )
)  # fmt: skip


KILLED = 5  # turns in which the model is killed while it answers
BYTES_BEFORE_THE_END = 600


class CutOff:
    """An endpoint that passes one answer on up to some bytes, and is gone in the middle of it."""

    def __init__(self, base_url: str) -> None:
        self._upstream = urlsplit(base_url)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}{self._upstream.path}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        caller, _ = self._listening.accept()
        self._listening.close()
        address = (self._upstream.hostname or "127.0.0.1", self._upstream.port or 80)
        with caller, socket.create_connection(address) as model:
            threading.Thread(target=self._pass, args=(caller, model), daemon=True).start()
            left = BYTES_BEFORE_THE_END
            while left > 0 and (part := model.recv(min(left, 200))):
                caller.sendall(part)
                left -= len(part)
            for end in (caller, model):  # closing alone would not wake the other thread
                end.shutdown(socket.SHUT_RDWR)

    @staticmethod
    def _pass(source: socket.socket, target: socket.socket) -> None:
        try:
            while part := source.recv(65_536):
                target.sendall(part)
        except OSError:
            return


def killed_midway(shop: Path, base_url: str) -> dict[str, Any]:
    """Turns whose model dies while it answers: how many got an answer with products, and how long it took."""
    answered, seconds = 0, []
    for script in SCRIPT[:KILLED]:
        settings = Settings(llm="openai:local", llm_base_url=CutOff(base_url).url, llm_timeout=60.0)
        assistant = ShoppingAssistant.open(Shop(shop, settings))
        started = time.perf_counter()
        reply = assistant.reply(script[0], session_id=uuid.uuid4().hex)
        seconds.append(time.perf_counter() - started)
        answered += bool(reply.text.strip() and reply.cards)
    return {"turns": KILLED, "answered": answered, "longest_s": round(max(seconds), 2)}


def violations(assistant: ShoppingAssistant, session: str, reply: Reply) -> list[str]:
    """Products shown after a search that break what is in force and was not loosened."""
    if not any(call.name in ("find", "recommend") for call in reply.record.tool_calls):
        return []
    desk, topic = assistant.desk, assistant.state(session, None).topic
    held = [one for one in topic.where if label(one, desk.schema) not in reply.record.loosened]
    compiled = Compiler(desk.shop.search, desk.schema).compile(held)
    condition = And(tuple(one.filter for one in compiled if one.filter is not None))
    shown = desk.products(card.item_id for card in reply.cards)
    return [product.title for product in shown if not desk.fits(condition, product)]


def with_llm(
    shop: Path,
    base_url: str,
    *,
    replies: int = 60,
    model: str = "openai:local",
    role: str = "agent",
    timeout: float = 60.0,
) -> dict[str, Any]:
    """Turns with the model, at most ``replies``: an answer in every case, calls and tokens of a turn,
    claims that
    reached the shopper without support, and conditions that were broken.
    """
    settings = Settings(
        llm=model, llm_role=role, llm_base_url=base_url, llm_timeout=timeout, llm_turn_seconds=4 * timeout
    )
    assistant = ShoppingAssistant.open(Shop(shop, settings))
    auditor = Auditor(assistant.shop)
    wrong: list[str] = []
    broken: list[str] = []
    actions: Counter[str] = Counter()
    records, seconds, answered = [], [], 0
    turns = [(n, script, text) for n, script in enumerate(SCRIPT) for text in script][:replies]
    session = ""
    earlier: list[Reply] = []
    try:
        for n, script, text in turns:
            if text == script[0]:
                session, earlier = f"{n}-{uuid.uuid4().hex}", []
            started = time.perf_counter()
            reply = assistant.reply(text, session_id=session)
            seconds.append(time.perf_counter() - started)
            names = [call.name for call in reply.record.tool_calls]
            print(f"{seconds[-1]:6.1f} s  {text}: {names} {reply.text[:100]}", file=sys.stderr, flush=True)
            answered += bool(reply.text.strip())
            wrong += auditor.unsupported(reply, script, earlier)
            broken += violations(assistant, session, reply)
            actions.update(reply.record.guard_actions)
            earlier.append(reply)
            records.append(reply.record.usage)
    except KeyboardInterrupt:  # a real model takes its time: what was asked so far is told
        print(f"stopped after {len(records)} turns", file=sys.stderr)
    calls = sorted(usage.calls for usage in records) or [0]
    tokens = [usage.input_tokens / usage.calls for usage in records if usage.calls]
    return {
        "turns": len(records),
        "answered": round(answered / max(1, len(records)), 3),
        "calls_median": statistics.median(calls),
        "calls_p95": calls[int(0.95 * (len(calls) - 1))],
        "prompt_tokens_median": round(statistics.median(tokens)) if tokens else None,
        "cached_tokens": sum(usage.cached_tokens for usage in records),
        "unsupported_claims": len(wrong),
        "unsupported": wrong[:10],
        "violations": len(broken),
        "violated_by": broken[:10],
        "guard_actions": dict(actions),
        "median_s": round(statistics.median(seconds), 2) if seconds else None,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("url", help="base URL of an OpenAI-compatible endpoint")
    parser.add_argument("--replies", type=int, default=60)
    parser.add_argument("--role", choices=("agent", "writer"), default="agent")
    parser.add_argument("--timeout", type=float, default=60.0, help="seconds for a call")
    parser.add_argument("--shop", type=Path, help="a built shop; else the demo shop")
    parser.add_argument("--killed", action="store_true", help="also turns whose model dies while it answers")
    options = parser.parse_args()
    shop = options.shop or demo_shop()
    result = with_llm(shop, options.url, replies=options.replies, role=options.role, timeout=options.timeout)
    print(json.dumps(result | ({"killed": killed_midway(shop, options.url)} if options.killed else {})))


if __name__ == "__main__":
    main()
