"""The shop's own documents: every format to passages, a verbatim quote with its source, or silence."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from retrieval.documents import DocumentIndex, Passage, _stretches, build_documents
from retrieval.encoder import Encoder, open_encoder
from retrieval.importers.documents import Section, load_documents
from retrieval.importers.records import ImportFileError
from tests.conftest import ROOT

DEMO = ROOT / "examples" / "demo_shop" / "documents"


@pytest.fixture(scope="session")
def encoder(minilm_cache: Path) -> Encoder:
    return open_encoder(cache_folder=minilm_cache)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> DocumentIndex:
    folder = tmp_path_factory.mktemp("documents")
    build_documents(DEMO, folder, encoder=encoder)
    return DocumentIndex.open(folder, encoder=encoder)


def only(folder: Path, name: str, content: str | bytes) -> Section:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    loaded = load_documents(folder)
    assert loaded.notices == ()
    assert len(loaded.sections) == 1
    return loaded.sections[0]


def test_a_markdown_section_knows_its_headings(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# Shipping\n\nFast.\n\n## Cost\n\nFree.\n\n## Time\n\nSoon.\n")
    sections = load_documents(tmp_path).sections
    assert [(s.source, s.heading, s.paragraphs) for s in sections] == [
        ("a.md § Shipping", ("Shipping",), ("Fast.",)),
        ("a.md § Cost", ("Shipping", "Cost"), ("Free.",)),
        ("a.md § Time", ("Shipping", "Time"), ("Soon.",)),
    ]


def test_fenced_code_holds_no_heading_and_front_matter_no_text(tmp_path: Path) -> None:
    section = only(tmp_path, "a.md", "---\ntitle: x\n---\n# A\n\n```\n# not a heading\n```\n")
    assert section.paragraphs == ("```\n# not a heading\n```",)


def test_html_keeps_headings_and_drops_scripts_and_menus(tmp_path: Path) -> None:
    page = (
        "<html><head><title>Returns</title><style>p{}</style></head><body><nav>Home</nav>"
        "<h2>How long</h2><p>Thirty <b>days</b>.</p><ul><li>Unworn</li></ul>"
        "<script>alert(1)</script></body></html>"
    )
    section = only(tmp_path, "r.html", page)
    assert section.heading == ("Returns", "How long")
    assert section.paragraphs == ("Thirty days.", "Unworn")


def test_a_text_file_is_read_in_its_own_encoding(tmp_path: Path) -> None:
    assert only(tmp_path, "a.txt", "Umtausch für 30 Tage, 5 €".encode("cp1252")).paragraphs == (
        "Umtausch für 30 Tage, 5 €",
    )


def test_each_row_of_a_csv_is_a_section(tmp_path: Path) -> None:
    section = only(tmp_path, "faq.csv", "question;answer\nReturns?;Thirty days\n")
    assert section.source == "faq.csv § row 2"
    assert section.paragraphs == ("question: Returns?\nanswer: Thirty days",)


def test_a_pdf_is_read_page_by_page(tmp_path: Path) -> None:
    section = only(tmp_path, "a.pdf", minimal_pdf("Returns within thirty days"))
    assert section.source == "a.pdf § page 1"
    assert section.paragraphs == ("Returns within thirty days",)


def test_a_file_that_can_not_be_read_costs_a_notice_and_not_the_others(tmp_path: Path) -> None:
    (tmp_path / "good.md").write_text("# A\n\nText.\n")
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.4 nothing")
    (tmp_path / "photo.png").write_bytes(b"\x89PNG")
    (tmp_path / "empty.txt").write_text("")
    loaded = load_documents(tmp_path)
    assert [section.file for section in loaded.sections] == ["good.md"]
    assert [notice.split(":")[0] for notice in loaded.notices] == ["bad.pdf", "empty.txt", "photo.png"]


def test_no_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match="no such folder"):
        load_documents(tmp_path / "nothing")


@pytest.mark.parametrize(
    ("question", "source"),
    [
        ("how much does shipping cost?", "shipping.md § Cost"),
        ("do you ship to Canada", "shipping.md § Abroad"),
        ("can earbuds be returned", "returns.md § What can't come back"),
        ("how do I wash a merino sweater", "care.md § Wool and merino"),
        ("which chest size is M", "size-guide.html § Tops and jackets"),
        ("what is your return policy", "returns.md § How long"),
        ("can I send things back?", "returns.md § How long"),
        ("refund", "returns.md § Money back"),
        ("exchange", "returns.md § Exchanges"),
        ("What do you ship and how long does it take?", "shipping.md § Time"),
        ("how long is the warranty", "warranty.md § Warranty"),
        ("how long is a tent under warranty", "warranty.md § Longer warranties"),
        ("Do you ship to Norway?", "shipping.md § Abroad"),
        ("is this shop real", "about.md § About this shop"),
        ("u ship to germany?", "shipping.md § Abroad"),
        ("how fast can you get it to chicago", "shipping.md § Time"),
        ("can i chuck my merino jumper in the dryer", "care.md § Wool and merino"),
        ("my head is 57 cm round, which helmet", "size-guide.html § Helmets"),
    ],
)
def test_a_question_gets_the_passage_that_answers_it(demo: DocumentIndex, question: str, source: str) -> None:
    passage = demo.ask(question)
    assert passage is not None
    assert passage.source.startswith(source)


@pytest.mark.parametrize(
    "question",
    [
        "do you offer student discounts",
        "what are your opening hours",
        "who is your CEO",
        "do you match prices",
        "do you have a mobile app",
        "what is the capital of France",
        "qwertz asdf",
        "",
    ],
)
def test_what_the_shop_does_not_say_is_not_answered(demo: DocumentIndex, question: str) -> None:
    assert demo.ask(question) is None


def test_a_quote_stands_word_for_word_in_its_document(demo: DocumentIndex) -> None:
    for question in ("how long is a tent under warranty", "are returns free", "what does express cost"):
        passage = demo.ask(question)
        assert passage is not None
        assert passage.text in (DEMO / passage.source.split(" § ")[0]).read_text(encoding="utf-8")
        assert len(passage.text.split()) <= 70


def test_a_long_paragraph_is_cut_between_sentences_and_nothing_is_lost(
    tmp_path: Path, encoder: Encoder
) -> None:
    sentences = [
        f"Rule {i} says that parcel number {i} goes to town number {i} on Monday." for i in range(30)
    ]
    build_documents([Section("long.txt", (), (" ".join(sentences),))], tmp_path, encoder=encoder)
    passage = DocumentIndex.open(tmp_path, encoder=encoder).ask("where does parcel number 17 go")
    assert isinstance(passage, Passage)
    assert "Rule 17 says" in passage.text
    assert len(passage.text.split()) <= 60


def test_a_folder_without_text_makes_an_index_that_is_silent(tmp_path: Path, encoder: Encoder) -> None:
    (tmp_path / "docs").mkdir()
    built = build_documents(tmp_path / "docs", tmp_path / "index", encoder=encoder)
    assert built["passages"] == 0
    assert DocumentIndex.open(tmp_path / "index", encoder=encoder).ask("how much is shipping") is None


def test_an_index_of_another_encoder_is_refused(tmp_path: Path, encoder: Encoder) -> None:
    build_documents([Section("a.md", ("A",), ("Text.",))], tmp_path, encoder=encoder)
    with pytest.raises(ValueError, match="build the shop again"):
        DocumentIndex.open(tmp_path, encoder=OtherEncoder())


class OtherEncoder:
    model_id = "other"
    dimensions = 2

    def encode_query(self, texts: object) -> np.ndarray:
        raise AssertionError("not asked")

    encode_document = encode_query


def minimal_pdf(text: str) -> bytes:
    """A PDF of one page with one line."""
    stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj%s endobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return (
        body + b"xref\n0 6\n0000000000 65535 f \n" + table
        + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(body)
    )  # fmt: skip


def test_a_link_is_left_out_by_name(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("A key.")
    folder = tmp_path / "documents"
    (folder / "real").mkdir(parents=True)
    (folder / "real" / "a.md").write_text("Real.")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "more").symlink_to(tmp_path)
    loaded = load_documents(folder)
    assert [section.file for section in loaded.sections] == ["real/a.md"]
    assert [notice.split(":")[0] for notice in loaded.notices] == ["link.txt", "more"]
    assert all("link" in notice for notice in loaded.notices)


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
        b"\x7fELF\x02\x01\x01" + b"\x00" * 400,
        b"GIF89a" + bytes(range(0, 256, 3)) * 30,
        b"PK\x03\x04\x14\x00\x06\x00" + bytes(range(256)) * 9,
    ],
)
def test_a_binary_that_is_called_a_text_is_left_out_by_name(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.txt").write_bytes(content)
    loaded = load_documents(tmp_path)
    assert loaded.sections == ()
    assert "a.txt: left out, it is binary" in loaded.notices[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "cp1252"])
def test_a_text_in_any_usual_encoding_is_no_binary(tmp_path: Path, encoding: str) -> None:
    assert only(tmp_path, "a.txt", "Größe: prüfen Sie ‘Maß’ – 5 €.\n".encode(encoding)).paragraphs


def test_bidirectional_controls_are_taken_out(tmp_path: Path) -> None:
    section = only(tmp_path, "a.html", "<h1>Ship&#8238;ping</h1><p>Fr\u2066ee\u2069 of \u200fcharge.</p>")
    assert (section.heading, section.paragraphs) == (("Shipping",), ("Free of charge.",))


@pytest.mark.parametrize("unit", ["A word here. ", "x, y ", "- item\n", "x", "1. A\n\n"])
def test_splitting_takes_time_in_proportion_to_the_text(unit: str) -> None:
    def seconds(characters: int) -> float:
        section = Section("a.txt", (), tuple((unit * (characters // len(unit))).strip().split("\n\n")))
        times = []
        for _ in range(3):
            started = time.process_time()
            assert list(_stretches(section))
            times.append(time.process_time() - started)
        return min(times)

    assert seconds(400_000) < 8 * seconds(100_000) + 0.05  # four times the text; its square would be 16 times


def test_a_heading_of_signs_takes_no_square_of_its_length(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# " + "#" * 300_000 + "x\n\nText.\n")
    started = time.process_time()
    assert load_documents(tmp_path).sections
    assert time.process_time() - started < 5  # minutes, once


def test_passages_hold_every_word_of_a_text_in_order() -> None:
    text = "One, two and three. " * 50 + "word " * 1000 + "x" * 3000 + ". Then the end."
    (stretches,) = [list(_stretches(Section("a.txt", (), (text,))))]
    assert "".join("".join(s.text.split()) for s in stretches) == "".join(text.split())
    assert max(len(s.text.split()) for s in stretches) <= 120
