"""Resolvers of the small shop, and utterances as the reader would mark them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from agent.conditions import KIND, Where
from agent.shop_context import ShopContext
from agent.tools.compile import Compiler
from agent.understanding.conditions import Resolver
from agent.understanding.interpret import Interpreter
from agent.understanding.labels import Move, SpanLabel
from agent.understanding.lexicon import Lexicon
from agent.understanding.reader import Read, ScoredMove, Span
from agent.understanding.resolved import Resolved

MARKED = re.compile(r"\[(\w+): ([^\]]+)\]")


def marked(text: str, *moves: str) -> tuple[str, Read]:
    """``a [thing: kettle] [condition: under 40]``: the plain text, and what the reader would make of it."""
    plain, spans, at = "", [], 0
    for match in MARKED.finditer(text):
        plain += text[at : match.start()]
        label, words = SpanLabel(match[1]), match[2]
        spans.append(Span(label, len(plain), len(plain) + len(words), words, 0.9))
        plain += words
        at = match.end()
    plain += text[at:]
    scored = tuple(ScoredMove(Move(move), 0.9) for move in moves or ("seek",))
    return plain, Read(scored, tuple(spans))


@pytest.fixture(scope="session")
def interpreter(shop_context: ShopContext) -> Interpreter:
    return Interpreter(shop_context)


@pytest.fixture(scope="session")
def resolver(shop_context: ShopContext) -> Callable[[str], Resolver]:
    """The resolver for a kind of product; empty for no kind."""
    lexicon = Lexicon(shop_context.schema)

    def make(kind: str) -> Resolver:
        if not kind:
            return Resolver(shop_context, lexicon)
        compiler = Compiler(shop_context.shop.search, shop_context.schema)
        (compiled,) = compiler.compile([Where(field=KIND, value=kind)])
        assert compiled.filter is not None
        return Resolver(shop_context, lexicon, compiled.filter, known=True)

    return make


def told(found: Resolved) -> list[str]:
    """Conditions, then wishes, as short text."""
    wishes = [f"{p.aim} {p.field}" + (f" {p.value}" if p.value is not None else "") for p in found.prefer]
    return [*(shown(where) for where in found.joined().where), *wishes]


def shown(where: Where) -> str:
    value = where.value
    said = "|".join(value) if isinstance(value, tuple) else f"{value:g}" if type(value) is float else value
    return f"{where.field} {where.op} {said}"
