"""The page's files: every language has every string, every colour can be read, and data ends no element."""

from __future__ import annotations

import gzip
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.storefront import Colours, Storefront
from agent.wording import FOLDER
from ui.web import locales
from ui.web.files import STATIC, PageFiles, PageHtml
from ui.web.kept import Kept
from ui.web.theme import DARK_GROUND, LIGHT_GROUND, contrast, readable, stylesheet

SCRIPTS = sorted((STATIC / "js").glob("*.js"))


def strings(language: str) -> dict[str, object]:
    return json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8"))["page"]


@pytest.mark.parametrize("language", locales.languages())
def test_a_language_has_every_string_with_its_places(language: str) -> None:
    english, other = strings("en"), strings(language)
    assert set(other) == set(english)
    for key, text in english.items():
        assert places(other[key]) == places(text), key


def places(text: object) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", json.dumps(text)))


def test_every_string_that_a_script_names_exists() -> None:
    named = {key for script in SCRIPTS for key in re.findall(r'\bt\("([^"]+)"', script.read_text())}
    assert len(named) > 80
    assert named <= set(strings("en"))


def test_a_file_is_packed_for_who_accepts_that() -> None:
    page_files = PageFiles(STATIC)
    plain, packed = (page_files.response("js/app.js", accepted) for accepted in ("", "br, GZIP"))
    assert plain is not None
    assert packed is not None
    assert gzip.decompress(packed.body) == plain.body == (STATIC / "js" / "app.js").read_bytes()
    assert packed.headers["content-encoding"] == "gzip"
    assert "immutable" in packed.headers["cache-control"]


@pytest.mark.parametrize("name", ["js/none.js", "../app.py", "page.css/", ""])
def test_only_the_pages_own_files_are_there(name: str) -> None:
    assert PageFiles(STATIC).response(name, "gzip") is None


def test_no_script_makes_markup_of_text() -> None:
    forbidden = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|srcdoc"
    )
    for script in SCRIPTS:
        assert not forbidden.search(script.read_text(encoding="utf-8")), script.name


def test_the_page_has_no_inline_script_style_or_foreign_address() -> None:
    page = (STATIC / "page.html").read_text(encoding="utf-8")
    assert re.findall(r"<script(?![^>]*\bsrc=)([^>]*)>", page) == [' type="application/json" id="start"']
    assert not re.search(r"<style|\sstyle=|\son\w+=|https?:", page)
    for script in SCRIPTS:
        text = script.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://", text), script.name


@given(st.text())
def test_data_of_a_shop_ends_no_element(text: str) -> None:
    page = PageHtml(Storefront(), "Shop").render("en", {"name": f"</script><script>{text}"})
    data = page.split('id="start">')[1].split("</script>")[0]
    assert json.loads(data) == {"name": f"</script><script>{text}"}


def test_a_shops_name_is_text() -> None:
    page = PageHtml(Storefront(name="<b>A & B</b>"), "Shop").render("en", {})
    assert "<title>&lt;b&gt;A &amp; B&lt;/b&gt;</title>" in page


def test_the_version_changes_with_the_colours() -> None:
    red = Storefront(colours=Colours(accent="#aa0000"))
    assert PageHtml(Storefront(), "Shop").version != PageHtml(red, "Shop").version


COLOURS = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)


@given(COLOURS)
def test_whatever_the_accent_what_is_written_can_be_read(accent: str) -> None:
    assert contrast(readable(accent, LIGHT_GROUND, darker=True), LIGHT_GROUND) >= 4.5
    assert contrast(readable(accent, DARK_GROUND, darker=False), DARK_GROUND) >= 4.5
    sheet = stylesheet(Colours(accent=accent))
    for fill, ink in re.findall(r"--accent: (#\w+); --on-accent: (#\w+)", sheet):
        assert contrast(fill, ink) >= 4.5


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(
    ("accepted", "preferred", "spoken"),
    [
        ("de-DE,de;q=0.9,en;q=0.8", None, "de"),
        ("fr-FR,fr;q=0.9,de;q=0.5,en;q=0.4", None, "de"),
        ("fr", None, "en"),
        ("en", "de", "de"),
        ("", None, "en"),
        (";q=x,,de;q=oops", None, "en"),
        ("de", "../../secret", "de"),
    ],
)
def test_the_language_is_the_visitors_then_the_browsers_then_the_shops(
    accepted: str, preferred: str | None, spoken: str
) -> None:
    assert locales.chosen(accepted, preferred, "en") == spoken


def test_the_shops_language_is_spoken_where_the_browser_asks_for_none_of_ours() -> None:
    assert locales.chosen("fr", None, "de") == "de"


def test_what_is_kept_is_made_again_when_old() -> None:
    now = [0.0]
    made: list[float] = []
    kept = Kept[int](10, clock=lambda: now[0])

    def make() -> int:
        made.append(now[0])
        return len(made)

    assert [kept.of(make), kept.of(make)] == [1, 1]
    now[0] = 11
    assert kept.of(make) == 2
