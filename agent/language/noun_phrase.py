"""The thing that is asked for: "any laptops?", "I need a quiet coffee grinder under 80", "music stands"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.language import acts
from agent.language.comparatives import COMPARATIVES
from agent.language.function_words import FUNCTION_WORDS
from agent.language.text import Token, tokenize

_INDEFINITE = frozenset(("a", "an", "some", "any", "another"))
_DETERMINERS = _INDEFINITE | {"more", "other", "the", "your"}
_LEADING = """
hi hello hey hiya ok okay so and now next then also well please maybe perhaps actually no yes yeah oh hmm what
how about or just got really very best good great nice cheap cheapest cool new better decent top rated popular
see buy get keep find show looking search searching shopping need want wait sorry hold hang
"""
_LEAD_IN = frozenset(_LEADING.split())
_STOPPING = """
he she him her his hers us they them theirs who whom whose which that that's it's there's here's he's she's
she'd he'd they're you're we're let's while because since until till during per via into onto upon without
within over under above below around near behind beside inside outside against between among through again
instead please too also then now today maybe perhaps though although however if unless whether costing priced
after not never nor neither either both each every mine yours ours something someone anyone somebody anybody
anything everything nothing none suitable suited made may might will shall must first second third fourth
fifth last
"""
PHRASE_ENDS = (FUNCTION_WORDS - _LEAD_IN - _DETERMINERS) | frozenset(_STOPPING.split()) | COMPARATIVES.keys()
_NO_THINGS = """
gift gifts present presents idea ideas thing things stuff item items product products option options choice
choices suggestion suggestions recommendation recommendations question questions help advice minute one ones
kind sort type types lot bit few couple way else others results list brand brands make maker colour colours
color colors shade size sizes price prices material materials style styles version versions model models
review reviews rating ratings feature features alternative alternatives discount deal deals bargain
"""
_NO_THING = frozenset(_NO_THINGS.split())
_ADJECTIVE = re.compile(r"(?:ic|al|ful|ous|ive|able|ible|less|ish|proof|ed|ing|est|ly)$")


@dataclass(frozen=True, slots=True)
class NounPhrase:
    """The words of what is asked for, in order. ``asked``: it came after "a", "any", "I need", not bare."""

    words: tuple[Token, ...]
    asked: bool

    @property
    def looks_like_a_noun(self) -> bool:
        """A single bare word may be an adjective ("vintage"); by its ending it is told from most."""
        return self.asked or len(self.words) > 1 or not _ADJECTIVE.search(self.words[-1].text)


def noun_phrase(text: str) -> NounPhrase | None:
    """What an utterance asks for first; None where it names no thing ("something warm", "the second one")."""
    asking = acts.ASKING.search(text)
    tokens = [token for token in tokenize(text) if not asking or token.start >= asking.end()]
    asked = asking is not None
    while tokens and (
        tokens[0].text in _LEAD_IN | _DETERMINERS or tokens[0].text in ",.!-" or tokens[0].text.endswith("ly")
    ):
        asked = asked or tokens[0].text in _INDEFINITE
        tokens.pop(0)
    words: list[Token] = []
    for token in tokens:
        if token.text in "-&":
            continue
        ends = token.text in PHRASE_ENDS or (words and token.text in _LEAD_IN | _DETERMINERS)
        if not token.is_word or ends:
            break
        words.append(token)
    if not words or words[-1].text in _NO_THING or all(word.text[0].isdigit() for word in words):
        return None
    return NounPhrase(tuple(words), asked)
