"""Review: a person decides about people and corrects text. What others would see, and approving it, is approval.py.

What is decided is kept apart from what is derived: ``Review.decisions`` and the corrected transcript are stored;
who is named where is found again from them, so that a correction can never leave a mention behind.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any
from uuid import UUID

from archive.acts import changes, naming
from archive.acts.cells import Draft, touches_text
from archive.acts.changes import Log, On
from archive.acts.description import Description
from archive.acts.editing import ClearFinding, Decide, Listen, Silence, whole_words
from archive.acts.streams import SoundStream, playable, stream
from archive.catalogue import Kind, Ledger, PaperKind
from archive.errors import BadInput, Busy, Unknown
from archive.interview import Interview
from archive.parts import Archive
from archive.pipeline.translated import Renderings
from archive.policy import Act, Permit, Principal
from transcripts.names import Choice, Decisions, Roster
from transcripts.pseudonyms import Cleared, Listened, clashes
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


def read(house: Archive, who: Principal, id: UUID) -> Review:
    """The review as it stands. Raises Refused, Unknown."""
    with house.catalogue.reading() as ledger:
        interview = ledger.interviews.get(id)
        permit = house.require(Act.REVIEW, who, interview)
        return read_in(ledger, permit, interview)


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


def signed_by(ledger: Ledger, permit: Permit, id: UUID, version: int) -> tuple[UUID, ...]:
    """The accounts that approved this version."""
    paper = ledger.papers.get(permit, id, PaperKind.SIGNED)
    valid = paper is not None and paper.content["version"] == version
    return tuple(map(UUID, paper.content["who"])) if paper is not None and valid else ()


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


def _whose(cells: Collection[str], kind: str) -> set[str]:
    return {cell.partition(":")[2] for cell in cells if cell.startswith(f"{kind}:")}


def read_in(ledger: Ledger, permit: Permit, interview: Interview) -> Review:
    """The review as it stands in a transaction. Raises Refused, Unknown."""
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
        signed=signed_by(ledger, permit, interview.id, version),
        renewed=naming.renewed(ledger, permit, interview.id),
        description=Description.from_json(draft.intake),
        renderings=draft.renderings,
    )


def _place(found: Sequence[Any], roster: Roster, listened: Listened) -> Place:
    start, end, key = found
    number = next((person.number for person in roster.people if person.key == key), None)
    return Place(start, end, key, number, listened.clears(start, key))
