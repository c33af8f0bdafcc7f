"""An import without a build: what is said of prices, stock and removals is true at once."""

from __future__ import annotations

import re
from pathlib import Path

from agent.assistant import ShoppingAssistant
from agent.records import Reply

ASKED = "the cheapest kettle under $500"


def told(reply: Reply) -> int:
    """The number of products that the reply says it chose among."""
    found = re.search(r"of the ([\d,]+)", reply.text)
    assert found, reply.text
    return int(found[1].replace(",", ""))


def test_the_number_said_is_of_the_products_as_they_are_now(copied_shop: Path) -> None:
    assistant = ShoppingAssistant.open(copied_shop)
    catalog = assistant.shop.catalog
    before = assistant.reply(ASKED)
    assert len(before.cards) >= 3
    kept, dearer, gone = (card.item_id for card in before.cards[:3])
    product = catalog.product(dearer)
    assert product is not None
    catalog.upsert_products([product.model_copy(update={"price": 900.0, "price_max": 900.0})])
    catalog.remove_products([gone])
    after = assistant.reply(ASKED)
    shown = {card.item_id for card in after.cards}
    assert kept in shown
    assert not {dearer, gone} & shown
    assert told(after) == told(before) - 2
