"""Is a query a sentence ("something that keeps my tea hot") or keywords ("insulated bottle 0.5 l")?"""

from __future__ import annotations

import re

_WORD = re.compile(r"[a-z]+(?:['’][a-z]+)?")

_TELLING = """
about after also am any anything are aren't be because been before being but can can't cant could
couldn't did didn't do does doesn't doesnt don't dont everything find get gets getting give go goes going
gonna got had has hasn't have haven't he he's hello help her here hers hey hi him his how i i'd i'll i'm
i've ideally if im into is isn't it's ive just keep keeps let let's lets like likes looking may maybe me
might mine must my myself need needed needs nothing oh ok okay one ones onto our ours please pls
preferably really shall she she's should show since so some someone something tell than thanks that
that's their theirs them then there these they they're this those though too uh um until us very wanna
want wanted wants was wasn't we we're we've well were what when where which while who why will won't wont
would wouldn't you your yours
"""
_PLAIN = """
a an and as at by for from in it no not of on or over the to under with without
"""
TELLING = frozenset(_TELLING.split())
"""Grammar words that keywords do without."""
PLAIN = frozenset(_PLAIN.split())
"""Those that stand in keywords, too."""
_SHORTEST = 4


def is_natural(text: str) -> bool:
    """Whether ``text`` is a sentence. By its grammar words: a pronoun, a verb of wishing or an auxiliary, and
    how much of it they are. Microseconds.
    """
    words = _WORD.findall(text.lower().replace("’", "'"))
    telling = sum(word in TELLING for word in words)
    grammar = telling + sum(word in PLAIN for word in words)
    if len(words) < _SHORTEST:
        return telling >= 2
    if telling >= 2:
        return grammar >= 0.2 * len(words)
    return (telling == 1 and grammar >= 0.25 * len(words)) or (
        len(words) >= 8 and grammar >= 0.3 * len(words)
    )
