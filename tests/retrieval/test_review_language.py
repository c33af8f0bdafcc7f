from __future__ import annotations

import pytest

from retrieval.text.language import language


@pytest.mark.parametrize(
    "text",
    [
        "nice",
        "Great sound.",
        "Works fine",
        "A+",
        "5 stars!",
        "Love it!!",
        "Super",
        "Bon Jovi forever",
        "Enya rocks",
        "gr8 phone luv it",
        "Fits my S4 Samsung Galaxy",
        "GOOD PHONE",
        "",
        "\U0001f44d\U0001f44d",
        "The Café del Mar album is a must for the summer",
    ],
)
def test_short_english_is_english(text: str) -> None:
    assert language(text) == "en"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("muy bueno", "es"),
        ("No me gustó nada, la batería dura muy poco", "es"),
        ("Das ist ein sehr gutes Produkt", "de"),
        ("Très bien, je recommande", "fr"),
        ("Ottimo prodotto, consiglio", "it"),
        ("Muito bom, recomendo", "pt"),
        ("Отличный телефон, всем советую", "ru"),
        ("とても良い商品です", "ja"),
        ("좋은 제품입니다", "ko"),
    ],
)
def test_other_languages_are_recognised(text: str, code: str) -> None:
    assert language(text) == code
