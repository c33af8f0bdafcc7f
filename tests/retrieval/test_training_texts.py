"""What sentiment is learnt from: ratings, labels, titles and sentences, and what is left out."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.training.sentiment_corpus import StarredReview, read_reviews, review_sentences, starred_titles
from retrieval.training.sentiment_data import (
    RatedSnippet,
    binary_examples,
    lexicon_words,
    rated_examples,
    read_snippets,
    read_sst2,
    split_amazon,
)


def test_human_ratings_become_soft_targets() -> None:
    praise, doubt, blame = rated_examples(
        [RatedSnippet("a", 3.0, "1"), RatedSnippet("b", 0.5, "1"), RatedSnippet("c", -3.0, "1")]
    )

    assert praise.target[2] > 0.99
    assert blame.target[0] > 0.99
    assert doubt.target[1] == pytest.approx(doubt.target[2], abs=0.05)


@given(rating=st.floats(-4, 4))
def test_every_rating_gives_a_distribution(rating: float) -> None:
    (example,) = rated_examples([RatedSnippet("x", rating, "1")])

    assert sum(example.target) == pytest.approx(1)
    assert min(example.target) >= 0


def test_weak_labels_are_less_certain() -> None:
    (example,) = binary_examples([("great", 1)], certainty=0.8)

    assert example.polar
    assert example.target == pytest.approx((0.2, 0, 0.8))


def test_a_bad_row_of_sst2_is_named(tmp_path: Path) -> None:
    (tmp_path / "train.tsv").write_text("good\t1\nbad\tno\n", encoding="utf-8")

    with pytest.raises(ValueError, match=r"train\.tsv, row 2"):
        read_sst2(tmp_path / "train.tsv")


def test_snippets_are_read_from_the_package_and_split_by_review(tmp_path: Path) -> None:
    lines = "".join(
        f"{review}_{part}\t{review % 3 - 1}\tsnippet {review} {part}\n"
        for review in range(20)
        for part in range(3)
    )
    inner = _tar({"hutto_ICWSM_2014/amazonReviewSnippets_GroundTruth.txt": lines.encode()})
    archive = tmp_path / "vaderSentiment-2.5.tar.gz"
    archive.write_bytes(_tar({"v/additional_resources/hutto_ICWSM_2014.tar.gz": inner}))

    snippets = read_snippets(archive, "amazon")
    train, test = split_amazon(snippets)

    assert len(snippets) == 60
    assert len(test) == 12
    assert not {snippet.group for snippet in train} & {snippet.group for snippet in test}


def test_films_are_no_source_of_snippets(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="amazon, tweets, news"):
        read_snippets(tmp_path / "x", "films")


def test_words_of_the_lexicon_are_words(tmp_path: Path) -> None:
    lexicon = "great\t3.1\t0.7\n:-)\t2.0\t0.5\nok\t1.2\t0.4\nawful\t-2.0\t0.5\n"
    (tmp_path / "v.tar.gz").write_bytes(_tar({"vaderSentiment-2.5/vader_lexicon.txt": lexicon.encode()}))

    assert lexicon_words(tmp_path / "v.tar.gz") == ["awful", "great"]


def test_titles_of_either_side_in_equal_numbers_and_no_star_counts() -> None:
    reviews = [
        StarredReview("really great little phone", "", 5),
        StarredReview("really good big phone", "", 4),
        StarredReview("Five stars from me", "", 5),
        StarredReview("stopped working quite soon", "", 1),
        StarredReview("it is a phone", "", 3),
    ]
    titles = starred_titles(reviews, limit=10)

    assert [side for _, side in titles] == [0, 1]
    assert titles[0][0] == "stopped working quite soon"


def test_sentences_are_split_plain_and_different(tmp_path: Path) -> None:
    folder = tmp_path / "phones"
    folder.mkdir()
    review = {
        "title_review": "Nice phone",
        "body": "It is <b>good</b>.<br>I like it! It is good.",
        "rating_review": 4,
    }
    (folder / "data_subset.json").write_text(json.dumps([{"reviews": [review, review]}]), encoding="utf-8")

    found = review_sentences(read_reviews(tmp_path), limit=10)

    assert len(found) == len(set(found))
    assert "Nice phone" in found
    assert "I like it!" in found
    assert not any("<" in sentence for sentence in found)


def _tar(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()
