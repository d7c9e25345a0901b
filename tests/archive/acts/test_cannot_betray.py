"""A search for a concealed name answers as if the name had never been said: every person, every form, every way to ask.

Three ways to tell: a word that does not exist gets the same bytes; so does an index of the released texts alone; and
every key in the index's files is a key of a word of those texts.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from itertools import chain
from uuid import UUID

import pymorphy3
import pytest

from archive import worker
from archive.acts import access, answers, concordance, research, review
from archive.acts.answers import Question
from archive.acts.concordance import Arrangement, Copy
from archive.catalogue import PaperKind
from archive.errors import BadQuery
from archive.interview import Stage
from archive.parts import Archive
from archive.policy import Act, Principal, allows
from archive.search import Page, Passage, WhooshEngine, parse, passages
from archive.search.analysis import placed
from tests import make, rooms
from tests.archive.search.search_fakes import FilesInMemory, distance, everything
from transcripts.language import folded

pytestmark = pytest.mark.slow

NOBODY = "щзбрвгджк"
WAYS = [
    "{0}", "={0}", "{0}~", "{0}~2", '"{0}"', '"{0} и"', '"и {0}"', '="{0} и"', '"интервью {0}"~5', '"{0} {0}"~50',
    "интервью {0}", "интервью OR {0}", "интервью -{0}", "({0} OR интервью) город", "интервью ИЛИ {1}*", "{1}*",
    "интервью -{1}*", "*{2}", "{1}*{2}", '"{1}* и"', "{0} NOT {1}*", "speaker:{0} интервью", "-speaker:{0} интервью",
    "place:{0} интервью",
]  # fmt: skip
_LATIN = str.maketrans(
    {
        **dict(zip("абвгдезийклмнопрстуфыэ", "abvgdeziyklmnoprstufye", strict=True)),
        **{"ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu", "я": "ya", "ъ": "", "ь": ""},
    }
)


@pytest.fixture(scope="module")
def archive(pattern: rooms.Pattern, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Archive, UUID, UUID]]:
    """Two released interviews, one of them in a collection of its own, and one in review that nobody may search."""
    home = tmp_path_factory.mktemp("betray") / "home"
    house, (id, _) = pattern.copied(home, Stage.RELEASED, Stage.IN_REVIEW)
    other = _other_words(house)
    collection = access.name_collection(house, make.ARCHIVIST, "Отдельно").id
    access.place(house, make.ARCHIVIST, other, collection)
    yield house, id, other
    house.close()


def _other_words(house: Archive) -> UUID:
    """A released interview with other words, so that what may not be read would be noticed in an answer."""
    id = rooms.in_review(house, make.INTERVIEWER)
    said = {"интервью": "рассказ", "городе": "деревне", "Ереван.": "Городец.", "разговор.": "интервью."}
    heard = rooms.spoken()
    segments = [
        replace(part, words=tuple(replace(word, text=said.get(word.text, word.text)) for word in part.words))
        for part in heard.segments
    ]
    changed = replace(heard, segments=tuple(segments))
    assert changed != heard
    rooms.put(house, make.INTERVIEWER, id, {PaperKind.REVIEWED: changed.as_json()})
    make.approved(house, id)
    worker.work(house)
    return id


def _concealed(house: Archive) -> set[str]:
    """Every form of every concealed person, as it was said, declined, in Latin letters and misheard."""
    with house.catalogue.reading() as ledger:
        (waiting,) = [each.id for each in ledger.interviews.all() if each.stage is Stage.IN_REVIEW]
    roster = review.read(house, make.INTERVIEWER, waiting).roster
    people = [person for person in roster.people if person.is_concealed(roster.proposed())]
    said = {word for person in people for form in person.forms for word in form.split()}
    assert len(people) >= 2
    morphology = pymorphy3.MorphAnalyzer(lang="ru")
    declined = {form.word for word in said for parse in morphology.parse(word) for form in parse.lexeme}
    written = {word.replace("ё", "е") for word in said | declined}
    latin = {word.translate(_LATIN) for word in said}
    misheard = {word[:3] + word[4:] for word in said} | {word.replace("е", "и") for word in said}
    return {word for word in written | latin | misheard | {word.upper() for word in said} if len(word) > 4}


def _queries(word: str) -> list[str]:
    return [way.format(word, word[:5], word[-4:]) for way in WAYS]


def _told(found: answers.SearchPage) -> bytes:
    """All that a reader is told, but for the query itself."""
    answer = asdict(found.answer)
    del answer["query"]
    shown = [[asdict(passage) for passage in result.found] for result in found.results]
    beside = [found.pages, found.total, found.interviews, found.facets, [asdict(year) for year in found.years]]
    return json.dumps([answer, shown, *beside], default=str).encode()


def _search(house: Archive, who: Principal, query: str) -> bytes:
    try:
        return _told(answers.search(house, who, query))
    except BadQuery as error:
        return error.code.encode()


def _released(house: Archive, who: Principal) -> list[Passage]:
    """What the reader may read."""
    with house.catalogue.reading() as ledger:
        found = [each for each in ledger.interviews.all() if allows(Act.READ_RELEASED, house.case(who, each))]
    texts = [(each, research.read(house, who, each.id).transcript) for each in found]
    return [passage for each, text in texts for passage in passages(each.id, text, each.recorded_on)]


def _readers() -> dict[str, tuple[Principal, int]]:
    """Who may read everything that is released, and who a part, and how many interviews that is."""
    return {"all": (make.ARCHIVIST, 3), "a part": (make.HISTORIAN, 2)}


@pytest.mark.parametrize("reader", ["all", "a part"])
def test_a_concealed_name_is_searched_for_like_a_word_that_does_not_exist(
    archive: tuple[Archive, UUID, UUID], reader: str
) -> None:
    """In every form and by every way to ask: the same bytes, hits, counts, marks and suggestions."""
    house, (who, count) = archive[0], _readers()[reader]
    released = _released(house, who)
    assert len({passage.interview for passage in released}) == count
    words = {word.form for passage in released for word in placed(passage.text, passage.language)}
    names = _concealed(house)
    alone = [name for name in names if not _touched(name, words)]
    assert len(alone) > 20
    nonsense = [_search(house, who, way) for way in _queries(NOBODY)]
    assert _search(house, who, "интервью") != _search(house, who, NOBODY)
    for name in alone:
        for query, expected in zip(_queries(name), nonsense, strict=True):
            assert _search(house, who, query) == expected, query
        assert answers.beginning(house, who, name[:4]) == ()


def test_a_concealed_name_has_no_line_in_a_concordance(archive: tuple[Archive, UUID, UUID]) -> None:
    """On the page and in the copy: the same bytes as for a word that does not exist."""
    house, who = archive[0], make.HISTORIAN
    words = {word.form for passage in _released(house, who) for word in placed(passage.text, passage.language)}
    ways = ["{0}", "{1}*", "{0}~", "интервью -{0}", "интервью OR {0}", '"{0} интервью"~9']
    nonsense = [_lines(house, who, way.format(NOBODY, NOBODY[:5])) for way in ways]
    assert len(set(nonsense)) > 1
    for name in sorted(name for name in _concealed(house) if not _touched(name, words))[::3]:
        for way, expected in zip(ways, nonsense, strict=True):
            assert _lines(house, who, way.format(name, name[:5])) == expected, way


def _lines(house: Archive, who: Principal, query: str) -> bytes:
    found = concordance.concordance(house, who, Question(query), Arrangement.LEFT)
    told = [asdict(line) for line in found.shown]
    copy = concordance.export(house, who, Question(query), Arrangement.LEFT, Copy(lambda _: "", "")).decode("utf-8-sig")
    rows = [{**row, "question": ""} for row in csv.DictReader(io.StringIO(copy, newline=""))]
    return json.dumps([told, found.lines, found.total, found.used, found.pages, rows], default=str).encode()


@pytest.mark.parametrize("reader", ["all", "a part"])
def test_answers_are_those_of_an_index_of_what_may_be_read(archive: tuple[Archive, UUID, UUID], reader: str) -> None:
    """For the names that a released word resembles, too: nothing but released text has a say in any answer."""
    house, (who, _) = archive[0], _readers()[reader]
    released = _released(house, who)
    engine = WhooshEngine(FilesInMemory(house.settings.home / "other"))
    (house.settings.home / "other").mkdir(exist_ok=True)
    engine.replace(everything(released))
    visible = list({passage.interview for passage in released})
    size = house.settings.search.page_size
    for query in chain.from_iterable(map(_queries, [*_concealed(house), "интервью", "город", "интирвью"])):
        try:
            expected = engine.search(parse(query), visible, Page(1, size, each=answers.EACH))
        except BadQuery:
            continue
        if not expected.query.filters:
            assert answers.search(house, who, query).answer == expected, query
    for start in ("ин", "го", "ле", "ант"):
        assert answers.beginning(house, who, start) == engine.beginning(start, visible, 8)


def test_no_key_of_the_index_is_of_anything_but_a_released_word(archive: tuple[Archive, UUID, UUID]) -> None:
    """Neither of the interview in review nor of a name; and every word that is released has its keys."""
    house = archive[0]
    released = _released(house, make.ARCHIVIST)
    expected = {key for passage in released for word in placed(passage.text, passage.language) for key in word.keys}
    engine = house.engine
    assert isinstance(engine, WhooshEngine)
    snapshot = engine._snapshot()
    assert snapshot is not None
    keys = set(chain.from_iterable(shelf.counts("")[0] for shelf in snapshot.shelves))
    assert keys == expected


def _touched(name: str, words: set[str]) -> bool:
    """Whether a released word begins or ends like the name or is alike to it: then it may be found by the name."""
    plain = folded(name)
    return any(word.startswith(plain[:4]) or word.endswith(plain[-4:]) or distance(word, plain) <= 2 for word in words)
