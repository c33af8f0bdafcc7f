"""Opposite qualities that shoppers ask for by name: "which is the quietest?" is answered by "it is loud".

A sentence takes a side by its words and their negation, not by its mood: "a bit loud" is no complaint in a
review of loudspeakers, but it speaks against a quiet mixer.
"""

from __future__ import annotations

from dataclasses import dataclass

from retrieval.reviews.clauses import words_of
from retrieval.text.word_set import word_set

_PAIRS = (
    (
        word_set("quiet quieter quietest quietly silent silently noiseless"),
        word_set("noisy noisier noise loud louder loudest loudly rattles"),
    ),
    (
        word_set("fast faster fastest quick quicker quickest quickly speedy snappy"),
        word_set("slow slower slowest slowly sluggish laggy lags"),
    ),
    (word_set("light lighter lightest lightweight featherlight"), word_set("heavy heavier heaviest bulky")),
    (
        word_set("small smaller smallest compact tiny"),
        word_set("big bigger biggest large larger largest huge bulky"),
    ),
    (word_set("bright brighter brightest"), word_set("dim dimmer dimmest dark darker")),
    (word_set("comfortable comfy comfortably"), word_set("uncomfortable uncomfortably painful")),
    (
        word_set("sturdy sturdier sturdiest durable robust tough"),
        word_set("flimsy fragile broke breaks broken cracked snapped"),
    ),
    (word_set("reliable dependable reliably"), word_set("unreliable fails failed")),
    (word_set("warm warmer warmest"), word_set("cold colder coldest")),
    (word_set("soft softer softest"), word_set("rough scratchy stiff")),
    (word_set("waterproof watertight water-resistant"), word_set("leak leaks leaked leaky")),
    (word_set("sharp sharper sharpest crisp"), word_set("blurry fuzzy grainy blurred")),
    (word_set("accurate accurately precise"), word_set("inaccurate imprecise")),
)
_WANTED_SECOND = word_set(
    "loud louder loudest big bigger biggest large larger largest huge cold colder coldest"
)
"""Words of a second list that can be what the shopper wants; asked for those, the sides change."""
_NEGATIONS = word_set("not no never isn't wasn't aren't doesn't don't hardly barely without less neither nor")
_REACH = 3
_NO_SIDE_AFTER_NOISE = ("cancel", "level", "isolat", "reduc")
"""Good noise cancelling or a pleasant noise level does not say that a thing is loud."""


@dataclass(frozen=True)
class Pole:
    """A quality asked for: the words for it and the words against it."""

    wanted: frozenset[str]
    unwanted: frozenset[str]

    def side(self, sentence: str) -> int | None:
        """1 where the sentence says it has the quality, -1 where it lacks it, ``None`` where it says neither.

        "Not loud at all" says quiet; "not too loud" too. The last word that takes a side decides.
        """
        words = words_of(sentence)
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
    words = words_of(question)
    for word in words:
        for pole in _POLES:
            if word in pole.wanted or word in pole.unwanted:
                return Pole(pole.unwanted, pole.wanted) if word in _WANTED_SECOND else pole
    return None
