"""The reading room: search, reading and hearing of the released layer, as far as consent allows it today."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

from archive.acts.narrowing import narrowed
from archive.acts.streams import SoundStream, stream
from archive.catalogue import Blob, Kind
from archive.consent import Voice
from archive.errors import KeyGone, Tampered, Unknown
from archive.interview import Interview
from archive.parts import Archive
from archive.policy import Act, Permit, Principal, allows
from archive.search import Answer, Hit, Page, Passage, Query, parse, passages
from transcripts.words import Segment, Span, Transcript

_LONGEST_START = 100
_MOST_WORDS = 8
_MOST_ALIKE = 10


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that was hit: its turns, the places of the hits in each turn's text, and the second to play from."""

    segments: tuple[Segment, ...]
    marks: tuple[tuple[Span, ...], ...]
    first_segment: int
    start: float
    end: float
    play_from: float


@dataclass(frozen=True, slots=True)
class Result:
    """One interview's hits, best first."""

    interview: Interview
    found: tuple[Found, ...]
    may_hear: bool


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of an answer, of what this reader may see: the answer itself, and the passages of its page."""

    answer: Answer
    results: tuple[Result, ...]
    page: int
    pages: int

    @property
    def total(self) -> int:
        """How many passages answer."""
        return self.answer.total

    @property
    def interviews(self) -> int:
        """Of how many interviews they are."""
        return self.answer.interviews

    @property
    def understood(self) -> str:
        """The query as it was run."""
        return self.answer.understood

    @property
    def repaired(self) -> bool:
        """Whether that is not quite what was typed."""
        return self.answer.repaired


@dataclass(frozen=True, slots=True)
class Reading:
    """One released interview, and what its collection is called ("" for one without a name)."""

    interview: Interview
    transcript: Transcript
    collection: str = field(repr=False)
    may_hear: bool
    may_propose: bool


def search(house: Archive, who: Principal, query: str, number: int = 1, pairs: bool = True) -> SearchPage:
    """Passages that answer the query; with ``pairs`` verbs stand for their aspect partners, too.

    Raises BadQuery, Refused, Tampered (an index that was put back).
    """
    house.require(Act.SEARCH, who)
    asked = parse(query, pairs)
    visible = {interview.id: interview for interview in narrowed(_readable(house, who), asked.filters)}
    house.engine.check(house.index_state())
    size = house.settings.search.page_size
    answer = house.engine.search(asked, list(visible), Page(max(1, number), size))
    with house.catalogue.writing() as ledger:
        ledger.audit.append(Act.SEARCH, who.account, None, house.now())
    grouped: dict[UUID, list[Hit]] = {}
    for hit in answer.hits:
        grouped.setdefault(hit.interview, []).append(hit)
    return SearchPage(
        answer=answer,
        results=tuple(_results(house, who, asked, [(visible[id], hits) for id, hits in grouped.items()])),
        page=max(1, number),
        pages=-(-answer.total // size),
    )


def beginning(house: Archive, who: Principal, start: str) -> tuple[str, ...]:
    """Words that begin so, from what this reader may read. Not in the log: the search that follows is.

    Raises Refused, Tampered.
    """
    house.require(Act.SEARCH, who)
    visible = [interview.id for interview in _readable(house, who)]
    house.engine.check(house.index_state())
    return house.engine.beginning(start[:_LONGEST_START], visible, _MOST_WORDS)


def similar(house: Archive, who: Principal, id: UUID, number: int) -> tuple[Result, ...]:
    """Passages that share the rarest words with the ``number``-th of an interview, best first.

    Raises Refused, Unknown, Tampered.
    """
    interview, permit = _open(house, who, id, Act.READ_RELEASED)
    house.require(Act.SEARCH, who)
    visible = {interview.id: interview for interview in _readable(house, who)}
    cut = passages(interview.id, released(house, permit), interview.recorded_on)
    if not 0 <= number < len(cut):
        raise Unknown
    house.engine.check(house.index_state())
    hits = house.engine.similar(cut[number], list(visible), _MOST_ALIKE)
    with house.catalogue.writing() as ledger:
        ledger.audit.append(Act.SEARCH, who.account, None, house.now())
    return tuple(_results(house, who, None, [(visible[hit.interview], [hit]) for hit in hits]))


def read(house: Archive, who: Principal, id: UUID) -> Reading:
    """The released transcript. Raises Refused, Unknown."""
    interview, permit = _open(house, who, id, Act.READ_RELEASED)
    with house.catalogue.writing() as ledger:
        ledger.audit.append(Act.READ_RELEASED, who.account, id, house.now())
        collection = ledger.collections.get(interview.collection).name
    case = house.case(who, interview)
    return Reading(
        interview=interview,
        transcript=released(house, permit),
        collection=collection,
        may_hear=allows(Act.HEAR_RELEASED, case),
        may_propose=allows(Act.PROPOSE_EXCERPT, case),
    )


def export(house: Archive, who: Principal, id: UUID) -> Transcript:
    """The released transcript, for a copy that leaves the archive. Raises Refused, Unknown."""
    _, permit = _open(house, who, id, Act.EXPORT)
    with house.catalogue.writing() as ledger:
        ledger.audit.append(Act.EXPORT, who.account, id, house.now())
    return released(house, permit)


def sound(house: Archive, who: Principal, id: UUID) -> SoundStream:
    """The masked sound, in the form of voice that the narrator allows researchers. Raises Refused, Unknown."""
    interview, permit = _open(house, who, id, Act.HEAR_RELEASED)
    own = interview.terms.voice_for_research is Voice.OWN
    kind = Kind.MASKED_SOUND if own else Kind.DISGUISED_SOUND
    return stream(house, permit, of_this_release(house, permit, kind))


def peaks(house: Archive, who: Principal, id: UUID) -> bytes:
    """The waveform of the masked sound, 20 bytes a second (0 to 255). Raises Refused, Unknown."""
    _, permit = _open(house, who, id, Act.HEAR_RELEASED)
    with house.vault.open(permit, of_this_release(house, permit, Kind.PEAKS)) as reader:
        return reader.read()


def released(house: Archive, permit: Permit) -> Transcript:
    """The released transcript that the permit is for."""
    return Transcript.from_json(house.vault.open_json(permit, of_this_release(house, permit, Kind.RELEASED_TRANSCRIPT)))


def of_this_release(house: Archive, permit: Permit, kind: Kind) -> Blob:
    """The blob of the release that the interview's row names. Raises Unknown, Tampered."""
    assert permit.interview is not None
    with house.catalogue.reading() as ledger:
        blob = ledger.blobs.newest(permit.interview, kind)
        interview = ledger.interviews.get(permit.interview)
    if blob is None:
        raise Unknown
    if blob.note.get("redaction") != interview.redaction:
        raise Tampered(f"blob {blob.id} is of another release")
    return blob


def _readable(house: Archive, who: Principal) -> Iterable[Interview]:
    with house.catalogue.reading() as ledger:
        interviews = ledger.interviews.all()
    return [interview for interview in interviews if allows(Act.READ_RELEASED, house.case(who, interview))]


def _open(house: Archive, who: Principal, id: UUID, act: Act) -> tuple[Interview, Permit]:
    with house.catalogue.reading() as ledger:
        interview = ledger.interviews.get(id)
    return interview, house.require(act, who, interview)


def _results(
    house: Archive, who: Principal, query: Query | None, found: Iterable[tuple[Interview, list[Hit]]]
) -> Iterator[Result]:
    """Each interview's passages; one whose text does not open is left out (``verify`` names it), not all of them."""
    for interview, hits in found:
        with suppress(KeyGone, Tampered, Unknown):
            yield _result(house, who, interview, query, hits)


def _result(house: Archive, who: Principal, interview: Interview, query: Query | None, hits: list[Hit]) -> Result:
    permit = house.require(Act.READ_RELEASED, who, interview)
    transcript = released(house, permit)
    cut = {passage.id: passage for passage in passages(interview.id, transcript, interview.recorded_on)}
    found = []
    for passage in (cut[hit.passage_id] for hit in hits if hit.passage_id in cut):
        segments = transcript.segments[passage.first_segment : passage.last_segment + 1]
        marks = _marks(house, query, passage, segments)
        found.append(
            Found(segments, marks, passage.first_segment, passage.start, passage.end, _first_hit(segments, marks))
        )
    return Result(interview, tuple(found), allows(Act.HEAR_RELEASED, house.case(who, interview)))


def _marks(
    house: Archive, query: Query | None, passage: Passage, segments: tuple[Segment, ...]
) -> tuple[tuple[Span, ...], ...]:
    """The hits in each segment, looked for in the passage as a whole: a phrase may begin in one and end in the next."""
    places = house.engine.highlights(query, passage.text, passage.language) if query else []
    marks, edge = [], 0
    for segment in segments:
        stop = edge + len(segment.text)
        marks.append(tuple(Span(a - edge, b - edge, "hit", 0) for a, b in places if edge <= a and b <= stop))
        edge = stop + 1
    return tuple(marks)


def _first_hit(segments: tuple[Segment, ...], marks: tuple[tuple[Span, ...], ...]) -> float:
    """The second at which the first marked word starts, or the passage."""
    for segment, spans in zip(segments, marks, strict=True):
        for span in spans:
            for index in segment.words_in(span.start, span.end):
                return segment.words[index].start
    return segments[0].start
