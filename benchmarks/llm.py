"""The part of the conversation benchmark with a real model behind an OpenAI-compatible endpoint.

Alone: `python -m benchmarks.llm http://127.0.0.1:8191/v1 [--replies 100]`, on the demo shop. The last line is
JSON. Whether a model reads utterances beside the rules is `AISLE_LLM_UNDERSTANDING`, as everywhere.
"""

from __future__ import annotations

import argparse
import json
import socket
import sys
import threading
import time
import uuid
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from agent.assistant import ShoppingAssistant
from agent.settings import Settings
from agent.shop import Shop
from benchmarks.claims_audit import Auditor
from benchmarks.demo import demo_shop

# What is said, the tool that fits, and what one of its arguments (or the turn's constraints) must hold.
SCRIPT: tuple[tuple[tuple[str, str, str], ...], ...] = tuple(
    (
        (f"I am looking for {thing}", "search", thing.split()[-1]),
        ("what do buyers say about the first one?", "what_buyers_say", ""),
        ("something similar to the second one", "similar", ""),
        ("compare the first two", "compare", ""),
        ("anything cheaper?", "refine", ""),
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
        reply = assistant.reply(script[0][0], session_id=uuid.uuid4().hex)
        seconds.append(time.perf_counter() - started)
        answered += bool(reply.text.strip() and reply.cards)
    return {"turns": KILLED, "answered": answered, "longest_s": round(max(seconds), 2)}


def with_llm(
    shop: Path, base_url: str, *, replies: int = 100, model: str = "openai:local", timeout: float = 60.0
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
    try:
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
                print(
                    f"{seconds[-1]:6.1f} s  {text}: {[call.name for call in calls]}",
                    file=sys.stderr,
                    flush=True,
                )
                right += any(call.name == tool for call in calls) and argument.lower() in told.lower()
                answered += bool(reply.text.strip())
                wrong += auditor.unsupported(reply, said)
                actions.update(action.split(":")[0] for action in reply.record.guard_actions)
    except KeyboardInterrupt:  # a real model takes its time: what was asked so far is told
        print(f"stopped after {turns} turns", file=sys.stderr)
    return {
        "turns": turns,
        "right_tool": round(right / max(1, turns), 3),
        "answered": round(answered / max(1, turns), 3),
        "unsupported_claims": len(wrong),
        "unsupported": wrong[:10],
        "guard_actions": dict(actions),
        "median_s": round(sorted(seconds)[len(seconds) // 2], 2) if seconds else None,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("url", help="base URL of an OpenAI-compatible endpoint")
    parser.add_argument("--replies", type=int, default=100)
    options = parser.parse_args()
    result = with_llm(demo_shop(), options.url, replies=options.replies)
    print(json.dumps(result | {"killed": killed_midway(demo_shop(), options.url)}))


if __name__ == "__main__":
    main()
