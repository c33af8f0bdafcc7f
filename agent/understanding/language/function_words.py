"""Words that carry grammar and talk, and never name what a shop sells."""

from __future__ import annotations

_FUNCTION = """
a an and are as at be but by can could do does for from has have i i'd i'm if in is it its me my no not of
on one ones only or our out over please so some than that the their them then there these they thing things
this those to too under up was we what when which who will with without would you your any anything
something everything nothing all like want need looking show find get give just also really very more most
less least much many good nice cheap price around about between below above max maximum min budget would
should must color size made material same now available stars star rated better best new out there here go
goes let us am were did don't doesn't isn't aren't
"""
FUNCTION_WORDS = frozenset(_FUNCTION.split())
NAMING_WORDS = frozenset(("budget", "color", "size", "material", "price", "star", "stars", "rated"))
"""Of these, what can name a condition that is in force."""
