"""The file format of scripted dialogues: plain YAML, one list of dialogues a file, checks beside each turn.

See `docs/dialogues.md`. An unknown check or a misspelt one is an error, so that no check passes unread.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agent.errors import AisleError
from agent.understanding.labels import Move


class DialogueFileError(AisleError):
    """A dialogue file that can't be read: which file, which dialogue, what is wrong with it."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Range(_Strict):
    """Both ends inclusive; an open one is left out."""

    min: float | None = None
    max: float | None = None

    def holds(self, value: float) -> bool:
        return (self.min is None or value >= self.min) and (self.max is None or value <= self.max)


class Press(_Strict):
    """Press a chip of the reply before, instead of saying something; ``index`` counts those of its kind
    from 0."""

    kind: Literal["answer", "constraint"]
    index: int = 0


class ScriptedTurn(_Strict):
    """What the shopper says (or presses), and what must then be true. Products are named ``turn.place``,
    from 1."""

    say: str | None = None
    press: Press | None = None
    user: str | None = None

    # what was understood
    move: Move | tuple[Move, ...] | None = None
    """What the turn does, mainly; one of these."""
    in_force: tuple[str, ...] = ()
    """Labels of conditions that are in force after the turn."""
    not_in_force: tuple[str, ...] = ()
    referents: tuple[str, ...] | None = None
    """Products pointed at, e.g. ``["1.2"]``."""
    gift: bool | None = None

    # what was shown: each holds for every card
    cards: int | Range | None = None
    price: Range | None = None
    brand: str | tuple[str, ...] | None = None
    not_brand: str | tuple[str, ...] = ()
    category: str | None = None
    not_category: str | tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    """Each stands in the shop's own words on every product shown."""
    without_words: tuple[str, ...] = ()
    attributes: dict[str, str | bool | Range | tuple[str, ...]] = Field(default_factory=dict)
    not_attributes: dict[str, str] = Field(default_factory=dict)
    stars: Range | None = None
    excludes: tuple[str, ...] = ()
    """Products not shown now, e.g. ``["1.2"]``; ``"1"`` is all that turn 1 showed."""
    same_as: int | None = None
    """Shows what that turn showed."""
    cheaper_than: str | None = None
    less: dict[str, str] = Field(default_factory=dict)
    """Numeric attribute -> product: every card has less of it."""
    more: dict[str, str] = Field(default_factory=dict)

    table: bool | None = None
    """Whether products are compared in a table."""

    def model_post_init(self, context: Any, /) -> None:
        if (self.say is None) == (self.press is None):
            raise ValueError("a turn either says or presses something")


class Dialogue(_Strict):
    name: str
    turns: tuple[ScriptedTurn, ...] = Field(min_length=1)
    user: str | None = None
    """The shop's id of the shopper; without one nobody is known."""


def load_dialogues(folder: Path) -> tuple[Dialogue, ...]:
    """Every dialogue of the ``*.yaml`` files in a folder, in the order of file names.

    Raises:
        DialogueFileError: a file that is no YAML, an unknown check, two dialogues of one name.
    """
    dialogues = tuple(dialogue for path in sorted(folder.glob("*.yaml")) for dialogue in _read(path))
    names = [dialogue.name for dialogue in dialogues]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise DialogueFileError(
            f"{folder}: more than one dialogue is called {', '.join(twice)}; names must differ"
        )
    return dialogues


def _read(path: Path) -> Iterator[Dialogue]:
    import yaml

    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise DialogueFileError(f"{path} is no YAML: {error}") from error
    if not isinstance(entries, list):
        raise DialogueFileError(f"{path}: expected a list of dialogues, got {type(entries).__name__}")
    for place, entry in enumerate(entries, start=1):
        try:
            yield Dialogue.model_validate(entry)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            name = entry.get("name", f"number {place}") if isinstance(entry, dict) else f"number {place}"
            raise DialogueFileError(f"{path}, dialogue {name!r}, {where}: {first['msg']}") from error
