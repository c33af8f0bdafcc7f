"""Slips of the pen in what shoppers type, put right before anything reads it: never a word that may be right."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, lru_cache

from retrieval.text.language import language
from retrieval.text.normalization import stem
from retrieval.text.spelling import english_ranks
from retrieval.text.word_set import word_set

_WORD = re.compile(r"(?<![\w'’.@/#-])[A-Za-z][a-z]{2,}(?![\w'’@/-]|\.\w)")
_SENTENCE = re.compile(r"(?:^|[.!?…]\s*)\W*$")
"""Before a word that has a capital without being a name."""
_CHAT = word_set(
    "smth smthn sumn smt pls plz plse ppl peeps lol lmao lmfao rofl omg omfg wtf tbh ngl imo imho idk idc iirc irl afaik "
    "btw fyi asap brb nvm rly srsly sry thx thnx tnx ty cheers ta bday bdays xmas gf bf bff bro bruv bruh fam mate m8 "
    "smol lil tryna yall ima imma finna dunno dae owt nowt summat innit aint naw nah yh yep yup yea yeah ya yo hiya heya "
    "helo msg msgs txt mins secs hrs hr wks wk mths yrs yr kgs lbs lb ozs cms mms inc incl excl approx qty pcs pc pks "
    "leds leds mics amps vids pics pic app apps abt bout coz cuz cos bc tho thru nite rite lite brite gud luv wud cud shud "
    "sum sumthin nuffin sowt deffo defo probs obvs whatevs legit lowkey deets combo fave faves comfy snuggly cosy tmrw "
    "tmr tonite hav haz dat dis dem wiv bestie besties adhd moka soya camo oled usbc doro acer asus anker shure squier "
    "skil miele levis realme razer moto oppo hallo"
)
"""What people write short on purpose, and names that a word is near to."""
_FREQUENT, _EVERYDAY, _COMMONEST = 12_000, 3_000, 120
"""English words among so many are what a slip may be meant as; for words of four letters and of three, among fewer."""
_LONG, _SHORT = 8, 4
"""From so many letters on one may be missing or another; up to so many only a common word may be meant."""
_SOUNDS = (("ph", "f"), ("ck", "k"), ("c", "k"), ("z", "s"), ("wh", "w"))


class Typing:
    """Puts what is typed right; a word that nobody knows costs a look at the words that begin as it does."""

    def __init__(
        self,
        known: Mapping[str, int],
        names: Iterable[str] = (),
        english: Callable[[], Mapping[str, int]] = english_ranks,
    ) -> None:
        """``known``: the shop's words with how many products have each; ``names``: stems that are right, too, where they
        are words: "wardrob" is none.
        """
        self._shop, self._english = {w: n for w, n in known.items() if w.isalpha() and w.isascii()}, english
        self._stems, self._names = frozenset(map(stem, self._shop)), frozenset(names)
        self._meant = lru_cache(maxsize=10_000)(self._put_right)

    def mended(self, text: str) -> str:
        """The text with its slips put right; a name, and what is written in another language, stays."""
        mended = _WORD.sub(self._mended, text)
        return text if mended == text or language(text) != "en" else mended

    def _mended(self, word: re.Match[str]) -> str:
        typed = word[0]
        if typed[0].isupper() and not _SENTENCE.search(word.string[: word.start()]):
            return typed
        meant = self._meant(typed.lower())
        return meant.capitalize() if typed[0].isupper() else meant

    def _put_right(self, word: str) -> str:
        if self._is_right(word):
            return word
        if word.endswith("in") and len(word) >= _SHORT and self._is_right(f"{word}g"):
            return f"{word}g"
        near = [meant for meant in self._beginning[word[:1]] if self._may_mean(word, meant)]
        return min(near, key=lambda meant: self._distance(word, meant), default=word)

    def _is_right(self, word: str) -> bool:
        if word in self._english() or word in self._contracted or word in self._shop or word in _CHAT:
            return True
        root = stem(word)
        if root != word:
            return root in self._stems  # a form of a word: "lumias"
        return word in self._names and not any(stem(whole) == word for whole in self._beginning[word[:1]])

    def _may_mean(self, word: str, meant: str) -> bool:
        """Whether a slip makes ``word`` of ``meant``: letters that changed places, else what sounds the same, else in a
        long word one letter that fell out or is another.
        """
        if abs(len(word) - len(meant)) > 2:
            return False
        from rapidfuzz.distance import OSA

        edits = OSA.distance(word, meant, score_cutoff=2)
        if edits > 2 or (edits == 2 and len(word) < _LONG):
            return False
        if sorted(word) == sorted(meant) and edits == 1:
            return len(word) > _SHORT or self._is_everyday(word, meant)
        if _sound(word) == _sound(meant):
            fuller = _vowels(word) <= _vowels(meant)
            return fuller if len(word) > _SHORT else len(word) < len(meant) and self._is_everyday(word, meant)
        fell_out = len(word) == len(meant) - 1 and not meant.startswith(word)
        return edits == 1 and ((fell_out and len(word) >= _LONG - 1) or len(word) == len(meant) > _LONG)

    def _is_everyday(self, word: str, meant: str) -> bool:
        """Whether ``meant`` is so frequent that a word as short as that may be a slip for it."""
        rank = self._english().get(meant, len(self._english()))
        if len(word) < _SHORT:
            return rank < _COMMONEST
        return meant in self._shop or rank < _EVERYDAY

    def _distance(self, word: str, meant: str) -> tuple[float, ...]:
        """By edits, in a short word by whether letters only changed places, by sound, then the shop's own words first, the
        more frequent before the others.
        """
        from rapidfuzz.distance import OSA

        return (
            OSA.distance(word, meant),
            len(word) <= _SHORT and sorted(word) != sorted(meant),
            _sound(word) != _sound(meant),
            meant not in self._shop,
            self._english().get(meant, len(self._english())),
        )

    @cached_property
    def _contracted(self) -> frozenset[str]:
        """Contractions without their apostrophes: "dont"."""
        return frozenset(word.replace("'", "") for word in self._english() if "'" in word)

    @cached_property
    def _beginning(self) -> dict[str, list[str]]:
        """By a first letter, which people rarely get wrong, the words that a slip may be meant as."""
        found: dict[str, list[str]] = defaultdict(list)
        frequent = (word for word, rank in self._english().items() if rank < _FREQUENT)
        for word in sorted({*self._shop, *frequent}):
            if len(word) > 2 and word.isalpha():
                found[word[0]].append(word)
        return found


def _single(word: str) -> str:
    """With double letters single."""
    return re.sub(r"(.)\1+", r"\1", word)


@lru_cache(maxsize=100_000)
def _sound(word: str) -> str:
    """How a word sounds, without the vowels within and with double letters single: "expirience", "experience"."""
    for written, sound in _SOUNDS:
        word = word.replace(written, sound)
    ending = word[-1] if word[-1] in "aiouy" else ""
    return _single(word[0] + re.sub("[aeiouy]", "", word[1:])) + ending


def _vowels(word: str) -> int:
    """How many vowels are written; what has more of them than a word that it sounds like is a name: "miele", "mile"."""
    return len(re.findall("[aeiouy]", _single(word)))
