"""One sentence of a reply as tokens, each bound to the products it speaks of."""

from __future__ import annotations

from dataclasses import dataclass

from agent.checks.claims import (
    GROUPING,
    NEGATORS,
    Backing,
    Subject,
    Token,
    plain,
)


@dataclass
class Sentence:
    """A sentence with what it may rest on."""

    sentence: list[Token]
    backing: Backing
    about: tuple[int, ...]
    asks: bool = False
    doubts: bool = False
    others: bool = False
    """Whether it speaks of products that it doesn't name."""
    text: str = ""

    def __post_init__(self) -> None:
        self.mentioned = tuple(dict.fromkeys(int(t.text[1:-1]) for t in self.sentence if t.kind == "mention"))
        self.groups = self._groups()
        self.denied_at = [at for at, t in enumerate(self.sentence) if t.kind == "word" and negates(t.text)]

    def _groups(self) -> list[tuple[int, int, tuple[int, ...]]]:
        """Runs of mentions joined by nothing but "and": (first token, last token, products)."""
        groups: list[tuple[int, int, tuple[int, ...]]] = []
        for at, token in enumerate(self.sentence):
            if token.kind != "mention":
                continue
            index = int(token.text[1:-1])
            between = self.sentence[groups[-1][1] + 1 : at] if groups else []
            if groups and all(t.kind == "word" and t.text.lower() in GROUPING for t in between):
                first, _, members = groups[-1]
                groups[-1] = (first, at, (*members, index))
            else:
                groups.append((at, at, (index,)))
        return groups

    def bound(self, at: int) -> list[Subject]:
        before = [group for group in self.groups if group[1] < at]
        after = [group for group in self.groups if group[0] > at]
        chosen = before[-1][2] if before else (after[0][2] if after else self.about)
        return [self.backing.subjects[index] for index in chosen if index < len(self.backing.subjects)]

    def near(self, at: int, step: int, reach: int = 1) -> list[str]:
        words = []
        for index in range(at + step, at + step * (reach + 1), step):
            if not 0 <= index < len(self.sentence) or self.sentence[index].kind != "word":
                break
            words.append(self.sentence[index].text.lower())
        return words


def negates(word: str) -> bool:
    lowered = plain(word).lower()
    return lowered in NEGATORS or lowered.endswith("n't")
