"""Lists of ingredients as food and cosmetics carry them, each with what is in it: what is called free of a thing is."""

from __future__ import annotations

import pytest

from retrieval.absence.rule import about
from retrieval.filtering.table import FilterTable
from retrieval.filters import Absent
from retrieval.records import Product

FOOD = (
    "nuts",
    "peanuts",
    "gluten",
    "dairy",
    "eggs",
    "soy",
    "sesame",
    "sugar",
    "palm oil",
    "fish",
    "shellfish",
    "gelatine",
)
COSMETIC = (
    "fragrance",
    "parabens",
    "sulfates",
    "silicones",
    "mineral oil",
    "oxybenzone",
    "alcohol",
    "aluminium",
    "lanolin",
    "beeswax",
)
LISTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    # food: the list, and which of FOOD are in it
    (
        "food",
        "Wholegrain Oats (52%), Honey, Sunflower Oil, Raisins, Almonds (6%), Salt",
        ("nuts", "gluten", "sugar"),
    ),
    (
        "food",
        "Sugar, Cocoa Mass, Cocoa Butter, Whole Milk Powder, Emulsifier (Soya Lecithin), Vanilla",
        ("dairy", "soy", "sugar"),
    ),
    ("food", "Chickpeas (48%), Tahini (Sesame) (16%), Rapeseed Oil, Lemon Juice, Garlic, Salt", ("sesame",)),
    ("food", "Durum Wheat Semolina, Water", ("gluten",)),
    ("food", "Rice Flour, Corn Starch, Potato Starch, Xanthan Gum, Salt", ()),
    ("food", "Roasted Peanuts (94%), Palm Oil, Cane Sugar, Sea Salt", ("peanuts", "palm oil", "sugar")),
    (
        "food",
        "Zucker, Palmöl, Haselnüsse (13%), Magermilchpulver (8,7%), fettarmer Kakao, Lecithine (Soja), Vanillin",
        ("nuts", "dairy", "soy", "sugar", "palm oil"),
    ),
    ("food", "Weizenmehl, Wasser, Hefe, Salz, Roggenmehl", ("gluten",)),
    ("food", "Tuna (Fish) 70%, Sunflower Oil, Salt", ("fish",)),
    ("food", "Prawns (Crustacean), Water, Salt, Acidity Regulator: Citric Acid", ("shellfish",)),
    ("food", "Glucose Syrup, Sugar, Beef Gelatine, Citric Acid, Fruit Concentrates", ("sugar", "gelatine")),
    ("food", "Dates, Cashews, Coconut, Cocoa Powder", ("nuts",)),
    ("food", "Coconut Milk, Water, Guar Gum", ()),
    ("food", "Oat Base (Water, Oats 10%), Rapeseed Oil, Calcium, Salt, Vitamins", ("gluten",)),
    ("food", "Pasteurised Egg, Rapeseed Oil, Spirit Vinegar, Sugar, Mustard Flour", ("eggs", "sugar")),
    (
        "food",
        "Wheat Flour, Butter (Milk), Whole Egg, Sugar, Marzipan, Salt",
        ("gluten", "dairy", "eggs", "nuts", "sugar"),
    ),
    ("food", "Buckwheat Flour, Water, Salt", ()),
    (
        "food",
        "Tofu (Water, Soybeans, Nigari), Soy Sauce (Water, Soybeans, Wheat, Salt), Sesame Oil",
        ("soy", "gluten", "sesame"),
    ),
    ("food", "Pumpkin Seeds, Sunflower Seeds, Chia Seeds, Linseed", ()),
    ("food", "Hartweizengrieß, Eigelb, Wasser", ("gluten", "eggs")),
    ("food", "Mozzarella (Milk), Tomato, Basil, Barley Malt Extract", ("dairy", "gluten")),
    ("food", "Peas, Potato Protein, Beetroot, Nutmeg, Butternut Squash", ()),
    ("food", "Anchovies, Olive Oil, Salt, Worcestershire Sauce", ("fish",)),
    ("food", "Pistazien, Mandeln, Rohrzucker, Kakaobutter", ("nuts", "sugar")),
    ("food", "Rice, Seaweed, Rice Vinegar, Shrimp Powder, Egg White", ("shellfish", "eggs")),
    # cosmetics
    (
        "cosmetic",
        "Aqua, Glycerin, Cetearyl Alcohol, Butyrospermum Parkii Butter, Tocopherol, Xanthan Gum",
        (),
    ),
    (
        "cosmetic",
        "Aqua, Sodium Laureth Sulfate, Cocamidopropyl Betaine, Sodium Chloride, Parfum, Citric Acid",
        ("sulfates", "fragrance"),
    ),
    (
        "cosmetic",
        "Water, Dimethicone, Glycerin, Phenoxyethanol, Methylparaben, Propylparaben",
        ("silicones", "parabens"),
    ),
    (
        "cosmetic",
        "Homosalate, Oxybenzone 5.00%, Octisalate, Water, Alcohol Denat.",
        ("oxybenzone", "alcohol"),
    ),
    ("cosmetic", "Petrolatum, Lanolin, Cera Alba, Tocopheryl Acetate", ("mineral oil", "lanolin", "beeswax")),
    (
        "cosmetic",
        "Aqua, Aluminum Chlorohydrate, Glycerin, Steareth-2, Limonene, Linalool",
        ("aluminium", "fragrance"),
    ),
    ("cosmetic", "Aqua, Coco-Glucoside, Glycerin, Sodium Benzoate, Potassium Sorbate, Citric Acid", ()),
    ("cosmetic", "Cyclopentasiloxane, Isododecane, Amodimethicone, Phenyl Trimethicone", ("silicones",)),
    (
        "cosmetic",
        "Paraffinum Liquidum, Isopropyl Palmitate, Geraniol, Citronellol",
        ("mineral oil", "fragrance"),
    ),
    ("cosmetic", "Aqua, Magnesium Sulfate, Zinc Oxide, Caprylic/Capric Triglyceride", ()),
    (
        "cosmetic",
        "Aqua, Ammonium Lauryl Sulfate, Benzophenone-3, Parfum",
        ("sulfates", "oxybenzone", "fragrance"),
    ),
    (
        "cosmetic",
        "Aqua, Stearyl Alcohol, Behentrimonium Chloride, Panthenol, Hydroxycitronellal",
        ("fragrance",),
    ),
    ("cosmetic", "Olea Europaea Fruit Oil, Simmondsia Chinensis Seed Oil, Tocopherol", ()),
    (
        "cosmetic",
        "Aqua, Sodium Coco-Sulfate, Lavandula Angustifolia Oil, Bienenwachs",
        ("sulfates", "fragrance", "beeswax"),
    ),
)
CASES = [
    (sort, set(inside), Product(item_id=str(at), title="Fine thing", texts={"ingredients": said}))
    for at, (sort, said, inside) in enumerate(LISTS)
]
TABLE = FilterTable.build([item for _, _, item in CASES])


@pytest.mark.parametrize("thing", [*FOOD, *COSMETIC])
def test_what_is_called_free_of_a_thing_has_none_of_it_and_all_that_has_none_is(thing: str) -> None:
    sure = TABLE.mask(Absent(**about(thing), sure=True))
    for (sort, inside, item), free in zip(CASES, sure, strict=True):
        if thing in (FOOD if sort == "food" else COSMETIC):
            assert free == (thing not in inside), item.texts
