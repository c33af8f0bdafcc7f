"""A tag in a wish: it binds where products carry it, and only weighs where it would leave nothing."""

from __future__ import annotations

from agent.meaning import Act, Constraint, Understanding
from agent.reading.easing import eased
from agent.reading.facts import Facts
from agent.state import DialogueState
from retrieval.catalog import Product
from retrieval.filters import Attribute, Category, Filter, Price, Tags

GRINDER = Product(item_id="g", title="Coffee grinder", category=("Coffee grinder",), price=50.0)
FAN = Product(item_id="f", title="Fan", category=("Fan",), price=30.0, tags=("quiet",))
FACTS = Facts(count=lambda condition: sum(condition.matches(product) for product in (GRINDER, FAN)))

QUIET = Constraint(constraint_id="a", kind="tag", slot="tag:quiet", label="quiet", filter=Tags(("quiet",)))


def of_kind(name: str) -> Constraint:
    return Constraint(
        constraint_id="b", kind="category", slot="category", label=name, filter=Category((name,))
    )


def ask(*constraints: Constraint) -> Understanding:
    return Understanding(act=Act.ASK, query="quiet", add=constraints)


def test_a_tag_that_products_of_the_kind_carry_binds() -> None:
    meant = ask(QUIET, of_kind("Fan"))
    assert eased(meant, DialogueState(), FACTS) == meant


def test_a_tag_that_would_leave_nothing_becomes_a_preference_that_is_seen() -> None:
    meant = eased(ask(QUIET, of_kind("Coffee grinder")), DialogueState(), FACTS)
    assert [constraint.label for constraint in meant.constraints] == ["Coffee grinder"]
    assert [(wish.label, wish.filter) for wish in meant.preferences] == [("quiet", Tags(("quiet",)))]


def test_what_is_no_tag_is_never_eased() -> None:
    limit: Filter = Price(max=10)
    price = Constraint(constraint_id="c", kind="price", slot="price", label="under $10", filter=limit)
    meant = ask(price, of_kind("Fan"))
    assert eased(meant, DialogueState(), FACTS) == meant


def test_a_tag_stays_when_without_it_nothing_fits_either() -> None:
    meant = ask(QUIET, of_kind("Nothing"))
    assert eased(meant, DialogueState(), FACTS) == meant


def test_without_a_shop_to_look_into_nothing_changes() -> None:
    meant = ask(QUIET, of_kind("Coffee grinder"))
    assert eased(meant, DialogueState(), Facts()) == meant


def test_a_value_that_the_kind_only_has_as_a_tag_is_read_there() -> None:
    """A colour field on tops, a tag on dresses: the dress marked off-white is an off-white dress."""
    dress = Product(item_id="d", title="Patchwork Dress", category=("Dresses",), tags=("off-white",))
    plain = Product(item_id="p", title="Plain Dress", category=("Dresses",), tags=("white",))
    top = Product(item_id="t", title="Berry Top", category=("Tops",), options={"Color": ("Off White",)})
    shop = (dress, plain, top)
    facts = Facts(count=lambda condition: sum(condition.matches(product) for product in shop))
    color = Constraint(
        constraint_id="a",
        kind="attribute",
        slot="attribute:color",
        label="Off White",
        filter=Attribute("Color", ("Off White",)),
        words="off white",
    )
    meant = eased(ask(color, of_kind("Dresses")), DialogueState(), facts)
    fitting = [p.item_id for p in shop if all(c.filter.matches(p) for c in meant.constraints)]
    assert fitting == ["d"]
    assert eased(ask(color, of_kind("Tops")), DialogueState(), facts) == ask(color, of_kind("Tops"))


def test_for_whom_it_is_only_weighs_where_nothing_of_the_kind_is_filed_so() -> None:
    kids = Constraint(
        constraint_id="k", kind="category", slot="category:people", label="Kids", filter=Category(("Kids",))
    )
    meant = eased(ask(kids, of_kind("Fan")), DialogueState(), FACTS)
    assert [constraint.label for constraint in meant.constraints] == ["Fan"]
    assert [wish.label for wish in meant.preferences] == ["Kids"]
