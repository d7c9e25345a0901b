"""Review: a person decides about people, corrects text, sees what strangers would see, and approves.

What is decided is kept apart from what is derived: ``Review.decisions`` and the corrected transcript are stored;
who is named where is found again from them, so that a correction can never leave a mention behind.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial
from typing import Any
from uuid import UUID

from archive.acts import changes, indexing, naming
from archive.acts.cells import Draft, touches_text
from archive.acts.changes import Log, On
from archive.acts.description import Description
from archive.acts.editing import ClearFinding, Decide, Listen, Silence, whole_words
from archive.acts.streams import SoundStream, playable, stream
from archive.catalogue import Blob, Kind, Ledger, Paper, PaperKind
from archive.errors import BadInput, Busy, Conflict, NotSettled, OutOfSpace, SignedAlready, Undecided, Unknown
from archive.interview import Event, Interview, advance
from archive.parts import Archive
from archive.pipeline import translated
from archive.pipeline.about import About, LeftOut, looked_through
from archive.pipeline.translated import Renderings
from archive.policy import Act, Case, Permit, Principal, allows, require
from transcripts.errors import NameInTitle, SoundNotFound
from transcripts.names import Choice, Decisions, Passage, Roster
from transcripts.names.mosaic import Mosaic, mosaics
from transcripts.names.traits import traits
from transcripts.pseudonyms import (
    Cleared,
    Find,
    Listened,
    Rendered,
    clashes,
    pseudonymise,
    silences,
)
from transcripts.words import Transcript


@dataclass(frozen=True, slots=True)
class Place:
    """Seconds of the masked sound in which verification heard a concealed person; ``number`` is None if they are gone.

    An empty ``key``: something of the original may be left there. ``cleared``: a person listened there since and heard
    no name.
    """

    start: float
    end: float
    key: str = field(repr=False)
    number: int | None
    cleared: bool


@dataclass(frozen=True, slots=True)
class Review:
    """All that the review page shows. ``left`` people are undecided; ``heard`` is what verification heard last time.

    ``listened`` is what people decided by ear. ``turns`` is what the segments are called, whatever is cut or joined.
    ``stale``: the text was changed, and who is named in it was not found anew yet. ``version`` is handed back with
    every change: another's change of the same is then a Conflict. ``signed``: who approved this version already.
    ``renewed``: see ``naming.renewed``. ``description``: as it was typed.
    """

    interview: Interview
    version: int
    transcript: Transcript = field(repr=False)
    roster: Roster = field(repr=False)
    decisions: Decisions
    left: int
    heard: tuple[Place, ...]
    listened: Listened
    turns: tuple[str, ...] = ()
    stale: bool = False
    signed: tuple[UUID, ...] = ()
    renewed: tuple[int, int] | None = None
    description: Description = field(default_factory=Description)
    renderings: Renderings = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Update:
    """What changed since a version: people who were ``decided`` (keys), ``turns`` (some may be gone), those ``heard``.

    ``everybody``: who is who changed, so nothing of the people is as it was. ``by_ear``: what falls silent or was
    cleared. The draft holds the text if it is needed.
    """

    version: int
    draft: Draft = field(repr=False)
    stale: bool
    decided: tuple[str, ...] = field(default=(), repr=False)
    turns: tuple[str, ...] = ()
    everybody: bool = False
    heard: tuple[str, ...] = ()
    by_ear: bool = False


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


def read(house: Archive, who: Principal, id: UUID) -> Review:
    """The review as it stands. Raises Refused, Unknown."""
    with house.catalogue.reading() as ledger:
        interview = ledger.interviews.get(id)
        permit = house.require(Act.REVIEW, who, interview)
        return _review(ledger, permit, interview)


def since(house: Archive, who: Principal, id: UUID, version: int) -> Update:
    """What a page that shows ``version`` has to draw anew. Raises Refused, Unknown."""
    with house.catalogue.reading() as ledger:
        permit = house.require(Act.REVIEW, who, ledger.interviews.get(id))
        entries = Log(ledger, permit, id).since(version, changes.version(ledger, permit, id))
        cells = {cell for entry in entries or () for cell in entry.change.cells}
        kinds = {cell.partition(":")[0] for cell in cells}
        everybody = entries is None or bool(kinds & _CHANGES_WHO)
        now, draft, stale = changes.draft(ledger, permit, id, text=everybody or touches_text(cells))
    turns = _whose(cells, "turn") | _whose(cells, "speaker") if entries is not None else set(draft.words.turns)
    return Update(
        version=now,
        draft=draft,
        stale=stale,
        decided=tuple(sorted(_whose(cells, "choice"))),
        turns=tuple(sorted(turns, key=Fraction)),
        everybody=everybody,
        heard=tuple(sorted(_whose(cells, "listened"))),
        by_ear=bool(kinds & _BY_EAR),
    )


def settled(house: Archive, who: Principal, id: UUID) -> Review:
    """The review once everybody in it was found; seconds, if the text was changed. Raises Busy, Refused, Unknown."""
    for _ in range(3):
        current = read(house, who, id)
        if not current.stale:
            return current
        naming.settle(house, who, id)
    raise Busy


def decide(house: Archive, who: Principal, id: UUID, choices: Mapping[str, Choice | None], on: On) -> int:
    """Stores decisions about people by ``Person.key``; None forgets one. Returns the new version.

    Raises Conflict, BadInput, Refused.
    """
    covers = {choice.cover for choice in choices.values() if choice is not None and choice.cover}
    if covers:
        with house.catalogue.reading() as ledger:
            interview = ledger.interviews.get(id)
            permit = house.require(Act.DECIDE, who, interview)
            _, draft, _ = changes.draft(ledger, permit, id, text=False)
        listed = naming.protected(house, permit, draft.decisions.selected)
        for cover in covers:
            _check_cover(cover, draft.roster, listed, interview.language)
    return changes.make(house, who, id, Decide(choices), on)


def _check_cover(cover: str, roster: Roster, listed: Sequence[str], language: str) -> None:
    """Raises BadInput for a cover name that would give somebody away."""
    if len(cover) > 100:
        raise BadInput("This is longer than {limit} characters.", "cover", limit=100)
    if clashes(cover, roster, listed, language):
        raise BadInput("This is, or sounds like, a name in the interview or on the narrator’s list.", "cover")


def silence(house: Archive, who: Principal, id: UUID, span: tuple[float, float], on: On) -> int:
    """Seconds (from, to) that fall silent whatever is written there. Returns the new version.

    For a name that is said and not in the text, or whose place in the sound nobody knows. Raises Conflict, BadInput,
    Refused.
    """
    with house.catalogue.reading() as ledger:
        seconds = ledger.interviews.get(id).seconds
    return changes.make(house, who, id, Silence(span, seconds or read(house, who, id).transcript.seconds), on)


def clear_finding(house: Archive, who: Principal, id: UUID, at: tuple[float, str], on: On) -> int:
    """Somebody listened to the masked sound at a ``Place`` (its start, its key) and heard no name. The new version.

    Verification does not stop there again; who said so and when is kept. Raises Conflict, BadInput, Refused.
    """
    start, key = at
    found = read(house, who, id)
    house.require(Act.CLEAR_FINDING, who, found.interview)
    if not any(place.key == key and abs(place.start - start) <= _SAME_MOMENT for place in found.heard):
        raise BadInput("This place is no longer there.", "finding")
    cleared = Cleared(start, key, str(who.account), house.now().isoformat(timespec="seconds"))
    return changes.make(house, who, id, ClearFinding(cleared), on)


def listened(house: Archive, who: Principal, id: UUID, turn: str, on: On) -> int:
    """Somebody heard a turn, and what stands there is said there; the new version. Raises as ``changes.make``."""
    operation = Listen(turn, str(who.account), house.now().isoformat(timespec="seconds"))
    return changes.make(house, who, id, operation, on)


def count(house: Archive, who: Principal, id: UUID, text: str) -> int:
    """How often a text stands in the turns as whole words. Raises BadInput, Refused, Unknown."""
    wanted = whole_words(text)
    return sum(len(wanted.findall(segment.text)) for segment in read(house, who, id).transcript.segments)


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
        current = _review(ledger, reading, interview)
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


def _signed(ledger: Ledger, permit: Permit, id: UUID, version: int) -> tuple[UUID, ...]:
    """The accounts that approved this version."""
    paper = ledger.papers.get(permit, id, PaperKind.SIGNED)
    valid = paper is not None and paper.content["version"] == version
    return tuple(map(UUID, paper.content["who"])) if paper is not None and valid else ()


def _of_the_last_release(house: Archive, ledger: Ledger, id: UUID) -> list[Blob]:
    """What an approval makes out of date, condemned and taken out of the catalogue."""
    ledger.papers.remove(id, PaperKind.FINDINGS)
    ledger.papers.remove(id, PaperKind.SIGNED)
    old = [blob for kind in _OF_A_RELEASE for blob in ledger.blobs.of(id, kind)]
    for blob in old:
        house.vault.condemn(blob)
        ledger.blobs.remove(blob.id)
    return old


def send_back(house: Archive, who: Principal, id: UUID) -> None:
    """Back to review before anything was released. Raises Refused, IllegalMove."""
    _back(house, who, id, (Act.SEND_BACK, Event.SEND_BACK))


def reopen(house: Archive, who: Principal, id: UUID) -> None:
    """A released interview back to review: at once nobody but reviewers reads it, and its words leave the index.

    Raises Refused, IllegalMove.
    """
    _back(house, who, id, (Act.REOPEN, Event.REOPEN))


def original_sound(house: Archive, who: Principal, id: UUID) -> SoundStream:
    """The canonical decode (FLAC), unmasked, for the reviewer's ears only."""
    with house.catalogue.reading() as ledger:
        interview = ledger.interviews.get(id)
        permit = house.require(Act.HEAR_ORIGINAL, who, interview)
        blob = ledger.blobs.newest(id, Kind.CANONICAL_SOUND)
    if blob is None or interview.seconds is None:
        raise Unknown
    return playable(house, permit, blob, interview.seconds)


def masked_sound(house: Archive, who: Principal, id: UUID) -> SoundStream:
    """The newest masked sound, as it would be given out, for those who have to hear whether it names somebody."""
    with house.catalogue.reading() as ledger:
        interview = ledger.interviews.get(id)
        permit = house.require(Act.HEAR_MASKED, who, interview)
        blob = ledger.blobs.newest(id, Kind.MASKED_SOUND)
    if blob is None:
        raise Unknown
    return stream(house, permit, blob)


_CHANGES_WHO = frozenset({"joined", "parted", "selected"})
_BY_EAR = frozenset({"silenced", "cleared"})
_SAME_MOMENT = 0.05  # seconds by which a page may round
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


def _whose(cells: Collection[str], kind: str) -> set[str]:
    return {cell.partition(":")[2] for cell in cells if cell.startswith(f"{kind}:")}


def _review(ledger: Ledger, permit: Permit, interview: Interview) -> Review:
    version, draft, stale = changes.draft(ledger, permit, interview.id, text=True)
    findings = ledger.papers.get(permit, interview.id, PaperKind.FINDINGS)
    heard = findings.content["heard"] if findings else ()
    return Review(
        interview=interview,
        version=version,
        transcript=draft.words.transcript,
        turns=tuple(draft.words.turns),
        roster=draft.roster,
        decisions=draft.decisions,
        left=draft.roster.undecided(draft.decisions.choices),
        heard=tuple(_place(one, draft.roster, draft.listened) for one in heard),
        listened=draft.listened,
        stale=stale,
        signed=_signed(ledger, permit, interview.id, version),
        renewed=naming.renewed(ledger, permit, interview.id),
        description=Description.from_json(draft.intake),
        renderings=draft.renderings,
    )


def _place(found: Sequence[Any], roster: Roster, listened: Listened) -> Place:
    start, end, key = found
    number = next((person.number for person in roster.people if person.key == key), None)
    return Place(start, end, key, number, listened.clears(start, key))
