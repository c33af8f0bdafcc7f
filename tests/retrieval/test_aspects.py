from __future__ import annotations

import pytest

from retrieval.aspect_mining import MIN_SENTENCES, TermCounts, mine_aspects, mine_terms
from retrieval.aspects import Aspect, AspectBook, AspectLexicon, general_lexicon, stems_of
from tests.retrieval.reviews import WordEncoder

KETTLE = [
    "The battery life is great.",
    "I love the battery life of this kettle",
    "Bad battery life, and the lid is loose.",
    "The lid broke after a week",
    "My lid does not close.",
    "A great lid.",
    "I want to open it every day",
    "You should open it with care.",
    "They open the box.",
    "We went to London with the thing.",
    "I saw Amelia in the shop with Amelia",
    "It was sold by Amelia to the shop",
]


def counts(sentences: list[str]) -> TermCounts:
    found = TermCounts()
    for sentence in sentences:
        found.add(sentence)
    return found


def test_frequent_noun_phrases_are_mined_and_verbs_and_names_are_not() -> None:
    terms = mine_terms(counts(KETTLE))
    assert ("lid",) in terms
    assert stems_of("battery life") in terms
    assert ("open",) not in terms  # "to open", "should open"
    assert ("amelia",) not in terms  # a name
    assert ("thing",) not in terms  # says nothing


def test_a_word_heard_only_inside_a_phrase_is_no_aspect_of_its_own() -> None:
    assert ("life",) not in mine_terms(counts(KETTLE * 2))


def test_terms_of_one_spelling_or_meaning_are_one_aspect_named_by_the_most_frequent() -> None:
    sentences = (
        ["The headphone jack is great."] * 9
        + ["The head-phone jack is bad."] * 3
        + ["My kettel is fine."] * 3
    )
    sentences += ["The kettel is good."] + ["A great kettle lid."] * 13 + ["The kettle is good."] * 13
    book = mine_aspects([((), s) for s in sentences], WordEncoder())
    aspects = {term: aspect.name for aspect in book.lexicon(()).aspects for term in aspect.terms}
    assert aspects["head-phone jack"] == aspects["headphone jack"] == "headphone jack"
    assert aspects["kettel"] == "kettle"


def test_general_aspects_are_there_before_any_review() -> None:
    names = general_lexicon().names
    assert {"price", "quality", "delivery", "size", "service"} <= set(names)
    assert mine_aspects([], WordEncoder()).lexicon(("Any", "Where")).names == names


@pytest.mark.parametrize(
    ("sentence", "aspect"),
    [
        ("It was too expensive for me", "price"),
        ("It arrived two weeks late", "delivery"),
        ("It fits perfectly", "size"),
        ("Their customer service never answered", "service"),
        ("It fell apart in a day", "quality"),
    ],
)
def test_general_aspects_are_heard_without_being_named(sentence: str, aspect: str) -> None:
    assert aspect in [mention.aspect for mention in general_lexicon().find(sentence)]


def test_a_mention_says_where_it_stands() -> None:
    lexicon = AspectLexicon(
        (Aspect("battery life", ("battery life",), 9), Aspect("battery", ("battery",), 5))
    )
    sentence = "Great Batteries, and battery life!"
    found = lexicon.find(sentence)
    assert [(m.aspect, sentence[m.start : m.end]) for m in found] == [
        ("battery", "Batteries"),
        ("battery life", "battery life"),
    ]


def test_a_verb_is_an_aspect_only_where_it_is_judged_or_a_thing() -> None:
    lexicon = general_lexicon()
    assert lexicon.find("I look at it every day") == ()
    assert [m.aspect for m in lexicon.find("It looks great")] == ["look"]
    assert [m.aspect for m in lexicon.find("I like the look")] == ["look"]


def test_a_department_with_few_sentences_speaks_with_its_parents_aspects() -> None:
    many = ["The lid is great.", "The spout is bad.", "My lid broke."] * MIN_SENTENCES
    sentences = [(("Kitchen", "Kettles"), s) for s in many] + [
        (("Garden",), "The hose is long.")
    ] * MIN_SENTENCES
    sentences += [(("Kitchen", "Pans"), "The pan is flat.")] * 5
    book = mine_aspects(sentences, WordEncoder())
    assert book.known_category(("Kitchen", "Pans")) == ("Kitchen",)
    assert "lid" in book.lexicon(("Kitchen", "Pans")).names
    assert "hose" in book.lexicon(("Garden",)).names
    assert "lid" in book.lexicon(("Elsewhere",)).names  # the whole shop's


def test_the_products_own_name_is_the_product_as_a_whole() -> None:
    sentences = [(("Kettles",), "The kettle is great.")] * 9
    book = mine_aspects(sentences, WordEncoder(), {(): {"kettle"}})
    assert [m.aspect for m in book.lexicon(()).find("A great kettle")] == ["overall"]


def test_a_book_reads_back_as_it_was_written() -> None:
    book = mine_aspects([(("Kettles",), s) for s in KETTLE * 20], WordEncoder())
    again = AspectBook.from_json(book.to_json())
    assert again.lexicons == dict(book.lexicons)
    assert again.lexicon(()).find("a great lid") == book.lexicon(()).find("a great lid")


def test_names_of_the_build_before_are_kept() -> None:
    old = AspectBook({(): AspectLexicon((Aspect("screen", ("screen", "display"), 9),))})
    new = AspectBook(
        {(): AspectLexicon((Aspect("display", ("display", "screen"), 10), Aspect("lid", ("lid",), 3)))}
    )
    assert new.named_like(old).lexicon(()).names == ("screen", "lid")
