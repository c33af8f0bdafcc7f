"""Opposite qualities that shoppers ask for by name: "which is the quietest?" is answered by "it is loud".

A sentence takes a side by its words and their negation, not by its mood: "a bit loud" is no complaint in a
review of loudspeakers, but it speaks against a quiet mixer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PAIRS = (
    (
        _words("quiet quieter quietest quietly silent silently noiseless"),
        _words("noisy noisier noise loud louder loudest loudly rattles"),
    ),
    (
        _words("fast faster fastest quick quicker quickest quickly speedy snappy"),
        _words("slow slower slowest slowly sluggish laggy lags"),
    ),
    (_words("light lighter lightest lightweight featherlight"), _words("heavy heavier heaviest bulky")),
    (
        _words("small smaller smallest compact tiny"),
        _words("big bigger biggest large larger largest huge bulky"),
    ),
    (_words("bright brighter brightest"), _words("dim dimmer dimmest dark darker")),
    (_words("comfortable comfy comfortably"), _words("uncomfortable uncomfortably painful")),
    (
        _words("sturdy sturdier sturdiest durable robust tough"),
        _words("flimsy fragile broke breaks broken cracked snapped"),
    ),
    (_words("reliable dependable reliably"), _words("unreliable fails failed")),
    (_words("warm warmer warmest"), _words("cold colder coldest")),
    (_words("soft softer softest"), _words("rough scratchy stiff")),
    (_words("waterproof watertight water-resistant"), _words("leak leaks leaked leaky")),
    (_words("sharp sharper sharpest crisp"), _words("blurry fuzzy grainy blurred")),
    (_words("accurate accurately precise"), _words("inaccurate imprecise")),
)
_WANTED_SECOND = _words(
    "loud louder loudest big bigger biggest large larger largest huge cold colder coldest"
)
"""Words of a second list that can be what the shopper wants; asked for those, the sides change."""
_NEGATIONS = _words("not no never isn't wasn't aren't doesn't don't hardly barely without less neither nor")
_REACH = 3
_NO_SIDE_AFTER_NOISE = ("cancel", "level", "isolat", "reduc")
"""Good noise cancelling or a pleasant noise level does not say that a thing is loud."""
_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")


@dataclass(frozen=True)
class Pole:
    """A quality asked for: the words for it and the words against it."""

    wanted: frozenset[str]
    unwanted: frozenset[str]

    def side(self, sentence: str) -> int | None:
        """1 where the sentence says it has the quality, -1 where it lacks it, ``None`` where it says neither.

        "Not loud at all" says quiet; "not too loud" too. The last word that takes a side decides.
        """
        words = [word.lower().replace("\u2019", "'") for word in _WORD.findall(sentence)]
        found = None
        for at, word in enumerate(words):
            if word == "noise" and "".join(words[at + 1 : at + 2]).startswith(_NO_SIDE_AFTER_NOISE):
                continue
            if word in self.wanted or word in self.unwanted:
                negated = any(before in _NEGATIONS for before in words[max(0, at - _REACH) : at])
                found = 1 if (word in self.wanted) != negated else -1
        return found


_POLES = tuple(Pole(wanted, unwanted) for wanted, unwanted in _PAIRS)


def asked_pole(question: str) -> Pole | None:
    """The quality a question asks for, if it names one."""
    words = [word.lower() for word in _WORD.findall(question)]
    for word in words:
        for pole in _POLES:
            if word in pole.wanted or word in pole.unwanted:
                return Pole(pole.unwanted, pole.wanted) if word in _WANTED_SECOND else pole
    return None
