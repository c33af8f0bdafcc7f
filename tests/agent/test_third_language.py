"""A language is added by adding a file: the page, the replies, reasons and chips come in it."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agent import wording
from agent.assistant import ShoppingAssistant
from agent.storefront import Storefront
from agent.wording import FALLBACK, catalogue, languages, say, speaking
from ui.web.files import PageHtml
from ui.web.locales import chosen, strings

ADDED = "eo"
MARK = "°"
"""Stands before every word of the added language, so that what is not in it shows."""


def marked(entry: Any) -> Any:
    """An entry with its places kept and its words marked."""
    if isinstance(entry, str):
        return re.sub(r"(?<![\w{°])[^\W\d_][\w'’]*(?![\w}])", lambda word: MARK + word[0], entry)
    if isinstance(entry, dict):
        return {name: marked(text) for name, text in entry.items()}
    return [marked(text) for text in entry] if isinstance(entry, list) else entry


@pytest.fixture
def added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The languages that there are, and one more."""
    folder = tmp_path / "locales"
    shutil.copytree(wording.FOLDER, folder)
    english = json.loads((folder / f"{FALLBACK}.json").read_text(encoding="utf-8"))
    more = {part: marked(entries) for part, entries in english.items()}
    (folder / f"{ADDED}.json").write_text(json.dumps(more), encoding="utf-8")
    kept = (languages, catalogue)
    monkeypatch.setattr(wording, "FOLDER", folder)
    for cache in kept:
        cache.cache_clear()
    yield
    monkeypatch.undo()
    for cache in kept:
        cache.cache_clear()


@pytest.mark.usefixtures("added")
def test_the_page_speaks_it_to_whose_browser_asks_for_it() -> None:
    assert ADDED in languages()
    language = chosen("eo-EO,eo;q=0.9,en;q=0.5", None, FALLBACK)
    page = PageHtml(Storefront(), "Shop").render(language, {"strings": strings(language)})
    assert f'lang="{ADDED}"' in page
    assert f"{MARK}Check {MARK}out" in page


@pytest.mark.usefixtures("added")
def test_the_assistant_answers_in_it(assistant: ShoppingAssistant, session: str) -> None:
    reply = assistant.reply("a tent under $300", session_id=session, language=ADDED)
    assert reply.record.language == ADDED
    assert f"{MARK}pick" in reply.text
    assert any(chip.label.startswith(f"{MARK}under") for chip in reply.chips)
    assert any(MARK in reason.text for card in reply.cards for reason in card.reasons)
    assert MARK in assistant.reply("what is in my cart?", session_id=session, language=ADDED).text


@pytest.mark.usefixtures("added")
def test_what_the_file_lacks_is_english(tmp_path: Path) -> None:
    (wording.FOLDER / f"{ADDED}.json").write_text('{"assistant": {"yes": "jes"}}', encoding="utf-8")
    with speaking(ADDED):
        assert (say("yes"), say("no")) == ("jes", "no")
    assert strings(ADDED) == strings(FALLBACK)
