"""Files in the layouts of shop systems, written from products of known content: half of a round trip."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product as combinations

from hypothesis import strategies as st

LETTERS = {
    "en": "abcdefghiklmnoprstuvwyz",
    "de": "abcdefghiklmnoprstuwzäöüß",
    "fr": "abcdefghilmnopqrstuvéèêàçôî",
    "es": "abcdefghilmnopqrstuvñáéíóú",
    "pl": "abcdefghijklmnoprstuwyząćęłńóśźż",
}
MARKS = {"en": (",", "."), "de": (".", ","), "fr": ("\u202f", ","), "es": (".", ","), "pl": ("\u00a0", ",")}
CURRENCIES = {"en": "GBP", "de": "EUR", "fr": "EUR", "es": "EUR", "pl": "PLN"}


@dataclass(frozen=True)
class Variant:
    color: str
    size: str
    cents: int
    stock: int


@dataclass(frozen=True)
class Known:
    """A product as it must come back; variants are every color in every size."""

    item_id: str
    title: str
    description: str
    brand: str
    path: tuple[str, ...]
    material: str
    variants: tuple[Variant, ...]

    @property
    def options(self) -> dict[str, tuple[str, ...]]:
        colors = tuple(dict.fromkeys(v.color for v in self.variants))
        sizes = tuple(dict.fromkeys(v.size for v in self.variants))
        return {n: v for n, v in (("Color", colors), ("Size", sizes)) if len(v) > 1}


def products(locale: str, most: int = 8) -> st.SearchStrategy[list[Known]]:
    """Lists of products with words of a language, and the marks that exports have to escape."""
    word = st.text(LETTERS[locale], min_size=2, max_size=7).map(lambda text: text + "a")  # no "yes", no "n/a"
    name = st.lists(word, min_size=1, max_size=3).map(" ".join).map(str.capitalize)
    marked = st.lists(
        st.one_of(word, st.sampled_from([",", ";", '"x"', "&", "5'", "1/2", "№ 4"])), max_size=6
    )
    sentence = st.tuples(name, marked).map(lambda parts: " ".join([parts[0], *parts[1], "ok."]))
    stocked = st.tuples(st.integers(101, 89_899), st.integers(0, 40))

    @st.composite
    def known(draw: st.DrawFn) -> Known:
        number = draw(st.integers(0, 10**6))
        colors = draw(st.lists(name, min_size=1, max_size=3, unique_by=str.casefold))
        sizes = draw(
            st.lists(st.sampled_from(["S", "M", "L", "38", "40"]), min_size=1, max_size=3, unique=True)
        )
        variants = [Variant(c, s, *draw(stocked)) for c, s in combinations(colors, sizes)]
        return Known(
            f"P-{number}",
            draw(sentence).removesuffix(" ok."),
            f"{number} {draw(sentence)}",
            draw(name),
            tuple(draw(st.lists(name, min_size=1, max_size=3))),
            draw(name),
            tuple(variants),
        )

    return st.lists(known(), min_size=1, max_size=most, unique_by=lambda p: p.item_id)


def money(cents: int, locale: str) -> str:
    grouping, decimal = MARKS[locale]
    return f"{cents / 100:,.2f}".translate({ord(","): grouping, ord("."): decimal})


def table(rows: Iterator[dict[str, object]], delimiter: str = ",") -> str:
    found = list(rows)
    columns = list(dict.fromkeys(name for row in found for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, delimiter=delimiter, restval="")
    writer.writeheader()
    writer.writerows(found)
    return out.getvalue()


def shopify(known: Sequence[Known], locale: str) -> str:
    def rows() -> Iterator[dict[str, object]]:
        for p in known:
            first = {
                "Title": p.title, "Body (HTML)": f"<p>{_escaped(p.description)}</p>", "Vendor": p.brand,
                "Product Category": " > ".join(p.path), "Published": "true", "Status": "active",
                "Option1 Name": "Color", "Option2 Name": "Size",
                "Material (product.metafields.custom.material)": p.material,
            }  # fmt: skip
            for place, v in enumerate(p.variants):
                yield {"Handle": p.item_id, **({} if place else first)} | {
                    "Option1 Value": v.color, "Option2 Value": v.size, "Variant Price": f"{v.cents / 100:.2f}",
                    "Variant Inventory Tracker": "shopify", "Variant Inventory Qty": v.stock,
                    "Variant Inventory Policy": "deny",
                }  # fmt: skip

    return table(rows())


WOO = {  # type, sku, name, published, description, in stock, stock, regular price, categories, brands, parent, …
    "en": "Type|SKU|Name|Published|Description|In stock?|Stock|Regular price|Categories|Brands|Parent|"
    "Attribute {} name|Attribute {} value(s)",
    "de": "Typ|Artikelnummer|Name|Veröffentlicht|Beschreibung|Vorrätig?|Lager|Regulärer Preis|Kategorien|Marken|"
    "Übergeordnetes Produkt|Attribut {} Name|Attribut {} Wert(e)",
    "fr": "Type|UGS|Nom|Publié|Description|En stock ?|Stock|Tarif régulier|Catégories|Marques|Parent|"
    "Nom de l’attribut {}|Valeur(s) de l’attribut {}",
    "es": "Tipo|SKU|Nombre|Publicado|Descripción|¿Existencias?|Inventario|Precio normal|Categorías|Marcas|Superior|"
    "Nombre del atributo {}|Valor(es) del atributo {}",
    "pl": "Typ|SKU|Nazwa|Opublikowano|Opis|W magazynie?|Magazyn|Cena regularna|Kategorie|Marki|Rodzic|"
    "Nazwa atrybutu {}|Wartości atrybutu {}",
}


def woocommerce(known: Sequence[Known], locale: str) -> str:
    names = WOO[locale].split("|")
    kind, sku, name, published, text, in_stock, stock, price, categories, brands, parent, label, choices = (
        names
    )

    def comma(value: str) -> str:
        return value.replace(",", "\\,")

    def attributes(*given: tuple[str, str]) -> dict[str, object]:
        cells: dict[str, object] = {}
        for place, (title, value) in enumerate(given, start=1):
            cells |= {label.format(place): title, choices.format(place): value}
        return cells

    def rows() -> Iterator[dict[str, object]]:
        for p in known:
            colors = dict.fromkeys(v.color for v in p.variants)
            sizes = dict.fromkeys(v.size for v in p.variants)
            yield {
                kind: "variable", sku: p.item_id, name: p.title, published: 1, text: p.description, in_stock: 1,
                categories: " > ".join(map(comma, p.path)), brands: p.brand,
                **attributes(
                    ("Color", ", ".join(map(comma, colors))), ("Size", ", ".join(sizes)),
                    ("Material", comma(p.material)),
                ),
            }  # fmt: skip
            for place, v in enumerate(p.variants):
                yield {
                    kind: "variation", sku: f"{p.item_id}-{place}", published: 1, in_stock: int(v.stock > 0),
                    stock: v.stock, price: money(v.cents, locale), parent: p.item_id,
                    **attributes(("Color", comma(v.color)), ("Size", v.size)),
                }  # fmt: skip

    return table(rows())


def magento(known: Sequence[Known], locale: str) -> str:
    def rows() -> Iterator[dict[str, object]]:
        for p in known:
            shared = {
                "attribute_set_code": "Default",
                "categories": f"Default Category/{p.path[0]},Default Category/{'/'.join(p.path)}",
                "product_online": 1, "description": f"<p>{_escaped(p.description)}</p>",
            }  # fmt: skip
            skus = []
            for place, v in enumerate(p.variants):
                skus.append(f"sku={p.item_id}-{place},color={v.color},size={v.size}")
                yield shared | {
                    "sku": f"{p.item_id}-{place}", "product_type": "simple", "name": f"{p.title}-{place}",
                    "visibility": "Not Visible Individually", "price": f"{v.cents / 100:.4f}", "qty": f"{v.stock}.0000",
                    "is_in_stock": int(v.stock > 0), "additional_attributes": f"color={v.color},size={v.size}",
                }  # fmt: skip
            yield shared | {
                "sku": p.item_id, "product_type": "configurable", "name": p.title, "visibility": "Catalog, Search",
                "qty": 0, "is_in_stock": 1, "additional_attributes": f"material={p.material},manufacturer={p.brand}",
                "configurable_variations": "|".join(skus), "configurable_variation_labels": "color=Color,size=Size",
            }  # fmt: skip

    return table(rows())


def google(known: Sequence[Known], locale: str) -> str:
    def rows() -> Iterator[dict[str, object]]:
        for p in known:
            for place, v in enumerate(p.variants):
                yield {
                    "id": f"{p.item_id}-{place}", "item_group_id": p.item_id, "title": p.title,
                    "description": p.description, "link": f"https://shop.example/{p.item_id}?v={place}",
                    "image_link": f"https://shop.example/{p.item_id}.jpg", "availability": "in_stock",
                    "price": f"{v.cents / 100:.2f} {CURRENCIES[locale]}", "brand": p.brand,
                    "product_type": " > ".join(p.path), "color": v.color, "size": v.size, "material": p.material,
                    "quantity": v.stock,
                }  # fmt: skip

    return table(rows(), "\t")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


WRITERS: dict[str, Callable[[Sequence[Known], str], str]] = {
    "shopify": shopify,
    "woocommerce": woocommerce,
    "magento": magento,
    "google": google,
}
