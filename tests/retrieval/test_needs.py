"""Which kind serves a need: people's sentences, of the kinds that a shop sells."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.naming.needs import Need, Needs, NeedsError, build_needs, known_needs, read_needs
from tests.retrieval.shop_samples import HashingEncoder

KETTLE = Need(("kettle", "water boiler"), ("boil water for tea", "hot drinks at work"))
HAMMER = Need(("hammer",), ("bang nails into the wall",))
PICTURE = Need(("picture hook",), ("something on the wall for a painting",))
WORDS = st.text(alphabet="abc xyz", min_size=1).map(str.strip).filter(bool)


def opened(folder: Path, needs: tuple[Need, ...], sold: dict[str, tuple[str, ...]]) -> Needs:
    build_needs(folder, needs, lambda name: sold.get(name, ()), HashingEncoder())
    return Needs(folder)


def likeliest(needs: Needs, said: str) -> tuple[str, ...]:
    return needs.serving(HashingEncoder().encode_query([said])[0])[0].names


SOLD = {"kettle": ("Kitchen > Kettles",), "hammer": ("hammer",), "picture hook": ("hook",)}


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("I want to boil water", "Kitchen > Kettles"),
        ("nails won't go into the wall", "hammer"),
        ("where to hang a painting", "hook"),
    ],
)
def test_a_need_is_served_by_the_kind_that_people_ask_for_with_such_words(
    tmp_path: Path, said: str, kind: str
) -> None:
    assert likeliest(opened(tmp_path, (KETTLE, HAMMER, PICTURE), SOLD), said) == (kind,)


def test_what_the_shop_does_not_sell_serves_nothing(tmp_path: Path) -> None:
    served = opened(tmp_path, (KETTLE, HAMMER), {"hammer": ("hammer",)})
    assert likeliest(served, "boil water for tea") == ("hammer",)


def test_a_kind_is_found_by_any_of_its_names(tmp_path: Path) -> None:
    served = opened(tmp_path, (KETTLE,), {"water boiler": ("boilers",)})
    assert likeliest(served, "tea") == ("boilers",)


def test_needs_of_one_kind_are_joined(tmp_path: Path) -> None:
    both = opened(tmp_path, (KETTLE, HAMMER), {"kettle": ("things",), "hammer": ("things",)})
    assert [s.names for s in both.serving(np.ones(HashingEncoder().dimensions, dtype=np.float32))] == [
        ("things",)
    ]


def test_a_shop_without_any_known_kind_serves_no_need(tmp_path: Path) -> None:
    assert opened(tmp_path, (KETTLE,), {}).serving(np.ones(4, dtype=np.float32)) == []


@pytest.mark.parametrize("text", ["-said before a name", "@kettle\nneither", "@", "@kettle\n-"])
def test_a_line_that_is_neither_name_nor_sentence_is_told(text: str) -> None:
    with pytest.raises(NeedsError, match="line"):
        read_needs(text)


@given(st.lists(st.tuples(st.lists(WORDS, min_size=1), st.lists(WORDS)), max_size=5))
def test_what_is_written_is_read_back(blocks: list[tuple[list[str], list[str]]]) -> None:
    text = "\n\n".join(
        "@" + "; ".join(names) + "".join(f"\n-{line}" for line in said) for names, said in blocks
    )
    assert read_needs(text) == tuple(Need(tuple(names), tuple(said)) for names, said in blocks)


def test_thousands_of_kinds_ship_each_with_several_sentences() -> None:
    needs = known_needs()
    assert len(needs) > 2_000
    assert all(need.names and len(need.said) >= 3 for need in needs)


class Speechless(HashingEncoder):
    """Sees no difference between any two texts."""

    def encode_query(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        return np.ones((len(texts), self.dimensions), dtype=np.float32) / self.dimensions**0.5


def test_where_meaning_tells_nothing_shared_words_decide(tmp_path: Path) -> None:
    sold = {name: (name,) for name in ("kettle", "hammer", "picture hook")}
    build_needs(tmp_path, (KETTLE, HAMMER, PICTURE), lambda name: sold.get(name, ()), Speechless())
    vector = Speechless().encode_query(["-"])[0]
    assert Needs(tmp_path).serving(vector, ("nail", "wall"))[0].names == ("hammer",)
