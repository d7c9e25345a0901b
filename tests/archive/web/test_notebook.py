"""Citing and keeping without scripts: what its files say, and what is left of what may not be read any more."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from werkzeug.test import TestResponse

from archive import worker
from archive.acts import approval, notebook, withdraw
from archive.acts.answers import Question
from archive.acts.exports.notebook import FILES
from archive.catalogue import SavedSearch
from archive.catalogue.shapes import from_document
from archive.consent import Excerpts, Research
from archive.interview import Stage
from archive.parts import Archive
from archive.policy import Role
from tests import make
from tests.browsing import Browser, text_of
from tests.rooms import PASSWORD, Rooms, fresh_reader, in_review

WORD, NOTE = "бухгалтером", "=HYPERLINK(моя мысль)"
SPAN = {"from": "19.00", "to": "28.90"}


@pytest.fixture
def told(rooms: Rooms) -> UUID:
    """An interview of one's own, released."""
    return released(rooms)


def released(rooms: Rooms) -> UUID:
    id = in_review(rooms.house, rooms.who[Role.INTERVIEWER], title="Чемодан")
    make.approved(rooms.house, id, rooms.who[Role.INTERVIEWER])
    worker.work(rooms.house)
    return id


@pytest.fixture
def reader(rooms: Rooms) -> Browser:
    """A historian of one's own, who may read the main collection."""
    return fresh_reader(rooms)


def kept(browser: Browser, id: UUID, note: str = NOTE) -> str:
    """Saves the passage; where it stands in the notebook."""
    page = f"/interviews/{id}/cite?from=19&to=28.9"
    answer = browser.post(f"/interviews/{id}/passages", on=page, note=note, **SPAN)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"].partition("#passage-")[2]


def files(browser: Browser) -> dict[str, str]:
    """Every file of a notebook as a text."""
    found = {}
    for name in FILES:
        answer = browser.get(f"/notebook/files/{name}")
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].startswith("attachment; filename=notebook.")
        assert answer.headers["Cache-Control"] == "no-store"
        found[name] = unpacked(answer.data) if name == "docx" else answer.data.decode("utf-8-sig")
    return found


def unpacked(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return packed.read("word/document.xml").decode()


def told_of(answer: TestResponse) -> tuple[int, bytes, dict[str, str]]:
    """All of an answer."""
    return answer.status_code, answer.data, dict(answer.headers)


def test_a_passage_is_cited_and_kept_without_a_script(rooms: Rooms, told: UUID, reader: Browser) -> None:
    """Times on the interview's page, the words and four forms on the next, then the notebook with the note."""
    whole = reader.get(f"/interviews/{told}").text
    assert f'action="/interviews/{told}/cite"' in whole
    assert "Чемодан" not in whole.partition("<title>")[2].partition("</title>")[0], "it stays in the browser's history"
    page = reader.get(f"/interviews/{told}/cite?from=0:19&to=0:28.9")
    shown = text_of(page)
    assert WORD in shown
    assert f"/interviews/{told}?v=1#t=19.00,28.90" in shown
    for part in ("Ирина. “Чемодан.” Interview", "0:19–0:28", "ред. 1", "@misc{golosa-", "TY - PCOMM"):
        assert part in shown
    id = kept(reader, told)
    book = reader.get("/notebook")
    assert f'id="passage-{id}"' in book.text
    assert WORD in text_of(book)
    assert NOTE in text_of(book)
    assert f'href="/interviews/{told}?v=1#t=19.00,28.90"' in book.text
    assert WORD not in rooms.client(Role.HISTORIAN).get("/notebook").text


def test_files_hold_the_words_the_note_and_whose_copy_it_is(told: UUID, reader: Browser) -> None:
    """Each in its form; the note that begins like a formula is none."""
    kept(reader, told)
    found = files(reader)
    for name in ("csv", "qda", "docx", "json"):
        assert WORD in found[name], name
    assert all("HYPERLINK" in text for text in found.values())
    (row,) = csv.DictReader(io.StringIO(found["csv"], newline=""))
    assert (row["note"], row["start"], row["end"], row["version"]) == (f"'{NOTE}", "0:19", "0:28", "1")
    turns = list(csv.DictReader(io.StringIO(found["qda"], newline="")))
    assert {turn["speaker"] for turn in turns} == {"Narrator"}
    assert row["text"].startswith("Narrator: ")
    assert ">Narrator: " in found["docx"]
    (passage,) = json.loads(found["json"])["passages"]
    assert passage["note"] == NOTE
    assert {turn["speaker"] for turn in passage["turns"]} == {"R"}, "the label, for programs"
    assert f"annote = {{{NOTE}}}" in found["bibtex"]
    assert f"\r\nN1  - {NOTE}\r\n" in found["ris"]
    assert passage["turns"][0]["start"] >= 19.0
    assert "@misc{golosa-" in found["bibtex"]
    assert found["ris"].startswith("TY  - PCOMM\r\n")
    owner = found["json"].partition('"copy": "')[2].partition('"')[0]
    assert all(owner in text for name, text in found.items() if name != "ris")


def closed(house: Archive, id: UUID) -> None:
    with house.catalogue.writing() as ledger:
        found = ledger.interviews.get(id)
        terms = replace(found.terms, research=Research.NO, excerpts=Excerpts.NEVER)
        ledger.interviews.save(replace(found, terms=terms))


def reopened(house: Archive, id: UUID) -> None:
    with house.catalogue.writing() as ledger:
        ledger.interviews.save(replace(ledger.interviews.get(id), stage=Stage.IN_REVIEW))


def withdrawn(house: Archive, id: UUID) -> None:
    withdraw.withdraw(house, make.ARCHIVIST, id)


@pytest.mark.parametrize("end", [closed, reopened, withdrawn])
def test_what_may_not_be_read_leaves_a_line_for_who_kept_it(
    rooms: Rooms, told: UUID, reader: Browser, end: Callable[[Archive, UUID], None]
) -> None:
    """Its address says so to them alone: to others, who could read it as well, it is an id that never was."""
    other = rooms.client(Role.HISTORIAN)
    assert other.get(f"/interviews/{told}?v=1").status_code == 200
    id = kept(reader, told)
    end(rooms.house, told)

    stone = reader.get(f"/interviews/{told}?v=1")
    assert stone.status_code == 410
    assert "can no longer be read" in text_of(stone)
    book = reader.get("/notebook")
    assert f'id="passage-{id}"' in book.text
    for text in (stone.text, book.text, *files(reader).values()):
        assert not re.search(f"{WORD}|HYPERLINK|Чемодан|Ирина|2026-0", text)
    assert json.loads(files(reader)["json"])["passages"] == [
        {"state": "closed", "saved": rooms.house.today().isoformat()}
    ]
    assert "TY  - GEN\r\n" in files(reader)["ris"]
    for browser in (other, rooms.client(Role.ARCHIVIST), rooms.client(Role.ADMIN), rooms.client()):
        known, unknown = (browser.get(f"/interviews/{each}?v=1") for each in (told, uuid4()))
        assert re.sub(rb"[0-9a-f-]{36}", b"", known.data) == re.sub(rb"[0-9a-f-]{36}", b"", unknown.data)
        assert known.status_code == unknown.status_code != 410
    for part in ("cite", "sound", "peaks"):
        answers = (told_of(reader.get(f"/interviews/{each}/{part}")) for each in (told, uuid4()))
        assert len({str(answer) for answer in answers}) == 1
    noted = reader.post(f"/notebook/passages/{id}", on="/account", note="ещё")
    assert noted.status_code == 404
    assert reader.post(f"/notebook/passages/{id}/remove", on="/account").status_code == 303
    assert f'id="passage-{id}"' not in reader.get("/notebook").text
    assert told_of(reader.get(f"/interviews/{told}")) == told_of(reader.get(f"/interviews/{uuid4()}"))


@pytest.mark.slow
def test_the_order_of_lines_does_not_tell_a_withdrawal_from_a_closing(rooms: Rooms, reader: Browser) -> None:
    """Each stands where it was saved, on the page and in every file."""
    first, second, third, last = (released(rooms) for _ in range(4))
    saved = [kept(reader, id, note) for id, note in ((first, "раз"), (second, ""), (third, ""), (last, "четыре"))][::-1]
    withdrawn(rooms.house, second)
    closed(rooms.house, third)
    assert re.findall(r'id="passage-([\w-]+)"', reader.get("/notebook").text) == saved
    found = files(reader)
    states = ["open", "closed", "closed", "open"]
    assert [one["state"] for one in json.loads(found["json"])["passages"]] == states
    assert [row["state"] for row in csv.DictReader(io.StringIO(found["csv"], newline=""))] == states
    gone = "can no longer be read, or not now"
    for name in ("qda", "docx", "bibtex", "ris"):
        places = [place.start() for place in re.finditer(f"четыре|раз|{gone}|@misc|TY  - PCOMM", found[name])]
        closings = [place.start() for place in re.finditer(gone, found[name])]
        assert len(closings) == 2, name
        assert places[0] < closings[0] < closings[1] < places[-1], name


def test_what_is_saved_again_is_of_the_release_of_today(rooms: Rooms, told: UUID, reader: Browser) -> None:
    """Its note stays where there is no other one, and it is one line."""
    id = kept(reader, told, "моя")
    who = rooms.who[Role.ARCHIVIST]
    approval.reopen(rooms.house, who, told)
    make.approved(rooms.house, told, who)
    worker.work(rooms.house)
    assert "Saved from version 1" in text_of(reader.get("/notebook"))
    assert kept(reader, told, "") == id
    book = text_of(reader.get("/notebook"))
    assert "Saved from version" not in book
    assert "моя" in book


def test_a_citation_of_a_replaced_release_leads_to_what_is_there_now(rooms: Rooms, told: UUID, reader: Browser) -> None:
    """The page says which version was cited; the notebook says from which one the passage was saved."""
    kept(reader, told)
    who = rooms.who[Role.ARCHIVIST]
    approval.reopen(rooms.house, who, told)
    make.approved(rooms.house, told, who)
    worker.work(rooms.house)
    assert "Version 1, which was cited, was replaced by version 2." in text_of(reader.get(f"/interviews/{told}?v=1"))
    assert "was replaced" not in text_of(reader.get(f"/interviews/{told}?v=2"))
    assert "There is no version 9" in text_of(reader.get(f"/interviews/{told}?v=9"))
    assert "cited" not in text_of(reader.get(f"/interviews/{told}?v=x")).replace("Cited", "")
    book = text_of(reader.get("/notebook"))
    assert "Saved from version 1; these are the words of version 2." in book
    assert WORD in book


@pytest.mark.parametrize(
    ("span", "says"),
    [
        (("90000", "90001"), "no words between"),
        (("28", "19"), "no words between"),
        (("soon", "28"), "Write a time"),
        (("19", ""), "Write a time"),
        (("nan", "28"), "Write a time"),
        (("1e400", "28"), "Write a time"),
        (("-1", "28"), "Write a time"),
    ],
)
def test_times_that_are_none_are_said_so(rooms: Rooms, told: UUID, span: tuple[str, str], says: str) -> None:
    """On the page of citations and where a passage is kept."""
    browser = rooms.client(Role.HISTORIAN)
    asked = browser.get(f"/interviews/{told}/cite?from={span[0]}&to={span[1]}")
    sent = browser.post(f"/interviews/{told}/passages", on="/account", note="мысль", **{"from": span[0], "to": span[1]})
    for page in (asked, sent):
        assert page.status_code == 400
        assert says in text_of(page)
        assert f'href="/interviews/{told}"' in page.text
        assert f'action="/interviews/{told}/cite"' in page.text
        for name, value in zip(("from", "to"), span, strict=True):
            assert re.search(rf'name="{name}" value="{value}"', page.text)
    told_by_script = browser.post(
        f"/interviews/{told}/passages", on="/account", headers={"Accept": "application/json"}, **{"from": span[0]}
    )
    assert told_by_script.status_code == 400
    assert told_by_script.json
    assert told_by_script.json["error"]


def test_a_note_too_long_to_be_kept_is_not_lost(rooms: Rooms, told: UUID) -> None:
    """The page of citations comes back with it and says what is wrong."""
    browser, note = rooms.client(Role.HISTORIAN), "мысль " * 1000
    sent = browser.post(f"/interviews/{told}/passages", on="/account", note=note, **SPAN)
    assert sent.status_code == 400
    assert "longer than 5000" in text_of(sent)
    assert note.strip() in sent.text
    assert WORD in text_of(sent)


def test_a_note_has_an_end(told: UUID, reader: Browser) -> None:
    """A longer one is refused beside its field, and what was there stays."""
    id = kept(reader, told, "первая")
    answer = reader.post(f"/notebook/passages/{id}", on="/account", note="д" * 5_001)
    assert answer.status_code == 400
    assert "longer than 5000" in text_of(answer)
    assert reader.post(f"/notebook/passages/{id}", on="/account", note="вторая").status_code == 303
    assert "вторая" in reader.get("/notebook").text
    assert "первая" not in reader.get("/notebook").text


def test_nobody_changes_anothers_notebook(rooms: Rooms, told: UUID, reader: Browser) -> None:
    """Neither a passage nor a search of it, whatever the role; the page beyond the last is the last."""
    id = kept(reader, told)
    reader.post("/notebook/searches", on="/account", q="чемодан")
    (search,) = re.findall(r"/notebook/searches/([\w-]+)/ask", reader.get("/notebook").text)
    for other in (rooms.client(Role.HISTORIAN), rooms.client(Role.ARCHIVIST)):
        assert other.post(f"/notebook/passages/{id}", on="/account", note="моё").status_code == 404
        other.post(f"/notebook/passages/{id}/remove", on="/account")
        other.post(f"/notebook/searches/{search}/remove", on="/account")
        assert other.post(f"/notebook/searches/{search}/ask", on="/account").status_code == 404
    book = reader.get("/notebook?page=99").text
    assert id in book
    assert search in book


def test_a_saved_search_is_asked_again_without_words_in_an_address(reader: Browser) -> None:
    """From the answer into the notebook, once; from there to the answer of today."""
    page = reader.post("/search", on="/search", q="  бухгалтер ")
    assert '/notebook/searches"' in page.text
    for _ in range(2):
        assert reader.post("/notebook/searches", on="/account", q="бухгалтер").status_code == 303
    book = reader.get("/notebook").text
    (search,) = re.findall(r"/notebook/searches/([\w-]+)/ask", book)
    asked = reader.post(f"/notebook/searches/{search}/ask", on="/account")
    assert re.fullmatch(r"/search/[\w-]+", asked.headers["Location"])
    answer = reader.get(asked.headers["Location"]).text
    assert 'value="бухгалтер"' in answer
    assert 'class="hit"' in answer  # not which: other tests' interviews say the same
    assert reader.post("/notebook/searches", on="/account", q=" ").status_code == 400
    assert reader.post("/notebook/searches", on="/account", q="ж" * 10_000).status_code == 400
    reader.post(f"/notebook/searches/{search}/remove", on="/account")
    assert "бухгалтер" not in reader.get("/notebook").text


def test_an_erased_account_takes_its_notebook_along(rooms: Rooms, told: UUID, reader: Browser) -> None:
    """Closed first, then for good: no name, no notebook, no way back in; its row stays for the audit log."""
    kept(reader, told)
    name = re.search(r"reader [0-9a-f]{32}", reader.get("/account").text)
    assert name is not None
    with rooms.house.catalogue.reading() as ledger:
        account = ledger.accounts.by_handle(name[0])
    assert account is not None
    admin = rooms.client(Role.ADMIN)
    assert admin.post(f"/admin/accounts/{account.id}/erase", on="/admin").status_code == 400
    admin.post(f"/admin/accounts/{account.id}", on="/admin", disabled="yes")
    assert name[0] in admin.get("/admin").text
    assert admin.post(f"/admin/accounts/{account.id}/erase", on="/admin").status_code == 303
    assert name[0] not in admin.get("/admin").text
    assert admin.post(f"/admin/accounts/{account.id}", on="/admin", disabled="no").status_code == 404
    with rooms.house.catalogue.reading() as ledger:
        assert ledger.notebook.counts(account.id) == (0, 0)
        assert ledger.grants.of(account.id) == ()
        assert ledger.accounts.get(account.id).erased
        assert ledger.verify() == []
    assert rooms.client().post("/sign-in", on="/sign-in", name=name[0], password=PASSWORD).status_code == 401


def test_a_kept_search_is_asked_again_as_it_was(reader: Browser, told: UUID) -> None:
    """Narrowed, sorted and without aspect partners; the notebook says so; no place stands in any address."""
    question = f"{WORD} place:Самара"
    answer = reader.post("/search", on="/account", q=WORD)
    here = re.search(r'data-here="(/search/[\w-]+)', answer.text)
    assert here is not None
    page = reader.get(f"{here[1]}?year=2019&from=2010&sort=oldest&pairs=no&voice=own")
    form = re.search(r'<form method="post" action="/notebook/searches".*?</form>', page.text, re.DOTALL)
    assert form is not None
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[0]))
    assert fields.pop("csrf_token")
    for kept in (fields, {"q": question}):
        for _ in range(2):  # a second time is the same search
            assert reader.post("/notebook/searches", on="/account", **kept).status_code == 303
    page = reader.get("/notebook")
    says = text_of(page)
    assert says.count("Search again") == 2
    for part in ("Year of recording: 2019", "Recorded in the years: 2010–", "oldest recording", "without aspect"):
        assert part in says
    asks = re.findall(r'action="(/notebook/searches/[\w-]+/ask)"', page.text)
    where = reader.post(asks[1], on="/account").headers["Location"]
    assert sorted(where.partition("?")[2].split("&")) == sorted(
        ["year=2019", "voice=own", "from=2010", "sort=oldest", "pairs=no"]
    )
    again = reader.get(where)
    assert '<div class="filters' in again.text
    assert "?" not in reader.post(asks[0], on="/account").headers["Location"]


def test_a_search_kept_before_narrowings_were_opens(rooms: Rooms) -> None:
    """Its document has none of the newer fields."""
    old = {"id": str(uuid4()), "account": str(uuid4()), "day": "2026-01-01", "question": "завод", "version": 1}
    assert notebook.asked_in(from_document(SavedSearch, old)) == Question("завод")
