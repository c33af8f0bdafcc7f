"""Street addresses, account, card and social-security numbers are masked; what belongs to products stays."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iban, luhn

from retrieval.text.personal_data import mask_personal_data

ADDRESS_WORDS = (
    *("I", "live", "at", "12", "Oak", "Street", ",", "10115", "Berlin", "an", "Str.", "Weg", "5"),
    *("DE89", "SSN", "x", "Am", "Markt", "PO Box", "NY"),
)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("I live at 221B Baker Street, London.", "I live at [address]."),
        ("i live at 12 oak avenue and need a tent", "i live at [address] and need a tent"),
        ("My address is 742 Evergreen Terrace, Springfield, IL 62704", "My address is [address]"),
        (
            "Please ship it to 1600 Amphitheatre Parkway, Mountain View, CA 94043.",
            "Please ship it to [address].",
        ),
        ("Deliver to 350 Fifth Avenue, Apt 4B please", "Deliver to [address] please"),
        ("The box went to 45 Elm St, Apt 7, Boston, MA 02110 twice", "The box went to [address] twice"),
        ("10 Downing Street, London SW1A 2AA", "[address]"),
        ("We met the courier at 18 Hill Road.", "We met the courier at [address]."),
        ("It was left at 18 Hill Road and got wet", "It was left at [address] and got wet"),
        ("write to P.O. Box 1234, Denver, CO 80201", "write to [address]"),
        ("Ich wohne in der Musterstraße 12, 10115 Berlin.", "Ich wohne in der [address]."),
        ("ich wohne in der hauptstrasse 5 in köln", "ich wohne in der [address] in köln"),
        ("Lieferadresse: Lindenweg 3a, 50667 Köln", "Lieferadresse: [address]"),
        ("Bitte an den Goetheplatz 4, 60311 Frankfurt am Main liefern", "Bitte an den [address] liefern"),
        ("Unter den Linden 77, 10117 Berlin", "[address]"),
        ("Das Paket ging an die Bahnhofstr. 8.", "Das Paket ging an die [address]."),
        ("Schicken Sie es an den Rosenring 9", "Schicken Sie es an den [address]"),
        ("Postfach 12 34", "[address]"),
        ("Kirchplatz 2, 1010 Wien", "[address]"),
    ],
)
def test_a_street_address_is_masked(text: str, masked: str) -> None:
    assert mask_personal_data(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("My IBAN is DE89 3704 0044 0532 0130 00 please", "My IBAN is [account number] please"),
        ("de89370400440532013000", "[account number]"),
        ("refund GB82 WEST 1234 5698 7654 32.", "refund [account number]."),
        ("IBAN: DE00 1234 5678 9012 3456 78 (a digit is wrong)", "IBAN: [account number] (a digit is wrong)"),
        ("sort code 12-34-56", "sort code [account number]"),
        ("meine Kontonummer lautet 1234567", "meine Kontonummer lautet [account number]"),
        ("my bank account number is 000123456789.", "my bank account number is [account number]."),
        ("My card is 4111 1111 1111 1111.", "My card is [card number]."),
        ("amex 378282246310005, cvv 1234", "amex [card number], cvv [card number]"),
        ("my SSN is 536-90-4399", "my SSN is [identity number]"),
        ("536-90-4399 is mine", "[identity number] is mine"),
        ("social security number: 536 90 4399", "social security number: [identity number]"),
        ("national insurance number AB 12 34 56 C", "national insurance number [identity number]"),
        ("Sozialversicherungsnummer 65 170839 J 003", "Sozialversicherungsnummer [identity number]"),
        ("65 170839 J 003", "[identity number]"),
        ("meine Steuer-ID ist 36 574 261 809", "meine Steuer-ID ist [identity number]"),
        ("AHV 756.9217.0769.85", "AHV [identity number]"),
    ],
)
def test_numbers_of_accounts_cards_and_persons_are_masked(text: str, masked: str) -> None:
    assert mask_personal_data(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "21 Jump Street on DVD",
        "do you have 10 Cloverfield Lane?",
        "a 1 TB external drive",
        "500 GB Flash Drive at 30 dollars",
        "a 27 inch monitor for my home office at 5 Place settings",
        "I am looking at 2 Salomon Trail shoes",
        "2 Black Diamond Trail poles at $40",
        "4 wheel drive toy, 2 way radio, 5 star court shoes",
        "men's 10.5 wide road running shoes",
        "Street Fighter 6 and Drive 2",
        "12 Monkeys Street Wear hoodie size 42",
        "Sony WH-1000XM4 or WF-1000XM5",
        "HP CE285A toner, Bosch GSR 12V-35, LG OLED55C1",
        "AB123456C is the part",
        "Nike Air Max 270 size 44.5 EU",
        "EAN 4006381333931",
        "ISBN 9783161484100 in hardcover",
        "Ohrring 2 Stück, Schlüsselring 3 cm",
        "ein Spielplatz 3 in 1 für den Garten",
        "Arbeitsplatz 2 mit 128 GB Speicherplatz 500",
        "liefert ihr den Ohrring 3 mal?",
        "Topf 24 cm, 5000 Watt",
        "iPhone 12 64 GB, 1080 x 1920",
        "under $1,299.99 in 2010-2012",
        "filter set 12-34-56",
        "3 to 4 people live in a 2 room place",
        "ship to 3 different addresses on the road",
        "DE12 is my drill",
        "Remington Pro 2000 1875 Watt dryer",
        "Rust Sealer 15 40204 Primer",
        "sizes 1 2 3 5 8 13",
    ],
)
def test_words_and_numbers_of_products_stay(text: str) -> None:
    assert mask_personal_data(text) == text


@given(st.text("0123456789", min_size=18, max_size=18), st.sampled_from(["", " ", "-"]))
def test_every_german_account_is_masked_however_it_is_grouped(bban: str, between: str) -> None:
    check = 98 - int(f"{bban}131400") % 97
    number = f"DE{check:02d}{bban}"
    assert iban.is_valid(number)
    typed = between.join(number[at : at + 4] for at in range(0, len(number), 4))
    assert mask_personal_data(f"pay it to {typed} soon") == "pay it to [account number] soon"


@given(st.text("0123456789", min_size=14, max_size=14), st.sampled_from(["", " ", "-"]))
def test_every_card_number_is_masked_however_it_is_grouped(digits: str, between: str) -> None:
    number = f"4{digits}"
    number += luhn.calc_check_digit(number)
    typed = between.join(number[at : at + 4] for at in range(0, 16, 4))
    assert mask_personal_data(f"use {typed}.") == "use [card number]."


@given(
    st.lists(
        st.sampled_from(ADDRESS_WORDS),
        max_size=14,
    )
)
def test_masking_twice_changes_nothing(words: list[str]) -> None:
    once = mask_personal_data(" ".join(words))
    assert mask_personal_data(once) == once


def test_masking_costs_a_turn_next_to_nothing_and_grows_with_the_text_only() -> None:
    said = (
        "i live at 12 oak avenue, need 2 black diamond trail poles under $40 and size 42 boots for 5 days "
        * 2
    )

    def milliseconds(text: str) -> float:
        times = []
        for _ in range(7):
            started = time.perf_counter()
            mask_personal_data(text)
            times.append(time.perf_counter() - started)
        return min(times) * 1000

    assert milliseconds(said) < 4  # about 0.3 on an idle machine
    for hostile in (
        "1 " * 5_000,
        "12 Oak " * 1_500,
        "at 5 A " * 1_500,
        "DE12 " * 2_000,
        "A-" * 5_000,
        "a " * 5_000,
    ):
        assert milliseconds(hostile * 4) < 12 * max(milliseconds(hostile), 1)
