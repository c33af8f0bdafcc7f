"""A query in the shop's own words: corrections, compounds and synonyms, with what they stand for."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.text.normalization import stem
from retrieval.text.query_analysis import MAX_WORDS, QueryAnalyser, SynonymError, Synonyms
from retrieval.text.spelling import Spelling

FREQUENCIES = {
    "door": 9,
    "bell": 7,
    stem("doorbell"): 5,
    "snow": 8,
    "blower": 6,
    "ladder": 20,
    "lantern": 30,
    "step": 9,
}
FREQUENCIES |= {"couch": 4, "tv": 3, "televis": 6}


def analyser(synonyms: Synonyms | None = None) -> QueryAnalyser:
    together = {("ladder", "step"): 8}
    return QueryAnalyser(
        Spelling(FREQUENCIES),
        synonyms or Synonyms({}),
        lambda token: FREQUENCIES.get(token, 0),
        lambda token, others: max((together.get((token, other), 0) for other in others), default=0),
    )


def test_two_words_also_find_the_compound() -> None:
    query = analyser().analyse("door bell")
    assert query.weights[stem("doorbell")] == pytest.approx(0.8)
    assert query.alternatives[stem("doorbell")] == (0, 1)


def test_one_word_that_the_shop_writes_as_two_is_split() -> None:
    query = analyser().analyse("snowblower")
    assert query.tokens == ("snow", "blower")
    assert query.corrected == "snow blower"


def test_a_word_is_not_split_into_what_is_no_word() -> None:
    frequency = {"whi": 3, "sky": 9, "bath": 4, "tub": 3}
    known = QueryAnalyser(Spelling(frequency), Synonyms({}), lambda token: frequency.get(token, 0))
    assert known.analyse("whisky").corrected is None
    assert known.analyse("bathtub").corrected == "bath tub"


def test_a_correction_is_chosen_by_the_rest_of_the_query() -> None:
    assert analyser().analyse("step ladderr").corrected == "step ladder"
    assert analyser().analyse("step latter").tokens[-1] == "ladder"


def test_everyday_words_are_meant_as_typed_whatever_the_rest_says() -> None:
    assert analyser().analyse("step later").corrected is None


def test_an_untouched_query_has_no_correction() -> None:
    assert analyser().analyse("step ladder").corrected is None


def test_synonyms_weigh_less_than_the_shoppers_own_words(tmp_path: Path) -> None:
    path = tmp_path / "synonyms.txt"
    path.write_text("# furniture\nsofa, couch\ntv => television\n", encoding="utf-8")
    synonyms = Synonyms.read(path)
    assert analyser(synonyms).analyse("sofa").weights["couch"] == pytest.approx(0.6)
    assert analyser(synonyms).analyse("tv").weights["televis"] == pytest.approx(0.6)
    assert "tv" not in analyser(synonyms).analyse("television").weights


@pytest.mark.parametrize("line", ["sofa", "=> couch", "sofa =>", "a,,b => "])
def test_a_broken_synonym_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "synonyms.txt"
    path.write_text(f"sofa, couch\n{line}\n", encoding="utf-8")
    with pytest.raises(SynonymError, match="line 2"):
        Synonyms.read(path)


def test_a_missing_synonym_file_means_none() -> None:
    assert Synonyms.read(Path("nowhere.txt")).expansions == {}


def test_endless_queries_are_cut() -> None:
    assert len(analyser().analyse("door " * 5000).tokens) <= MAX_WORDS
