from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.reviews.text import (
    MAX_REVIEW_CHARS,
    MAX_SENTENCE_CHARS,
    clean_text,
    mask_personal_data,
    sentence_spans,
    split_sentences,
    words_for_model,
)

# --- cleaning


def test_html_becomes_text_and_scripts_vanish() -> None:
    raw = "It&#39;s <b>great</b><br/>Buy it<script>alert(1)</script><p>Now &amp; here</p>"
    assert clean_text(raw) == "It's great\nBuy it\nNow & here"


@pytest.mark.parametrize("text", ["I <3 this", "5 < 6 and 7 > 2", "a&b", "5 <6kg"])
def test_text_that_only_looks_like_html_stays(text: str) -> None:
    assert clean_text(text) == text


def test_control_and_direction_characters_are_dropped() -> None:
    assert clean_text("go\u202eod\x00 \u200bphone\ufeff") == "good phone"


def test_emoji_stay_in_the_text_and_become_words_for_the_model() -> None:
    assert clean_text("Love it \U0001f60d") == "Love it \U0001f60d"
    assert words_for_model("\U0001f44d\U0001f44d\U0001f3fd fine") == "good fine"
    assert words_for_model("It died :(") == "It died bad"
    assert words_for_model("sturdy \U0001f422") == "sturdy turtle"


def test_a_wrapped_line_is_joined_and_a_list_is_not() -> None:
    assert clean_text("it works\nwell\n- Big\n- Light") == "it works well\n- Big\n- Light"


@given(st.text(max_size=400))
def test_cleaning_never_fails_and_is_idempotent(raw: str) -> None:
    once = clean_text(raw)
    if "<" not in once and "&" not in once:
        assert clean_text(once) == once


def test_a_50_kb_review_is_split_quickly() -> None:
    text = clean_text(("the strap is fine and " * 3000)[:50_000])
    start = time.perf_counter()
    spans = sentence_spans(mask_personal_data(text))
    assert time.perf_counter() - start < 2.0
    assert all(end - start <= MAX_SENTENCE_CHARS for start, end in spans)
    assert len(clean_text("x" * 200_000)) == MAX_REVIEW_CHARS


# --- sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It works. I like it!", ["It works.", "I like it!"]),
        ("Mr. Smith paid 4.99 for it. Fine.", ["Mr. Smith paid 4.99 for it.", "Fine."]),
        ("Small, e.g. for kids. ok", ["Small, e.g. for kids.", "ok"]),
        ("It held up over time.It's good", ["It held up over time.", "It's good"]),
        ("The sound... is great", ["The sound... is great"]),
        ("Pros\n- big screen\n* light", ["Pros", "big screen", "light"]),
        ("Really?! Yes.", ["Really?!", "Yes."]),
        ("  ...  ", []),
        ("", []),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    assert split_sentences(text) == sentences


@given(st.text(max_size=600))
def test_sentences_are_slices_in_order_without_overlap(text: str) -> None:
    cleaned = clean_text(text)
    last = 0
    for start, end in sentence_spans(cleaned):
        assert last <= start < end <= len(cleaned)
        assert cleaned[start:end] == cleaned[start:end].strip()
        last = end


# --- personal data


@pytest.mark.parametrize(
    "secret",
    [
        "john.doe+shop@mail.example.com",
        "jane (at) example (dot) com",
        "(212) 555-0199",
        "212-555-0199",
        "+49 30 1234567",
        "+44 20 7946 0958",
        "112-1234567-7654321",
        "4111 1111 1111 1111",
        "5551234567",
    ],
)
def test_addresses_and_numbers_of_persons_are_masked(secret: str) -> None:
    masked = mask_personal_data(f"Write to {secret} please, it is great.")
    assert secret not in masked
    assert masked.endswith("please, it is great.")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("My order number AB-12345 is lost", "My order number [order number] is lost"),
        ("order #998877 never came", "order [order number] never came"),
        ("My name is John Smith.", "My name is [name]."),
        ("I spoke with Karen, who helped.", "I spoke with [name], who helped."),
        ("Great phone.\n- Mary Jones", "Great phone.\n- [name]"),
        ("Call me at 555 0199 22", "Call me at [phone]"),
        ("Works well. Regards, Mary", "Works well. Regards, [name]"),
        ("I emailed John Miller twice", "I emailed [name] twice"),
        ("A rep named Karen helped", "A rep named [name] helped"),
    ],
)
def test_names_and_orders_are_masked(text: str, masked: str) -> None:
    assert mask_personal_data(text) == masked


def test_a_known_name_is_masked_wherever_it_stands() -> None:
    assert mask_personal_data("As ANDREW ALLEN says, buy it", ["Andrew Allen"]) == "As [name] says, buy it"


@pytest.mark.parametrize(
    "text",
    [
        "iPhone 12 with 128 GB and 1080 x 1920 pixels",
        "I paid $1,299.99 in 2010-2012",
        "It lasted 3 years, 24/7, at 100 percent",
        "The Beatles and John Lennon are great",
        "A song written by Prince, named Kiss",
        "Signed, Sealed and Delivered is here",
        "I contacted Verizon about it",
        "We both love Vogue",
        "A book by Ellen Brown",
        "The phone quit working 11/22/2014",
        "Pros:\n- Screen\n- Camera",
        "The phone runs 4.4.2 and 10.1 now",
        "My order arrived in 2 days",
        "best album - highly recommended",
        "Rated 4.5 out of 5, 10/10",
    ],
)
def test_ordinary_numbers_and_names_stay(text: str) -> None:
    assert mask_personal_data(text) == text


@given(st.text(max_size=300))
def test_masking_is_idempotent(text: str) -> None:
    once = mask_personal_data(text)
    assert mask_personal_data(once) == once
