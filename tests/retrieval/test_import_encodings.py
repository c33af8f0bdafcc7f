"""Encodings of files that are not UTF-8, told by the letters of the languages that use them."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.importers.encodings import likeliest
from tests.retrieval.importing import Target

TEXTS = (
    ("cp1250", "Név;Leírás\nKerti szék;Erős fából, tűző napra is\nHűtőszekrény;Kitűnő, csendes"),
    ("cp1250", "Megnevezés\nGyűrű\nNői cipő"),
    ("cp1250", "Nev\nNői cipő\nAsztal"),
    ("cp1250", "Název\nŽidle dřevěná\nStůl"),
    ("cp1250", "Nazwa\nKrzesło dębowe\nŻółta lampa"),
    ("cp1250", "Názov\nStolička ľahká\nŠálka"),
    ("cp1250", "Nume\nScaun înalt\nMasă rotundă"),
    ("cp1250", "Naziv\nČaša\nPećnica"),
    ("iso8859_2", "Nazwa\nŁóżko dębowe świetne\nŚwieca\nPościel"),
    ("cp1252", "Name\nGroße Küche\nÜbergrößen Hemd"),
    ("cp1252", "Nom\nThéière en fonte\nChaise à bascule, hêtre, sûr"),
    ("cp1252", "Nombre\nSillón pequeño\nLámpara"),
    ("cp1252", "Nome\nPão e feijão\nBotões, maçã"),
    ("cp1252", "Navn\nKøkkenstol\nÆble grøn"),
    ("cp1252", "name\nOven 250°C\n30 m² purifier\nCafé mug"),
    ("cp1254", "Ad\nAhşap sandalye\nÇay bardağı"),
    ("cp1257", "Nosaukums\nKrēsls\nGalds ar ķirša finieri"),
    ("cp1251", "Название\nКрасный стол"),
    ("cp1253", "Όνομα\nΚαρέκλα"),
)


@pytest.mark.parametrize(("encoding", "text"), TEXTS)
def test_a_text_reads_as_it_was_written(encoding: str, text: str) -> None:
    content = text.encode(encoding)
    assert content.decode(likeliest(content).name) == text


def test_the_encoding_is_told_with_words_to_check(tmp_path: Path) -> None:
    target = Target(tmp_path)
    summary = target.read("id;név;ár\n1;Gyűrű;9\n2;Női cipő;8\n".encode("cp1250"), mapping={"név": "title"})
    assert set(target.titles().values()) == {"Gyűrű", "Női cipő"}
    assert any("read as Windows-1250" in notice and "“Gyűrű”" in notice for notice in summary.notices)
