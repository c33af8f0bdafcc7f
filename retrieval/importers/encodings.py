"""The encoding of a text that is not UTF-8, by the letters that it would then be written in.

A shop's file may hold three accents in all, which is too few for detectors that count frequencies
(charset-normalizer 3.5 reads "Café" as Windows-1250 and "Übergrößen" as Big5). What tells encodings apart
there is which of them makes letters of a language of every byte, where another makes ``³``, ``¿`` or ``ŕ``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_WEST = "äöüßÄÖÜéèêëàâçîïôûùœÉÈÊÀÂÇÎÔŒñáíóúÁÍÓÚÑãõÃÕòìåøæÅØÆº€£¥«»“”‘’–—…·°²®©™•¿¡ª"
_CENTRAL = "ąćęłńóśźżĄĆĘŁŃÓŚŹŻáčďéěíňřšťúůýžÁČĎÉĚÍŇŘŠŤÚŮÝŽäôľĺöőüűÖŐÜŰßâăîșşţțÂĂÎŞŢđĐ€„”“’–—…·°®©™•«»"
_TURKISH = "çğıöşüÇĞİÖŞÜâîû€₺“”‘’–—…°"


_CASE = re.compile("[a-zß-öø-ÿа-яα-ω][À-ÖØ-ÞŁŚŻŹĆĄĘА-ЯΑ-Ω]")  # a capital within a word


@dataclass(frozen=True)
class Encoding:
    """An encoding with the letters of its languages; ``run``: more of them in a row are no word there."""

    name: str
    label: str
    letters: re.Pattern[str]
    run: int = 0
    dense: bool = False
    """Its letters stand together, and not within Latin words."""


def _of(letters: str) -> re.Pattern[str]:
    return re.compile(f"[{re.escape(letters)}]")


ENCODINGS = (  # of two that fit equally well the first is taken
    Encoding("cp1252", "Windows-1252", _of(_WEST), 2),
    Encoding("cp1250", "Windows-1250", _of(_CENTRAL), 3),
    Encoding("cp1254", "Windows-1254", _of(_TURKISH), 3),
    Encoding("cp1251", "Windows-1251", re.compile("[а-яА-ЯёЁіїєґІЇЄҐ№«»“”–—…₴€]")),
    Encoding("cp1253", "Windows-1253", re.compile("[α-ωΑ-Ωάέήίόύώϊϋΐΰς€«»–—’]")),
    Encoding("cp1255", "Windows-1255", re.compile("[א-ת₪–—]")),
    Encoding("cp932", "Shift JIS", re.compile("[ぁ-んァ-ヶー一-龠々、。・「」（）　￥]"), dense=True),
    Encoding("cp949", "Korean (UHC)", re.compile("[가-힣￦]"), dense=True),
    Encoding("gb18030", "GB 18030", re.compile("[一-龠，。、（）：；！“”￥]"), dense=True),
    Encoding("big5", "Big5", re.compile("[一-龠，。、（）：；！「」]"), dense=True),
    Encoding("mac_roman", "Mac Roman", _of(_WEST), 2),
    Encoding("cp850", "DOS (850)", _of(_WEST), 2),
)


def likeliest(content: bytes) -> Encoding:
    """The encoding under which the most of the characters that are not ASCII are letters of its languages."""
    telling = b"\n".join(line for line in content.splitlines() if not line.isascii())[: 2**16]
    return max(ENCODINGS, key=lambda encoding: _fit(telling, encoding))


def _fit(content: bytes, encoding: Encoding) -> float:
    text = content.decode(encoding.name, "replace")
    total = fitting = 0
    for found in re.finditer(r"[^\x00-\x7f]+", text):
        run, around = found.group(), text[max(0, found.start() - 1) : found.start()] + text[found.end() :][:1]
        total += len(run)
        if (encoding.run and len(run) > encoding.run) or (encoding.dense and re.search("[a-z]", around)):
            continue
        fitting += len(encoding.letters.findall(run))
    return (fitting - len(_CASE.findall(text))) / max(1, total)
