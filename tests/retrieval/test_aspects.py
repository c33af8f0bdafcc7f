from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.aspect_mining.clusters import cluster_terms
from retrieval.aspect_mining.counts import TermCounts
from retrieval.aspect_mining.likeness import AspectLikeness
from retrieval.aspect_mining.mining import MIN_SENTENCES, mine_aspects, mine_terms
from retrieval.aspect_mining.seeds import ASPECT_TERMS, OTHER_TERMS
from retrieval.aspects import Aspect, AspectBook, AspectLexicon, stems_of
from retrieval.encoder import Encoder, open_encoder
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


LIKENESS = AspectLikeness(WordEncoder())
GENERAL = mine_aspects([], WordEncoder()).lexicon(())
"""What every shop has before any review."""


@pytest.fixture(scope="session")
def minilm(minilm_cache: Path) -> Encoder:
    return open_encoder(cache_folder=minilm_cache)


def counts(sentences: list[str]) -> TermCounts:
    found = TermCounts()
    for sentence in sentences:
        found.add(sentence)
    return found


def test_frequent_noun_phrases_are_mined_and_verbs_and_names_are_not() -> None:
    terms = mine_terms(counts(KETTLE), LIKENESS)
    assert ("lid",) in terms
    assert stems_of("battery life") in terms
    assert ("open",) not in terms  # "to open", "should open"
    assert ("amelia",) not in terms  # a name
    assert ("thing",) not in terms  # says nothing


def test_verbs_after_a_noun_are_no_compounds_with_it() -> None:
    sentences = ["The lid came off.", "The lid reaches far", "A great lid, bigger than expected."] * 4
    names = {term.name for term in mine_terms(counts(sentences), LIKENESS).values()}
    assert names == {"lid"}


def test_where_and_when_a_product_is_used_is_no_aspect_of_it() -> None:
    sentences = ["The handle is great in the cellar.", "I use the handle at the cellar", "A good handle."] * 3
    assert not counts(sentences).is_noun("cellar")
    assert counts(sentences).is_noun("handle")


def test_a_phrase_of_plain_words_that_is_nearly_always_capitalised_is_a_name() -> None:
    sentences = [
        "I love the Broken Handle on this album",
        "The best is a Broken Handle, with a great beat.",
        "Their great Broken Handle again.",
        "You hear the broken handle of it",
        "The handle of it is great",
        "A great handle for the beat",
    ]
    found = counts(sentences)
    assert found.is_title(stems_of("broken handle"))
    assert not found.is_title(stems_of("handle"))


def test_a_name_in_a_department_is_no_aspect_that_it_inherits() -> None:
    jazz = ["The hooks are great.", "I love the hooks of it", "Bad hooks."] * MIN_SENTENCES
    pop = ["I love what Hook did", "It is a great Hook again.", "The lid is great."] * MIN_SENTENCES
    book = mine_aspects([(("Jazz",), s) for s in jazz] + [(("Pop",), s) for s in pop], WordEncoder())
    assert "hooks" in book.lexicon(("Jazz",)).names
    assert "hooks" in book.lexicon(()).names
    assert "hooks" not in book.lexicon(("Pop",)).names


def test_capitals_of_headlines_and_of_first_words_say_nothing() -> None:
    found = counts(["Great Battery Life", "Battery Life In A Day", "My Great Battery Life"] * 3)
    assert not found.is_title(stems_of("battery life"))


def spoken(term: str, times: dict[int, int], products: int = 20) -> TermCounts:
    """Ten sentences on the lid of each product, and ``times`` on ``term`` for some of them."""
    found = TermCounts()
    for number in range(products):
        said = ["The lid is great.", "A bad lid."] * 5 + [f"The {term} is great."] * times.get(number, 0)
        for sentence in said:
            found.add(sentence, f"product {number}")
    return found


def test_what_is_said_of_two_products_alone_is_no_aspect_of_the_category() -> None:
    names = {term.name for term in mine_terms(spoken("chorus", {3: 6, 7: 5}), LIKENESS).values()}
    assert names == {"lid"}


def test_what_is_said_of_many_products_is_an_aspect() -> None:
    found = spoken("chorus", dict.fromkeys(range(8), 1))
    assert {term.name for term in mine_terms(found, LIKENESS).values()} == {"lid", "chorus"}


@pytest.mark.parametrize(
    ("times", "products"),
    [
        ({3: 2, 7: 1}, 20),  # three sentences may meet in two products by chance
        ({1: 9, 2: 9}, 3),  # a category of three products says little of what they share
        ({}, 20),
    ],
)
def test_too_little_heard_holds_no_term_for_local(times: dict[int, int], products: int) -> None:
    assert not spoken("chorus", times, products).is_local(("chorus",))


def test_a_department_hears_of_how_many_products_its_parts_speak() -> None:
    shop = TermCounts()
    for start in (0, 10):
        part = TermCounts()
        for number in range(start, start + 10):
            for sentence in ["The lid is great."] * 5 + ["The chorus is great."] * (4 * (number % 5 == 0)):
                part.add(sentence, f"product {number}")
        assert part.is_local(("chorus",))  # two of ten products
        shop.merge(part)
    assert shop.products == 20
    assert not shop.is_local(("chorus",))  # four of twenty


def test_sentences_of_unknown_products_are_mined_as_well() -> None:
    said = ["The lid is great.", "A bad lid."] * 3
    unknown = mine_aspects([((), sentence) for sentence in said], WordEncoder())
    known = mine_aspects([((), sentence, str(n)) for n in range(7) for sentence in said], WordEncoder())
    assert unknown.lexicon(()).names[-1] == known.lexicon(()).names[-1] == "lid"


def test_an_aspect_is_named_by_its_noun_not_by_a_more_frequent_verb() -> None:
    sentences = ["It connects well."] * 5 + ["The connection is great.", "A bad connection."] * 2
    (term,) = mine_terms(counts(sentences), LIKENESS).values()
    assert term.name == "connection"


def test_the_shops_encoder_learns_parts_and_qualities_from_people_times_and_events(minilm: Encoder) -> None:
    likeness = AspectLikeness(minilm)
    aspects = ["sunroof", "touch sensitivity", "sweetness", "carrying handle", "percussion"]
    others = ["mother-in-law", "thursday night", "stadium", "whispered", "regretted"]
    assert not {*aspects, *others} & (ASPECT_TERMS | OTHER_TERMS)
    assert min(likeness.of(aspects)) > 0.65 > max(likeness.of(others))


def test_seeds_and_their_plurals_are_known() -> None:
    assert LIKENESS.of(["zippers", "weekends"]).tolist() == [1.0, 0.0]


def test_a_word_heard_only_inside_a_phrase_is_no_aspect_of_its_own() -> None:
    assert ("life",) not in mine_terms(counts(KETTLE * 2), LIKENESS)


def clustered(found: dict[str, int]) -> dict[str, str]:
    """The aspect of each term."""
    sizes = {stems_of(name): count for name, count in found.items()}
    spelling = {stems_of(name): name for name in found}
    return {term: a.name for a in cluster_terms(sizes, spelling, WordEncoder()) for term in a.terms}


def test_terms_of_one_spelling_or_meaning_are_one_aspect_named_by_the_most_frequent() -> None:
    aspects = clustered({"headphone jack": 9, "head-phone jack": 3, "kettel": 4, "kettle": 26})
    assert aspects["head-phone jack"] == aspects["headphone jack"] == "headphone jack"
    assert aspects["kettel"] == aspects["kettle"] == "kettle"


@pytest.mark.parametrize("measured", ["battery life", "sound quality", "noise level", "zoom performance"])
def test_a_thing_and_how_good_it_is_are_one_aspect(measured: str) -> None:
    thing = measured.split()[0]
    aspects = clustered({thing: 9, measured: 4})
    assert aspects[measured] == aspects[thing] == thing


def test_a_measure_of_what_nobody_names_alone_keeps_its_name() -> None:
    aspects = clustered({"battery life": 9, "battery door": 5})
    assert (aspects["battery life"], aspects["battery door"]) == ("battery life", "battery door")


def test_a_department_hears_as_one_what_is_one_to_the_whole_shop() -> None:
    both = ["The battery is great.", "A bad battery."] * 6 + ["The battery life is great."] * 12
    bare = ["The battery is great.", "I love the battery", "Bad battery."] * MIN_SENTENCES
    said = [(("Watches",), s) for s in both * MIN_SENTENCES] + [(("Phones",), s) for s in bare]
    phones = mine_aspects(said, WordEncoder()).lexicon(("Phones",))
    (alone,), (with_life,) = phones.find("The battery is fine"), phones.find("Its battery life")
    assert alone.aspect == with_life.aspect


def test_general_aspects_are_there_before_any_review() -> None:
    lexicon = mine_aspects([], WordEncoder()).lexicon(("Any", "Where"))
    assert {"price", "quality", "delivery", "size", "service"} <= set(lexicon.names)


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
    assert aspect in [mention.aspect for mention in GENERAL.find(sentence)]


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
    assert GENERAL.find("I look at it every day") == ()
    assert [m.aspect for m in GENERAL.find("It looks great")] == ["look"]
    assert [m.aspect for m in GENERAL.find("I like the look")] == ["look"]


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


def test_a_department_shows_what_its_own_buyers_speak_of_and_understands_the_rest() -> None:
    hoses = [(("Garden",), s) for s in ["The hose is great.", "A good hose."] * MIN_SENTENCES]
    lids = [(("Kitchen",), s) for s in ["The lid is great.", "A bad lid."] * MIN_SENTENCES]
    kitchen = mine_aspects(hoses + lids, WordEncoder()).lexicon(("Kitchen",))
    assert "lid" in kitchen.heard
    assert "hose" not in kitchen.heard
    assert [m.aspect for m in kitchen.find("the hose is long")] == ["hose"]


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
