"""Files that leave the archive: tables without formulas, documents that open and tell nothing about their maker."""

from __future__ import annotations

import csv
import io
import zipfile
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.acts.exports.docx import Paragraph, document
from archive.acts.exports.tables import as_csv, harmless

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.mark.parametrize(
    "evil", ["=1+1", "+7 900", "-2", "@SUM(A1)", "\t=1", "  =cmd|' /C calc'!A0", "\u00a0=1", "＝1"]
)
def test_no_cell_is_a_formula(evil: str) -> None:
    """An apostrophe stands before it, also in the middle of a row."""
    _, row = read(as_csv(("a", "b"), [("x", evil)]))
    assert row[1].startswith("'")
    assert row[1].replace("'", "") == evil.replace("'", "")


@pytest.mark.parametrize("ends", [";", "\t", "\n", "\r\n"])
@pytest.mark.parametrize("between", ["", " ", "\u00a0", '"', ' "', "\ufeff", "; "])
@pytest.mark.parametrize("evil", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "＝1"])
def test_no_part_of_a_cell_is_a_formula(ends: str, between: str, evil: str) -> None:
    """To a spreadsheet that divides lines at semicolons or tabs, to which our quotation marks stand within a cell."""
    text = as_csv(("a", "b"), [("x", f"слово{ends}{between}{evil}")]).decode("utf-8-sig")
    for delimiter in (";", "\t"):
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            assert not any(cell.lstrip(' "\u00a0\ufeff').startswith(("=", "+", "-", "@", "＝")) for cell in row)


def test_a_long_cell_is_made_harmless_at_once() -> None:
    """Its spaces are not looked through again and again."""
    cell = "слово;" + " \n" * 200_000
    assert harmless(cell) == cell


@given(st.lists(st.tuples(st.text(), st.text()), max_size=5))
def test_any_cell_comes_back(rows: list[tuple[str, str]]) -> None:
    """Quotes, commas and lines survive; what a spreadsheet would calculate is text."""
    found = read(as_csv(("a", "b"), rows))[1:]
    assert len(found) == len(rows)
    for cells, row in zip(found, rows, strict=True):
        for cell, text in zip(cells, row, strict=True):
            assert cell.replace("'", "") == text.replace("\0", "").replace("'", "")
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


def read(data: bytes) -> list[list[str]]:
    """As a program reads it that knows the mark at the beginning."""
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_a_document_is_one_and_names_nobody() -> None:
    """Its parts are what word processors need; there is no author, no time, no program's name."""
    made = document([Paragraph("Заглавие", "Title"), Paragraph("раз\nдва <&> \x00", "Quote", "ru")])
    with zipfile.ZipFile(io.BytesIO(made)) as packed:
        assert packed.testzip() is None
        assert set(packed.namelist()) == {
            "[Content_Types].xml", "_rels/.rels", "word/document.xml", "word/_rels/document.xml.rels",
            "word/styles.xml",
        }  # fmt: skip
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        parts = {name: ElementTree.fromstring(packed.read(name)) for name in packed.namelist()}
    first, second = parts["word/document.xml"].iter(f"{_W}p")
    assert "".join(first.itertext()) == "Заглавие"
    assert [line.text for line in second.iter(f"{_W}t")] == ["раз", "два <&> \ufffd"]
    used = {one.get(f"{_W}val") for one in parts["word/document.xml"].iter(f"{_W}pStyle")}
    assert used <= {one.get(f"{_W}styleId") for one in parts["word/styles.xml"].iter(f"{_W}style")}


@given(st.text(max_size=50))
def test_any_text_makes_a_document(text: str) -> None:
    """What XML cannot hold is replaced, everything else is there."""
    with zipfile.ZipFile(io.BytesIO(document([Paragraph(text)]))) as packed:
        root = ElementTree.fromstring(packed.read("word/document.xml"))
    assert len(list(root.iter(f"{_W}t"))) == text.count("\n") + 1
