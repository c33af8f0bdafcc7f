"""Words the shop does not use are corrected to words it does; numbers never are."""

from __future__ import annotations

from retrieval.text.spelling import Spelling

SPELLING = Spelling({"drill": 500, "grill": 40, "trellis": 10, "refrigerator": 80, "faucet": 90, "m18": 30})


def likeliest(word: str) -> str:
    return max(SPELLING.candidates(word), key=lambda candidate: candidate[1])[0]


def test_the_likelier_of_two_equally_near_words_wins() -> None:
    assert likeliest("xrill") == "drill"


def test_a_transposition_is_one_edit() -> None:
    assert likeliest("dirll") == "drill"


def test_long_words_may_be_two_edits_off() -> None:
    assert likeliest("refridgerater") == "refrigerator"


def test_known_words_short_words_and_numbers_are_left_alone() -> None:
    assert SPELLING.candidates("drill") == ()
    assert SPELLING.candidates("drl") == ()
    assert SPELLING.candidates("m19") == ()
    assert SPELLING.candidates("1234") == ()


def test_a_word_far_from_all_has_no_correction() -> None:
    assert SPELLING.candidates("zzzzqqqq") == ()


def test_a_common_english_word_is_no_misspelling_of_a_shops_word() -> None:
    shop = Spelling({"wiring": 900, "beatles": 900, "rider": 900, "pair": 900, "sand": 900, "ring": 900})
    for word in ("hiking", "kettles", "coffee", "pain", "send", "frying"):
        assert all(shop.is_far_fetched(word, known) for known, _ in shop.candidates(word))
    assert shop.candidates("hiking")
