"""After an import: what the whole catalogue shows of a product and its own row does not, its category by title."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from retrieval.catalog import Catalog
from retrieval.importers.records import Progress
from retrieval.naming.categories import CategoryReader, Path
from retrieval.records import Product

_LEARNED_FROM = 20_000


@dataclass
class Completed:
    """What was made out: ``wanting`` products without a category that says what they are, ``told`` by title."""

    wanting: int = 0
    told: int = 0
    vague: Counter[Path] = field(default_factory=Counter)
    """Categories of most products that tell nothing, with the products in them."""
    examples: dict[str, str] = field(default_factory=dict)
    """A title by the category that it told."""

    def notices(self) -> Iterator[str]:
        """What the summary of an import tells."""
        for path, count in self.vague.items():
            yield (
                f"{count:,} products of all kinds are in the category {' > '.join(path)!r}, which tells nothing of "
                "what they are; it is kept, with what their titles tell below it"
            )
        if self.wanting:
            shown = ", ".join(
                f"{kind} (of {title[:50]!r})" for kind, title in list(self.examples.items())[:3]
            )
            read = (
                f"{self.told:,} categories were read from titles and are marked so: {shown}"
                if self.told
                else ""
            )
            left = self.wanting - self.told
            rest = f"{left:,} stay without, since their titles do not tell for sure" if left else ""
            told = "; ".join(filter(None, (read, rest)))
            yield f"{self.wanting:,} products have no category that says what they are: {told}"


def complete_categories(catalog: Catalog, progress: Progress) -> Completed:
    """Gives the products without a telling category what their titles tell; a good one is never touched.

    Learns from a sample of the catalogue, and reads it once where there is something to do. Categories that titles
    told after an earlier import are told anew, so that what is there does not depend on the order of imports.
    """
    reader = CategoryReader.learn(
        (product.title, product.own_category, product.brand or "")
        for product in catalog.sample(_LEARNED_FROM)
    )
    done = Completed()
    if reader.vague or catalog.lacks_categories():
        catalog.complete_products(_completed(catalog, reader, done, progress))
    return done


def _completed(
    catalog: Catalog, reader: CategoryReader, done: Completed, progress: Progress
) -> Iterator[Product]:
    """The products whose category changes."""
    total = catalog.count()
    for number, product in enumerate(catalog.products()):
        if number % 5000 == 0:
            progress("reading categories from titles", number, total)
        own = product.own_category
        found = reader.read(product.title, own)
        if reader.is_wanting(own):
            done.wanting += 1
            done.vague.update((own,) if own else ())
        if found != own:
            done.told += 1
            done.examples.setdefault(found[-1], product.title)
        nothing = () if own else product.stated_category or ()  # "Combinations"
        stated = (own or nothing) if found != own else nothing or None
        if (found, stated) != (product.category, product.stated_category):
            yield product.model_copy(update={"category": found, "stated_category": stated})
