"""Words the shop does not use are corrected to words it does; numbers never are."""

from __future__ import annotations

from retrieval.spelling import Spelling

SPELLING = Spelling({"drill": 500, "grill": 40, "trellis": 10, "refrigerator": 80, "faucet": 90, "m18": 30})


def test_the_likelier_of_two_equally_near_words_wins() -> None:
    assert SPELLING.correct("xrill") == "drill"


def test_a_transposition_is_one_edit() -> None:
    assert SPELLING.correct("dirll") == "drill"


def test_long_words_may_be_two_edits_off() -> None:
    assert SPELLING.correct("refridgerater") == "refrigerator"


def test_known_words_short_words_and_numbers_are_left_alone() -> None:
    assert SPELLING.correct("drill") is None
    assert SPELLING.correct("drl") is None
    assert SPELLING.correct("m19") is None
    assert SPELLING.correct("1234") is None


def test_a_word_far_from_all_has_no_correction() -> None:
    assert SPELLING.correct("zzzzqqqq") is None


def test_a_common_english_word_is_no_misspelling_of_a_shops_word() -> None:
    shop = Spelling({"wiring": 900, "beatles": 900, "rider": 900, "pair": 900, "sand": 900, "ring": 900})
    for word in ("hiking", "kettles", "coffee", "pain", "send", "frying"):
        assert shop.correct(word) is None
