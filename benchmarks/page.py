"""How long a shopper waits on the page: usable, first streamed word, cards; each a median in a real browser.

`python -m benchmarks.page [SHOP] [--rounds 20]`; without SHOP the demo shop. With `--gradio` also how long a
blank Gradio page with one `gr.HTML` takes, the least that a page made of Gradio would cost.
"""

from __future__ import annotations

import argparse
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import median
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from benchmarks.demo import ROOT, demo_shop

GOALS = {"usable": 1000, "first word": 250, "cards": 400}
"""Milliseconds."""
ASKED = ("a tent under $300", "a quiet coffee grinder", "headphones", "a gift for a runner", "a rain jacket")
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
QUIET = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
BLANK = """
import sys, gradio as gr
with gr.Blocks(analytics_enabled=False) as blocks:
    gr.HTML("<button id=ready>ready</button>")
blocks.launch(server_port=int(sys.argv[1]), quiet=True)
"""
# Times in the page's own clock, so that no round trip to the driver is counted.
ASK = """text => new Promise(done => {
  const log = document.querySelector('#log'), goods = document.querySelector('#goods'), told = {};
  const turns = document.querySelectorAll('.turn').length, began = performance.now();
  const look = () => {
    const turn = document.querySelectorAll('.turn')[turns];
    const said = turn?.querySelector('.theirs > p:not(.status)');
    if (said?.textContent && !told.word) told.word = performance.now() - began;
    if (turn?.matches('.done') && goods.querySelector('.card .why')) {
      observer.disconnect();
      done([told.word, performance.now() - began]);
    }
  };
  const observer = new MutationObserver(look);
  const deep = { childList: true, subtree: true, characterData: true };
  for (const part of [log, goods]) observer.observe(part, deep);
  document.querySelector('#say').value = text;
  document.querySelector('#composer').requestSubmit();
})"""


@contextmanager
def running(command: list[str], port: int) -> Iterator[str]:
    """The address of a server started by a command."""
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            if server.poll() is not None:
                raise SystemExit(f"the server ended: {' '.join(command)}")
            try:
                urlopen(address, timeout=5).close()
                break
            except (URLError, OSError):
                time.sleep(0.2)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def usable(browser: Any, address: str, selector: str, rounds: int) -> list[float]:
    """Milliseconds from the start of loading until ``selector`` is there; a new visitor each time."""
    times = []
    for _ in range(rounds):
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        page = context.new_page()
        began = time.perf_counter()
        page.goto(address, wait_until="commit")
        page.wait_for_selector(selector)
        times.append((time.perf_counter() - began) * 1000)
        context.close()
    return times


def answers(browser: Any, address: str, rounds: int) -> list[tuple[float, float]]:
    """Milliseconds until the first word and until the cards, each question to a conversation of its own."""
    times = []
    for number in range(rounds + 1):
        page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
        page.goto(address)
        page.wait_for_selector("html[data-ready]")
        times.append(tuple(page.evaluate(ASK, ASKED[number % len(ASKED)])))
        page.context.close()
    return times[1:]  # the first turn of a process opens its models


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shop", nargs="?", type=Path)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--gradio", action="store_true")
    chosen = parser.parse_args()
    from playwright.sync_api import sync_playwright

    chromium = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    with sync_playwright() as driver, tempfile.TemporaryDirectory() as folder:
        browser = driver.chromium.launch(executable_path=chromium, args=list(QUIET))
        if chosen.gradio:
            blank, port = Path(folder) / "blank.py", free_port()
            blank.write_text(BLANK, encoding="utf-8")
            with running([sys.executable, str(blank), str(port)], port) as address:
                usable(browser, address, "#ready", 1)
                _tell("blank Gradio page", usable(browser, address, "#ready", chosen.rounds))
        shop, port = Path(folder) / "shop", free_port()
        shutil.copytree(chosen.shop or demo_shop(), shop)
        command = [sys.executable, "-m", "ui.cli", "serve", str(shop), "--port", str(port)]
        with running(command, port) as address:
            answered = answers(browser, address, chosen.rounds)
            _tell("usable", usable(browser, address, "html[data-ready] .card", chosen.rounds))
            _tell("first word", [word for word, _ in answered])
            _tell("cards", [cards for _, cards in answered])


def _tell(name: str, times: list[float]) -> None:
    goal = f"  (goal {GOALS[name]})" if name in GOALS else ""
    low, high = min(times), max(times)
    print(f"{name:18} median {median(times):5.0f} ms, {low:.0f} to {high:.0f}, n={len(times)}{goal}")


if __name__ == "__main__":
    main()
