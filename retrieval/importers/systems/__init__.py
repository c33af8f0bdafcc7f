"""Shop systems by name: how the rows of an export become products. A module and a header table each."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from retrieval.importers.systems import (
    amazon,
    amazon_listing,
    bigcommerce,
    ebay,
    etsy,
    generic,
    google,
    magento,
    prestashop,
    shopify,
    woocommerce,
)
from retrieval.importers.systems.common import Context, Drafts, Split

Reader = Callable[[Iterable[Split], Context], Drafts]

SYSTEMS: dict[str, Reader] = {  # in the order in which a file's columns are held against them
    "shopify": shopify.drafts,
    "woocommerce": woocommerce.drafts,
    "magento": magento.drafts,
    "bigcommerce": bigcommerce.drafts,
    "prestashop": prestashop.drafts,
    "etsy": etsy.drafts,
    "google": google.drafts,
    "amazon_listing": amazon_listing.drafts,
    "ebay": ebay.drafts,
    "amazon": amazon.drafts,
}
TABLE: Reader = generic.drafts
"""What reads a file that is no system's export."""

__all__ = ["SYSTEMS", "TABLE", "Context", "Drafts", "Reader", "Split"]
