"""Review: a person decides about people, corrects text, sees what strangers would see, and approves.

What is decided is kept apart from what is derived: ``Review.decisions`` and the corrected transcript are stored;
who is named where is found again from them, so that a correction can never leave a mention behind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from archive.acts import indexing
from archive.acts.streams import SoundStream, playable, stream
from archive.catalogue import Kind, Ledger, Paper, PaperKind
from archive.consent import Consent
from archive.errors import BadInput, Busy, Conflict, OutOfSpace, Undecided, Unknown
from archive.interview import Event, Interview, advance
from archive.parts import Archive
from archive.policy import Act, Permit, Principal
from transcripts.names import Choice, Decision, Decisions, Passage, Person, Roster, as_decided, group
from transcripts.names.mention import IDENTIFIERS
from transcripts.names.mosaic import Mosaic, mosaics
from transcripts.names.traits import traits
from transcripts.pseudonyms import Cleared, Listened, clashes, conceal_text, pseudonymise
from transcripts.words import Transcript, joined, reworded


@dataclass(frozen=True, slots=True)
class Place:
    """Seconds of the masked sound in which verification heard a concealed person; ``number`` is None if they are gone.

    ``cleared``: a person listened there since and did not hear the name.
    """

    start: float
    end: float
    key: str = field(repr=False)
    number: int | None
    cleared: bool


@dataclass(frozen=True, slots=True)
class Review:
    """All that the review page shows. ``left`` people are undecided; ``heard`` is what verification heard last time.

    ``listened`` is what people decided by ear. ``version`` is handed back with every change; another's change in
    between makes it stale (Conflict).
    """

    interview: Interview
    version: int
    transcript: Transcript = field(repr=False)
    roster: Roster = field(repr=False)
    decisions: Decisions
    left: int
    heard: tuple[Place, ...]
    listened: Listened


@dataclass(frozen=True, slots=True)
class _Decided:
    """The people and what was decided about them, without the text."""

    interview: Interview
    version: int
    roster: Roster = field(repr=False)
    decisions: Decisions


@dataclass(frozen=True, slots=True)
class Regrouping:
    """``person`` (a key) is the same as ``other``; or is somebody else in one ``turn``; or ``undo`` both."""

    person: str = field(repr=False)
    other: str = field(default="", repr=False)
    turn: int = -1
    undo: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """What strangers would read, and what in it may tell them who speaks although no name is left."""

    title: str
    transcript: Transcript
    mosaics: tuple[Mosaic, ...]


def read(house: Archive, who: Principal, id: UUID) -> Review:
    """The review as it stands. Raises Refused, Unknown."""
    with house.catalogue.reading() as ledger:
        interview = ledger.interviews.get(id)
        permit = house.require(Act.REVIEW, who, interview)
        return _review(ledger, permit, interview)


def decide(house: Archive, who: Principal, id: UUID, choices: Mapping[str, Choice | None], version: int) -> int:
    """Stores decisions about people by ``Person.key``; None forgets one. Returns the new version.

    Raises Conflict, BadInput, Refused.
    """
    permit, current = _deciding(house, who, id, version)
    people = {person.key: person for person in current.roster.people}
    for key, choice in choices.items():
        if key not in people:
            raise BadInput("This person is no longer in the text.", "person")
        if choice is None:
            continue
        if people[key].protected and choice.decision is not Decision.CONCEAL:
            raise BadInput("This name is on the narrator's protected list and stays concealed.", "decision")
        _check_cover(house, permit, current, choice.cover)
    merged = {**current.decisions.choices, **choices}
    decided = {key: choice for key, choice in merged.items() if choice is not None}
    return _save(house, permit, version, replace(current.decisions, choices=decided), {})


def regroup(house: Archive, who: Principal, id: UUID, wish: Regrouping, version: int) -> int:
    """Two rows made one person, or the mentions in one turn another person's. Returns the new version.

    Two who were decided about differently are undecided together: what was kept for one is not kept for both.
    Raises Conflict, BadInput, Refused.
    """
    permit, current = _deciding(house, who, id, version)
    known = {person.key: person for person in current.roster.people}
    if wish.person not in known or (wish.other and wish.other not in known):
        raise BadInput("This person is no longer in the text.", "person")
    decided = current.decisions
    if wish.other:
        changed = _one_person(decided, known[wish.person], known[wish.other])
    elif wish.undo:
        joined = {key: other for key, other in decided.joined.items() if other != wish.person}
        parted = tuple(one for one in decided.parted if f"{one[0]}@{one[1]}" != wish.person)
        changed = replace(decided, joined=joined, parted=parted)
    else:
        turns = {one.passage for one in known[wish.person].mentions}
        if wish.turn not in turns or len(turns) == 1:
            raise BadInput("Choose one turn of several in which this person is named.", "segment")
        number = max(person.number for person in current.roster.people) + 1
        changed = replace(decided, parted=(*decided.parted, (wish.person, wish.turn, number)))
    return _save(house, permit, version, changed, {})


def _one_person(decided: Decisions, one: Person, other: Person) -> Decisions:
    if one.key == other.key or (one.label in IDENTIFIERS) != (other.label in IDENTIFIERS):
        raise BadInput("These two cannot be one person.", "person")
    choices = dict(decided.choices)
    if choices.get(one.key) != choices.get(other.key):
        choices.pop(other.key, None)
    return replace(decided, choices=choices, joined={**decided.joined, one.key: other.key})


def _check_cover(house: Archive, permit: Permit, current: _Decided, cover: str) -> None:
    """Raises BadInput for a cover name that would give somebody away."""
    if len(cover) > 100:
        raise BadInput("This is longer than {limit} characters.", "cover", limit=100)
    protected = _protected(house, permit, current.decisions.selected) if cover else []
    if cover and clashes(cover, current.roster, protected, current.interview.language):
        raise BadInput("This is, or sounds like, a name in the interview or on the narrator’s list.", "cover")


def correct(house: Archive, who: Principal, id: UUID, change: tuple[int, str], version: int) -> int:
    """Replaces the text of one segment (index, text); words keep their sound. Returns the new version.

    A word that stays keeps its times; words in between share the time of those they replace. Who is named is found
    again in the whole, with every decision that was made.
    """
    index, text = change
    permit, current = _current(house, who, id, version)
    if not 0 <= index < len(current.transcript.segments):
        raise BadInput("This passage is no longer there.", "segment")
    if not text.split():
        raise BadInput("A passage cannot be empty.", "text")
    if len(text) > 20_000:
        raise BadInput("This is longer than {limit} characters.", "text", limit=20_000)
    segments = list(current.transcript.segments)
    segments[index] = reworded(segments[index], text.split())
    before = current.transcript
    after = replace(before, id=str(uuid4()), parent=before.id, segments=tuple(segments), made_by="person")
    roster = _people(house, permit, after, current.decisions.selected).numbered_like(current.roster)
    papers = {PaperKind.REVIEWED: after.as_json(), PaperKind.ROSTER: roster.as_json()}
    return _save(house, permit, version, current.decisions, papers)


def conceal_everywhere(house: Archive, who: Principal, id: UUID, selection: str, version: int) -> int:
    """Conceals what was selected, in all its forms, wherever it occurs. Returns the new version."""
    if not selection.split() or len(selection) > 200:
        raise BadInput("Select the name that is to be concealed, not more than a few words.", "selection")
    permit, current = _current(house, who, id, version)
    selected = (*current.decisions.selected, selection)
    roster = _people(house, permit, current.transcript, selected).numbered_like(current.roster)
    papers = {PaperKind.ROSTER: roster.as_json()}
    return _save(house, permit, version, replace(current.decisions, selected=selected), papers)


def silence(house: Archive, who: Principal, id: UUID, span: tuple[float, float], version: int) -> int:
    """Seconds (from, to) that fall silent whatever is written there. Returns the new version.

    For a name that is said and not in the text, or whose place in the sound nobody knows. Raises Conflict, BadInput,
    Refused.
    """
    permit, current = _current(house, who, id, version)
    start, end = span
    last = current.interview.seconds or current.transcript.seconds
    if not (0 <= start < end <= last + 1 and end - start <= _LONGEST_SILENCE):
        raise BadInput("Give two moments of the recording, the earlier one first, five minutes apart at most.", "from")
    silenced = tuple(joined([*current.listened.silenced, span]))
    return _save_listened(house, permit, current, replace(current.listened, silenced=silenced))


def let_sound(house: Archive, who: Principal, id: UUID, start: float, version: int) -> int:
    """Takes back the ``silence`` that begins at ``start``. Returns the new version. Raises Conflict, Refused."""
    permit, current = _current(house, who, id, version)
    left = tuple(span for span in current.listened.silenced if abs(span[0] - start) > _SAME_MOMENT)
    return _save_listened(house, permit, current, replace(current.listened, silenced=left))


def clear_finding(house: Archive, who: Principal, id: UUID, at: tuple[float, str], version: int) -> int:
    """Somebody listened to the masked sound at a ``Place`` (its start, its key) and heard no name. The new version.

    Verification does not stop there again; who said so and when is kept. Raises Conflict, BadInput, Refused.
    """
    permit, current = _current(house, who, id, version, Act.CLEAR_FINDING)
    start, key = at
    if not any(place.key == key and abs(place.start - start) <= _SAME_MOMENT for place in current.heard):
        raise BadInput("This place is no longer there.", "finding")
    cleared = Cleared(start, key, str(who.account), house.now().isoformat(timespec="seconds"))
    listened = replace(current.listened, cleared=(*current.listened.cleared, cleared))
    return _save_listened(house, permit, current, listened)


def preview(house: Archive, who: Principal, id: UUID) -> Preview:
    """Exactly the title and text that others would read after approval; the mosaics are for the reviewer alone."""
    current = read(house, who, id)
    permit = house.require(Act.REVIEW, who, current.interview)
    with house.catalogue.reading() as ledger:
        paper = ledger.papers.get(permit, id, PaperKind.INTAKE)
    typed = str(paper.content["title"]) if paper else ""
    roster, decisions = current.roster, current.decisions
    find = partial(house.detector.find, protected=_protected(house, permit, decisions.selected))
    title = conceal_text(typed, current.interview.language, find, roster, decisions.choices) if typed else ""
    released = pseudonymise(current.transcript, roster, decisions.choices).transcript
    passages = [Passage(segment.text, segment.language) for segment in released.segments]
    return Preview(title, released, tuple(mosaics(traits(passages))))


def approve(house: Archive, who: Principal, id: UUID, version: int) -> None:
    """A person answers for the decisions; the machine goes on to the masking. Raises Undecided, Conflict, Refused."""
    with house.catalogue.writing() as ledger:
        interview = ledger.interviews.get(id)
        permit = house.require(Act.APPROVE, who, interview)
        current = _review(ledger, permit, interview)
        if current.version != version:
            raise Conflict
        if current.left:
            raise Undecided(left=current.left)
        ledger.papers.remove(id, PaperKind.FINDINGS)
        old = [blob for kind in _OF_A_RELEASE for blob in ledger.blobs.of(id, kind)]
        for blob in old:
            house.vault.condemn(blob)
            ledger.blobs.remove(blob.id)
        approved = ledger.interviews.save(advance(interview, Event.APPROVE))
        job = ledger.jobs.enqueue(id, approved.stage)
        ledger.audit.append(Act.APPROVE, who.account, id, house.now())
    for blob in old:
        house.vault.remove(blob)
    house.bell.ring(job.id)


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


_LONGEST_SILENCE = 300.0  # seconds marked at once: more is a mistake
_SAME_MOMENT = 0.05  # seconds by which a page may round
_OF_A_RELEASE = (Kind.RELEASED_TRANSCRIPT, Kind.MASKED_SOUND, Kind.DISGUISED_SOUND, Kind.PEAKS)


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


def _decided(ledger: Ledger, permit: Permit, interview: Interview) -> _Decided:
    people = ledger.papers.get(permit, interview.id, PaperKind.ROSTER)
    decisions = ledger.papers.get(permit, interview.id, PaperKind.DECISIONS)
    if people is None or decisions is None:
        raise Unknown
    return _Decided(interview, decisions.version, *as_decided(people.content, decisions.content))


def _review(ledger: Ledger, permit: Permit, interview: Interview) -> Review:
    known = _decided(ledger, permit, interview)
    reviewed, findings, listened = (
        ledger.papers.get(permit, interview.id, kind)
        for kind in (PaperKind.REVIEWED, PaperKind.FINDINGS, PaperKind.LISTENED)
    )
    if reviewed is None:
        raise Unknown
    by_ear = Listened.from_json(listened.content) if listened else Listened()
    return Review(
        interview=interview,
        version=known.version,
        transcript=Transcript.from_json(reviewed.content),
        roster=known.roster,
        decisions=known.decisions,
        left=known.roster.undecided(known.decisions.choices),
        heard=tuple(_place(one, known.roster, by_ear) for one in findings.content["heard"]) if findings else (),
        listened=by_ear,
    )


def _place(found: Sequence[Any], roster: Roster, listened: Listened) -> Place:
    start, end, key = found
    number = next((person.number for person in roster.people if person.key == key), None)
    return Place(start, end, key, number, listened.clears(start, key))


def _current(house: Archive, who: Principal, id: UUID, version: int, act: Act = Act.DECIDE) -> tuple[Permit, Review]:
    """The review as it stands, for a change to it. Finding names takes seconds, so no transaction is held meanwhile."""
    with house.catalogue.reading() as ledger:
        interview = ledger.interviews.get(id)
        permit = house.require(act, who, interview)
        current = _review(ledger, permit, interview)
    if current.version != version:
        raise Conflict
    return permit, current


def _deciding(house: Archive, who: Principal, id: UUID, version: int) -> tuple[Permit, _Decided]:
    """As ``_current`` without the text, which takes most of the time and no decision needs."""
    with house.catalogue.reading() as ledger:
        interview = ledger.interviews.get(id)
        permit = house.require(Act.DECIDE, who, interview)
        current = _decided(ledger, permit, interview)
    if current.version != version:
        raise Conflict
    return permit, current


def _people(house: Archive, permit: Permit, transcript: Transcript, selected: tuple[str, ...]) -> Roster:
    """Everybody who is named, with the narrator's list and what reviewers selected."""
    passages = [Passage(segment.text, segment.language) for segment in transcript.segments]
    found = house.detector.find(passages, _protected(house, permit, selected))
    return group(found, passages, house.settings.names.conceal_above)


def _protected(house: Archive, permit: Permit, selected: tuple[str, ...]) -> list[str]:
    """The narrator's list with what reviewers selected."""
    assert permit.interview is not None
    with house.catalogue.reading() as ledger:
        paper = ledger.papers.get(permit, permit.interview, PaperKind.CONSENT)
    if paper is None:
        raise Unknown
    return [*Consent.from_json(paper.content).concealed_names, *selected]


def _save_listened(house: Archive, permit: Permit, current: Review, listened: Listened) -> int:
    papers = {PaperKind.LISTENED: listened.as_json()}
    return _save(house, permit, current.version, current.decisions, papers)


def _save(
    house: Archive, permit: Permit, version: int, decisions: Decisions, papers: Mapping[PaperKind, Mapping[str, Any]]
) -> int:
    """Writes papers and, whatever else changed, the DECISIONS paper: its version is the review's. Raises Conflict."""
    id = permit.interview
    assert id is not None
    with house.catalogue.writing() as ledger:
        saved = ledger.papers.put(permit, Paper.new(id, PaperKind.DECISIONS, decisions.as_json()), version)
        for kind, value in papers.items():
            old = ledger.papers.get(permit, id, kind)
            ledger.papers.put(permit, Paper.new(id, kind, value), old.version if old else 0)
        ledger.audit.append(permit.act, permit.account, id, house.now())
    return saved.version
