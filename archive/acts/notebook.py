"""A reader's own notebook: saved passages with notes, saved searches. Nobody else opens it, whatever their role.

Only the place of a passage is kept, and its words are cut anew from what may be read at the moment of looking. Where it
may not be read any more, a line is left that says so, and on which day it was saved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID, uuid4

from archive.acts.answers import Question
from archive.acts.excerpts import cut
from archive.acts.facets import Chosen, Facet
from archive.acts.ordering import Sort
from archive.acts.research import note_reading, released
from archive.catalogue import Ledger, SavedPassage, SavedSearch
from archive.errors import BadInput, KeyGone, Refused, Tampered, Unknown
from archive.interview import Interview
from archive.parts import Archive
from archive.policy import Act, Principal, allows
from transcripts.words import Segment

LONGEST_NOTE = 5_000
_LONGEST_PASSAGE = 1_800.0  # seconds
_LONGEST_QUESTION = 1_000
_MOST_PASSAGES, _MOST_SEARCHES = 5_000, 500
_ON_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class Open:
    """A saved passage as it reads today; times of ``segments`` are those of the interview.

    ``replaced``: it was saved from an earlier release; its words may have changed since.
    """

    passage: SavedPassage
    interview: Interview
    collection: str = field(repr=False)
    segments: tuple[Segment, ...] = field(repr=False)
    may_hear: bool = False

    @property
    def replaced(self) -> bool:
        return self.passage.redaction != self.interview.redaction


@dataclass(frozen=True, slots=True)
class Closed:
    """What is left of a saved passage that may not be read, or not now: withdrawn, closed, access ended, in review."""

    id: UUID
    day: date


@dataclass(frozen=True, slots=True)
class Notebook:
    """One page of it. ``searches`` are all of them."""

    entries: tuple[Open | Closed, ...]
    searches: tuple[SavedSearch, ...]
    total: int
    page: int
    pages: int


def look(house: Archive, who: Principal, number: int = 1) -> Notebook:
    """A page of one's own notebook, newest first; a number beyond the last is the last. Raises Refused."""
    account = _owner(house, who, Act.SEE_NOTEBOOK)
    with house.catalogue.reading() as ledger:
        lines, searches = _lines(ledger, account), ledger.notebook.searches_of(account)
    total = len(lines)
    pages = max(1, -(-total // _ON_A_PAGE))
    page = min(max(1, number), pages)
    first = (page - 1) * _ON_A_PAGE
    entries = _read(house, who, Act.READ_RELEASED, lines[first : first + _ON_A_PAGE])
    return Notebook(tuple(entries), tuple(searches), total, page, pages)


def export(house: Archive, who: Principal) -> list[Open | Closed]:
    """Every saved passage, newest first, for a copy that leaves the archive: policy is asked about each.

    Raises Refused.
    """
    account = _owner(house, who, Act.SEE_NOTEBOOK)
    with house.catalogue.reading() as ledger:
        lines = _lines(ledger, account)
    entries = _read(house, who, Act.EXPORT, lines)
    taken = dict.fromkeys(one.interview.id for one in entries if isinstance(one, Open))
    with house.catalogue.writing() as ledger:
        for interview in taken:
            ledger.audit.append(Act.EXPORT, account, interview, house.now())
    return entries


def save(house: Archive, who: Principal, id: UUID, span: tuple[float, float], note: str = "") -> SavedPassage:
    """Keeps the place of a passage (seconds from, to): that is reading its interview, and is counted as such.

    One that is kept already is of today's release from now on, and gets the note, if there is one. Raises BadInput,
    EnoughForToday, Refused, Unknown.
    """
    start, end = span
    with house.catalogue.reading() as ledger:
        interview = ledger.interviews.get(id)
    permit = house.require(Act.SAVE_PASSAGE, who, interview)
    account = _owner(house, who, Act.CHANGE_NOTEBOOK)
    if not 0 <= start < end or end - start > _LONGEST_PASSAGE:
        minutes = _LONGEST_PASSAGE / 60
        raise BadInput(
            "Choose a beginning and a later end, {minutes:g} minutes apart at the most.", "end", minutes=minutes
        )
    if not cut(released(house, permit), start, end):
        raise BadInput("There are no words between these times.", "start")
    made = SavedPassage(
        id=uuid4(),
        interview=id,
        account=account,
        day=house.today(),
        start=start,
        end=end,
        redaction=interview.redaction,
        note=_fit(note),
    )
    with house.catalogue.writing() as ledger:
        note_reading(house, ledger, house.case(who, interview))
        there = next((one for one in ledger.notebook.of(account, id) if _same(one, made)), None)
        if there is not None:
            again = replace(there, note=made.note or there.note, redaction=made.redaction)
            return ledger.notebook.change(again) if again != there else there
        if ledger.notebook.counts(account)[0] >= _MOST_PASSAGES:
            raise BadInput("The notebook is full: remove something first.", "note")
        kept = ledger.notebook.keep(made)
        ledger.audit.append(Act.SAVE_PASSAGE, account, id, house.now())
    return kept


def annotate(house: Archive, who: Principal, id: UUID, note: str) -> SavedPassage:
    """Another note to a saved passage that may still be read. Raises BadInput, Refused, Unknown."""
    account = _owner(house, who, Act.CHANGE_NOTEBOOK)
    with house.catalogue.writing() as ledger:
        found = ledger.notebook.get(account, id)
        house.require(Act.READ_RELEASED, who, ledger.interviews.get(found.interview))
        return ledger.notebook.change(replace(found, note=_fit(note)))


def discard(house: Archive, who: Principal, id: UUID) -> None:
    """Takes a passage out of one's own notebook; the line that is left of one, too. Raises Refused."""
    account = _owner(house, who, Act.CHANGE_NOTEBOOK)
    with house.catalogue.writing() as ledger:
        ledger.notebook.drop(account, id)


def holds(house: Archive, who: Principal, interview: UUID) -> bool:
    """Whether this person kept something of an interview: then its address may say more than “nothing here”."""
    if who.account is None or not allows(Act.SEE_NOTEBOOK, house.case(who)):
        return False
    with house.catalogue.reading() as ledger:
        return ledger.notebook.holds(who.account, interview)


def save_search(house: Archive, who: Principal, question: Question) -> SavedSearch:
    """Keeps a question with what it is narrowed to, its order and whether it asks for aspect partners.

    Raises BadInput, Refused.
    """
    account = _owner(house, who, Act.CHANGE_NOTEBOOK)
    question = replace(question, text=question.text.strip())
    if not 0 < len(question.text) <= _LONGEST_QUESTION:
        raise BadInput("There is no question to keep, or it is too long.", "q")
    with house.catalogue.writing() as ledger:
        there = next((one for one in ledger.notebook.searches_of(account) if asked_in(one) == question), None)
        if there is not None:
            return there
        if ledger.notebook.counts(account)[1] >= _MOST_SEARCHES:
            raise BadInput("The notebook is full: remove something first.", "q")
        return ledger.notebook.keep_search(_kept(question, account, house.today()))


def asked_in(search: SavedSearch) -> Question:
    """What was kept, as it is asked."""
    values = {Facet(name): frozenset(values) for name, *values in search.narrowed}
    return Question(
        search.question,
        Chosen(values, search.first_year, search.last_year),
        Sort(search.sort),
        search.pairs,
    )


def _kept(question: Question, account: UUID, day: date) -> SavedSearch:
    chosen = question.chosen
    return SavedSearch(
        id=uuid4(),
        account=account,
        day=day,
        question=question.text,
        narrowed=tuple((str(facet), *sorted(values)) for facet, values in chosen.values.items() if values),
        first_year=chosen.first_year,
        last_year=chosen.last_year,
        sort=str(question.sort),
        pairs=question.pairs,
    )


def saved_search(house: Archive, who: Principal, id: UUID) -> SavedSearch:
    """One of one's own. Raises Refused, Unknown."""
    account = _owner(house, who, Act.SEE_NOTEBOOK)
    with house.catalogue.reading() as ledger:
        found = next((one for one in ledger.notebook.searches_of(account) if one.id == id), None)
    if found is None:
        raise Unknown
    return found


def discard_search(house: Archive, who: Principal, id: UUID) -> None:
    """Takes a question out of one's own notebook. Raises Refused."""
    account = _owner(house, who, Act.CHANGE_NOTEBOOK)
    with house.catalogue.writing() as ledger:
        ledger.notebook.drop_search(account, id)


def _owner(house: Archive, who: Principal, act: Act) -> UUID:
    house.require(act, who)
    if who.account is None:
        raise Refused(f"{act}: no account")
    return who.account


def _lines(ledger: Ledger, account: UUID) -> list[SavedPassage | Closed]:
    """All that was saved, newest first: what was withdrawn stands where it stood, or its place would tell it apart."""
    kept = {one.id: one for one in ledger.notebook.of(account)}
    return [kept.get(id) or Closed(id, day) for id, day in ledger.notebook.days(account).items()]


def _read(house: Archive, who: Principal, act: Act, lines: Sequence[SavedPassage | Closed]) -> list[Open | Closed]:
    """Each line as that act may read it now, in order; an interview is opened once, one after the other."""
    with house.catalogue.reading() as ledger:
        names = {one.id: one.name for one in ledger.collections.all()}
    by_interview: dict[UUID, list[SavedPassage]] = {}
    for one in lines:
        if isinstance(one, SavedPassage):
            by_interview.setdefault(one.interview, []).append(one)
    read: dict[UUID, Open] = {}
    for passages in by_interview.values():
        with suppress(Refused, KeyGone, Tampered, Unknown):  # “verify” names what does not open
            read.update((one.passage.id, one) for one in _opened(house, who, act, passages, names))
    return [read.get(one.id) or Closed(one.id, one.day) for one in lines]


def _opened(
    house: Archive, who: Principal, act: Act, passages: Sequence[SavedPassage], names: Mapping[UUID, str]
) -> Iterator[Open]:
    """Passages of one interview."""
    with house.catalogue.reading() as ledger:
        interview = ledger.interviews.get(passages[0].interview)
    transcript = released(house, house.require(act, who, interview))
    may_hear = allows(Act.HEAR_RELEASED, house.case(who, interview))
    for one in passages:
        segments = cut(transcript, one.start, one.end, zero=0.0)
        yield Open(one, interview, names.get(interview.collection, ""), segments, may_hear)


def _same(one: SavedPassage, other: SavedPassage) -> bool:
    return (one.interview, one.start, one.end) == (other.interview, other.start, other.end)


def _fit(note: str) -> str:
    note = note.strip().replace("\r\n", "\n")
    if len(note) > LONGEST_NOTE:
        raise BadInput("This is longer than {limit} characters.", "note", limit=LONGEST_NOTE)
    return note
