"""What stands in the cells: prices that are none, boilerplate, HTML, links and pictures."""

from __future__ import annotations

import pytest

from tests.retrieval.importing import Target


def test_zero_prices_are_unknown_with_a_notice(target: Target) -> None:
    summary = target.read("id,title,price\na,Kettle,0\nb,Tent,0.00\nc,Lamp,5\n")
    prices = {p.item_id: p.price for p in target.catalog.products()}
    assert prices == {"a": None, "b": None, "c": 5.0}
    assert any("2 products have the price 0" in notice for notice in summary.notices)


def test_placeholder_prices_are_unknown_with_a_notice(target: Target) -> None:
    rows = [f"p{i},Thing {i},{10 + i}" for i in range(40)] + [f"x{i},Thing x{i},99999" for i in range(3)]
    summary = target.read("\n".join(["id,title,price", *rows]))
    assert {p.item_id for p in target.catalog.products() if p.price is None} == {"x0", "x1", "x2"}
    assert any("3 products have only a placeholder price" in notice for notice in summary.notices)


def test_a_dear_product_keeps_its_price(target: Target) -> None:
    rows = [f"p{i},Thing {i},{500 + 10 * i}" for i in range(40)] + ["x,Piano,9999", "y,Organ,10000"]
    target.read("\n".join(["id,title,price", *rows]))
    assert {p.price for p in target.catalog.products()} >= {9999.0, 10000.0}


def test_boilerplate_that_opens_descriptions_is_left_out(target: Target) -> None:
    lead = "Welcome to our shop. We sell things like this at "
    rows = [f'p{i},Thing {i},"{lead}{"AB"[i % 2]}. Thing number {i} is fine."' for i in range(40)]
    summary = target.read("\n".join(["id,title,description", *rows]))
    assert {p.description for p in target.catalog.products()} == {
        f"Thing number {i} is fine." for i in range(40)
    }
    assert any("40 products have a sentence" in notice for notice in summary.notices)
    assert any("“We sell things like this at A.”" in notice for notice in summary.notices)
    assert summary.files[0].policies == []


def test_boilerplate_with_a_dot_inside_is_quoted_whole_and_the_shops_rules_are_kept(target: Target) -> None:
    lead = "Ships within approx. 2.5 days from our store."
    rows = [f'p{i},Thing {i},"{lead} Thing number {i} is fine."' for i in range(40)]
    summary = target.read("\n".join(["id,title,description", *rows]))
    assert {p.description for p in target.catalog.products()} == {
        f"Thing number {i} is fine." for i in range(40)
    }
    assert any(f"kept among the shop's documents: “{lead}”" in notice for notice in summary.notices)
    assert summary.files[0].policies == [lead]


def test_openings_that_only_look_alike_are_kept(target: Target) -> None:
    rows = [f'p{i},Thing {i},"This shirt is made from fabric {i}. Wash it."' for i in range(40)]
    target.read("\n".join(["id,title,description", *rows]))
    assert all(p.description.startswith("This shirt") for p in target.catalog.products())


def test_html_becomes_text(target: Target) -> None:
    html = "<p>Warm &amp; <b>soft</b></p><ul><li>One</li><li>Two</li></ul><script>alert(1)</script>"
    target.read(f'id,title,description\na,Caf&eacute; &amp;amp; Bar,"{html}"\n')
    found = target.catalog.product("a")
    assert found is not None
    assert found.title == "Café & Bar"
    assert found.description == "Warm & soft\n- One\n- Two"


@pytest.mark.parametrize("title", ['<span class="a-size-medium"', ' Magazines" />', "***", '<img src="x">'])
def test_a_title_of_markup_is_rejected(target: Target, title: str) -> None:
    cell = title.replace('"', '""')
    target.read(f'id,title\na,"{cell}"\nb,Tent\n')
    assert target.titles() == {"b": "Tent"}
    assert target.rejected()[0]["field"] == "title"


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x"])
def test_a_link_that_could_run_code_is_left_out(target: Target, link: str) -> None:
    target.read(f'id,title,url,image\na,Kettle,"{link}","{link}"\n')
    found = target.catalog.product("a")
    assert found is not None
    assert (found.url, found.image_url) == (None, None)


def test_local_pictures_are_copied_and_others_left_alone(target: Target) -> None:
    (target.folder / "images").mkdir()
    (target.folder / "images" / "a.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (target.folder / "images" / "bad.svg").write_text("<svg><script>alert(1)</script></svg>")
    rows = "a,A,images/a.svg\nb,B,images/bad.svg\nc,C,../../../etc/passwd\nd,D,https://x.example/d.png\n"
    summary = target.read("id,title,image\n" + rows, images_folder=target.folder / "shop" / "images")
    found = {p.item_id: p.image_url for p in target.catalog.products()}
    assert (target.folder / "shop" / str(found["a"])).read_text().startswith("<svg")
    assert found["b"] is None
    assert found["c"] is None
    assert found["d"] == "https://x.example/d.png"
    assert any("2 local pictures" in notice for notice in summary.notices)


@pytest.mark.parametrize(
    "cell",
    [
        "https://x.example/1.png|https://x.example/2.png",
        "https://x.example/1.png, https://x.example/2.png",
        '"[""https://x.example/1.png"", ""https://x.example/2.png""]"',
    ],
)
def test_several_pictures_keep_their_order(target: Target, cell: str) -> None:
    quoted = cell if cell.startswith('"') else f'"{cell}"'
    target.read(f"id,title,image\na,Kettle,{quoted}\n")
    found = target.catalog.product("a")
    assert found is not None
    assert found.image_url == "https://x.example/1.png"
    assert found.more_images == ("https://x.example/2.png",)


def test_a_missing_picture_among_several_is_left_out_and_told(target: Target) -> None:
    (target.folder / "images").mkdir()
    (target.folder / "images" / "b.png").write_bytes(b"png")
    summary = target.read(
        "id,title,image\na,Kettle,images/a.png|images/b.png\n",
        images_folder=target.folder / "shop" / "images",
    )
    found = target.catalog.product("a")
    assert found is not None
    assert (target.folder / "shop" / str(found.image_url)).read_bytes() == b"png"
    assert found.more_images == ()
    assert any("1 local picture is" in notice for notice in summary.notices)
