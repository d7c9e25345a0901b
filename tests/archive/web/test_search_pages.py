"""Answers as pages, without scripts: narrowing, order, the concordance and its table, what odd questions are told."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest
from werkzeug.test import TestResponse

from archive import worker
from archive.acts import answers, concordance, listing, research, withdraw
from archive.acts.answers import Found
from archive.acts.ordering import alphabetical
from archive.catalogue import Kind
from archive.consent import Excerpts, Research
from archive.errors import EnoughForToday, Unknown
from archive.parts import Memory
from archive.policy import OPERATOR, Role
from archive.web.questions import Questions
from archive.web.search import around
from tests import make
from tests.browsing import Browser, text_of
from tests.rooms import Rooms, archive_with_rooms, fresh_reader, in_review
from transcripts.words import Segment, Span, Word

WORD = "бухгалтер"
"""Irina says it once in her first half minute, so every interview has one passage with it."""


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rooms]:
    """Four released interviews: of 2019, of 2022 twice, and of a day that nobody wrote down."""
    made = archive_with_rooms(tmp_path_factory.mktemp("many") / "home", search={"page_size": 2})
    for day in (date(2019, 3, 1), date(2022, 5, 1), date(2022, 6, 1)):
        about = {"places": ("Рига",), "left_in": day.year - 1} if day.year == 2022 else {}
        id = in_review(made.house, made.who[Role.INTERVIEWER], recorded_on=day, **about)
        make.approved(made.house, id, made.who[Role.INTERVIEWER])
    worker.work(made.house)
    yield made
    made.house.close()


def asked(browser: Browser, question: str) -> tuple[str, TestResponse]:
    """The address of an answer, and its first page."""
    answer = browser.post("/search", on="/account", q=question)
    found = re.search(r'data-here="(/search/[\w-]+)', answer.text)
    assert found is not None, answer.text
    return found[1], answer


def shown(answer: TestResponse) -> list[str]:
    """The years of the interviews on a page, in their order."""
    heads = re.findall(r'<p class="small soft num">(.*?)</p>', answer.text, re.DOTALL)
    return [(re.search(r"20\d\d(?!-)", head.partition("recorded")[2]) or [""])[0] for head in heads]


def count(answer: TestResponse) -> tuple[int, int]:
    """Passages and interviews, as the page says them."""
    found = re.search(r"(\d+) passages?\s+in (\d+) interviews?", text_of(answer))
    assert found is not None
    return int(found[1]), int(found[2])


def test_an_answer_is_narrowed_by_links(many: Rooms) -> None:
    """Each value says how much there is of it; a chosen one narrows, also beside another, and is taken back."""
    browser = many.client(Role.HISTORIAN)
    here, answer = asked(browser, WORD)
    assert count(answer) == (4, 4)
    links = dict(re.findall(rf'href="{here}\?year=(\w*)">\s*([^<]+)</a>', unescape(answer.text)))
    assert links == {"2019": "2019", "2022": "2022", "": "unknown"}
    narrowed = browser.get(f"{here}?year=2022")
    assert count(narrowed) == (2, 2)
    assert count(browser.get(f"{here}?year=2022&year=2019")) == (3, 3)
    assert f'href="{here}"' in narrowed.text, "the choice can be taken back"
    assert count(browser.get(f"{here}?year=2022&language=uk")) == (0, 0)
    assert "Search in everything again" in browser.get(f"{here}?year=2022&language=uk").text
    assert count(browser.get(f"{here}?from=2020&to=2022")) == (2, 2)
    assert count(browser.get(f"{here}?to=2020")) == (1, 1)
    assert count(browser.get(f"{here}?voice=own")) == (4, 4)


def test_places_narrow_and_stand_in_no_address(many: Rooms) -> None:
    """The link holds a digest; an unknown one narrows to nothing."""
    browser = many.client(Role.HISTORIAN)
    here, answer = asked(browser, WORD)
    (link,) = re.findall(rf'href="({here}\?place=[0-9a-f]{{16}})">\s*Рига</a>', answer.text)
    assert count(browser.get(link)) == (2, 2)
    archivist = many.client(Role.ARCHIVIST)
    there, other = asked(archivist, WORD)
    digest = link.partition("=")[2]
    assert digest not in other.text, "another account has another one"
    assert count(archivist.get(f"{there}?place={digest}")) == (0, 0)
    assert count(browser.get(f"{here}?place=Рига")) == (0, 0)
    assert not re.search(r'(?:href|action)="[^"]*(?:Риг|%D0)', answer.text)


def test_an_answer_is_sorted_and_paged_by_interviews(many: Rooms) -> None:
    """Two on a page; the newest or the oldest first, those without a day at the end."""
    browser = many.client(Role.HISTORIAN)
    here, _ = asked(browser, WORD)
    pages = {
        sort: [shown(browser.get(f"{here}?sort={sort}&page={page}")) for page in (1, 2)]
        for sort in ("newest", "oldest")
    }
    assert pages == {"newest": [["2022", "2022"], ["2019", ""]], "oldest": [["2019", "2022"], ["2022", ""]]}
    beyond = browser.get(f"{here}?page=99")
    assert beyond.status_code == 200
    assert count(beyond) == (4, 4)
    assert shown(beyond) == shown(browser.get(f"{here}?page=2"))
    assert "Nothing was found" not in beyond.text


def test_years_are_drawn_and_told(many: Rooms) -> None:
    """A bar and a row of the table for each year from the first to the last."""
    _, answer = asked(many.client(Role.HISTORIAN), WORD)
    plot = answer.text.partition('<figure class="plot">')[2].partition("</figure>")[0]
    rows = re.findall(r'<td class="num">(\w+)</td><td class="num">(\d)</td><td class="num">(\d)</td>', plot)
    assert rows == [
        ("2019", "1", "1"),
        ("2020", "0", "0"),
        ("2021", "0", "0"),
        ("2022", "2", "2"),
        ("unknown", "1", "1"),
    ]
    assert plot.count("<rect") == 5
    left = answer.text.partition("year in which the narrator left")[2].partition("</figure>")[0]
    rows = re.findall(r'<td class="num">(\w+)</td><td class="num">(\d)</td><td class="num">(\d)</td>', left)
    assert rows == [("2021", "2", "2"), ("unknown", "2", "2")]


def test_the_strip_shows_where_the_words_are_heard(many: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    """A passage that is shown stands on it at its first hit, others at their beginnings."""
    monkeypatch.setattr(answers, "EACH", 1)
    browser = many.client(Role.HISTORIAN)

    def seconds(question: str) -> tuple[list[float], list[float], list[float]]:
        article = asked(browser, question)[1].text.partition("<article")[2].partition("</article>")[0]
        found = re.findall(r'(?:data-hits|data-play-from|name="from" value)="([^"]*)"', article)
        ticks, *others = [[float(each) for each in one.split()] for one in found]
        return ticks, [one for (one,) in others[::2]], [one for (one,) in others[1::2]]

    ticks, heard, begins = seconds(WORD)
    assert ticks == heard
    assert heard[0] > begins[0] + 1
    ticks, earlier, _ = seconds(f"{WORD} OR записывать")
    assert ticks == [*earlier, *begins], "of the two passages the earlier one is shown"


def test_a_concordance_is_ordered_by_what_stands_beside(many: Rooms) -> None:
    """One line for each hit, the keyword between its neighbours; sorted by any side; as a table, too."""
    browser = many.client(Role.HISTORIAN)
    here, _ = asked(browser, "я OR в")
    page = browser.get(f"{here}?view=lines")
    assert page.status_code == 200
    assert re.search(r'data-play-from="\d+\.\d\d"', page.text)

    def table(by: str) -> list[dict[str, str]]:
        answer = browser.get(f"{here}/lines.csv?by={by}")
        assert answer.headers["Content-Type"].startswith("text/csv")
        return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))

    lines = {by: table(by) for by in ("answer", "left", "right", "speaker", "date")}
    assert len({len(found) for found in lines.values()}) == 1
    assert f"{len(lines['left'])} lines" in text_of(page)
    assert {line["keyword"].lower() for line in lines["left"]} <= {"я", "в", "во", "меня", "мне", "мной"}
    assert all(len(line["left"].split()) <= 8 and len(line["right"].split()) <= 8 for line in lines["left"])

    def words(text: str) -> list[str]:
        return re.findall(r"[^\W_]+", text.lower().replace("ё", "е"))

    assert [words(line["right"]) for line in lines["right"]] == sorted(words(line["right"]) for line in lines["right"])
    before = [words(line["left"])[::-1] for line in lines["left"]]
    assert before == sorted(before)
    days = [line["recorded"] or "9999" for line in lines["date"]]
    assert days == sorted(days)
    assert [line["speaker"] for line in lines["speaker"]] == sorted(line["speaker"] for line in lines["speaker"])
    assert all("#t=" in line["address"] and "?v=1" in line["address"] for line in lines["date"])


def test_lines_are_sorted_as_ukrainian_is() -> None:
    """Letters that Russian lacks stand where Ukrainian has them, each before all that begins with the next one."""
    alphabet = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"
    words = [letter + end for letter in alphabet for end in ("", "а", "яма")]
    assert sorted(reversed(words), key=alphabetical) == words
    assert alphabetical("Ёлка") == alphabetical("елка")


def test_an_interview_shows_the_hits_that_its_reader_comes_from(many: Rooms) -> None:
    """In the text and for the waveform; a forgotten question marks nothing."""
    browser = many.client(Role.HISTORIAN)
    _, answer = asked(browser, WORD)
    link = re.search(r'href="(/interviews/[\w-]+\?asked=[\w-]+)"', answer.text)
    assert link is not None
    page = browser.get(link[1])
    assert re.search(r"<mark>бухгалтером[.,]?</mark>", page.text)
    assert re.search(r'data-hits="\d+\.\d\d"', page.text)
    for odd in ("?asked=forgotten", "?asked=", ""):
        other = browser.get(link[1].partition("?")[0] + odd)
        assert other.status_code == 200
        assert "<mark>" not in other.text
    assert "<mark>" not in many.client(Role.ARCHIVIST).get(link[1]).text, "another's question"


@pytest.mark.parametrize(
    "question",
    ["я", "я в", "здравствуйте", "здравствуйте speaker:I", "здравствуйте speaker:N", "здравствуйте -спасибо"],
)
@pytest.mark.parametrize("pairs", ["", "&pairs=no"])
def test_marks_are_those_of_the_answer(many: Rooms, question: str, pairs: str) -> None:
    """In the passages that answer, turn by turn the same ones as there; not wherever one of the words stands."""
    browser = many.client(Role.HISTORIAN)
    here, _ = asked(browser, question)
    answer = browser.get(f"{here}?{pairs}")
    links = re.findall(r'href="(/interviews/[\w-]+\?asked=[^"#]+)"', answer.text)
    assert ("pairs=no" in links[0]) == bool(pairs)
    id = links[0].split("/")[2].partition("?")[0]
    (article,) = [each for each in answer.text.split('<article class="hit"')[1:] if id in each]
    assert "more passage" not in article
    page = browser.get(unescape(links[0])).text.partition("<aside>")[0]
    assert marked_turns(page) == marked_turns(article)
    assert marked_turns(page)


def marked_turns(page: str) -> list[tuple[str, list[str]]]:
    """When each turn with a mark begins, and what is marked."""
    turns = [
        (each.partition('"')[0], re.findall("<mark>(.*?)</mark>", each)) for each in page.split('data-start="')[1:]
    ]
    return [turn for turn in turns if turn[1]]


def test_an_account_remembers_its_own_last_questions(many: Rooms) -> None:
    """Those that it looked at last; others take none away, nor does what is no question."""
    memory, (one, other) = Questions(2), (uuid4(), uuid4())
    first, second = memory.remember(one, "раз"), memory.remember(one, "два")
    for _ in range(9):
        memory.remember(other, "чужой")
    assert memory.recall(one, first) == "раз"
    third = memory.remember(one, "три")
    assert [memory.recall(one, id) for id in (first, third)] == ["раз", "три"]
    for account, id in ((one, second), (other, first), (uuid4(), first), (None, first)):
        with pytest.raises(Unknown):
            memory.recall(account, id)
    known, browser = many.app.extensions["golosa-questions"], many.client(Role.HISTORIAN)
    many.app.extensions["golosa-questions"] = Questions(1)
    try:
        here, _ = asked(browser, WORD)
        for bad in ("ж" * 10_000, "((("):
            assert browser.post("/search", on="/account", q=bad).status_code == 400
        assert browser.get(here).status_code == 200
    finally:
        many.app.extensions["golosa-questions"] = known


def test_similar_passages_lead_on(many: Rooms) -> None:
    """The other interviews have the very same words; a passage beyond the last is none."""
    browser = many.client(Role.HISTORIAN)
    _, answer = asked(browser, WORD)
    link = re.search(r'href="(/interviews/([\w-]+)/passages/\d+/similar)"', answer.text)
    assert link is not None
    page = browser.get(link[1])
    assert page.text.count('<article class="hit"') == 3
    assert browser.get(f"/interviews/{link[2]}/passages/999/similar").status_code == 404
    assert browser.get(f"/interviews/{uuid4()}/passages/0/similar").status_code == 404


def test_a_passage_without_a_hit_is_shown_in_its_first_turns() -> None:
    """As similar ones are: nobody reads on there without opening the interview."""
    turns = tuple(Segment((Word("да", n, n + 0.5),), "ru") for n in range(9))
    mark, none = (Span(0, 2, "hit", 0),), ((),) * 9
    assert around(Found(turns, none, 0, 0.0, 9.0, 0.0, 0)) == [0, 1, 2]
    assert around(Found(turns[:1], none[:1], 0, 0.0, 1.0, 0.0, 0)) == [0]
    assert around(Found(turns, (*none[:5], mark, *none[6:]), 0, 0.0, 9.0, 5.0, 0)) == [4, 5, 6]


def test_a_damaged_interview_closes_no_page_of_others(many: Rooms) -> None:
    """It alone is missing, from an answer, from the lines and from what is similar."""
    browser = many.client(Role.HISTORIAN)
    here, answer = asked(browser, WORD)
    links = re.findall(r'href="(/interviews/([\w-]+)/passages/\d+/similar)"', answer.text)
    similar, damaged = links[0][0], links[1][1]
    with many.house.catalogue.reading() as ledger:
        blob = ledger.blobs.newest(UUID(damaged), Kind.PASSAGES)
    assert blob is not None
    (path,) = many.house.settings.home.rglob(f"*{blob.id}*")
    whole = path.read_bytes()
    assert damaged in browser.get(similar).text
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    try:
        for page in (here, f"{here}?view=lines", similar):
            left = browser.get(page)
            assert left.status_code == 200
            assert damaged not in left.text
    finally:
        path.write_bytes(whole)


def test_words_that_begin_so_are_offered(many: Rooms) -> None:
    """Of released text alone; by POST, with the form's token."""
    browser = many.client(Role.HISTORIAN)

    lengths = set()

    def offered(start: str) -> list[str]:
        answer = browser.post("/search/words", on="/account", start=start)
        assert answer.json is not None
        lengths.add((len(answer.data), len(str(answer.headers))))
        return list(answer.json["words"])

    assert "бухгалтером" in offered("бухг")
    assert offered("лебе") == offered("зюбр") == []
    assert offered("*" * 5_000) == []
    assert {size for size, _ in lengths} == {2_048}
    assert len(lengths) == 1, "who watches the network sees one length"


SPELLINGS = ("лебедева", "Лебедевой", "ЛЕБЕДЕВЫМ", "лебедев*", "=лебедева", "лебедеву~", '"ирина лебедева"', "lebedeva")


@pytest.mark.parametrize("view", ["", "?view=lines", "/lines.csv"])
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_concealed_name_is_nonsense_in_every_view(many: Rooms, spelling: str, view: str) -> None:
    """Asked in any form, the answer is byte for byte the one to a word that does not exist."""
    browser, bodies = many.client(Role.HISTORIAN), []
    for question in (spelling, re.sub(r"л[а-я]+|l[a-z]+", "зюбрыквап", spelling, flags=re.IGNORECASE)):
        here, _ = asked(browser, question)
        text = browser.get(here + view).data.decode()
        bodies.append(re.sub(r'csrf_token" value="[^"]+"|/search/[\w-]{16}|«[^»]*»', "", told(text)))
    assert bodies[0] == bodies[1]


def told(page: str) -> str:
    """A page without what it says of the question itself."""
    page = re.sub(r'name="q" value="[^"]*"', "", page)
    return re.sub(r"<b>.*?</b>", "", page)


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("ж" * 10_000, "too long"),
        ("((((", "no word to look for"),
        ("*", "no word to look for"),
        ("a*", "at least 3 letters"),
        ("-война", "no word to look for"),
        ("year:x хлеб", "year cannot be read"),
        ("(" * 400 + "хлеб", "brackets"),
        ("\0\x07\u202e", "no word to look for"),
        (" ".join(f"слово{n}" for n in range(100)), "too many words"),
    ],
)
def test_odd_questions_get_a_clear_answer(many: Rooms, question: str, says: str) -> None:
    """Never a failure of ours, and what was typed stays in the box."""
    answer = many.client(Role.HISTORIAN).post("/search", on="/account", q=question)
    assert answer.status_code == 400
    assert says in text_of(answer)


def test_repairs_are_said(many: Rooms) -> None:
    """The question is read back in words, with what was put right in it."""
    _, answer = asked(many.client(Role.HISTORIAN), '"в Самаре')
    assert "an open quotation mark was closed" in text_of(answer)
    assert "“в Самаре” in a row" in text_of(answer)


def test_a_word_that_is_nowhere_is_answered_with_one_that_is(many: Rooms) -> None:
    """The offered word leads to its answer by a form: it stands in no address."""
    browser = many.client(Role.HISTORIAN)
    _, missed = asked(browser, "бугалтером")
    words = re.findall(r'name="q" value="([^"]*)"><button class="button small quiet">', missed.text)
    assert "Did you mean" in text_of(missed)
    assert words[0] == "бухгалтером"
    assert count(asked(browser, words[0])[1]) == (4, 4)


@pytest.mark.parametrize(
    "odd", ["page=-5", "page=x", "sort=zzz", "view=zzz", "by=zzz", "from=x", "to=99999999999", "year=%00", "language="]
)
def test_an_odd_address_is_no_failure(many: Rooms, odd: str) -> None:
    """What cannot be understood in it is left aside."""
    browser = many.client(Role.HISTORIAN)
    here, _ = asked(browser, WORD)
    for view in ("", "&view=lines"):
        assert browser.get(f"{here}?{odd}{view}").status_code == 200
    assert browser.get(f"{here}/lines.csv?{odd}").status_code == 200


@pytest.mark.slow
def test_what_is_closed_or_withdrawn_is_gone_from_every_count(many: Rooms) -> None:
    """From the very next request on: passages, facets, plot, lines, table, similar."""
    house, browser = many.house, many.client(Role.HISTORIAN)
    made = [in_review(house, many.who[Role.INTERVIEWER], recorded_on=date(1991 + n, 1, 1)) for n in range(2)]
    for id in made:
        make.approved(house, id, many.who[Role.INTERVIEWER])
    worker.work(house)
    here, answer = asked(browser, WORD)
    assert count(answer) == (6, 6)
    closed(many, made[0])
    withdraw.withdraw(house, many.who[Role.ARCHIVIST], made[1])
    again = browser.get(here)
    assert count(again) == (4, 4)
    for page in (again.text, browser.get(f"{here}?view=lines").text, browser.get(f"{here}/lines.csv").text):
        assert not re.search(f"199[12](?!-0)|{made[0]}|{made[1]}", page)


def closed(rooms: Rooms, id: UUID) -> None:
    with rooms.house.catalogue.writing() as ledger:
        found = ledger.interviews.get(id)
        terms = replace(found.terms, research=Research.NO, excerpts=Excerpts.NEVER)
        ledger.interviews.save(replace(found, terms=terms))


def test_a_concordance_is_no_way_round_the_days_limit(many: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines of few passages of each interview that was not opened today, unless all may be opened in a day."""
    monkeypatch.setattr(concordance, "EACH", 1)  # half a minute has three
    house, browser = many.house, fresh_reader(many)
    here, answer = asked(browser, "я OR в OR и OR что OR не OR на")
    id = re.findall(r"/interviews/([\w-]+)\?asked", answer.text)[0]
    said = "with their first passages only"

    def table(visitor: Browser, where: str) -> Counter[str]:
        rows = csv.DictReader(io.StringIO(visitor.get(f"{where}/lines.csv").data.decode("utf-8-sig"), newline=""))
        return Counter(row["address"].partition("?")[0] for row in rows)

    whole = table(browser, here)
    settings = house.settings
    house.settings = replace(settings, reading=replace(settings.reading, interviews_a_day=1))
    try:
        part = table(browser, here)
        assert part.keys() == whole.keys()
        assert all(part[each] < whole[each] for each in whole)
        assert said in text_of(browser.get(f"{here}?view=lines"))
        assert browser.get(f"/interviews/{id}").status_code == 200
        opened = table(browser, here)
        assert [each for each in whole if opened[each] == whole[each]] == [next(each for each in whole if id in each)]
        archivist = many.client(Role.ARCHIVIST)
        there, _ = asked(archivist, "я OR в OR и OR что OR не OR на")
        assert table(archivist, there) == whole
        assert said not in text_of(archivist.get(f"{there}?view=lines"))
    finally:
        house.settings = settings


def test_a_reader_by_grant_opens_so_many_interviews_a_day(many: Rooms) -> None:
    """The ones that were opened stay open, others wait; archivists are not counted."""
    house, browser, archivist = many.house, fresh_reader(many), many.client(Role.ARCHIVIST)
    ids = list(dict.fromkeys(re.findall(r"/interviews/([\w-]+)\?asked", asked(browser, WORD)[1].text)))
    settings = house.settings
    house.settings = replace(settings, reading=replace(settings.reading, interviews_a_day=1))
    try:
        assert [browser.get(f"/interviews/{id}").status_code for id in (ids[0], ids[1], ids[0])] == [200, 429, 200]
        assert "ask an archivist" in text_of(browser.get(f"/interviews/{ids[1]}/cite"))
        assert browser.get(f"/interviews/{uuid4()}").status_code == 404
        span = {"from": "19.00", "to": "28.90"}
        saved = [browser.post(f"/interviews/{id}/passages", on="/account", **span).status_code for id in ids[:2]]
        assert saved == [303, 429], "what is saved is read"
        wish = {"start": "19", "end": "28.9", "voice": "own"}
        proposed = browser.post(f"/interviews/{ids[1]}/excerpts", on="/account", **wish)
        assert proposed.status_code == 429, "what is proposed, too"
        other = fresh_reader(many)
        assert other.post(f"/interviews/{ids[0]}/passages", on="/account", **span).status_code == 303
        assert other.get(f"/interviews/{ids[1]}").status_code == 429, "and counted"
        assert [archivist.get(f"/interviews/{id}").status_code for id in ids[:2]] == [200, 200]
        house.settings = replace(settings, reading=replace(settings.reading, interviews_a_day=0))
        assert browser.get(f"/interviews/{ids[1]}").status_code == 200
    finally:
        house.settings = settings


def test_a_reader_by_grant_hears_so_many_unopened_interviews_a_day(
    many: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hits of more than may be opened; each is noted once, however many pieces a player asks for."""
    house, browser = many.house, fresh_reader(many)
    ids = list(dict.fromkeys(re.findall(r"/interviews/([\w-]+)\?asked", asked(browser, WORD)[1].text)))
    ids += re.findall(r"/interviews/([\w-]+)\?asked", browser.get(f"{asked(browser, WORD)[0]}?page=2").text)
    first, second, third = list(dict.fromkeys(ids))[:3]

    def heard(id: str, visitor: Browser = browser) -> int:
        return visitor.get(f"/interviews/{id}/sound", Range="bytes=0-99").status_code

    def noted() -> Counter[tuple[str, str]]:
        with house.catalogue.reading() as ledger:
            return Counter((entry.act, str(entry.subject)) for entry in ledger.audit.all()[before:])

    with house.catalogue.reading() as ledger:
        before = len(ledger.audit.all())
    settings = house.settings
    house.settings = replace(settings, reading=replace(settings.reading, interviews_a_day=1))
    try:
        assert [heard(id) for id in (first, second, third, third)] == [206] * 4, "more hits than may be opened"
        assert noted() == {("hear-released", id): 1 for id in (first, second, third)}
        monkeypatch.setattr(research, "_HEARD_FOR_ONE_OPENED", 1)
        browser, other = fresh_reader(many), many.client(Role.ARCHIVIST)
        assert [heard(id, browser) for id in (first, first, second)] == [206, 206, 429]
        refused = browser.get(f"/interviews/{second}/sound", Accept="application/json")
        assert refused.json["error"] == "heard-enough-today"
        assert browser.get(f"/interviews/{second}/peaks").status_code == 200, "no word can be heard in it"
        assert browser.get(f"/interviews/{second}").status_code == 200
        assert [heard(id, browser) for id in (second, third, first)] == [206, 429, 206], "what was opened is heard"
        assert browser.get(f"/interviews/{first}").status_code == 429, "hearing it was not opening it"
        assert [heard(id, other) for id in (first, second, third)] == [206] * 3
        house.settings = replace(settings, reading=replace(settings.reading, interviews_a_day=0))
        assert heard(third, browser) == 206
    finally:
        house.settings = settings


def test_a_copy_is_a_reading(many: Rooms) -> None:
    """Whoever takes an interview's whole text along has opened it."""
    house, who = many.house, many.who[Role.HISTORIAN]
    one, other = [each.id for each in answers.readable(house, who)][:2]
    settings = house.settings
    tomorrow, now = datetime.now(UTC) + timedelta(days=1), house.now
    house.now = lambda: tomorrow
    house.settings = replace(settings, reading=replace(settings.reading, interviews_a_day=1))
    try:
        assert research.export(house, who, one) == research.export(house, who, one)
        with pytest.raises(EnoughForToday):
            research.export(house, who, other)
        with pytest.raises(EnoughForToday):
            research.read(house, who, other)
        assert research.export(house, OPERATOR, other).segments
    finally:
        house.settings, house.now = settings, now


def table(answer: TestResponse) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("view", ["", "&view=lines"])
def test_a_narrowed_answer_says_so_in_every_view(many: Rooms, view: str) -> None:
    """One line of what was chosen, each with a link that takes it away alone; none where nothing is."""
    browser = many.client(Role.HISTORIAN)
    here, _ = asked(browser, WORD)
    (collection,) = re.findall(rf'href="{here}\?collection=([\w-]+)"', browser.get(f"{here}?year=1800").text) or [""]
    page = browser.get(f"{here}?year=2022&voice=own&collection={collection}&from=2020&to=2022&language=zz{view}")
    (line,) = re.findall(r'<div class="filters.*?</div>', page.text, re.DOTALL)
    chips = re.findall(r'<li>(.*?): <b>(.*?)</b> <a href="([^"]*)" aria-label="(.*?)">×</a>', line)
    told = {legend: (value, unescape(link)) for legend, value, link, _ in chips}
    assert [(legend, value) for legend, value, *_ in chips][:2] == [("Year of recording", "2022"), ("Language", "zz")]
    assert told["Voice for historians"][0] == "own voice"
    assert told["Recorded in the years"][0] == "2020–2022"
    assert "year=2022" not in told["Year of recording"][1]
    assert "language=zz" in told["Year of recording"][1]
    assert "from=" not in told["Recorded in the years"][1]
    assert ("view=lines" in told["Language"][1]) == bool(view)
    assert '<div class="filters' not in browser.get(f"{here}?{view}").text
    odd = browser.get(f"{here}?voice=zz&collection={uuid4()}&place=zz{view}")
    assert odd.status_code == 200
    assert "Collection: unknown" in text_of(odd)


def test_a_table_of_lines_says_what_it_counts(many: Rooms) -> None:
    """Each row has the question as it was run, the narrowing, the counts and the day."""
    browser = many.client(Role.HISTORIAN)
    here, _ = asked(browser, f'"{WORD}')
    whole, part = table(browser.get(f"{here}/lines.csv")), table(browser.get(f"{here}/lines.csv?year=2022&pairs=no"))
    assert {row["narrowed_to"] for row in whole} == {""}
    assert {row["lines"] for row in whole} == {str(len(whole))}
    assert len(part) < len(whole)
    for row in part:
        assert row["question"] == WORD
        assert row["narrowed_to"] == "Year of recording: 2022"
        assert (row["aspect_pairs"], row["lines"], row["passages"]) == ("no", "2", "2")
        assert (row["of_passages"], row["first_passages_only"]) == ("2", "no")
        assert row["copy"].startswith(many.house.today().isoformat())


def test_signs_beside_a_keyword_are_no_words(many: Rooms) -> None:
    """They stay with it, and eight words stand on its either side nevertheless."""
    browser = many.client(Role.HISTORIAN)
    here, _ = asked(browser, "я OR в OR что OR Самаре OR здравствуйте OR бухгалтером")
    rows = table(browser.get(f"{here}/lines.csv"))
    signed = [row for row in rows if row["keyword"] != row["as_written"]]
    assert signed
    for row in rows:
        assert row["keyword"] in row["as_written"]
        assert re.fullmatch(r"[^\w\s]*[\w'’-]+[^\w\s]*", row["as_written"])
        for side in (row["left"].split()[-1:], row["right"].split()[:1]):
            assert all(re.search(r"\w|^[—–/-]$|…", word) for word in side), row
    page = browser.get(f"{here}?view=lines").text
    assert re.search(r"</mark>[.,!?]</td>", page)
    assert not re.search(r'<td class="right"[^>]*>\s*[.,!?]', page)


def test_what_has_no_year_is_drawn_apart(many: Rooms) -> None:
    """It is no year after the last one."""
    _, answer = asked(many.client(Role.HISTORIAN), WORD)
    plot = answer.text.partition('<figure class="plot">')[2].partition("</figure>")[0]
    years, undated = plot.split('<div class="undated">')
    assert years.count("<rect") == 4
    assert undated.count("<rect") == 1
    assert "unknown" not in years
    assert "2022" not in undated.partition("<details")[0]


class Counting:
    """An engine that counts the passages in which it is asked to look for words."""

    def __init__(self, engine: Any) -> None:
        self._engine, self.asked = engine, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def occurrences(self, *what: Any) -> Any:
        """As the engine does."""
        self.asked += 1
        return self._engine.occurrences(*what)


def test_lines_are_found_once_and_read_for_their_page(many: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another page, another order and the table look for nothing anew, and say what they would say if they did."""
    monkeypatch.setattr(concordance, "_ON_A_PAGE", 20)
    house, browser = many.house, many.client(Role.HISTORIAN)
    here, _ = asked(browser, "я OR в OR и OR что")
    views = [f"{here}?view=lines&by={by}&page={page}" for by in concordance.Arrangement for page in (1, 2, 3)]
    views += [f"{here}/lines.csv?by={by}" for by in concordance.Arrangement]

    def looked() -> list[str]:
        return [re.sub(r'csrf_token" value="[^"]+"', "", browser.get(view).data.decode()) for view in views]

    remembered, engine = house.lines, Counting(house.engine)
    house.lines, house.engine = Memory(0), engine
    try:
        anew, often = looked(), engine.asked
        house.lines, engine.asked = Memory(10_000), 0
        assert looked() == anew
        assert 0 < engine.asked == often // len(views)
    finally:
        house.lines, house.engine = remembered, engine._engine


def test_remembered_lines_are_those_of_today(many: Rooms) -> None:
    """What was damaged or closed since they were found is in no line and no count."""
    house, browser = many.house, fresh_reader(many)
    here, _ = asked(browser, "я OR в OR и OR что")

    def rows() -> Counter[str]:
        found = Counter(row["interview"] for row in table(browser.get(f"{here}/lines.csv?by=left")))
        assert f": {found.total()} lines." in text_of(browser.get(f"{here}?view=lines"))
        return found

    whole = rows()
    gone = next(one for one in answers.readable(house, many.who[Role.HISTORIAN]) if one.accession == max(whole))
    with house.catalogue.reading() as ledger:
        blob = ledger.blobs.newest(gone.id, Kind.PASSAGES)
    assert blob is not None
    (path,) = house.settings.home.rglob(f"*{blob.id}*")
    sound = path.read_bytes()
    path.write_bytes(sound[:-1] + bytes([sound[-1] ^ 1]))
    rest = {accession: lines for accession, lines in whole.items() if accession != gone.accession}
    try:
        assert rows() == rest
    finally:
        path.write_bytes(sound)
    assert rows() == whole
    closed(many, gone.id)
    try:
        assert rows() == rest
    finally:
        with house.catalogue.writing() as ledger:
            ledger.interviews.save(replace(gone, version=ledger.interviews.get(gone.id).version))
    assert rows() == whole


def test_a_memory_is_bounded() -> None:
    """By the weights of what it keeps; what was asked for longest ago goes."""
    memory = Memory(10)
    for key, weight in (("a", 4), ("b", 4)):
        memory.put(key, key, weight)
    assert memory.get("a") == "a"
    memory.put("c", "c", 4)
    assert [memory.get(key) for key in "abc"] == ["a", None, "c"]
    memory.put("c", "C", 6)
    assert [memory.get(key) for key in "ac"] == ["a", "C"]
    memory.put("d", "d", 11)
    assert [memory.get(key) for key in "acd"] == [None, None, None]


def listed(answer: TestResponse) -> list[str]:
    """The accession numbers of a list, in its order."""
    return re.findall(r'<article class="hit">.*?num">(\S+) ·', answer.text, re.DOTALL)


def test_all_interviews_are_listed_for_whoever_asks_nothing(many: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    """From a link of the first page and from an empty box: facts, counts, pages and orders, and no word of a text."""
    monkeypatch.setattr(listing, "_ON_A_PAGE", 3)
    browser = many.client(Role.HISTORIAN)
    assert 'href="/search/all"' in browser.get("/search").text
    assert browser.post("/search", on="/account", q=" ").headers["Location"] == "/search/all"
    page = browser.get("/search/all")
    assert "4 interviews that you may read" in text_of(page)
    assert "Places: Рига" in text_of(page)
    assert "бухгалтер" not in page.text
    every = {sort: listed(browser.get(f"/search/all?sort={sort}")) for sort in ("newest", "oldest", "title")}
    rest = {sort: listed(browser.get(f"/search/all?sort={sort}&page=2")) for sort in every}
    whole = {sort: [*every[sort], *rest[sort]] for sort in every}
    assert all(len(every[sort]) == 3 and len(rest[sort]) == 1 for sort in every)
    known = answers.readable(many.house, many.who[Role.HISTORIAN])
    days = {one.accession: one.recorded_on for one in known}
    assert sorted(whole["newest"]) == sorted(days)
    assert listed(page) == every["newest"]
    dated = [days[one] for one in whole["newest"]]
    assert dated == [date(2022, 6, 1), date(2022, 5, 1), date(2019, 3, 1), None]
    assert [days[one] for one in whole["oldest"]] == [*reversed(dated[:3]), None]
    (titled,) = [one.accession for one in known if one.title]
    assert whole["title"][0] == titled
    assert listed(browser.get("/search/all?page=99")) == rest["newest"]
    assert "2 interviews that you may read" in text_of(browser.get("/search/all?year=2022"))
    assert '<div class="filters' in browser.get("/search/all?year=2022").text


@pytest.mark.parametrize(
    ("typed", "count"),
    [
        ("place:рига", 2),
        ("место:Рига", 2),
        ("-place:Рига", 2),
        ("year:2022", 2),
        ("year:2019..2022", 3),
        ("left:2021", 2),
        ("lang:ru", 4),
        ("lang:uk", 0),
        ("translated:en", 1),
        ("перевод:английский", 1),
        ("translated:uk", 0),
        ("place:Рига year:2019", 0),
        ("theme:голод", 0),
    ],
)
def test_a_filter_alone_lists_the_interviews_that_have_it(many: Rooms, typed: str, count: int) -> None:
    """Its words stand in no address; the notebook keeps it, and asks it again."""
    browser = many.client(Role.HISTORIAN)
    here, answer = asked(browser, typed)
    assert answer.status_code == 200
    assert f"{count} interview" in text_of(answer)
    assert len(listed(answer)) == count
    assert len(listed(browser.get(f"{here}?view=lines"))) == count
    assert browser.get(f"{here}/lines.csv").status_code == 400


def test_with_a_word_the_translation_narrows_an_answer(many: Rooms) -> None:
    """As a field and as a facet."""
    browser = many.client(Role.HISTORIAN)
    here, answer = asked(browser, f"{WORD} translated:en")
    assert count(answer) == (1, 1)
    here, _ = asked(browser, WORD)
    assert count(browser.get(f"{here}?translation=en")) == (1, 1)


@pytest.mark.parametrize("typed", ["speaker:N", "-война place:Рига", "place:Рига ((", "=", "year:x"])
def test_what_is_no_list_is_told_so_or_put_right(many: Rooms, typed: str) -> None:
    """What passages alone are told apart by needs a word; so does what is only to be missing."""
    answer = many.client(Role.HISTORIAN).post("/search", on="/account", q=typed)
    assert answer.status_code == (200 if "((" in typed else 400)


def test_a_list_tells_nothing_of_what_may_not_be_read(many: Rooms) -> None:
    """A place of a hidden interview is answered byte for byte as one that nobody spoke of; so is the whole list."""
    house, browser = many.house, many.client(Role.HISTORIAN)
    before = bare(browser.get("/search/all"))
    id = in_review(house, many.who[Role.INTERVIEWER], recorded_on=date(1991, 1, 1), places=("Калуга",), left_in=1993)
    make.approved(house, id, many.who[Role.INTERVIEWER])
    worker.work(house)
    assert len(listed(asked(browser, "place:Калуга")[1])) == 1
    closed(many, id)
    for hidden, absent in (("place:Калуга", "place:Кулуга"), ("year:1991", "year:1992"), ("left:1993", "left:1994")):
        bodies = [bare(asked(browser, typed)[1]).replace(typed, "") for typed in (hidden, absent)]
        assert bodies[0] == bodies[1]
    assert bare(browser.get("/search/all")) == before
    stranger = many.client()
    assert stranger.get("/search/all").status_code in (302, 303, 401, 403, 404)


def bare(answer: TestResponse) -> str:
    """A page without what is another one at each request."""
    return re.sub(r'csrf_token" value="[^"]+"|/search/[\w-]{16}', "", answer.data.decode())


def test_a_list_opens_nothing(many: Rooms) -> None:
    """It uses up none of the day's limit, nor is it noted as reading."""
    house, browser = many.house, fresh_reader(many)
    with house.catalogue.reading() as ledger:
        before = len(ledger.audit.all())
    assert len(listed(browser.get("/search/all"))) == 4
    with house.catalogue.reading() as ledger:
        assert [entry.act for entry in ledger.audit.all()[before:]] == ["search"]
