"""Speaking to the page in a headless browser: its microphone plays a file, or beeps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, copy_shop
from tests.ui.conftest import CHROMIUM, QUIET, say, served

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(300),
    pytest.mark.skipif(
        find_spec("faster_whisper") is None, reason="no voice here: pip install 'aisle[voice]'"
    ),
]

PHONE = {"width": 390, "height": 844}
RECORDING = "0" * 32


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a shopper says into the microphone, once, with silence after it."""
    import numpy as np

    from speech import open_speaker, wav_bytes

    voice = open_speaker()
    pause = np.zeros(3 * voice.rate, np.float32)
    samples = np.concatenate([voice.read_aloud("I need a tent under three hundred dollars."), pause])
    file = tmp_path_factory.mktemp("voice") / "said.wav"
    file.write_bytes(wav_bytes(samples, voice.rate))
    return file


@pytest.fixture(scope="module")
def browser(recording: Path) -> Iterator[Any]:
    """A browser whose microphone plays the recording."""
    playwright = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: install chromium")
    fake = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(
            executable_path=CHROMIUM,
            args=[*QUIET, *fake, f"--use-file-for-fake-audio-capture={recording}%noloop"],
        )
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    context = browser.new_context(viewport=PHONE)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("html[data-ready]", timeout=60_000)
    yield page
    context.close()
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []


def heard(page: Any, *texts: str, ended: bool = False, **final: str) -> list[dict[str, Any]]:
    """Let the server hear ``texts``, one a piece, and ``final`` at the end, then nothing more; the pieces that
    were sent. ``ended``: the shopper pauses after every piece."""
    sent: list[dict[str, Any]] = []

    def answer(route: Any) -> None:
        body = route.request.post_data_json
        over = any(piece["last"] for piece in sent)
        sent.append(body)
        if body["last"]:
            route.fulfill(json={"recording": RECORDING, "text": texts[-1], **final})
            return
        text = "" if over else texts[min(len(sent), len(texts)) - 1]
        now = {"text": text, "speaking": False, "ended": ended and not over, "full": False}
        route.fulfill(json={"recording": RECORDING, **now})

    page.route("**/api/hear", answer)
    return sent


def value(page: Any) -> str:
    return str(page.input_value("#say"))


def wait_for_words(page: Any, words: str | re.Pattern[str]) -> None:
    """Until ``words`` stand in the box. The page's policy forbids `wait_for_function`, which evaluates a text."""
    from playwright.sync_api import expect

    expect(page.locator("#say")).to_have_value(words, timeout=60_000)


# --- listening ----------------------------------------------------------------------------------------------


def test_what_is_said_is_heard_corrected_and_sent(page: Any) -> None:
    page.click("#mic")
    wait_for_words(page, re.compile("tent", re.IGNORECASE))
    assert page.get_attribute("#mic", "aria-pressed") == "true"
    page.click("#mic")
    page.wait_for_selector("#mic[aria-pressed=false]", timeout=60_000)
    assert "300" in value(page) or "hundred" in value(page)
    page.fill("#say", "a tent under $250")
    page.keyboard.press("Enter")
    page.wait_for_selector(".turn.done")
    assert page.locator(".mine p").inner_text() == "a tent under $250"
    assert page.locator("#goods .card").count()


def test_the_words_form_and_pieces_are_small(page: Any) -> None:
    sent = heard(page, "a", "a quiet", "a quiet blender")
    page.click("#mic")
    wait_for_words(page, "a quiet blender")
    assert page.locator("#say").get_attribute("readonly") is not None
    page.click("#mic")
    page.wait_for_selector("#mic[aria-pressed=false]")
    assert sent[0]["recording"] is None
    assert {piece["recording"] for piece in sent[1:]} == {RECORDING}
    assert [piece["last"] for piece in sent] == [False] * (len(sent) - 1) + [True]
    assert max(len(piece["audio"]) for piece in sent) < 24_000
    assert page.evaluate("document.activeElement.id") == "say"


def test_escape_gives_up_and_what_was_typed_stands_again(page: Any) -> None:
    heard(page, "something else")
    page.fill("#say", "typed before")
    page.click("#mic")
    wait_for_words(page, "something else")
    page.keyboard.press("Escape")
    page.wait_for_selector("#mic[aria-pressed=false]")
    assert value(page) == "typed before"
    assert page.locator("#voice-bar").is_hidden()


@pytest.mark.parametrize("problem", ["silence", "noise", "language", "long"])
def test_what_cannot_be_understood_is_told(page: Any, problem: str) -> None:
    heard(page, "", problem=problem)
    page.click("#mic")
    page.wait_for_selector("#composer.listening")
    page.wait_for_timeout(600)
    page.click("#mic")
    page.wait_for_selector(".toast.on")
    told = page.locator("#toast").inner_text()
    strings = page.evaluate("JSON.parse(document.getElementById('start').textContent).strings")
    assert told == strings[f"voice.problem.{problem}"]


def test_hands_free_a_pause_sends_and_the_answer_is_read(page: Any) -> None:
    heard(page, "a tent under $300", ended=True)
    with page.expect_request("**/api/speech*", timeout=60_000):
        page.click("#mic")
        page.click("#voice-bar .free")
    assert page.locator(".turn.done").count() == 1
    page.keyboard.press("Escape")


@pytest.mark.parametrize(("error", "problem"), [("NotAllowedError", "denied"), ("NotFoundError", "none")])
def test_without_a_microphone_it_says_so(page: Any, error: str, problem: str) -> None:
    page.evaluate(
        "(name) => { navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', name); }; }",
        error,
    )
    page.click("#mic")
    page.wait_for_selector(".toast.on")
    strings = page.evaluate("JSON.parse(document.getElementById('start').textContent).strings")
    assert page.locator("#toast").inner_text() == strings[f"voice.problem.{problem}"]
    assert page.get_attribute("#mic", "aria-pressed") == "false"


# --- reading aloud ------------------------------------------------------------------------------------------


def test_an_answer_is_read_aloud_and_stopped(page: Any) -> None:
    say(page, "a tent under $300")
    with page.expect_response("**/api/speech*") as spoken:
        page.click(".judge [aria-label='Read this answer aloud']")
    assert spoken.value.headers["content-type"] == "audio/wav"
    page.click(".judge [aria-label='Stop reading']")
    page.wait_for_selector(".judge [aria-label='Read this answer aloud']")


# --- for everybody ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_listening_is_accessible(browser: Any, address: str, scheme: str, width: int) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 844}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("html[data-ready]", timeout=60_000)
    heard(page, "a quiet blender")
    page.focus("#mic")
    page.keyboard.press("Enter")
    wait_for_words(page, "a quiet blender")
    for button in page.locator("#mic, #voice-bar button").all():
        box = button.bounding_box()
        assert min(box["width"], box["height"]) >= 44
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.add_script_tag(path=str(ROOT / "tests" / "ui" / "vendor" / "axe.min.js"))
    found = page.evaluate("axe.run().then((told) => told.violations.map((one) => [one.impact, one.id]))")
    assert [problem for problem in found if problem[0] != "minor"] == []
    context.close()


def test_a_shop_may_want_no_voice(browser: Any, demo_shop: Path, tmp_path: Path) -> None:
    shop = copy_shop(demo_shop, tmp_path / "shop")
    (shop / "shop.toml").write_text("[features]\nvoice = false\n", encoding="utf-8")
    with served(shop) as address:
        page = browser.new_context().new_page()
        policy = page.goto(address).headers["permissions-policy"]
        page.wait_for_selector("html[data-ready]", timeout=60_000)
        assert page.locator("#mic").is_hidden()
        assert "microphone=()" in policy
        told = page.evaluate("fetch('/api/spoken?turn=0').then((answer) => answer.status)")
        assert told == 404
        page.context.close()
