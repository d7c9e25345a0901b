"""Approval: what others would see, a person who answers for it, and the ways back to review."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

from archive.acts import indexing, naming
from archive.acts.review import Review, read, read_in, settled
from archive.catalogue import Blob, Kind, Ledger, Paper, PaperKind
from archive.errors import Busy, Conflict, NotSettled, OutOfSpace, SignedAlready, Undecided
from archive.interview import Event, advance
from archive.parts import Archive, even_if_full
from archive.pipeline import translated
from archive.pipeline.about import About, LeftOut, looked_through
from archive.policy import Act, Case, Principal, allows, require
from transcripts.errors import NameInTitle, SoundNotFound
from transcripts.names import Passage
from transcripts.names.mosaic import Mosaic, mosaics
from transcripts.names.traits import traits
from transcripts.pseudonyms import Find, Listened, Rendered, pseudonymise, silences
from transcripts.words import Transcript


@dataclass(frozen=True, slots=True)
class Beside:
    """A translation as others will read it. ``outdated``: turns (indexes) that were changed since, and are left out."""

    rendered: Rendered
    outdated: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What strangers would read, and what in it may tell them who speaks although no name is left.

    ``lost``: where to listen for concealed words whose sound nobody can place; while there are any nothing is released.
    ``left_out``: what is written about the interview and others do not read, because a name is in it.
    ``translations``: see ``Beside``. ``name_in_title``: a name would still stand there, so no title is shown.
    """

    review: Review
    about: About
    left_out: tuple[LeftOut, ...]
    transcript: Transcript
    mosaics: tuple[Mosaic, ...]
    lost: str = ""
    translations: tuple[Beside, ...] = ()
    name_in_title: bool = False


def preview(house: Archive, who: Principal, id: UUID) -> Preview:
    """Exactly the title and text that others would read after approval; the mosaics are for the reviewer alone.

    Where the text was changed since names were found in it, they are found first. Raises Busy, Refused, Unknown.
    """
    current = settled(house, who, id)
    permit = house.require(Act.REVIEW, who, current.interview)
    roster, decisions = current.roster, current.decisions
    find = partial(house.detector.find, protected=naming.protected(house, permit, decisions.selected))
    language = current.interview.language
    described = current.description.as_json()
    look = partial(looked_through, language=language, find=find, roster=roster, choices=decisions.choices)
    try:
        told, left_out = look(described)
        name_in_title = False
    except NameInTitle:
        told, left_out = look({**described, "title": ""})
        name_in_title = True
    released = _released(current)
    passages = [Passage(segment.text, segment.language) for segment in released.segments]
    return Preview(
        review=current,
        about=told,
        left_out=left_out,
        name_in_title=name_in_title,
        transcript=released,
        mosaics=tuple(mosaics(traits(passages))),
        lost=_lost(released, current.listened),
        translations=tuple(_translated(current, released, told.title, find)),
    )


def approve(house: Archive, who: Principal, id: UUID, version: int) -> bool:
    """A person answers for the decisions; the machine goes on to the masking.

    Where the archive asks for two signatures and this is the first, it is kept and False comes back: any change of the
    review voids it. Raises Undecided, NotSettled, SignedAlready, Conflict, Refused, SoundNotFound where somebody has to
    listen first.
    """
    heard = read(house, who, id)
    _check_ready(heard, version)
    silences(_released(heard), heard.listened.silenced)  # of this version; seconds, so nobody else waits for it
    with house.catalogue.writing() as ledger:
        interview = ledger.interviews.get(id)
        reading = house.require(Act.REVIEW, who, interview)
        current = read_in(ledger, reading, interview)
        _check_ready(current, version)
        case = replace(house.case(who, interview), signed=frozenset(current.signed))
        if not allows(Act.APPROVE, case) and case.signatures > 1:
            return _sign(house, ledger, case, current)
        require(Act.APPROVE, case)
        old = _of_the_last_release(house, ledger, id)
        approved = ledger.interviews.save(advance(interview, Event.APPROVE))
        job = ledger.jobs.enqueue(id, approved.stage)
        ledger.audit.append(Act.APPROVE, who.account, id, house.now())
    for blob in old:
        house.vault.remove(blob)
    house.bell.ring(job.id)
    return True


@even_if_full
def send_back(house: Archive, who: Principal, id: UUID) -> None:
    """Back to review before anything was released. Raises Refused, IllegalMove."""
    _back(house, who, id, (Act.SEND_BACK, Event.SEND_BACK))


@even_if_full
def reopen(house: Archive, who: Principal, id: UUID) -> None:
    """A released interview back to review: at once nobody but reviewers reads it, and its words leave the index.

    Raises Refused, IllegalMove.
    """
    _back(house, who, id, (Act.REOPEN, Event.REOPEN))


_OF_A_RELEASE = (
    *(Kind.RELEASED_TRANSCRIPT, Kind.RELEASED_TRANSLATIONS, Kind.PASSAGES),
    *(Kind.MASKED_SOUND, Kind.DISGUISED_SOUND, Kind.PEAKS),
)


def _back(house: Archive, who: Principal, id: UUID, move: tuple[Act, Event]) -> None:
    act, event = move
    with house.catalogue.writing() as ledger:
        interview = ledger.interviews.get(id)
        house.require(act, who, interview)
        ledger.interviews.save(advance(interview, event))
        job = ledger.jobs.of(id)
        if job is not None:
            ledger.jobs.cancel(job)
        # What is about to be concealed must not stay in the index's files for as long as the second review takes; a
        # release that was killed may have put it there.
        indexing.leaves(ledger, id)
        ledger.audit.append(act, who.account, id, house.now())
    with suppress(Busy, OutOfSpace):  # the worker does it then
        indexing.settle(house)


def _translated(current: Review, released: Transcript, title: str, find: Find) -> Iterator[Beside]:
    renderings, of = current.renderings, (current.transcript, current.turns)
    known = (current.roster, current.decisions.choices)
    for one in translated.released(translated.current(renderings, *of), released, title, find, known):
        yield Beside(one, tuple(translated.outdated(renderings, *of, one.translation.language)))


def _released(current: Review) -> Transcript:
    return pseudonymise(current.transcript, current.roster, current.decisions.choices).transcript


def _lost(released: Transcript, by_ear: Listened) -> str:
    try:
        silences(released, by_ear.silenced)
    except SoundNotFound as lost:
        return str(lost.facts["places"])
    return ""


def _check_ready(current: Review, version: int) -> None:
    if current.version != version:
        raise Conflict
    if current.stale:
        raise NotSettled
    if current.left:
        raise Undecided(left=current.left)


def _sign(house: Archive, ledger: Ledger, case: Case, current: Review) -> bool:
    """The first of two signatures, for this version."""
    account, id = case.principal.account, current.interview.id
    if account in case.signed:
        raise SignedAlready
    permit = require(Act.SIGN, case)
    old = ledger.papers.get(permit, id, PaperKind.SIGNED)
    content = {"version": current.version, "who": {str(account): house.now().isoformat(timespec="seconds")}}
    ledger.papers.put(permit, Paper.new(id, PaperKind.SIGNED, content), old.version if old else 0)
    ledger.audit.append(Act.SIGN, account, id, house.now())
    return False


def _of_the_last_release(house: Archive, ledger: Ledger, id: UUID) -> list[Blob]:
    """What an approval makes out of date, condemned and taken out of the catalogue."""
    ledger.papers.remove(id, PaperKind.FINDINGS)
    ledger.papers.remove(id, PaperKind.SIGNED)
    old = [blob for kind in _OF_A_RELEASE for blob in ledger.blobs.of(id, kind)]
    for blob in old:
        house.vault.condemn(blob)
        ledger.blobs.remove(blob.id)
    return old
