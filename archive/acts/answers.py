"""Asking the released layer: passages that answer a question, as far as this reader may see them today.

Counts, facets, suggestions and the order of hits speak of visible interviews alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from uuid import UUID

from archive.acts import facets
from archive.acts.facets import Chosen, Count, Facet, Hits
from archive.acts.narrowing import narrowed
from archive.acts.ordering import Sort, in_order
from archive.acts.research import Reading, texts
from archive.errors import KeyGone, Tampered, Unknown
from archive.interview import Interview
from archive.parts import Archive
from archive.policy import Act, Principal, allows
from archive.search import Answer, Hit, Order, Page, Query, Text, parse, passages
from transcripts.words import Segment, Span

EACH = 3
"""Passages shown of one interview: an answer is not a way to read it without opening it."""
_SIMILAR, _MOST_MARKED = 10, 10_000
_ON_A_STRIP = 250
_LONGEST_START, _MOST_WORDS = 100, 8


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: the words, to what it is narrowed, in which order.

    ``pairs``: a verb stands for its aspect partner, too.
    """

    text: str = field(repr=False)
    chosen: Chosen = field(default_factory=Chosen)
    sort: Sort = Sort.BEST
    pairs: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that was hit: its turns, the places of the hits in each turn's text, and the second to play from."""

    segments: tuple[Segment, ...]
    marks: tuple[tuple[Span, ...], ...]
    first_segment: int
    start: float
    end: float
    play_from: float
    number: int


@dataclass(frozen=True, slots=True)
class Result:
    """One interview's best hits; ``total`` of all its hits, and the seconds at which they lie, for a strip to show.

    Of a passage that is shown that is the first word marked, of another one its beginning.
    """

    interview: Interview
    found: tuple[Found, ...]
    may_hear: bool
    total: int
    seconds: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of an answer, of what this reader may see: the answer itself, and the interviews of its page.

    ``years`` counts by year of recording, ``left`` by the year in which narrators left.
    """

    answer: Answer
    results: tuple[Result, ...]
    page: int
    pages: int
    collections: Mapping[str, str] = field(repr=False)
    facets: Mapping[Facet, tuple[Count, ...]]
    years: tuple[Count, ...]
    left: tuple[Count, ...]

    @property
    def query(self) -> Query:
        """What was asked."""
        return self.answer.query

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
class Scope:
    """What a question is answered from: all interviews that it may speak of, and those it is narrowed to, in order.

    ``readable``: how many this person may read, whatever is asked.
    """

    query: Query
    readable: int
    visible: tuple[Interview, ...]
    left: tuple[Interview, ...]
    order: Order

    @property
    def ids(self) -> list[UUID]:
        """Those that are left."""
        return [one.id for one in self.left]


def search(house: Archive, who: Principal, question: Question | str, number: int = 1) -> SearchPage:
    """Passages that answer the question; a page beyond the last is the last.

    Raises BadQuery, Refused, Tampered (an index that was put back).
    """
    asked = question if isinstance(question, Question) else Question(question)
    scope = scope_of(house, who, asked)
    size, number = house.settings.search.page_size, max(1, number)
    page = Page(number, size, scope.order, EACH)
    answer = house.engine.search(scope.query, scope.ids, page)
    pages = -(-answer.interviews // size)
    if number > pages > 0:
        number = pages
        answer = house.engine.search(scope.query, scope.ids, replace(page, number=pages))
    everywhere = answer
    if len(scope.left) < len(scope.visible):  # facets tell what there would be without them
        everywhere = house.engine.search(scope.query, [one.id for one in scope.visible], Page(1, 1))
    log(house, who)
    known = {one.id: one for one in scope.visible}
    return SearchPage(
        answer=replace(answer, better=everywhere.better),
        results=tuple(_results(house, who, answer, known)),
        page=number,
        pages=pages,
        collections=called(house, scope.visible),
        facets=facets.counted(_hits(everywhere, known), asked.chosen, scope.visible),
        years=facets.by_recording(_hits(answer, known)),
        left=facets.by_leaving(_hits(answer, known)),
    )


def similar(house: Archive, who: Principal, id: UUID, number: int) -> list[Result]:
    """Visible passages that share the rarest words with one of an interview, by interview. Raises Refused, Unknown."""
    with house.catalogue.reading() as ledger:
        interview = ledger.interviews.get(id)
    permit = house.require(Act.READ_RELEASED, who, interview)
    house.require(Act.SEARCH, who)
    house.engine.check(house.index_state())
    with texts(house, permit) as file:
        passage = file.passage(id, number)
    if passage is None:
        raise Unknown
    known = {one.id: one for one in readable(house, who)}
    hits = house.engine.similar(passage, list(known), _SIMILAR)
    log(house, who)
    return list(_each(house, who, known, {id: _Hits(None, found[:EACH]) for id, found in _grouped(hits).items()}))


def beginning(house: Archive, who: Principal, start: str) -> tuple[str, ...]:
    """Words that begin so, from what this reader may read. Not in the log: the search that follows is.

    Raises Refused, Tampered.
    """
    house.require(Act.SEARCH, who)
    visible = [one.id for one in readable(house, who)]
    house.engine.check(house.index_state())
    return house.engine.beginning(start[:_LONGEST_START], visible, _MOST_WORDS)


def scope_of(house: Archive, who: Principal, asked: Question) -> Scope:
    """What the question is answered from. Raises BadQuery, Refused, Tampered."""
    house.require(Act.SEARCH, who)
    query = query_of(asked)
    house.engine.check(house.index_state())
    every = readable(house, who)
    visible = narrowed(every, query.filters)
    left = [one for one in visible if asked.chosen.leaves(one)]
    order = Order.RELEVANCE if asked.sort is Sort.BEST else Order.AS_GIVEN
    return Scope(query, len(every), tuple(visible), tuple(in_order(left, asked.sort)), order)


def readable(house: Archive, who: Principal) -> list[Interview]:
    """Every interview that this person may read today."""
    with house.catalogue.reading() as ledger:
        interviews = ledger.interviews.all()
    return [interview for interview in interviews if allows(Act.READ_RELEASED, house.case(who, interview))]


def called(house: Archive, known: Iterable[Interview]) -> dict[str, str]:
    """What the collections of these interviews are called, by id; "" for one without a name."""
    with house.catalogue.reading() as ledger:
        names = {one.id: one.name for one in ledger.collections.all()}
    return {str(id): names.get(id, "") for id in {one.collection for one in known}}


def hits_in(house: Archive, reading: Reading, asked: Question) -> list[tuple[Span, ...]]:
    """Where the words of a question stand, turn by turn, in those passages of an interview that answer it.

    Raises BadQuery, Tampered.
    """
    query = query_of(asked)
    visible = [one.id for one in narrowed([reading.interview], query.filters)]
    answer = house.engine.search(query, visible, Page(1, _MOST_MARKED, Order.AS_GIVEN))
    segments = reading.transcript.segments
    marks: list[tuple[Span, ...]] = [()] * len(segments)
    answering = {hit.number for hit in answer.hits}
    for passage in passages(reading.interview.id, reading.transcript):
        if passage.number in answering:
            place = slice(passage.first_segment, passage.last_segment + 1)
            marks[place] = _marks(house, query, segments[place])
    return marks


def query_of(asked: Question) -> Query:
    """What is looked for. Raises BadQuery."""
    return parse(asked.text, asked.pairs)


def log(house: Archive, who: Principal) -> None:
    """That something was asked; never what."""
    with house.catalogue.writing() as ledger:
        ledger.audit.append(Act.SEARCH, who.account, None, house.now())


@dataclass(frozen=True, slots=True)
class _Hits:
    """An interview's hits that are shown, with the numbers of all of them; marked by ``query``, if any."""

    query: Query | None
    shown: Sequence[Hit]
    numbers: tuple[int, ...] = ()


def _hits(answer: Answer, known: Mapping[UUID, Interview]) -> Hits:
    return [(known[one.interview], len(one)) for one in answer.by_interview if one.interview in known]


def _grouped(hits: Sequence[Hit]) -> dict[UUID, list[Hit]]:
    grouped: dict[UUID, list[Hit]] = {}
    for hit in hits:
        grouped.setdefault(hit.interview, []).append(hit)
    return grouped


def _results(house: Archive, who: Principal, answer: Answer, known: Mapping[UUID, Interview]) -> Iterator[Result]:
    numbers = {one.interview: one.numbers for one in answer.by_interview}
    grouped = _grouped(answer.hits)
    return _each(house, who, known, {id: _Hits(answer.query, shown, numbers[id]) for id, shown in grouped.items()})


def _each(
    house: Archive, who: Principal, known: Mapping[UUID, Interview], hits: Mapping[UUID, _Hits]
) -> Iterator[Result]:
    """Each interview's passages; one whose text does not open is left out (``verify`` names it), not all of them."""
    for id, shown in hits.items():
        with suppress(KeyGone, Tampered, Unknown):
            yield _result(house, who, known[id], shown)


def _result(house: Archive, who: Principal, interview: Interview, hits: _Hits) -> Result:
    permit = house.require(Act.READ_RELEASED, who, interview)
    with texts(house, permit) as file:
        texts_shown = [text for hit in hits.shown if (text := file.text(hit.number))]
        starts = file.starts(hits.numbers)
    found = tuple(_found(house, hits.query, text) for text in texts_shown)
    starts |= {one.number: round(one.play_from, 2) for one in found if one.number in starts}
    return Result(
        interview=interview,
        found=found,
        may_hear=allows(Act.HEAR_RELEASED, house.case(who, interview)),
        total=len(hits.numbers) or len(found),
        seconds=_thinned(sorted(starts.values()), interview.seconds or 0.0),
    )


def _thinned(seconds: Sequence[float], length: float) -> tuple[float, ...]:
    """As many of them, in order, as can be told apart on a strip."""
    slot = max(1.0, length / _ON_A_STRIP)
    return tuple({int(second / slot): second for second in reversed(seconds)}.values())[::-1]


def _found(house: Archive, query: Query | None, text: Text) -> Found:
    marks = _marks(house, query, text.segments) if query else ((),) * len(text.segments)
    first = text.first_segment
    return Found(text.segments, marks, first, text.start, text.end, _first_hit(text.segments, marks), text.number)


def _marks(house: Archive, query: Query, segments: Sequence[Segment]) -> tuple[tuple[Span, ...], ...]:
    """The hits in each segment, looked for in the passage as a whole: a phrase may begin in one and end in the next."""
    whole = " ".join(segment.text for segment in segments)
    places = house.engine.highlights(query, whole, segments[0].language)
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
