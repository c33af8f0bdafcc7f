"""What the shop's own documents say; with a product named, after what the shop says of that product."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.guards.input_guard import without_instructions
from agent.language.text import stems, tokenize
from agent.reasons.evidence import quotable, shorten
from agent.records import Evidence
from agent.toolbox.desk import Desk
from agent.toolbox.fields import answers
from agent.toolbox.turn import Outcome, Shelf, Turn
from retrieval.catalog import Product
from retrieval.documents import Passage

NEAR = 5
QUOTED = 400
_PRONOUNS = frozenset(("it", "its", "this", "that", "they", "them", "these", "those"))
SILENT = "The shop does not say; please ask it directly."


@dataclass(frozen=True)
class Named:
    """A product that a question names, and the question with ``{}`` in place of the name."""

    product: Product
    question: str
    by_pronoun: bool = False
    """Whether it is only "it": then the shop itself may be asked about."""

    def about(self, what: str) -> str:
        return self.question.format(what)


def shop_documents(desk: Desk, turn: Turn, shelf: Shelf, question: str) -> Outcome:
    """What the shop's documents say, word for word with the source; or that they do not say.

    Asked of one product ("does the second have a warranty"), what the shop says of that product comes first.
    """
    named = named_product(desk, turn, question)
    if named is None:
        passage = _passage(desk, question) or _on_kind_sought(desk, turn, question)
        passage = passage or _passage(desk, _of_all(desk, question))
        return _told(shelf, "", passage, "The shop says: ")
    own = answers(named.product, named.about("it"), ())  # not what its name has the words of
    passage = _passage_for(desk, named)
    if not own and named.by_pronoun:
        return _told(shelf, "", passage, "The shop says: ")
    shelf = desk.put(turn, shelf, named.product).add(evidence=[evidence for _, evidence in own])
    handle = shelf.handle_of(named.product.item_id) or "P1"
    if own:
        said = f"About [{handle}], the shop says: {'; '.join(text for text, _ in own)}."
        return _told(shelf, said, passage, " Its documents say: ")
    return _told(shelf, "", passage, f"Of [{handle}] itself the shop does not say that; its documents say: ")


def _told(shelf: Shelf, said: str, passage: Passage | None, lead: str) -> Outcome:
    """``said``, and the passage after ``lead``."""
    if passage is None:
        said = said or SILENT
        return Outcome(shelf.add(said=said, facts=(said,)), without_instructions(said))
    evidence = Evidence(
        evidence_id=f"document:{passage.source}", kind="document", source=passage.source, text=passage.text
    )
    said += f"{lead}“{shorten(passage.text, QUOTED)}” ({passage.source})"
    shelf = shelf.add(said=said, evidence=(evidence,), facts=(passage.text, passage.source))
    return Outcome(shelf, without_instructions(said))


def _passage(desk: Desk, question: str) -> Passage | None:
    documents = desk.shop.documents
    found = documents.ask(question) if documents is not None and question.strip() else None
    return found if found is not None and quotable(found.text) else None


def _on_kind_sought(desk: Desk, turn: Turn, question: str) -> Passage | None:
    """A passage on what is sought: "what size should I take", asked among running shoes."""
    for constraint in turn.state.in_slot("category"):
        kind = constraint.label.lower()
        found = _passage(desk, f"{question.rstrip(' ?.!')} for {kind}?")
        if found is not None and stems(kind)[-1:] and stems(kind)[-1] in stems(found.text):
            return found
    return None


def _of_all(desk: Desk, question: str) -> str:
    """The question about "it" where it names a kind of product that no page speaks of."""
    kinds = [t for t in tokenize(question) if t.is_word and desk.vocabulary.kinds.is_kind(t.stem)]
    if not kinds:
        return ""
    before = re.sub(r"\b(?:an?|the|your|my|these|those)\s+(?:[\w-]+\s+)?$", "", question[: kinds[-1].start])
    return f"{before}it{question[kinds[-1].end :]}"


def _passage_for(desk: Desk, named: Named) -> Passage | None:
    """A passage that speaks of this kind of product ("tents carry five years"), else one on all."""
    for kind in reversed(named.product.category):
        found = _passage(desk, named.about(f"the {kind.lower()}"))
        if found is not None and stems(kind)[-1:] and stems(kind)[-1] in stems(found.text):
            return found
    return _passage(desk, named.about("it"))


def named_product(desk: Desk, turn: Turn, question: str) -> Named | None:
    """The product pointed at, else the one that the question calls by its title or by brand and model.

    Costs a search (about 10 ms) where nothing is pointed at.
    """
    question = question.replace("{", "(").replace("}", ")")
    for referent in turn.understanding.referents:
        product = desk.shop.catalog.product(referent.item_id) if referent.item_id else None
        if product is not None and referent.text in question:
            by_pronoun = referent.text.lower() in _PRONOUNS
            return Named(product, question.replace(referent.text, "{}", 1), by_pronoun)
    near = desk.products(hit.item_id for hit in desk.shop.search.search(question, None, NEAR).hits)
    called = [(length, span, product) for product in near for length, span in _calls(question, product)]
    longest = max((length for length, _, _ in called), default=0)
    best = [(span, product) for length, span, product in called if length == longest]
    if len(best) != 1:  # none, or a name that several have
        return None
    (start, end), product = best[0]
    return Named(product, f"{question[:start]}{{}}{question[end:]}")


def _calls(question: str, product: Product) -> list[tuple[int, tuple[int, int]]]:
    """How many words of its name the question says in a row, and where: the whole title, or its beginning
    with the brand and more.
    """
    title, brand = stems(product.title), set(stems(product.brand or ""))
    tokens = [token for token in tokenize(question) if token.is_word]
    said = [token.stem for token in tokens]
    for length in range(len(title), 1, -1):
        enough = length == len(title) or (brand and brand < set(title[:length]))
        for at in range(len(said) - length + 1) if enough else ():
            if tuple(said[at : at + length]) == title[:length]:
                first = at - 1 if at and said[at - 1] == "the" else at
                return [(length, (tokens[first].start, tokens[at + length - 1].end))]
    return []
