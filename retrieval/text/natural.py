"""Is a query a sentence ("something that keeps my tea hot") or keywords ("insulated bottle 0.5 l")?"""

from __future__ import annotations

import re

_WORD = re.compile(r"[a-z]+(?:['’][a-z]+)?")

_TELLING = """
about after also am anything are aren't be because been before being but can't cant could couldn't did
didn't do does doesn't doesnt don't dont everything get gets getting give goes going gonna got had has
hasn't have haven't he he's hello her hers hey hi him his how i i'd i'll i'm i've ideally if im into is
isn't it's ive just keeps let let's lets likes looking maybe me must my myself need needed needs nothing
oh ok okay onto our ours please pls preferably really shall she she's should since so someone something
tell than thanks that that's their theirs them then these they they're this those though too uh um until
us very wanna want wanted wants was wasn't we we're we've were what when where which while why won't wont
would wouldn't you your yours
"""
_PLAIN = """
a an and any as at by can find for from go help here in it keep like may might mine no not of on one ones
or over show some the there to under well who will with without
"""
TELLING = frozenset(_TELLING.split())
"""Grammar words that keywords do without."""
PLAIN = frozenset(_PLAIN.split())
"""Those that stand in keywords, too."""
_CLAUSES = re.compile(r"[,.!?;]\s|[?!]\s*$")


def is_natural(text: str) -> bool:
    """Whether ``text`` is a sentence: it has a pronoun, a verb of wishing or an auxiliary, or is long, joined
    by small words or parted into clauses, without the numbers that keywords are full of. Microseconds.
    """
    words = _WORD.findall(text.lower().replace("’", "'"))
    telling = sum(word in TELLING for word in words)
    if telling and len(words) > 2:
        return True
    if any(character.isdigit() for character in text):
        return False
    plain = sum(word in PLAIN for word in words)
    return len(words) > 7 or (len(words) > 4 and (plain > 1 or _CLAUSES.search(text) is not None))
