"""Translations of a transcript in review: laid beside its turns from a file, or typed, and released with it.

They are changes of the review like any other (see changes.py): merged, undone, and approved with everything else. Names
in them are concealed by the decisions about the transcript: see transcripts/pseudonyms/translated.py.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self
from uuid import UUID

from archive.acts import changes
from archive.acts.cells import Change, Draft, as_cell
from archive.errors import BadInput
from archive.interview import Interview
from archive.parts import Archive
from archive.pipeline.translated import digest
from archive.policy import Act, Principal
from transcripts.errors import MalformedTranscript
from transcripts.formats import READERS
from transcripts.names import Choice, Decision
from transcripts.names.lexicon import LANGUAGES
from transcripts.pseudonyms import is_strangers
from transcripts.translation import beside
from transcripts.words import Segment

LONGEST_FILE = 4_000_000
"""Bytes of a translation’s file."""

_LONGEST_TEXT = 20_000  # characters of a turn
_MOST_SUBTITLES = 15_000
_LONGEST_KEY = 300
_TURNS_A_PAGE = 50
_OVERHANG = 5.0  # seconds by which the last subtitle may outlast the sound


@dataclass(frozen=True, slots=True)
class Render:
    """Translations of turns, by turn: the text ("" takes it away) and the digest of what was translated.

    An empty digest stands for the turn as it reads now.
    """

    needs_text: ClassVar[bool] = True
    act: ClassVar[Act] = Act.DECIDE
    language: str
    texts: Mapping[str, tuple[str, str]] = field(repr=False)

    def change(self, draft: Draft) -> Change:
        """Raises BadInput."""
        if self.language not in LANGUAGES:
            raise BadInput("Choose a language from the list.", "language")
        made: dict[str, Any] = {}
        for turn, (text, of) in self.texts.items():
            now, words = draft.words.get(turn), _checked(text)
            made[f"rendered:{self.language}@{turn}"] = [words, of or digest(now.text)] if words else None
        return _changing(draft, made)


@dataclass(frozen=True, slots=True)
class LayBeside:
    """What is said in a file, in place of everything that was translated before."""

    needs_text: ClassVar[bool] = True
    act: ClassVar[Act] = Act.DECIDE
    language: str
    said: tuple[Segment, ...] = field(repr=False)

    @classmethod
    def of(cls, file: bytes, language: str) -> Self:
        """What is said in a file, whatever it is called. Raises BadInput."""
        if len(file) > LONGEST_FILE:
            raise BadInput("The file is larger than {megabytes:g} MB.", "file", megabytes=LONGEST_FILE / 1e6)
        try:
            text = file.decode("utf-8-sig")
            form = "vtt" if text.startswith("WEBVTT") else "json" if text.lstrip().startswith("{") else "srt"
            said = READERS[form](text, language).segments if _is_cut_up(text, form) else ()
        except (UnicodeDecodeError, MalformedTranscript):
            said = ()
        if not said or len(said) > _MOST_SUBTITLES:
            # Without a cause: it may quote the file.
            raise BadInput("This is no WebVTT, SRT or JSON file with times, in UTF-8.", "file") from None
        return cls(language, said)

    def change(self, draft: Draft) -> Change:
        """Raises BadInput."""
        text = draft.words
        if max(one.end for one in self.said) > text.seconds + _OVERHANG:
            raise BadInput("The times in this file go beyond the recording.", "file")
        found = beside(self.said, text.transcript.segments)
        gone = TakeAway(self.language).change(draft).cells
        texts = {text.turns[n]: (said, "") for n, said in found.items()}
        made = Render(self.language, texts).change(replace(draft, renderings={}))
        return _changing(draft, {**dict.fromkeys(gone), **{cell: new for cell, (_, new) in made.cells.items()}})


@dataclass(frozen=True, slots=True)
class TakeAway:
    """A whole translation."""

    needs_text: ClassVar[bool] = True
    act: ClassVar[Act] = Act.DECIDE
    language: str

    def change(self, draft: Draft) -> Change:
        """Raises nothing."""
        found = draft.renderings.get(self.language, {})
        return draft.change({f"rendered:{self.language}@{turn}": None for turn in found})


@dataclass(frozen=True, slots=True)
class DecideStranger:
    """A choice for somebody who is named in a translation alone, by ``stranger_key``; None forgets it."""

    needs_text: ClassVar[bool] = False
    act: ClassVar[Act] = Act.DECIDE
    key: str = field(repr=False)
    decision: Decision | None

    def change(self, draft: Draft) -> Change:
        """Raises BadInput."""
        if not is_strangers(self.key) or len(self.key) > _LONGEST_KEY:
            raise BadInput("This person is no longer in the text.", "person")
        return draft.change({f"choice:{self.key}": as_cell(Choice(self.decision) if self.decision else None)})


@dataclass(frozen=True, slots=True)
class Row:
    """One turn beside its translation; ``of`` is the digest of what it says, ``old``: it said something else then."""

    turn: str
    segment: Segment = field(repr=False)
    text: str = field(repr=False)
    of: str
    old: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a translation has come: turns that are translated, and of these that were changed since.

    ``next`` is the first page on which something is to be done; None if nothing is.
    """

    language: str
    done: int
    old: int
    turns: int
    next: int | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of a translation, from 1. ``version`` is the review's; ``languages`` it may be translated into."""

    interview: Interview
    version: int
    languages: tuple[str, ...]
    progress: tuple[Progress, ...]
    language: str = ""
    rows: tuple[Row, ...] = ()
    page: int = 1
    pages: int = 1


def languages(interview: Interview) -> tuple[str, ...]:
    """What it may be translated into: the languages in which names are found, less its own."""
    return tuple(one for one in sorted(LANGUAGES) if one != interview.language)


def may_write(house: Archive, who: Principal, id: UUID) -> None:
    """Raises Refused, Unknown for whoever may not translate it now, before a word of theirs is looked at."""
    with house.catalogue.reading() as ledger:
        house.require(Act.DECIDE, who, ledger.interviews.get(id))


def sheet(house: Archive, who: Principal, id: UUID, language: str = "", page: int = 1) -> Sheet:
    """What is translated; of one ``language`` a page of turns. Raises BadInput, Refused, Unknown."""
    with house.catalogue.reading() as ledger:
        interview = ledger.interviews.get(id)
        permit = house.require(Act.REVIEW, who, interview)
        version, draft, _ = changes.draft(ledger, permit, id, text=True)
    if language and language not in languages(interview):
        raise BadInput("Choose a language from the list.", "language")
    rows = _rows(draft, language) if language else []
    pages = max(1, -(-len(rows) // _TURNS_A_PAGE))
    page = min(max(1, page), pages)
    return Sheet(
        interview=interview,
        version=version,
        languages=languages(interview),
        progress=tuple(_progress(draft, one) for one in sorted(draft.renderings)),
        language=language,
        rows=tuple(rows[(page - 1) * _TURNS_A_PAGE : page * _TURNS_A_PAGE]),
        page=page,
        pages=pages,
    )


def rows_of(house: Archive, who: Principal, id: UUID, language: str, turns: Collection[str]) -> tuple[int, list[Row]]:
    """The review's version, and these turns as they are now. Raises Refused, Unknown."""
    with house.catalogue.reading() as ledger:
        permit = house.require(Act.REVIEW, who, ledger.interviews.get(id))
        version, draft, _ = changes.draft(ledger, permit, id, text=True)
    return version, [row for row in _rows(draft, language) if row.turn in turns]


def _is_cut_up(text: str, form: str) -> bool:
    """Whether subtitles are as short as subtitles are, before any word of them is looked at."""
    return form == "json" or all(len(line) <= _LONGEST_TEXT for line in text.splitlines())


def _checked(text: str) -> str:
    """A turn's text in one line. Raises BadInput."""
    words = " ".join(text.split())
    if len(words) > _LONGEST_TEXT:
        raise BadInput("This is longer than {limit} characters.", "text", limit=_LONGEST_TEXT)
    try:
        words.encode()
    except UnicodeEncodeError:  # half a character, which JSON can hold
        raise BadInput("This is no WebVTT, SRT or JSON file with times, in UTF-8.", "file") from None
    return words


def _changing(draft: Draft, values: Mapping[str, Any]) -> Change:
    """The change to these values, of cells that hold others: the same again is no change, and voids no signature."""
    return draft.change({cell: value for cell, value in values.items() if draft.get(cell) != value})


def _rows(draft: Draft, language: str) -> list[Row]:
    found = draft.renderings.get(language, {})
    rows = []
    for n, turn in enumerate(draft.words.turns):
        segment = draft.words.at(n)
        now = digest(segment.text)
        text, of = found.get(turn, ("", now))
        rows.append(Row(turn, segment, text, now, of != now))
    return rows


def _progress(draft: Draft, language: str) -> Progress:
    rows = _rows(draft, language)
    open_ones = (n for n, row in enumerate(rows) if row.old or not row.text)
    return Progress(
        language=language,
        done=sum(bool(row.text) for row in rows),
        old=sum(row.old for row in rows),
        turns=len(rows),
        next=next((1 + n // _TURNS_A_PAGE for n in open_ones), None),
    )
