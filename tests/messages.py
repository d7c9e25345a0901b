"""What there is to translate; ``python -m tests.messages`` brings the catalogues up to date.

English needs no translations; its catalogue holds only the plural forms and is written from the source.
"""

from __future__ import annotations

import ast
import io
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from archive.i18n import DOMAIN, FOLDER

ROOT = Path(__file__).resolve().parent.parent
COMPLETE = ("en", "ru")
LANGUAGES = (*COMPLETE, "uk")
"""Ukrainian is begun: what strangers and narrators see."""

_KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
_NO_TIME = datetime(2026, 1, 1, tzinfo=UTC)
"""In the headers, so that a catalogue changes only with what it says."""


@cache
def messages() -> Catalog:
    """Everything that can be shown to people: pages, forms, and the sentences of errors."""
    made = Catalog(project="Golosa", fuzzy=False)
    for path in sorted((ROOT / "archive" / "web").rglob("*.py")):
        _extract(made, "python", path, {})
    for path in sorted((ROOT / "archive" / "web" / "templates").rglob("*.html")):
        _extract(made, "jinja2.ext:babel_extract", path, {"trim_blocks": "true"})
    for package in ("archive", "transcripts"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for line, sentence in _sentences(path):
                made.add(sentence, locations=[(_name(path), line)])
    for sentence in _words(ROOT / "archive" / "reasons.py"):
        made.add(sentence)
    return made


def seen_without_account() -> Catalog:
    """What strangers and narrators can be shown: their pages, and what those say when something is wrong."""
    made, web = Catalog(project="Golosa", fuzzy=False), ROOT / "archive" / "web"
    pages = [web / "templates" / name for name in ("base.html", "frame.html", "failure.html", "macros.html")]
    for folder_name in ("public", "narrator"):
        pages += sorted((web / "templates" / folder_name).glob("*.html"))
    for path in pages:
        _extract(made, "jinja2.ext:babel_extract", path, {"trim_blocks": "true"})
    for path in (web / "show.py", web / "narrator.py", web / "public.py", web / "failures.py"):
        _extract(made, "python", path, {})
    for line, sentence in _sentences(ROOT / "archive" / "acts" / "narration.py"):
        made.add(sentence, locations=[("narration", line)])
    return made


def catalogue(language: str) -> Catalog:
    """The committed translations of a language, or an empty catalogue."""
    path = folder(language) / f"{DOMAIN}.po"
    if not path.exists():
        return Catalog(locale=language, project="Golosa", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN)


def folder(language: str) -> Path:
    """Where a language's catalogue lies."""
    return FOLDER / language / "LC_MESSAGES"


def compiled(found: Catalog) -> bytes:
    """The catalogue as gettext reads it."""
    out = io.BytesIO()
    write_mo(out, found)
    return out.getvalue()


def update() -> None:
    """Takes what is new from the source into each catalogue and compiles it."""
    for language in LANGUAGES:
        merged = catalogue(language)
        merged.update(deepcopy(messages()), no_fuzzy_matching=True)  # it takes the messages themselves in
        merged.obsolete.clear()
        merged.header_comment = "# What Golosa says. Brought up to date by: python -m tests.messages"
        merged.last_translator = merged.language_team = merged.copyright_holder = merged.msgid_bugs_address = ""
        merged.creation_date = merged.revision_date = _NO_TIME
        if language == "en":
            _in_english(merged)
        folder(language).mkdir(parents=True, exist_ok=True)
        with (folder(language) / f"{DOMAIN}.po").open("wb") as file:
            write_po(file, merged, width=120, omit_header=False, sort_by_file=True, no_location=True)
        (folder(language) / f"{DOMAIN}.mo").write_bytes(compiled(catalogue(language)))


def _extract(into: Catalog, method: str, path: Path, options: dict[str, str]) -> None:
    for line, message, _comments, _context in extract_from_file(method, path, keywords=_KEYWORDS, options=options):
        into.add(message, locations=[(_name(path), line)])


def _sentences(path: Path) -> Iterator[tuple[int, str]]:
    """``says = "…"`` of errors, and what a BadInput is made with."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        value: ast.expr | None = None
        if isinstance(node, ast.AnnAssign | ast.Assign):
            targets = [node.target] if isinstance(node, ast.AnnAssign) else node.targets
            if any(isinstance(target, ast.Name) and target.id == "says" for target in targets):
                value = node.value
        elif (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "BadInput" and node.args
        ):
            value = node.args[0]
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield value.lineno, value.value


def _words(path: Path) -> Iterator[str]:
    """Every sentence that a module of words assigns to a name: alone, or as a value of a table."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign):
            codes = {id(key) for table in ast.walk(node.value) if isinstance(table, ast.Dict) for key in table.keys}
            for part in ast.walk(node.value):
                if isinstance(part, ast.Constant) and isinstance(part.value, str) and id(part) not in codes:
                    yield part.value


def _in_english(found: Catalog) -> None:
    for message in found:
        if message.id:
            message.string = message.id


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


if __name__ == "__main__":
    update()
