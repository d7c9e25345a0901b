"""Tables that leave the archive as CSV: no cell of theirs is a formula to the program that opens it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_ENDS_CELL = re.compile(r"[;\t\r\n\0]")
_FORMULA_WITHIN = re.compile(r"([;\t\r\n](?:[^\S\t\r\n]|[\"\u200b\ufeff])*)(?=[=+\-@＝＋－＠])")


def as_csv(head: Sequence[str], rows: Iterable[Sequence[str]], same: Sequence[str] = ()) -> bytes:
    """RFC 4180 in UTF-8, with the mark that spreadsheets know it by; each row ends with the ``same`` cells."""
    last = [harmless(cell) for cell in same]
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows([*map(harmless, row), *last] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def harmless(cell: str) -> str:
    """The cell, with an apostrophe before what a spreadsheet would calculate, however it is disguised by spaces.

    One that is set to divide lines at semicolons or tabs (Excel's in Russian) pays no heed to our quotation marks and
    ends a cell within this one: so there is one after each of these and after each line's end, too, where “=”, “+”,
    “-” or “@” follows. That apostrophe stays in the text: “слово; '-5”.
    """
    if cell[:1].isalnum() and not _ENDS_CELL.search(cell):  # nearly all of them
        return cell
    cell = _FORMULA_WITHIN.sub(r"\1'", cell.replace("\0", ""))
    return f"'{cell}" if cell.lstrip(" \u00a0\u200b\ufeff\n").startswith(_BEGINS_FORMULA) else cell
