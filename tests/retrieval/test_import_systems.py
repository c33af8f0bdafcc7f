"""Exports as the shop systems write them, each with its own traps; what the catalogue then holds is known."""

from __future__ import annotations

import pytest

from tests.retrieval.importing import Target, by_title, told

# --- Shopify ------------------------------------------------------------------------------------------------------


def test_shopify_of_today_with_its_new_headers(target: Target) -> None:
    target.read(
        "Title,URL handle,Description,Vendor,Product category,Type,Tags,Published on online store,Status,SKU,"
        "Barcode,Option1 name,Option1 value,Price,Compare-at price,Inventory tracker,Inventory quantity,"
        "Continue selling when out of stock,Weight value (grams),Product image URL,SEO title,"
        "Color (product.metafields.shopify.color-pattern),Care\n"
        "Mug,mug,<p>Big</p>,Acme,Home > Kitchen,Mugs,blue,TRUE,Active,M-S,4006381333931,Size,Small,12.00,15.00,"
        "shopify,3,DENY,300,https://x.example/m.jpg,Buy a mug,red; dark blue,Dishwasher safe\n"
        ",mug,,,,,,,,M-L,4006381333948,,Large,14.00,,shopify,2,DENY,400,,,,\n"
    )
    mug = by_title(target)["Mug"]
    assert (mug.item_id, mug.price, mug.price_max, mug.stock) == ("mug", 12.0, 14.0, 5)
    assert mug.options == {"Size": ("Small", "Large")}
    assert mug.category == ("Home", "Kitchen", "Mugs")
    assert mug.attributes["color"] == ("red", "dark blue")
    assert mug.attributes["care"] == "Dishwasher safe"
    assert (mug.attributes["regular_price"], mug.attributes["weight_kg"]) == (15.0, 0.3)
    assert mug.attributes["barcode"] == ("4006381333931", "4006381333948")


def test_shopify_variants_keep_their_own_stock_price_and_sku(target: Target) -> None:
    target.read(
        "Handle,Title,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,Variant Price,"
        "Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy\n"
        "shoe,Shoe,Size,41,Color,Red,S-41-R,80,shopify,3,deny\n"
        "shoe,,,42,,Red,S-42-R,85,shopify,0,deny\n"
        "shoe,,,42,,Blue,S-42-B,85,shopify,0,continue\n"
    )
    assert [v.model_dump() for v in by_title(target)["Shoe"].variants] == [
        {"options": {"Size": "41", "Color": "Red"}, "sku": "S-41-R", "price": 80.0, "stock": 3},
        {"options": {"Size": "42", "Color": "Red"}, "sku": "S-42-R", "price": 85.0, "stock": 0},
        {"options": {"Size": "42", "Color": "Blue"}, "sku": "S-42-B", "price": 85.0, "stock": None},
    ]


def test_shopify_leaves_out_what_is_not_on_sale_and_says_so(target: Target) -> None:
    summary = target.read(
        "Handle,Title,Published,Variant Price,Status\n"
        "a,Shown,true,1,active\nb,Unpublished,false,1,active\nc,Archived,true,1,archived\n"
    )
    assert set(by_title(target)) == {"Shown"}
    assert "unpublished (hidden)" in told(summary)
    assert "drafts or archived" in told(summary)


# --- WooCommerce --------------------------------------------------------------------------------------------------

WOO_HEADERS = {
    "de": 'ID,Typ,Artikelnummer,Name,Veröffentlicht,Kurzbeschreibung,Beschreibung,Vorrätig?,Lager,"Gewicht (kg)",'
    'Angebotspreis,"Regulärer Preis",Kategorien,Schlagwörter,Bilder,"Übergeordnetes Produkt","Attribut 1 Name",'
    '"Attribut 1 Wert(e)"',
    "fr": "ID,Type,UGS,Nom,Publié,Description courte,Description,En stock ?,Stock,Poids (kg),Tarif promo,"
    "Tarif régulier,Catégories,Étiquettes,Images,Parent,Nom de l’attribut 1,Valeur(s) de l’attribut 1",
    "es": "ID,Tipo,SKU,Nombre,Publicado,Descripción corta,Descripción,¿Existencias?,Inventario,Peso (kg),"
    "Precio rebajado,Precio normal,Categorías,Etiquetas,Imágenes,Superior,Nombre del atributo 1,"
    "Valor(es) del atributo 1",
    "it": "ID,Tipo,COD,Nome,Pubblicato,Breve descrizione,Descrizione,In stock?,Magazzino,Peso (kg),"
    "Prezzo in offerta,Prezzo di listino,Categorie,Tag,Immagini,Genitore,Nome dell'attributo 1,"
    "Valore(i) dell'attributo 1",
    "nl": "ID,Type,SKU,Naam,Gepubliceerd,Korte beschrijving,Beschrijving,Op voorraad?,Voorraad,Gewicht (kg),"
    "Actieprijs,Reguliere prijs,Categorieën,Tags,Afbeeldingen,Hoofd,Naam attribuut 1,Waarde(n) attribuut 1",
    "pt": "ID,Tipo,REF,Nome,Publicado,Descrição breve,Descrição,Em stock?,Stock,Peso (kg),Preço promocional,"
    "Preço normal,Categorias,Etiquetas,Imagens,Pai,Nome do atributo 1,Valor(es) do atributo 1",
    "pl": "ID,Typ,SKU,Nazwa,Opublikowano,Krótki opis,Opis,W magazynie?,Magazyn,Waga (kg),Cena promocyjna,"
    "Cena regularna,Kategorie,Tagi,Obrazki,Rodzic,Nazwa atrybutu 1,Wartości atrybutu 1",
}


@pytest.mark.parametrize("language", WOO_HEADERS)
def test_woocommerce_in_the_language_of_its_admin(target: Target, language: str) -> None:
    summary = target.read(
        WOO_HEADERS[language] + "\n"
        '1,variable,T,Shirt,1,Soft,Cotton,1,,"0,4",,,"Wear > Shirts, Sale",new,https://x.example/t.jpg,,Fit,"S, M"\n'
        '2,variation,T-S,Shirt S,1,,,1,5,,"12,50","19,90",,,,T,Fit,S\n'
        '3,variation,T-M,Shirt M,1,,,1,1,,,"19,90",,,,id:1,Fit,M\n'
        '4,simple,D,Draft,-1,,,1,8,,,"9,50",Wear,,,,,\n'
    )
    assert summary.files[0].format == "woocommerce"
    (shirt,) = target.catalog.products()
    assert (shirt.item_id, shirt.title, shirt.description) == ("T", "Shirt", "Soft\nCotton")
    assert (shirt.price, shirt.price_max, shirt.stock) == (12.5, 19.9, 6)
    assert shirt.options == {"Fit": ("S", "M")}
    assert (shirt.category, shirt.more_categories) == (("Wear", "Shirts"), (("Sale",),))
    assert (shirt.attributes["weight_kg"], shirt.attributes["regular_price"]) == (0.4, 19.9)


def test_woocommerce_escaped_commas_hidden_products_and_sale_dates(target: Target) -> None:
    summary = target.read(
        "ID,Type,SKU,Name,Published,Visibility in catalog,Date sale price starts,Date sale price ends,Sale price,"
        "Regular price,Categories,Attribute 1 name,Attribute 1 value(s),Meta: care,Meta: _edit_lock\n"
        '1,simple,A,Lamp,1,visible,2020-01-01,2020-02-01,5,9,"Home > Lamps\\, lights, Sale",Shade,"Round\\, flat",'
        "Dust it,1:1\n"
        "2,simple,B,Secret,1,hidden,,,,9,,,,,\n"
    )
    (lamp,) = target.catalog.products()
    assert (lamp.price, lamp.category) == (9.0, ("Home", "Lamps, lights"))
    assert (lamp.attributes["shade"], lamp.attributes["care"]) == ("Round, flat", "Dust it")
    assert "hidden in the catalogue" in told(summary)
    assert {"Meta: _edit_lock"} <= {column.column for column in target.catalog.left_out()}


# --- Magento ------------------------------------------------------------------------------------------------------

MAGENTO = (
    "sku,store_view_code,attribute_set_code,product_type,categories,name,description,weight,product_online,"
    "visibility,price,special_price,special_price_from_date,special_price_to_date,qty,is_in_stock,base_image,"
    "additional_attributes,configurable_variations,configurable_variation_labels\n"
)
JACKETS = '"Default Category/Men,Default Category/Men/Jackets,Default Category/Sale"'


def test_magento_configurable_products_store_views_and_disabled_ones(target: Target) -> None:
    summary = target.read(
        MAGENTO
        + f"J-S,,Top,simple,{JACKETS},Jacket-S,,0.5,1,Not Visible Individually,80,60,1/1/20,,4,1,/a.jpg,"
        '"color=Red,size=S,material=Nylon, recycled",,\n'
        f"J-M,,Top,simple,{JACKETS},Jacket-M,,0.5,1,Not Visible Individually,85,,,,0,0,/b.jpg,"
        '"color=Blue,size=M,material=Nylon, recycled",,\n'
        f'J,,Top,configurable,{JACKETS},Jacket,<p>Dry.</p>,,1,"Catalog, Search",,,,,0,1,/j.jpg,'
        '"climate=Rainy|Windy,fit_note=Size = EU,brand=Nordlys","sku=J-S,color=Red,size=S|sku=J-M,color=Blue,size=M",'
        '"color=Color,size=Size"\n'
        'J,de,Top,configurable,,Jacke,<p>Trocken.</p>,,1,"Catalog, Search",,,,,,,,,,\n'
        'C,,Top,simple,Default Category/Men,Cap,,0.1,2,"Catalog, Search",15,,,,3,1,/c.jpg,color=Black,,\n'
        'B,,Top,simple,Default Category/Men,Belt,,0.1,1,"Catalog, Search",15,,,,3,1,/c.jpg,color=Black,,\n'
    )
    products = by_title(target)
    assert set(products) == {"Jacket", "Belt"}
    jacket = products["Jacket"]
    assert (jacket.price, jacket.price_max, jacket.stock, jacket.brand) == (60.0, 85.0, 4, "Nordlys")
    assert jacket.options == {"Color": ("Red", "Blue"), "Size": ("S", "M")}
    assert (jacket.category, jacket.more_categories) == (("Men", "Jackets"), (("Sale",),))
    assert jacket.attributes["climate"] == ("Rainy", "Windy")
    assert jacket.attributes["fit_note"] == "Size = EU"
    assert jacket.attributes["material"] == "Nylon, recycled"
    assert "1 product was left out: disabled" in told(summary)
    assert "store view were left out: 1 for de" in told(summary)


def test_a_review_of_a_variant_is_its_products(target: Target) -> None:
    products = target.write(
        MAGENTO + 'J-S,,Top,simple,,Jacket-S,,,1,Not Visible Individually,80,,,,4,1,,"size=S",,\n'
        'J,,Top,configurable,,Jacket,,,1,"Catalog, Search",,,,,0,1,,,"sku=J-S,size=S",size=Size\n'
    )
    reviews = target.write(
        "sku,rating_code,rating_value,title,review\nJ-S,Rating,5,Warm,Warm and dry\n", "r.csv"
    )
    target.run(products=products, reviews=reviews)
    assert [review.text for review in target.catalog.reviews("J")] == ["Warm and dry"]


# --- Google -------------------------------------------------------------------------------------------------------

RSS = """<?xml version="1.0"?>
<rss xmlns:g="http://base.google.com/ns/1.0" version="2.0"><channel><title>Shop</title><link>https://x.example</link>
<item><g:id>T-R</g:id><g:title>Shirt - Red</g:title><g:description>Linen &amp; soft</g:description>
<g:link>https://x.example/t?v=1</g:link><g:image_link>https://x.example/1.jpg</g:image_link>
<g:availability>in_stock</g:availability><g:price>49.00 EUR</g:price><g:sale_price>39.00 EUR</g:sale_price>
<g:sale_price_effective_date>2020-01-01T00:00+0100/2020-02-01T00:00+0100</g:sale_price_effective_date>
<g:product_type>Wear &gt; Shirts</g:product_type><g:product_type>Sale</g:product_type>
<g:item_group_id>T</g:item_group_id><g:color>Red</g:color><g:brand>Faro</g:brand>
<g:product_detail><g:attribute_name>Collar</g:attribute_name><g:attribute_value>Mao</g:attribute_value></g:product_detail>
</item>
<item><g:id>H</g:id><g:title>Hat</g:title><g:link>https://x.example/h</g:link>
<g:image_link>https://x.example/h.jpg</g:image_link><g:availability>out of stock</g:availability>
<g:price>25.00 EUR</g:price></item>
<item><g:id>T-B</g:id><g:title>Shirt - Blue</g:title><g:link>https://x.example/t?v=2</g:link>
<g:image_link>https://x.example/2.jpg</g:image_link><g:availability>preorder</g:availability>
<g:price>55.00 EUR</g:price><g:item_group_id>T</g:item_group_id><g:color>Blue</g:color></item>
</channel></rss>"""


def test_a_google_feed_in_rss_with_groups_torn_apart_and_an_expired_sale(target: Target) -> None:
    summary = target.read(RSS, "feed.xml")
    assert summary.files[0].format == "google"
    products = by_title(target)
    shirt, hat = products["Shirt"], products["Hat"]
    assert (shirt.item_id, shirt.price, shirt.price_max, shirt.currency) == ("T", 49.0, 55.0, "EUR")
    assert shirt.options == {"Color": ("Red", "Blue")}
    assert (shirt.category, shirt.more_categories) == (("Wear", "Shirts"), (("Sale",),))
    assert (shirt.description, shirt.attributes["collar"]) == ("Linen & soft", "Mao")
    assert (hat.stock, shirt.stock) == (0, None)


def test_an_atom_feed(target: Target) -> None:
    target.read(
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0"><title>S</title>'
        '<entry><g:id>1</g:id><title>Lamp</title><link href="https://x.example/1"/><g:price>9 USD</g:price>'
        "<g:availability>in stock</g:availability></entry></feed>",
        "feed.xml",
    )
    (lamp,) = target.catalog.products()
    assert (lamp.title, lamp.url, lamp.price) == ("Lamp", "https://x.example/1", 9.0)


def test_an_xml_file_can_read_no_other_file(target: Target) -> None:
    secret = target.write("secret words", "secret.txt")
    target.read(
        f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file://{secret}">]><products>'
        "<product><id>1</id><title>A &x; b</title></product><product><id>2</id><title>C</title></product></products>",
        "feed.xml",
    )
    assert not any("secret" in title for title in target.titles().values())


# --- BigCommerce --------------------------------------------------------------------------------------------------


def test_bigcommerce_of_today(target: Target) -> None:
    summary = target.read(
        "Item,ID,Name,Type,SKU,Options,Inventory Tracking,Current Stock,Price,Retail Price,Sale Price,Categories,"
        "Description,Custom Fields,Weight,Is Visible,Image URL (Import)\n"
        "Product,77,Vase,physical,V,,variant,0,30,40,0,Home/Vases;Gifts,<p>Tall</p>,Material=Glass;Origin=EU,1.2,TRUE,\n"
        "Variant,78,,,V-S,Type=Rectangle|Name=Size|Value=Small,,3,28,,,,,,,,\n"
        "Variant,79,,,V-L,Type=Rectangle|Name=Size|Value=Large,,4,,,,,,,,,\n"
        "Image,80,,,,,,,,,,,,,,,https://x.example/v.jpg\n"
        "Product,90,Hidden,physical,H,,none,0,30,,,Home,,,1,FALSE,\n"
    )
    assert summary.files[0].format == "bigcommerce"
    (vase,) = target.catalog.products()
    assert (vase.item_id, vase.price, vase.price_max, vase.stock) == ("V", 28.0, 30.0, 7)
    assert vase.options == {"Size": ("Small", "Large")}
    assert (vase.category, vase.more_categories) == (("Home", "Vases"), (("Gifts",),))
    assert (vase.attributes["material"], vase.attributes["origin"]) == ("Glass", "EU")
    assert vase.image_url == "https://x.example/v.jpg"


def test_bigcommerce_of_old(target: Target) -> None:
    target.read(
        "Item Type,Product ID,Product Name,Product Type,Product Code/SKU,Brand Name,Product Description,Price,"
        "Retail Price,Sale Price,Track Inventory,Current Stock Level,Category,Product Image File - 1,Product Visible?\n"
        "Product,5,Scarf,P,SC,Wollig,Warm,20,25,15,by option,0,Wear/Scarves,s.jpg,Y\n"
        "  SKU,6,[RT]Color=Red,,SC-R,,,,,,,2,,,\n"
        '  SKU,7,"[CS]Color=Blue:#0000ff",,SC-B,,,,,,,1,,,\n'
    )
    (scarf,) = target.catalog.products()
    assert (scarf.price, scarf.brand, scarf.stock) == (15.0, "Wollig", 3)
    assert scarf.options == {"Color": ("Red", "Blue")}
    assert scarf.attributes["regular_price"] == 20.0


# --- PrestaShop ---------------------------------------------------------------------------------------------------


def test_prestashops_import_layout(target: Target) -> None:
    target.read(
        "Product ID;Active (0/1);Name *;Categories (x,y,z...);Price tax excluded;Discount percent;"
        "Discount from (yyyy-mm-dd);Discount to (yyyy-mm-dd);Reference #;Manufacturer;EAN13;Width;Weight;Quantity;"
        "Summary;Description;Image URLs (x,y,z...);Feature(Name:Value:Position)\n"
        "1;1;Mug;Home,Kitchen,Mugs;10.00;20;;;M-1;Acme;4006381333931;8;0.3;12;Nice;<p>Blue</p>;"
        "https://x.example/a.jpg,https://x.example/b.jpg;Colour:Blue:1,Material:Clay:2\n"
        "2;0;Off;Home;5;;;;;;;;;;;;;\n"
    )
    (mug,) = target.catalog.products()
    assert (mug.item_id, mug.price, mug.stock, mug.brand) == ("1", 8.0, 12, "Acme")
    assert (mug.category, mug.more_categories) == (("Kitchen",), (("Mugs",),))
    assert (mug.attributes["colour"], mug.attributes["material"]) == ("Blue", "Clay")
    assert mug.attributes["regular_price"] == 10.0
    assert mug.image_url == "https://x.example/a.jpg"


def test_prestashops_grid_in_french(target: Target) -> None:
    target.read(
        "ID produit;Image;Nom;Référence;Catégorie;Prix (HT);Prix (TTC);Quantité;État\n"
        '7;https://x.example/7.jpg;Théière;TH-7;Cuisine;"20,00 €";"24,00 €";3;1\n'
        '8;https://x.example/8.jpg;Éteinte;TH-8;Cuisine;"20,00 €";"24,00 €";3;0\n'
    )
    (pot,) = target.catalog.products()
    assert (pot.title, pot.price, pot.currency, pot.stock) == ("Théière", 24.0, "EUR", 3)


# --- Etsy, eBay, Amazon -------------------------------------------------------------------------------------------


def test_etsy_listings_without_ids_stay_apart(target: Target) -> None:
    target.read(
        "TITLE,DESCRIPTION,PRICE,CURRENCY_CODE,QUANTITY,TAGS,MATERIALS,IMAGE1,VARIATION 1 TYPE,VARIATION 1 NAME,"
        "VARIATION 1 VALUES,SKU\n"
        '"Mug &quot;Fjord&quot;",Blue,28.00,EUR,4,"mug,gift_for_her","Stoneware,Glaze",https://x.example/m.jpg,'
        'CUSTOM,Size,"200 ml,300 ml",\n'
        "Same title,One,5,EUR,1,,,,,,,\nSame title,Two,6,EUR,1,,,,,,,\n"
    )
    products = list(target.catalog.products())
    assert len(products) == 3
    mug = by_title(target)['Mug "Fjord"']
    assert (mug.currency, mug.stock, mug.tags) == ("EUR", 4, ("mug", "gift for her"))
    assert (mug.options["Size"], mug.attributes["materials"]) == (
        ("200 ml", "300 ml"),
        ("Stoneware", "Glaze"),
    )
    again = target.run(products=target.folder / "products.csv")
    assert again.files[0].unchanged == 3


def test_an_ebay_template_with_variations_and_its_info_line(target: Target) -> None:
    target.read(
        "Info,Version=1.0.0,Template=fx_category_template_EBAY_GB\n"
        "*Action(SiteID=UK|Country=GB|Currency=GBP|Version=1193),Custom label (SKU),*Title,Relationship,"
        "Relationship details,Start price,Available quantity,Category name,Condition ID,C:Material,Item photo URL\n"
        "Add,V,Vase,,Color=Red;Blue,,,/Home/Vases,1000-New,Glass,https://x.example/1.jpg|https://x.example/2.jpg\n"
        ",V-R,,Variation,Color=Red,12.50,3,,,,\n,V-B,,Variation,Color=Blue,14.00,1,,,,\n"
        "End,W,Gone,,,5,1,,,,\n"
    )
    (vase,) = target.catalog.products()
    assert (vase.item_id, vase.price, vase.price_max, vase.currency) == ("V", 12.5, 14.0, "GBP")
    assert (vase.options, vase.stock) == ({"Color": ("Red", "Blue")}, 4)
    assert (vase.attributes["material"], vase.attributes["condition"]) == ("Glass", "new")
    assert vase.image_url == "https://x.example/1.jpg"


def test_an_amazon_template_with_its_preamble_parents_and_children(target: Target) -> None:
    lines = [
        "TemplateType=fptcustom\tVersion=2021.0901\tTemplateSignature=U0hJUlQ=\tThe top 3 rows are for Amazon.com "
        "use only. Do not modify or delete the top 3 rows.\t\t\t\t\t\t\t\t",
        "Seller SKU\tProduct Name\tBrand Name\tStandard Price\tQuantity\tMain Image URL\tParentage\tParent SKU\t"
        "Variation Theme\tColor\tSize\tKey Product Features",
        "item_sku\titem_name\tbrand_name\tstandard_price\tquantity\tmain_image_url\tparent_child\tparent_sku\t"
        "variation_theme\tcolor_name\tsize_name\tbullet_point1",
        "P\tWool socks\tWollig\t\t\thttps://x.example/p.jpg\tParent\t\tSizeColor\t\t\tWarm feet",
        "P-1\tWool socks, red, S\tWollig\t9.99\t5\t\tChild\tP\tSizeColor\tRed\tS\tWarm feet",
        "P-2\tWool socks, red, M\tWollig\t11.99\t2\t\tChild\tP\tSizeColor\tRed\tM\tWarm feet",
        "X\tCap\tWollig\t7.50\t1\thttps://x.example/x.jpg\t\t\t\tBlue\t\tLight",
    ]
    target.read("\n".join(lines) + "\n", "listing.txt")
    products = by_title(target)
    assert set(products) == {"Wool socks", "Cap"}
    socks = products["Wool socks"]
    assert (socks.item_id, socks.price, socks.price_max, socks.stock) == ("P", 9.99, 11.99, 7)
    assert (socks.options, socks.attributes["color"]) == ({"Size": ("S", "M")}, "Red")
    assert "Warm feet" in socks.description


def test_amazons_report_of_all_listings(target: Target) -> None:
    target.read(
        "item-name\titem-description\tlisting-id\tseller-sku\tprice\tquantity\topen-date\tasin1\tstatus\n"
        "Cap\tBlue cap\tL1\tC-1\t7.50\t3\t2024-01-01\tB0X\tActive\n"
        "Gone\tOld\tL2\tC-2\t7.50\t0\t2024-01-01\tB0Y\tInactive\n",
        "report.txt",
    )
    (cap,) = target.catalog.products()
    assert (cap.item_id, cap.title, cap.price, cap.stock) == ("C-1", "Cap", 7.5, 3)
