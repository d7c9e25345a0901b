"""golosa pseudonymize: names and identifiers concealed in text. Works on texts of one's own; no archive is needed."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from archive import reasons
from archive.errors import BadInput
from archive.i18n import preferred, translations
from transcripts.names import Decision, Detector, Label, Mention, Passage, Person, PublicFigures, Roster, group
from transcripts.names.lexicon import LANGUAGES, guessed_language
from transcripts.pseudonyms import Replacement, filled, replacements
from transcripts.shipped import shipped

_PARAGRAPH = re.compile(r"(\n\s*\n)")
_COMMENT = re.compile(r"(?:^|\s)#.*")
_SURROGATE = re.compile("[\ud800-\udfff]")


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
@click.option(
    "--explain",
    is_flag=True,
    help="Say why: place, person, reason and sureness, on stderr (with --jsonl in each span).",
)
@click.option("--jsonl", is_flag=True, help="One JSON object per line, in and out.")
def pseudonymize(  # noqa: PLR0913, PLR0917  # one parameter an option
    file: Path, language: str, protected_file: Path | None, no_public_figures: bool, explain: bool, jsonl: bool
) -> None:
    """Conceal names and identifiers in a text.

    FILE is UTF-8; without one, standard input is read. Surnames, patronymics, telephone numbers, addresses and the like
    are concealed, and so is what is unsure. Pseudonymised is not anonymous: a life story identifies people; have a
    person read it.

    With --jsonl each line is {"id", "text", "lang"?, "protected"?: [...]}; answered by {"id", "text", "spans":
    [{"start", "end", "label", "person", "cover"}]}, offsets in code points of the text that came in. Each line is
    answered before the next is read: lines may come without end, in bounded memory. Without --jsonl FILE is one
    document and is read whole before anything is written, because a name found on its last page is concealed on its
    first; memory grows with it, to about 400 MB for 100,000 words. Cut what is longer, or what does not belong
    together, into lines of JSON.
    """
    figures = None if no_public_figures else PublicFigures.load(shipped("public_figures.toml"))
    work = _Work(Detector(figures), language, _protected(protected_file), explain)
    with click.open_file(str(file), "rb") as opened:
        for piece in _lines(opened, work) if jsonl else _text(opened.read(), work):
            click.echo(piece, nl=False)


def _text(data: bytes, work: _Work) -> Iterator[str]:
    """The text with everything concealed; what is said on stderr goes by number and place, never by name."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise BadInput("The text is not UTF-8. Save it as UTF-8 and try again.") from error
    passages = [_passage(part, work.language) for part in _PARAGRAPH.split(text)]
    roster, places = _concealed(passages, work, ())
    for passage, here in zip(passages, places, strict=True):
        yield filled(passage.text, here)[0]
    if work.explain:
        starts = _starts(passages)
        for number, start, end, person in _explained(roster, places):
            mention = _mention(person, number, start, end)
            click.echo(_line(starts[number] + start, starts[number] + end, mention, person), err=True)


def _lines(lines: Iterable[bytes], work: _Work) -> Iterator[str]:
    """One answer a line, as soon as it is made."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield json.dumps(_answer(_document(line, number), work), ensure_ascii=False) + "\n"


def _document(line: bytes, number: int) -> Mapping[str, Any]:
    """The object of a line, its parts of the right types. Raises BadInput, which names the line and no word of it."""
    try:
        text = line.decode("utf-8-sig" if number == 1 else "utf-8")
        found = json.loads(text, parse_constant=_no_number)
    except UnicodeDecodeError as error:
        raise BadInput("Line {number} is not UTF-8. Save it as UTF-8 and try again.", number=number) from error
    except (ValueError, RecursionError):
        # The cause would quote the line.
        raise BadInput("Line {number} is not JSON.", number=number) from None
    if not isinstance(found, dict) or "id" not in found or "text" not in found:
        raise BadInput("Line {number} is not an object with “id” and “text”.", number=number)
    if isinstance(found["id"], bool) or not isinstance(found["id"], str | int | float):
        raise BadInput("Line {number}: “id” has to be a string or a number.", number=number)
    if not isinstance(found["text"], str) or not isinstance(found.get("lang", ""), str):
        raise BadInput("Line {number}: “text” and “lang” have to be strings.", number=number)
    protected = found.get("protected", [])
    if not isinstance(protected, list) or not all(isinstance(entry, str) for entry in protected):
        raise BadInput("Line {number}: “protected” has to be a list of strings.", number=number)
    if any(_SURROGATE.search(part) for part in (str(found["id"]), found["text"], *protected)):
        raise BadInput("Line {number} holds half a character (a lone surrogate), which is no text.", number=number)
    return found


def _no_number(name: str) -> None:
    """NaN and Infinity are no JSON."""
    raise ValueError(name)


def _answer(document: Mapping[str, Any], work: _Work) -> dict[str, Any]:
    language = document.get("lang")
    passage = _passage(document["text"], language if language in LANGUAGES else work.language)
    roster, (places,) = _concealed([passage], work, tuple(document.get("protected", ())))
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
        mention = _mention(roster.people[place.number - 1], 0, place.start, place.end)
        span |= {"why": mention.why, "because": _say(reasons.why(mention.why)), "sureness": round(mention.sureness, 2)}
    return span


def _explained(roster: Roster, places: Sequence[Sequence[Replacement]]) -> list[tuple[int, int, int, Person]]:
    """(passage, start, end, person) of everything concealed, and of the public figures that are kept; in order."""
    kept = [person for person in roster.people if person.proposal is Decision.PUBLIC_FIGURE and not person.protected]
    found = [(one.passage, one.start, one.end, person) for person in kept for one in person.mentions]
    for number, here in enumerate(places):
        found += [(number, place.start, place.end, roster.people[place.number - 1]) for place in here]
    return sorted(found, key=lambda one: one[:3])


def _mention(person: Person, passage: int, start: int, end: int) -> Mention:
    """The mention of a person that stands in a place; their surest one where the net under the finders found it."""
    here = [one for one in person.mentions if one.passage == passage and one.start < end and start < one.end]
    return max(here or person.mentions, key=lambda one: one.sureness)


def _line(start: int, end: int, mention: Mention, person: Person) -> str:
    """One line of an explanation, in the language of the terminal; it holds no name."""
    return _say(reasons.LINE).format(
        start=start,
        end=end,
        label=_say(reasons.LABELS[mention.label]),
        person=person.number,
        why=_say(reasons.why(mention.why)),
        sureness=_say(reasons.sureness(mention.sureness)),
        decision=_say(reasons.DECISIONS[person.proposal]),
    )


def _say(words: str) -> str:
    return translations(preferred(os.environ)).gettext(words)


def _concealed(
    passages: Sequence[Passage], work: _Work, protected: tuple[str, ...]
) -> tuple[Roster, list[list[Replacement]]]:
    roster = group(work.detector.find(passages, (*work.protected, *protected)), passages)
    return roster, replacements(passages, roster, roster.proposed(), judged=True)


def _passage(text: str, language: str) -> Passage:
    return Passage(text, guessed_language(text) if language == "auto" else language)


def _protected(path: Path | None) -> tuple[str, ...]:
    """The entries of a protected list: one a line; # begins a comment, at the start of a line or after white space."""
    if path is None:
        return ()
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput("The protected list is not UTF-8. Save it as UTF-8 and try again.") from error
    entries = (_COMMENT.sub("", line).strip() for line in text.splitlines())
    return tuple(filter(None, entries))


def _starts(passages: Sequence[Passage]) -> list[int]:
    starts, edge = [], 0
    for passage in passages:
        starts.append(edge)
        edge += len(passage.text)
    return starts
