"""Changed copies: whatever is done to the words, spans stay true."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from agent.understanding.labels import Move, SpanLabel
from agent.understanding.learning.annotated import parse_line, read_text
from agent.understanding.learning.augmentation import Augmenter, balanced, follows, joined, spoken, with_typos

POOL = read_text(
    "sk: I need a [T rain jacket], [B under £120], not [N black], for [H my 9 year old]\n"
    "rf: [B under 35 pounds] and [W good for camping in Wales]\n"
    "ap: does [P the blue one] [A come with a hood]?\n\n"
    "sk: a [T bread tin] [B under £9], not [N glass]\nca: I'll take [P it]",
    "hand",
)


@given(st.integers(0, 10_000), st.sampled_from(POOL))
def test_a_copy_keeps_its_moves_and_the_order_of_its_labels(seed: int, utterance) -> None:  # type: ignore[no-untyped-def]
    copy = Augmenter(POOL, strength=2).draw(utterance, random.Random(seed))
    assert copy.moves == utterance.moves
    assert [label for *_, label in copy.spans] == [label for *_, label in utterance.spans]
    for start, end, _ in copy.spans:
        assert 0 <= start < end <= len(copy.text)
        assert copy.text[start:end].strip()


def test_the_same_seed_draws_the_same_copy() -> None:
    draws = [Augmenter(POOL).draw(POOL[0], random.Random(7)) for _ in range(2)]
    assert draws[0] == draws[1]


def test_a_transcript_has_no_punctuation_and_its_numbers_in_words() -> None:
    runs = [("Well, I have ", None), ("under £120!", SpanLabel.CONDITION)]
    texts = {"".join(text for text, _ in spoken(runs, random.Random(seed))) for seed in range(60)}
    assert "well i have under a hundred and twenty pounds" in texts
    assert not any("," in text or "!" in text for text in texts)


def test_typos_leave_short_words_and_numbers_alone() -> None:
    changed = with_typos([("a 2000 to be umbrella", None)], random.Random(3))[0][0]
    assert changed.startswith("a 2000 to be ")


def test_two_turns_in_one_breath_seek_once() -> None:
    both = joined(POOL[0], POOL[1])
    assert both.moves == (Move.SEEK,)
    assert [both.text[s:e] for s, e, _ in both.spans][-2:] == [
        "under 35 pounds",
        "good for camping in Wales",
    ]


def test_only_turns_of_one_dialogue_follow_each_other() -> None:
    assert follows(POOL[0], POOL[1])
    assert not follows(POOL[2], POOL[3])


def test_rare_moves_are_seen_more_often() -> None:
    many = [parse_line("sk: a lamp")] * 399 + [parse_line("xx: idiot")]
    chosen = balanced(many, random.Random(0), share=0.02)
    assert sum(u.moves[0] is Move.ABUSIVE for u in chosen) in (2, 3)
    assert len(chosen) <= len(many) + 2


def test_a_request_may_be_cut_down_to_keywords() -> None:
    terse = Augmenter(POOL, strength=0, terse=1)
    texts = {terse.draw(POOL[0], random.Random(seed)).text for seed in range(40)}
    assert {"rain jacket", "rain jacket under £120"} <= texts
    assert terse.draw(POOL[1], random.Random(0)).text == POOL[1].text
