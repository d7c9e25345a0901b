"""golosa pseudonymize: names and identifiers concealed in text. Works on texts of one's own; no archive is needed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import click

from archive.errors import BadInput
from transcripts.names import Detector, Label, Passage, PublicFigures, Roster, group
from transcripts.names.lexicon import LANGUAGES, guessed_language
from transcripts.pseudonyms import Replacement, filled, replacements
from transcripts.shipped import shipped

_PARAGRAPH = re.compile(r"(\n\s*\n)")


@dataclass(frozen=True, slots=True)
class _Work:
    """What every text is treated with."""

    detector: Detector
    language: str
    protected: tuple[str, ...]
    explain: bool


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path), default="-")
@click.option(
    "--language",
    type=click.Choice([*LANGUAGES, "auto"]),
    default="auto",
    show_default=True,
    help="Language of the text; auto looks at its letters, paragraph by paragraph.",
)
@click.option(
    "--protected",
    "protected_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Names and identifiers to conceal wherever they occur, one per line; any form will do.",
)
@click.option("--no-public-figures", is_flag=True, help="Conceal public figures too.")
@click.option("--explain", is_flag=True, help="Say why: places and reasons, on stderr (with --jsonl in each span).")
@click.option("--jsonl", is_flag=True, help="One JSON object per line, in and out.")
def pseudonymize(  # noqa: PLR0913, PLR0917  # one parameter an option
    file: Path, language: str, protected_file: Path | None, no_public_figures: bool, explain: bool, jsonl: bool
) -> None:
    """Conceal names and identifiers in a text.

    FILE is UTF-8; without one, standard input is read. Surnames, patronymics, telephone numbers, addresses and the like
    are concealed, and so is what is unsure. Pseudonymised is not anonymous: a life story identifies people; have a
    person read it.

    With --jsonl each line is {"id", "text", "lang"?, "protected"?: [...]}; answered by {"id", "text", "spans":
    [{"start", "end", "label", "person", "cover"}]}, offsets in code points of the text that came in.
    """
    try:
        figures = None if no_public_figures else PublicFigures.load(shipped("public_figures.toml"))
        work = _Work(Detector(figures), language, _protected(protected_file), explain)
        with click.open_file(str(file), encoding="utf-8") as opened:
            for piece in _lines(opened, work) if jsonl else _text(opened.read(), work):
                click.echo(piece, nl=False)
    except UnicodeDecodeError as error:
        raise BadInput("The text is not UTF-8. Save it as UTF-8 and try again.") from error


def _text(text: str, work: _Work) -> Iterator[str]:
    """The text with everything concealed; what is said on stderr goes by number and place, never by name."""
    passages = [_passage(part, work.language) for part in _PARAGRAPH.split(text)]
    roster, places = _concealed(passages, work, ())
    for passage, here in zip(passages, places, strict=True):
        yield filled(passage.text, here)[0]
    if work.explain:
        starts = _starts(passages)
        for person in roster.people:
            where = ", ".join(str(starts[one.passage] + one.start) for one in person.mentions)
            click.echo(
                f"{person.number}: {person.label.value} at {where}; {person.why} ({person.sureness:.2f}):"
                f" {person.proposal.value}",
                err=True,
            )


def _lines(lines: Iterable[str], work: _Work) -> Iterator[str]:
    """One answer a line, as soon as it is made."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield json.dumps(_answer(_document(line, number), work), ensure_ascii=False) + "\n"


def _document(line: str, number: int) -> Mapping[str, Any]:
    try:
        found = json.loads(line)
        fits = isinstance(found["text"], str) and "id" in found and isinstance(found.get("protected", []), list)
    except (ValueError, TypeError, KeyError, RecursionError):
        fits = False
    if not fits:
        raise BadInput("Line {number} is not an object with “id” and “text”.", number=number)
    document: Mapping[str, Any] = found
    return document


def _answer(document: Mapping[str, Any], work: _Work) -> dict[str, Any]:
    language = document.get("lang")
    passage = _passage(document["text"], language if language in LANGUAGES else work.language)
    roster, (places,) = _concealed([passage], work, tuple(map(str, document.get("protected", ()))))
    return {
        "id": document["id"],
        "text": filled(passage.text, places)[0],
        "spans": [_span(place, roster, work.explain) for place in places],
    }


def _span(place: Replacement, roster: Roster, explain: bool) -> dict[str, Any]:
    span: dict[str, Any] = {
        "start": place.start,
        "end": place.end,
        "label": Label(place.label).family.value,
        "person": place.number,
        "cover": place.text,
    }
    if explain:
        person = roster.people[place.number - 1]
        span |= {"why": person.why, "sureness": round(person.sureness, 2)}
    return span


def _concealed(
    passages: Sequence[Passage], work: _Work, protected: tuple[str, ...]
) -> tuple[Roster, list[list[Replacement]]]:
    roster = group(work.detector.find(passages, (*work.protected, *protected)), passages)
    return roster, replacements(passages, roster, roster.proposed())


def _passage(text: str, language: str) -> Passage:
    return Passage(text, guessed_language(text) if language == "auto" else language)


def _protected(path: Path | None) -> tuple[str, ...]:
    """The entries of a protected list: one a line, # starts a comment."""
    if path is None:
        return ()
    lines: TextIO
    with path.open(encoding="utf-8") as lines:
        entries = (line.strip() for line in lines)
        return tuple(entry for entry in entries if entry and not entry.startswith("#"))


def _starts(passages: Sequence[Passage]) -> list[int]:
    starts, edge = [], 0
    for passage in passages:
        starts.append(edge)
        edge += len(passage.text)
    return starts
