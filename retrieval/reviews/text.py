"""Raw review text to clean, masked, splittable text: HTML, emoji, sentences, personal data.

The order is fixed: :func:`clean_text`, then :func:`mask_personal_data`, then :func:`sentence_spans`. Every
quote shown to a shopper is a slice of the text after the first two steps, so it can be checked letter by
letter.
"""

from __future__ import annotations

import re
import unicodedata
import warnings

from retrieval.text.personal_data import mask_personal_data
from retrieval.text.word_set import word_set

__all__ = [
    "MAX_REVIEW_CHARS",
    "MAX_SENTENCE_CHARS",
    "clean_text",
    "mask_personal_data",
    "sentence_spans",
    "split_sentences",
    "words_for_model",
]


MAX_REVIEW_CHARS = 60_000
"""Longer reviews are cut here; nobody reads on, and one hostile row must not cost minutes."""
MAX_SENTENCE_CHARS = 400
"""Longer runs without a full stop are cut at the last comma or space before this."""

# --- cleaning ---------------------------------------------------------------------------------------------

_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>|<!--|&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,31});")
_STRAY_LESS_THAN = re.compile(r"<(?![a-zA-Z/!?])")
_BLOCK_TAGS = ("br", "p", "div", "li", "ul", "ol", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote")
_UNSEEN_TAGS = ("script", "style", "noscript", "template", "head", "iframe", "object")
_SPACE = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" *\n[ \n]*")
_WRAPPED = re.compile(r"(?<=[a-z,])\n(?=[a-z])")


def clean_text(raw: str) -> str:
    """Plain text of a review: no HTML, no control or bidirectional characters, single spaces, NFC.

    Line breaks stay as ``\\n`` where they end a sentence or a list item. Emoji stay: they are what the buyer
    wrote. Linear in the length; text past ``MAX_REVIEW_CHARS`` is dropped.
    """
    text = raw[:MAX_REVIEW_CHARS]
    if _TAG.search(text):
        text = _without_html(text)
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = "".join(
        c for c in text if c in "\n\t\u200d" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co")
    )
    text = _LINES.sub("\n", _SPACE.sub(" ", text)).strip()
    return _WRAPPED.sub(" ", text)


def _without_html(text: str) -> str:
    from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        soup = BeautifulSoup(_STRAY_LESS_THAN.sub("&lt;", text), "lxml")
    for tag in soup(_UNSEEN_TAGS):
        tag.decompose()
    for tag in soup(_BLOCK_TAGS):
        tag.insert_before("\n")
        tag.append("\n")
    return soup.get_text()


_EMOJI_WORDS = {
    "\N{THUMBS UP SIGN}": "good",
    "\N{THUMBS DOWN SIGN}": "bad",
    "\N{HEAVY BLACK HEART}": "love it",
    "\N{BROKEN HEART}": "heartbroken",
    "\N{SMILING FACE WITH HEART-SHAPED EYES}": "love it",
    "\N{POUTING FACE}": "angry",
    "\N{ANGRY FACE}": "angry",
    "\N{PILE OF POO}": "terrible",
    "\N{FIRE}": "awesome",
    "\N{OK HAND SIGN}": "good",
    "\N{CLAPPING HANDS SIGN}": "well done",
    "\N{HUNDRED POINTS SYMBOL}": "perfect",
    "\N{WHITE MEDIUM STAR}": "star",
}
_EMOTICONS = re.compile(r"(?<!\S)(?:([:;=]['-]?[)\]D]|<3)|([:=]['-]?[(\[/]))(?!\S)")


def words_for_model(text: str) -> str:
    """The sentence with emoji and emoticons said in words, since the models' vocabularies lack most of them.

    Known opinions get a plain word, other pictures their Unicode name; a run of one picture is said once.
    """
    text = _EMOTICONS.sub(lambda m: "good" if m.group(1) else "bad", text)
    if text.isascii():
        return text
    out: list[str] = []
    last = ""
    for char in text:
        if unicodedata.category(char) != "So":
            if not (
                unicodedata.category(char) in ("Mn", "Cf", "Sk") and last
            ):  # selectors, joiners, skin tones
                out.append(char)
                last = "" if not char.isspace() else last
            continue
        if char != last:
            out.append(f" {_EMOJI_WORDS.get(char) or unicodedata.name(char, '').lower()} ")
        last = char
    return _SPACE.sub(" ", "".join(out)).strip()


# --- sentences --------------------------------------------------------------------------------------------

ABBREVIATIONS = word_set(
    "mr mrs ms dr prof st vs etc approx inc ltd co corp dept est fig no vol ed eds jr sr e.g i.e eg "
    "ie u.s u.k a.m p.m a.k.a feat ft oz lb lbs min max sec hr hrs jan feb mar apr jun jul aug sep "
    "sept oct nov dec incl ca"
)
_SENTENCE_END = re.compile(
    r"(?P<stop>[.!?\u2026\u3002\uff01\uff1f]+[\"')\]\u201d\u2019]*)(?=\s|$)"  # a stop, then space
    r"|(?P<glued>(?<=[a-z]{2})[.!?]+)(?=[A-Z][a-z' ])"  # "over time.It has": a space forgotten
    r"|\n"
)
_LAST_WORD = re.compile(r"([^\s(\"']{1,12})$")
_BULLET = re.compile(r"[\s\-*\u2022\u00b7\u2013\u2014>+]*")
_SOFT_BREAK = re.compile(r"[;,:]\s|\s[-\u2013\u2014]\s")


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence of a cleaned text; slices are trimmed and hold a letter or a picture."""
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if match.group("stop") and not _ends_sentence(text, start, match):
            continue
        _append_span(text, start, match.end(), spans)
        start = match.end()
    _append_span(text, start, len(text), spans)
    return spans


def split_sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


def _ends_sentence(text: str, start: int, match: re.Match[str]) -> bool:
    stop = match.group("stop")
    following = text[match.end() : match.end() + 2].strip()
    if stop.startswith(("..", "\u2026")):
        return not following[:1].islower()
    if stop[0] != ".":
        return True
    word = _LAST_WORD.search(text, start, match.start())
    last = word.group(1).lower() if word else ""
    is_unit = word is not None and text[start : word.start()].rstrip()[-1:].isdigit()
    if is_unit and following[:1].isupper():  # "holds 0.5 l. It keeps"
        return True
    if last in ABBREVIATIONS:
        return False
    is_initial = len(last) == 1 and last.isalpha() and last != "i"
    is_list_number = last.isdigit() and word is not None and not text[start : word.start()].strip()
    return not (is_initial or is_list_number)


def _append_span(text: str, start: int, end: int, spans: list[tuple[int, int]]) -> None:
    bullet = _BULLET.match(text, start, end)
    start = bullet.end() if bullet else start
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > MAX_SENTENCE_CHARS:
        cut = _soft_cut(text, start)
        _append_span(text, start, cut, spans)
        start = cut
        while start < end and text[start].isspace():
            start += 1
    if any(c.isalnum() or unicodedata.category(c) == "So" for c in text[start:end]):
        spans.append((start, end))


def _soft_cut(text: str, start: int) -> int:
    limit = start + MAX_SENTENCE_CHARS
    breaks = [m.end() for m in _SOFT_BREAK.finditer(text, start + MAX_SENTENCE_CHARS // 2, limit)]
    if breaks:
        return breaks[-1]
    space = text.rfind(" ", start + 1, limit)
    return space if space > start else limit
