"""A notebook as files: tables, a document, JSON, records for reference managers. Values in, bytes out.

Whoever may not read a passage any more gets a line without words in each of them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from archive.acts.citations import Citation, bibtex, place, ris
from archive.acts.exports import docx
from archive.acts.exports.docx import Paragraph
from archive.acts.exports.tables import as_csv
from archive.acts.notebook import Closed, Open
from transcripts.formats.clock import timecode
from transcripts.words import Segment

Entries = Sequence[Open | Closed]


@dataclass(frozen=True, slots=True)
class Copy:
    """For whom a copy is made, when, how a passage is cited, in which style, and what a speaker's label is to people.

    ``words`` are what it says by itself: "title", "note", "closed" with {day}, "older" with {number}.
    """

    archive: str
    account: UUID | None
    day: date
    cite: Callable[[Open], Citation]
    style: Callable[[Citation], str]
    speaker: Callable[[str], str]
    words: Mapping[str, str]

    @property
    def mark(self) -> str:
        """What stands in every copy, so that one that turns up elsewhere can be told."""
        return f"{self.archive}, {self.day.isoformat()}, {self.account}"

    def cited(self, entry: Open) -> str:
        """The citation in the copy's style."""
        return self.style(self.cite(entry))

    def said(self, turn: Segment) -> str:
        """The turn's words after whoever says them."""
        return f"{self.speaker(turn.speaker)}: {turn.text}" if turn.speaker else turn.text

    def gone(self, entry: Closed) -> str:
        """What is said of a passage that may not be read."""
        return self.words["closed"].format(day=entry.day.isoformat())


@dataclass(frozen=True, slots=True)
class File:
    """One form of export: how its file's name ends, its type, and what writes it."""

    ending: str
    mime: str
    write: Callable[[Entries, Copy], bytes]


def _table(entries: Entries, copy: Copy) -> bytes:
    head = (
        *("interview", "version", "title", "narrator", "collection", "recorded", "language"),
        *("start", "end", "text", "note", "saved", "saved_version", "address", "citation", "state", "copy"),
    )
    rows = (_row(one, copy) if isinstance(one, Open) else _closed_row(one, len(head), copy) for one in entries)
    return as_csv(head, rows)


def _row(entry: Open, copy: Copy) -> list[str]:
    cited, passage = copy.cite(entry), entry.passage
    return [
        *(cited.accession, str(cited.redaction), cited.title, cited.narrator, cited.collection),
        *(cited.recorded_on.isoformat() if cited.recorded_on else "", cited.language),
        *(timecode(passage.start), timecode(passage.end), "\n".join(map(copy.said, entry.segments)), passage.note),
        *(passage.day.isoformat(), str(passage.redaction), cited.address, copy.cited(entry), "open", copy.mark),
    ]


def _closed_row(entry: Closed, width: int, copy: Copy) -> list[str]:
    row = [""] * width
    row[11], row[-2], row[-1] = entry.day.isoformat(), "closed", copy.mark
    return row


def _coding_table(entries: Entries, copy: Copy) -> bytes:
    """One row for each turn: what programs for qualitative analysis take in as a table, each row a text to code."""
    head = ("document_group", "document", "begin", "end", "speaker", "segment", "comment", "copy")
    return as_csv(head, _coding_rows(entries, copy))


def _coding_rows(entries: Entries, copy: Copy) -> Iterator[list[str]]:
    for entry in entries:
        if isinstance(entry, Closed):
            yield ["", "", "", "", "", "", copy.gone(entry), copy.mark]
            continue
        cited = copy.cite(entry)
        for turn in entry.segments:
            yield [
                *(cited.collection or cited.archive, f"{cited.accession} v{cited.redaction}"),
                *(timecode(turn.start), timecode(turn.end), copy.speaker(turn.speaker or ""), turn.text),
                *(entry.passage.note, copy.mark),
            ]


def _json(entries: Entries, copy: Copy) -> bytes:
    found = [_object(one, copy) if isinstance(one, Open) else _closed_object(one) for one in entries]
    return json.dumps({"copy": copy.mark, "passages": found}, ensure_ascii=False, indent=1).encode()


def _closed_object(entry: Closed) -> dict[str, object]:
    return {"state": "closed", "saved": entry.day.isoformat()}


def _object(entry: Open, copy: Copy) -> dict[str, object]:
    cited, passage = copy.cite(entry), entry.passage
    return {
        "state": "open",
        "interview": cited.accession,
        "version": cited.redaction,
        "title": cited.title,
        "narrator": cited.narrator,
        "collection": cited.collection,
        "recorded": cited.recorded_on.isoformat() if cited.recorded_on else None,
        "language": cited.language,
        "start": passage.start,
        "end": passage.end,
        "turns": [_turn(turn) for turn in entry.segments],
        "note": passage.note,
        "saved": passage.day.isoformat(),
        "saved_version": passage.redaction,
        "address": cited.address,
        "citation": copy.cited(entry),
    }


def _turn(turn: Segment) -> dict[str, object]:
    return {"speaker": turn.speaker, "start": turn.start, "end": turn.end, "text": turn.text}


def _document(entries: Entries, copy: Copy) -> bytes:
    return docx.document(_paragraphs(entries, copy))


def _paragraphs(entries: Entries, copy: Copy) -> Iterator[Paragraph]:
    words = copy.words
    yield Paragraph(f"{copy.archive}: {words['title']}", "Title")
    yield Paragraph(copy.mark, "Source")
    for entry in entries:
        if isinstance(entry, Closed):
            yield Paragraph("—", "Heading1")
            yield Paragraph(copy.gone(entry), "Source")
            continue
        passage = entry.passage
        name = entry.interview.title or entry.interview.accession
        yield Paragraph(f"{name}, {place(passage.start, passage.end)}", "Heading1", entry.interview.language)
        for turn in entry.segments:
            yield Paragraph(copy.said(turn), "Quote", turn.language)
        if passage.note:
            yield Paragraph(f"{words['note']}: {passage.note}")
        if entry.replaced:
            yield Paragraph(words["older"].format(number=passage.redaction), "Source")
        yield Paragraph(copy.cited(entry), "Source")


def _bibtex(entries: Entries, copy: Copy) -> bytes:
    """What stands between entries is a comment to BibTeX."""
    found = [_entry(one, copy) if isinstance(one, Open) else f"% {copy.gone(one)}" for one in entries]
    return "\n\n".join((f"% {copy.mark}", *found, "")).encode()


def _entry(entry: Open, copy: Copy) -> str:
    return bibtex(copy.cite(entry), entry.passage.note)


def _ris(entries: Entries, copy: Copy) -> bytes:
    """The format has no comments: what cannot be read is a record of the general type that says so."""
    found = [
        ris(copy.cite(one), one.passage.note)
        if isinstance(one, Open)
        else f"TY  - GEN\r\nTI  - {copy.gone(one)}\r\nER  - \r\n"
        for one in entries
    ]
    return "\r\n".join(found).encode()


FILES: Mapping[str, File] = {
    "csv": File("csv", "text/csv", _table),
    "qda": File("qda.csv", "text/csv", _coding_table),
    "docx": File("docx", docx.MIME, _document),
    "json": File("json", "application/json", _json),
    "bibtex": File("bib", "application/x-bibtex", _bibtex),
    "ris": File("ris", "application/x-research-info-systems", _ris),
}
"""Every form of export, by the name that stands in addresses."""
