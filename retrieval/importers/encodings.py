"""The encoding of a text that is not UTF-8, by the letters that it would then be written in.

A shop's file may hold three accents in all, which is too few for detectors that count frequencies
(charset-normalizer 3.5 reads "Café" as Windows-1250 and "Übergrößen" as Big5). What tells encodings apart
there is which of them makes letters of a language of every byte, where another makes ``³``, ``¿`` or ``ŕ``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

_OF_ONE_LANGUAGE = 0.5  # what a letter of the likeliest single language counts beside one of any
_SIGNS = "€£¥«»“”„‘’–—…·°²³½®©™•º"
_WEST = {
    "German": "äöüßÄÖÜ",
    "French": "éèêëàâçîïôùûüœæÉÈÊËÀÂÇÎÏÔÙÛŒ",
    "Spanish": "ñáéíóúüÑÁÉÍÓÚ¿¡ª",
    "Portuguese": "ãõáéíóúâêôàçÃÕÁÉÍÓÚÂÊÔÀÇª",
    "Italian": "àèéìòùÀÈÉÌÒÙ",
    "Dutch": "ëïéèöüÉË",
    "Nordic": "åäöæøéÅÄÖÆØÉ",
    "Icelandic": "áéíóúýþæðöÁÉÍÓÚÝÞÆÐÖ",
}
_CENTRAL = {
    "Polish": "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ",
    "Czech": "áčďéěíňóřšťúůýžÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ",
    "Slovak": "áäčďéíĺľňóôŕšťúýžÁÄČĎÉÍĹĽŇÓÔŔŠŤÚÝŽ",
    "Hungarian": "áéíóöőúüűÁÉÍÓÖŐÚÜŰ",
    "Romanian": "ăâîşţĂÂÎŞŢ",
    "South Slavic": "čćđšžČĆĐŠŽ",
    "German": "äöüßÄÖÜ",
}
_TURKISH = {"Turkish": "çğıöşüÇĞİÖŞÜâîû₺"}
_BALTIC = {
    "Latvian": "āčēģīķļņšūžĀČĒĢĪĶĻŅŠŪŽ",
    "Lithuanian": "ąčęėįšųūžĄČĘĖĮŠŲŪŽ",
    "Estonian": "õäöüšžÕÄÖÜŠŽ",
}


_UNLIKELY = re.compile("[õÕ](?![eE])")  # in Portuguese; Hungarian has its ő anywhere, Estonian is Baltic
_CASE = re.compile("[a-zß-öø-ÿа-яα-ω][À-ÖØ-ÞŁŚŻŹĆĄĘА-ЯΑ-Ω]")  # a capital within a word


@dataclass(frozen=True)
class Encoding:
    """An encoding with the letters of its languages; ``run``: more of them in a row are no word there."""

    name: str
    label: str
    letters: re.Pattern[str]
    languages: tuple[frozenset[str], ...] = ()
    """The letters of each, where the encoding is that of several."""
    run: int = 0
    western: bool = False
    dense: bool = False
    """Its letters stand together, and not within Latin words."""


def _latin(name: str, label: str, languages: Mapping[str, str], run: int) -> Encoding:
    letters = re.compile(f"[{re.escape(''.join(languages.values()) + _SIGNS)}]")
    return Encoding(
        name,
        label,
        letters,
        tuple(frozenset(own + _SIGNS) for own in languages.values()),
        run,
        languages is _WEST,
    )


def _other(name: str, label: str, letters: str) -> Encoding:
    return Encoding(name, label, re.compile(f"[{letters}]"), dense=True)


ENCODINGS = (  # of two that fit equally well the first is taken
    _latin("cp1252", "Windows-1252", _WEST, 2),
    _latin("cp1250", "Windows-1250", _CENTRAL, 3),
    _latin("iso8859_2", "ISO 8859-2", _CENTRAL, 3),
    _latin("cp1254", "Windows-1254", _TURKISH, 3),
    _latin("cp1257", "Windows-1257", _BALTIC, 3),
    _other("cp1251", "Windows-1251", "а-яА-ЯёЁіїєґІЇЄҐ№«»“”–—…₴€"),
    _other("cp1253", "Windows-1253", "α-ωΑ-Ωάέήίόύώϊϋΐΰς€«»–—’ΆΈΉΊΌΎΏ"),
    _other("cp1255", "Windows-1255", "א-ת₪–—"),
    _other("cp932", "Shift JIS", "ぁ-んァ-ヶー一-龠々、。・「」（）　￥"),
    _other("cp949", "Korean (UHC)", "가-힣￦"),
    _other("gb18030", "GB 18030", "一-龠，。、（）：；！“”￥"),
    _other("big5", "Big5", "一-龠，。、（）：；！「」"),
    _latin("mac_roman", "Mac Roman", _WEST, 2),
    _latin("cp850", "DOS (850)", _WEST, 2),
)


def likeliest(content: bytes) -> Encoding:
    """The encoding under which the most of the characters that are not ASCII are letters of its languages, and
    the most of them of one language: ``õ`` and ``û`` both stand in the West, but in no language together.
    """
    telling = b"\n".join(line for line in content.splitlines() if not line.isascii())[: 2**16]
    return max(ENCODINGS, key=lambda encoding: _fit(telling, encoding))


def words_beyond_ascii(content: bytes, encoding: Encoding, most: int = 3) -> list[str]:
    """Words as they read in an encoding, for a person to check."""
    text = content.decode(encoding.name, "replace")
    found = re.finditer(r"\w*[^\W\x00-\x7f]\w*", text)
    return list(dict.fromkeys(match.group() for match in islice(found, 200)))[:most]


def _fit(content: bytes, encoding: Encoding) -> float:
    text = content.decode(encoding.name, "replace")
    total = fitting = 0
    seen: Counter[str] = Counter()
    for found in re.finditer(r"[^\x00-\x7f]+", text):
        run, around = found.group(), text[max(0, found.start() - 1) : found.start()] + text[found.end() :][:1]
        total += len(run)
        if (encoding.run and len(run) > encoding.run) or (encoding.dense and re.search("[a-z]", around)):
            continue
        letters = encoding.letters.findall(run)
        fitting += len(letters)
        seen.update(letters)
    odd = len(_CASE.findall(text)) + (len(_UNLIKELY.findall(text)) if encoding.western else 0)
    counts = [sum(n for c, n in seen.items() if c in own) for own in encoding.languages] or [fitting]
    return (fitting + _OF_ONE_LANGUAGE * max(counts) - odd) / max(1, total)
