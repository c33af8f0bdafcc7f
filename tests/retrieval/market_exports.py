"""Further layouts of the round trip: marketplaces, BigCommerce, PrestaShop, a feed in RSS, Icecat's JSON lines.

``CARRIED`` says what of a product a layout can hold, where that is not all.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from xml.sax.saxutils import escape

from tests.retrieval.exports import CURRENCIES, Known, money, table


def bigcommerce(known: Sequence[Known], locale: str) -> str:
    def rows() -> Iterator[dict[str, object]]:
        for p in known:
            yield {
                "Item": "Product", "ID": p.item_id.removeprefix("P-"), "Name": p.title, "Type": "physical",
                "SKU": p.item_id, "Options": "", "Inventory Tracking": "variant", "Current Stock": 0, "Price": 1,
                "Categories": f"{'/'.join(p.path)};Sale", "Description": f"<p>{escape(p.description)}</p>",
                "Custom Fields": f"Material={p.material}", "Brand": p.brand, "Is Visible": "TRUE",
            }  # fmt: skip
            for place, v in enumerate(p.variants):
                yield {
                    "Item": "Variant", "SKU": f"{p.item_id}-{place}", "Price": f"{v.cents / 100:.2f}",
                    "Options": f"Type=Swatch|Name=Color|Value={v.color}Type=Rectangle|Name=Size|Value={v.size}",
                    "Current Stock": v.stock,
                }  # fmt: skip

    return table(rows())


PRESTA = {  # id, active, name, reference, category, price with tax, quantity, description, brand, features
    "en": "Product ID|Active (0/1)|Name *|Reference #|Categories (x,y,z...)|Price tax included|Quantity|Description|"
    "Manufacturer|Feature(Name:Value:Position)",
    "de": "Produkt-ID|Aktiv|Name|Artikel-Nr.|Kategorien|Preis (inkl. MwSt.)|Menge|Beschreibung|Hersteller|"
    "Feature(Name:Value:Position)",
    "fr": "ID produit|Actif (0/1)|Nom|Référence|Catégories|Prix (TTC)|Quantité|Description|Marque|"
    "Caractéristique (Nom:Valeur:Position)",
    "es": "ID del producto|Activo|Nombre|Referencia|Categoría|Precio (imp. incl.)|Cantidad|Descripción|Fabricante|"
    "Feature(Name:Value:Position)",
    "pl": "ID produktu|Aktywny|Nazwa|Indeks|Kategoria|Cena brutto|Ilość|Opis|Producent|Feature(Name:Value:Position)",
}


def prestashop(known: Sequence[Known], locale: str) -> str:
    names = PRESTA[locale].split("|")

    def rows() -> Iterator[dict[str, object]]:
        for p in known:
            cells = (
                p.item_id, 1, p.title, f"R{p.item_id}", f"Home,{p.path[0]}", money(p.variants[0].cents, locale),
                p.variants[0].stock, p.description, p.brand, f"Material:{p.material}:1",
            )  # fmt: skip
            yield dict(zip(names, cells, strict=True))
        yield dict.fromkeys(names, "0") | {names[0]: "0", names[1]: "0", names[2]: "Off"}

    return table(rows(), ";")


def etsy(known: Sequence[Known], locale: str) -> str:
    def rows() -> Iterator[dict[str, object]]:
        for p in known:
            cells: dict[str, object] = {
                "TITLE": p.title, "DESCRIPTION": p.description, "PRICE": f"{p.variants[0].cents / 100:.2f}",
                "CURRENCY_CODE": CURRENCIES[locale], "QUANTITY": sum(v.stock for v in p.variants), "TAGS": "gift_idea",
                "MATERIALS": p.material.replace(" ", "_"), "SECTION": " > ".join(p.path), "SKU": p.item_id,
                "BRAND": p.brand,
            }  # fmt: skip
            for place, (name, choices) in enumerate(p.options.items(), start=1):
                cells |= {
                    f"VARIATION {place} TYPE": "CUSTOM", f"VARIATION {place} NAME": name,
                    f"VARIATION {place} VALUES": ",".join(choices),
                }  # fmt: skip
            yield cells

    return table(rows())


def ebay(known: Sequence[Known], locale: str) -> str:
    action = f"*Action(SiteID=X|Country=X|Currency={CURRENCIES[locale]}|Version=1193)"

    def rows() -> Iterator[dict[str, object]]:
        for p in known:
            colors = ";".join(dict.fromkeys(v.color for v in p.variants))
            sizes = ";".join(dict.fromkeys(v.size for v in p.variants))
            yield {
                action: "Add", "Custom label (SKU)": p.item_id, "*Title": p.title, "Relationship": "",
                "Relationship details": f"Color={colors}|Size={sizes}", "Start price": "", "Available quantity": "",
                "Category name": "/" + "/".join(p.path), "Description": escape(p.description), "C:Brand": p.brand,
                "C:Material": p.material, "Condition ID": "1000-New",
            }  # fmt: skip
            for place, v in enumerate(p.variants):
                yield {
                    "Custom label (SKU)": f"{p.item_id}-{place}", "Relationship": "Variation",
                    "Relationship details": f"Color={v.color}|Size={v.size}", "Start price": f"{v.cents / 100:.2f}",
                    "Available quantity": v.stock,
                }  # fmt: skip

    return "Info,Version=1.0.0,Template=fx_category_template_EBAY\n" + table(rows())


def amazon_listing(known: Sequence[Known], locale: str) -> str:
    def rows() -> Iterator[dict[str, object]]:
        for p in known:
            shared = {
                "item_name": p.title, "product_description": p.description, "brand_name": p.brand,
                "item_type_name": p.path[0], "currency": CURRENCIES[locale], "material": p.material,
            }  # fmt: skip
            yield {"item_sku": p.item_id, "parent_child": "Parent"} | shared
            for place, v in enumerate(p.variants):
                yield shared | {
                    "item_sku": f"{p.item_id}-{place}", "parent_child": "Child", "parent_sku": p.item_id,
                    "variation_theme": "SizeColor", "color_name": v.color, "size_name": v.size, "quantity": v.stock,
                    "standard_price": f"{v.cents / 100:.2f}",
                }  # fmt: skip

    text = table(rows(), "\t")
    columns = next(csv.reader(io.StringIO(text), delimiter="\t"))
    preamble = ["TemplateType=fptcustom", "Version=2021.0901", "The top 3 rows are for Amazon.com use only."]
    preamble += [""] * (len(columns) - len(preamble))
    labels = [column.replace("_", " ").title() for column in columns]
    return "\n".join(["\t".join(preamble), "\t".join(labels), text])


def google_rss(known: Sequence[Known], locale: str) -> str:
    def item(p: Known, place: int) -> str:
        v = p.variants[place]
        cells = {
            "id": f"{p.item_id}-{place}", "item_group_id": p.item_id, "title": p.title, "description": p.description,
            "link": f"https://shop.example/{p.item_id}?v={place}", "availability": "in stock",
            "price": f"{v.cents / 100:.2f} {CURRENCIES[locale]}", "brand": p.brand, "product_type": " > ".join(p.path),
            "color": v.color, "size": v.size, "material": p.material, "quantity": str(v.stock),
        }  # fmt: skip
        return "".join(f"<g:{name}>{escape(cell)}</g:{name}>" for name, cell in cells.items())

    items = "".join(f"<item>{item(p, place)}</item>" for p in known for place in range(len(p.variants)))
    return (
        '<?xml version="1.0"?><rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel>'
        f"<title>Shop</title>{items}</channel></rss>"
    )


def icecat(known: Sequence[Known], locale: str) -> str:
    """JSON lines with whole cents, a column for each attribute, and the brand as ``supplier``."""
    rows = (
        {
            "id": p.item_id, "name": f"N{p.item_id}", "title": p.title, "short_description": p.description,
            "supplier": p.brand, "price": p.variants[0].cents, "category": list(p.path), "stock": p.variants[0].stock,
            "currency": CURRENCIES[locale], "attr_t_material": p.material, "attr_n_depth": 3.5,
            "attr_b_wireless": number % 2 == 0,
        }
        for number, p in enumerate(known)
    )  # fmt: skip
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)


def _single(p: Known) -> Known:
    return replace(p, variants=p.variants[:1])


def _one_price(p: Known) -> Known:
    return replace(p, variants=tuple(replace(v, cents=p.variants[0].cents) for v in p.variants))


def _one_level(p: Known) -> Known:
    return replace(p, path=p.path[:1])


CARRIED: dict[str, Callable[[Known], Known]] = {
    "prestashop": lambda p: _one_level(_single(p)),
    "etsy": _one_price,
    "amazon_listing": _one_level,
    "icecat": _single,
}
MARKETS: dict[str, Callable[[Sequence[Known], str], str]] = {
    "bigcommerce": bigcommerce,
    "prestashop": prestashop,
    "etsy": etsy,
    "ebay": ebay,
    "amazon_listing": amazon_listing,
    "google_rss": google_rss,
    "icecat": icecat,
}
