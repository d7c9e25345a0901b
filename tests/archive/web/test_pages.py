"""What people do on the pages, without scripts: forms are sent and pages read as a person would."""

from __future__ import annotations

import contextlib
import io
import re
import sqlite3
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import request

from archive import worker
from archive.acts import access, approval, changes, review, withdraw, worklist
from archive.acts.editing import Reword
from archive.acts.intake import IntakeForm
from archive.catalogue import Kind, PaperKind
from archive.collection import MAIN
from archive.errors import OutOfSpace, Tampered
from archive.interview import Stage
from archive.policy import Act, Role
from archive.vault import Spool, files
from archive.web.app import SealedRequest
from archive.web.arriving import Arriving
from tests import make
from tests.browsing import Browser, text_of
from tests.rooms import Rooms, in_review, put, spoken
from transcripts.names import Choice, Decision


def filled(**changes: str) -> dict[str, str]:
    """The consent form as its most restrictive answers leave it."""
    safest = {
        "naming": "no-name", "research": "no", "voice_for_research": "text-only", "excerpts": "never",
        "voice_for_public": "text-only", "language": "ru", "title": "", "narrator": "Ирина Сергеевна Лебедева",
    }  # fmt: skip
    return {**safest, **changes}


def choices_in(page: str) -> list[tuple[str, str, str]]:
    """Key, number and version in each person's form of a review page."""
    hidden = '"><input type="hidden" name="'
    form = rf'name="version" value="(\d+){hidden}person" value="([^"]+){hidden}number" value="(\d+)"'
    return re.findall(form, page)


def test_the_consent_form_starts_at_the_safest_answers(rooms: Rooms) -> None:
    """The option that is chosen beforehand is the first of each list, and each option says what it means."""
    page = rooms.client(Role.INTERVIEWER).get("/interviews/new").text
    chosen = re.findall(r'name="(\w+)" value="([\w-]+)" checked', page)
    assert dict(chosen) == {
        "naming": "no-name", "research": "no", "voice_for_research": "text-only", "excerpts": "never",
        "voice_for_public": "text-only",
    }  # fmt: skip
    assert page.count('class="means"') == 16


def test_a_recording_is_received_and_told_only_after_it_was_read_back(rooms: Rooms) -> None:
    """The receipt names the digest of what was sent; the interview stands on the list, consent and all."""
    browser = rooms.client(Role.INTERVIEWER)
    sound = make.recording(stop=3)
    sent = filled(protected_names="Лебедева\nСоколов", given_on="2026-05-14", recorded_on="2026-05-13")
    page = browser.post("/interviews/new", on="/interviews/new", recording=(io.BytesIO(sound), "мама.opus"), **sent)
    told = text_of(page)
    assert "You may now delete the copy on your phone." in told
    number = re.search(r"\d{4}-\d{4}", told)
    assert number is not None
    assert number[0] in browser.get("/interviews").text
    assert "мама" not in browser.get("/interviews").text


@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_full_disk_is_said_beside_the_file_and_what_was_typed_stays(
    rooms: Rooms, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    """Before the first byte, after some, at the last: the rest of the form is read all the same."""
    written = 0

    def full(*given: Any) -> None:
        nonlocal written
        written += 1
        if written > after:
            raise OutOfSpace
        files.write_all(*given)

    monkeypatch.setattr("archive.vault.spool.write_all", full)
    sound = (io.BytesIO(make.recording(stop=20)), "a.opus")
    browser = rooms.client(Role.INTERVIEWER)
    answer = browser.post("/interviews/new", on="/interviews/new", recording=sound, **filled(narrator="Зоя Мороз"))
    assert answer.status_code == 507
    assert "The disk is full or a quota is reached." in text_of(answer)
    assert 'value="Зоя Мороз"' in answer.text


def test_an_interview_is_put_into_a_collection_when_it_is_entered(rooms: Rooms) -> None:
    """Those that an archivist made can be chosen, none is the main one; the log says that somebody placed it."""
    browser, owner = rooms.client(Role.INTERVIEWER), rooms.who[Role.INTERVIEWER]
    made = access.name_collection(rooms.house, rooms.who[Role.ARCHIVIST], "Ремёсла")
    page = browser.get("/interviews/new").text
    assert re.search(rf'<option value="{made.id}">Ремёсла', page)
    for collection, wanted in ((str(made.id), made.id), ("", MAIN)):
        sent = filled(collection=collection)
        sound = (io.BytesIO(make.recording(stop=2)), "a.opus")
        browser.post("/interviews/new", on="/interviews/new", recording=sound, **sent)
        with rooms.house.catalogue.reading() as ledger:
            newest = ledger.interviews.all()[0]
            placed = any(entry.act == Act.PLACE and entry.subject == newest.id for entry in ledger.audit.all())
        assert (newest.owner, newest.collection, placed) == (owner.account, wanted, wanted != MAIN)


def test_what_was_announced_before_there_were_collections_is_received(rooms: Rooms) -> None:
    """An upload under way keeps its form sealed for days; an older one names no collection."""
    form = IntakeForm(make.consent(), collection=uuid4())
    assert IntakeForm.from_json(form.as_json()) == form
    older = {name: value for name, value in form.as_json().items() if name != "collection"}
    assert IntakeForm.from_json(older).collection == MAIN


def test_a_recording_never_lies_in_a_file_in_clear(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    """The part that was sent is the vault's spool; what Werkzeug would have used instead is never asked."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a file in clear was asked for")

    monkeypatch.setattr("werkzeug.formparser.default_stream_factory", refuse)
    app = Browser(rooms.house).app
    assert app.request_class is SealedRequest
    sent = {"recording": (io.BytesIO(b"x" * 300_000), "a.wav")}
    with app.test_request_context("/interviews/new", method="POST", data=sent):
        stream = request.files["recording"].stream
        assert isinstance(stream, Arriving)
        assert isinstance(stream._spool, Spool)
        stream.close()


@pytest.mark.parametrize(
    ("content", "changes", "says"),
    [
        (b"", {}, "The file is empty"),
        (b"%PDF-1.7 not a sound", {}, "not a sound or video file"),
        (None, {}, "Choose the recording"),
        (b"x", {"research": "after-date"}, "Say the date after which"),
        (b"x", {"excerpts": "yes"}, "closed to research"),
        (b"x", {"research": "yes", "voice_for_public": "own"}, "The public cannot hear more"),
        (b"x", {"naming": "everything"}, "Not a valid choice"),
        (b"x", {"recorded_on": "soon"}, "Not a valid date"),
        (b"x", {"left_in": "soon"}, "Write the year with four figures"),
        (b"x", {"places": "а, " + "б" * 101}, "none longer than 100 characters"),
        (b"x", {"collection": "nowhere"}, "Choose a collection from the list"),
        (b"x", {"collection": "6d0f9e0a-4f43-4a3c-8f0f-6a3f6f3f0c55"}, "Choose a collection from the list"),
    ],
)
def test_what_cannot_be_received_is_said_beside_its_field(
    rooms: Rooms, content: bytes | None, changes: dict[str, str], says: str
) -> None:
    """Nothing is stored, the sentence is there, and what was typed stays."""
    browser = rooms.client(Role.INTERVIEWER)
    before = browser.get("/interviews").text
    sent = {"recording": (io.BytesIO(content), "a.wav")} if content is not None else {}
    answer = browser.post("/interviews/new", on="/interviews/new", **sent, **filled(**changes))
    assert answer.status_code in {400, 422}
    assert says in text_of(answer)
    assert 'value="Ирина Сергеевна Лебедева"' in answer.text
    assert rows(browser.get("/interviews").text) == rows(before)


def rows(page: str) -> list[str]:
    """The interviews on a list."""
    return re.findall(r'id="(row-[\w-]+)"', page)


def test_the_script_is_told_the_same_as_the_page(rooms: Rooms) -> None:
    """Problems as JSON, by field, for the form that is sent with a progress bar."""
    browser = rooms.client(Role.INTERVIEWER)
    json = {"Accept": "application/json"}
    sent = {"recording": (io.BytesIO(b""), "a.wav")}
    answer = browser.post("/interviews/new", on="/interviews/new", headers=json, **sent, **filled())
    assert answer.status_code == 422
    assert answer.json is not None
    assert list(answer.json["problems"]) == ["recording"]


@pytest.mark.slow
def test_from_review_to_public_page_by_forms_alone(rooms: Rooms) -> None:
    """Decide, preview, approve; search, propose, agree, publish, read, take back: not one line of script."""
    house, interviewer = rooms.house, rooms.client(Role.INTERVIEWER)
    id = in_review(house, rooms.who[Role.INTERVIEWER], places=("Овсянка",))
    base = f"/interviews/{id}"
    while left := [row for row in choices_in(interviewer.get(f"{base}/review").text) if undecided(rooms, id, row[1])]:
        version, key, number = left[0]
        decided = interviewer.post(
            f"{base}/people", on=f"{base}/review", person=key, number=number, version=version,
            decision="public-figure" if key.startswith("путин") else "conceal",
        )  # fmt: skip
        assert decided.headers["Location"].endswith(f"#person-{number}")
    preview = interviewer.get(f"{base}/preview").text
    version = re.search(r'name="version" value="(\d+)"', preview)
    assert version is not None
    interviewer.post(f"{base}/approve", on=f"{base}/preview", version=version[1])
    assert make.stage(house, id) is Stage.IN_REVIEW  # nobody ticked that it was read
    interviewer.post(f"{base}/approve", on=f"{base}/preview", version=version[1], read="yes")
    worker.work(house)
    assert make.stage(house, id) is Stage.RELEASED
    _from_search_to_public_page(rooms, id)


def _from_search_to_public_page(rooms: Rooms, id: UUID) -> None:
    historian, archivist, public = rooms.client(Role.HISTORIAN), rooms.client(Role.ARCHIVIST), rooms.client()
    found = historian.post("/search", on="/search", q="бухгалтером place:Овсянка")  # others say the word, too
    assert f"/interviews/{id}#t=" in found.text
    assert "<mark>бухгалтером</mark>" in found.text
    proposed = historian.post(
        f"/interviews/{id}/excerpts", on=f"/interviews/{id}", start="0:19", end="0:28.9", voice="own",
        title="О себе", context="Из начала разговора",
    )  # fmt: skip
    excerpt = proposed.headers["Location"].partition("#draft-")[2]
    page = f"/excerpts/{excerpt}"
    assert public.get(page).status_code == 404
    assert archivist.post(f"/drafts/{excerpt}/publish", on="/drafts").status_code == 404  # not agreed yet
    archivist.post(f"/drafts/{excerpt}/agreement", on="/drafts", agreed_on="2026-01-02")
    archivist.post(f"/drafts/{excerpt}/publish", on="/drafts")
    read = public.get(page)
    assert "бухгалтером" in read.text
    for form in ("Excerpt from interview", "отрывок интервью", "@misc{golosa-", "TY  - PCOMM"):
        assert form in read.text
    assert "A bar stands for a withheld name" not in read.text, "no name is withheld in these words"
    assert "О себе" in public.get("/").text
    heard = public.get(f"{page}/sound", Range="bytes=0-99")
    assert (heard.status_code, heard.mimetype, len(heard.data)) == (206, "audio/ogg", 100)
    archivist.post(f"/drafts/{excerpt}/take-back", on="/drafts")
    gone = public.get(page)
    assert gone.status_code == 410
    assert "бухгалтером" not in gone.text
    assert public.get(f"{page}/sound").status_code in {404, 410}


def undecided(rooms: Rooms, id: UUID, key: str) -> bool:
    """Whether nobody decided about that person yet."""
    current = review.read(rooms.house, rooms.who[Role.INTERVIEWER], id)
    person = next(person for person in current.roster.people if person.key == key)
    return key not in current.decisions.choices and not person.protected


def test_two_reviewers_never_overwrite_each_other(rooms: Rooms) -> None:
    """The second of two decisions about one person is refused with 409 and with what stands; forgetting is a change."""
    id = rooms.in_review
    one, other = rooms.client(Role.INTERVIEWER), rooms.client(Role.ARCHIVIST)
    page, path = f"/interviews/{id}/review", f"/interviews/{id}/people"
    version, key, number = next(row for row in choices_in(one.get(page).text) if undecided(rooms, id, row[1]))
    change = {"person": key, "number": number, "version": version}
    assert one.post(path, on=page, **change, decision="keep").status_code == 303
    late = other.post(path, on=page, headers={"Accept": "application/json"}, **change, decision="conceal")
    assert (late.status_code, late.json and late.json["error"]) == (409, "conflict")
    assert late.json["decided"][key]["decision"] == "keep"
    now = review.read(rooms.house, rooms.who[Role.INTERVIEWER], id)
    assert now.decisions.choices[key].decision == "keep"
    undone = one.post(
        path, on=page, headers={"Accept": "application/json"}, **{**change, "version": str(now.version)}, decision=""
    )
    assert undone.json is not None
    assert undone.json["decided"][key]["decision"] == ""


def test_the_preview_warns_of_what_tells_together_who_somebody_is(rooms: Rooms) -> None:
    """Which kinds of things, with a link to where each can be concealed; nothing where they tell little."""
    house, who, browser = rooms.house, rooms.who[Role.INTERVIEWER], rooms.client(Role.INTERVIEWER)
    id = in_review(house, who)
    calm = browser.get(f"/interviews/{id}/preview").text
    assert "The machine saw no such combination." in calm

    told = "Я из деревни Крюковка, единственная дочь из пяти, отец был настоятель."
    changes.make(house, who, id, Reword("2", told), review.read(house, who, id).version)
    warned = browser.get(f"/interviews/{id}/preview").text

    assert re.search(r"small place \+[^<]* rare profession or office \+[^<]* family", warned)
    assert f'href="/interviews/{id}/review#turn-2"' in warned
    assert "деревни Крюковка</span>" in warned
    assert "The machine saw no such combination." not in warned


def test_a_protected_name_cannot_be_kept(rooms: Rooms) -> None:
    """Even by a form that a page would not draw."""
    browser, page = rooms.client(Role.ARCHIVIST), f"/interviews/{rooms.in_review}/review"
    current = review.read(rooms.house, rooms.who[Role.ARCHIVIST], rooms.in_review)
    key = next(person.key for person in current.roster.people if person.protected)
    answer = browser.post(
        f"/interviews/{rooms.in_review}/people", on=page, person=key, version=current.version, decision="keep"
    )
    assert answer.status_code == 400
    assert "stays concealed" in text_of(answer)


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}",
    "</textarea><svg onload=alert(1)>",
    "javascript:alert(1)",
    "&lt;b&gt;",
]


def test_what_people_typed_is_text_on_every_page(rooms: Rooms) -> None:
    """Markup in words, speakers and notes of a transcript comes out as the letters it is made of."""
    house, who = rooms.house, rooms.who[Role.INTERVIEWER]
    id = in_review(house, who)
    transcript = spoken().as_json()
    for turn, evil in zip(transcript["segments"], HOSTILE, strict=False):
        turn["speaker"] = evil
        turn["words"] = [[evil.replace(" ", "\u00a0").replace("\u00a0", "/"), *turn["words"][0][1:]]]
    put(house, who, id, {PaperKind.REVIEWED: transcript, PaperKind.ROSTER: {"people": []}})
    browser = rooms.client(Role.INTERVIEWER)
    for path in (f"/interviews/{id}/review", f"/interviews/{id}/preview"):
        page = browser.get(path).text
        assert "<script>alert" not in page
        assert "<img" not in page
        assert "<svg onload" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert ">49<" not in page


@pytest.mark.parametrize("evil", HOSTILE)
def test_what_is_searched_for_is_text(rooms: Rooms, evil: str) -> None:
    """A question of markup is answered, or refused, in letters."""
    browser = rooms.client(Role.HISTORIAN)
    page = browser.post("/search", on="/search", q=evil)
    assert page.status_code in {200, 400}
    assert evil == "{{7*7}}" or evil.startswith(("javascript", "&lt;")) or evil not in page.text
    assert "49" not in re.sub(r'value="[^"]*"', "", page.text)


def test_search_words_stand_in_no_address(rooms: Rooms) -> None:
    """An answer's own address and its links hold a random id; another account does not find the question there."""
    historian, other = rooms.client(Role.HISTORIAN), rooms.client(Role.ARCHIVIST)
    page = historian.post("/search", on="/search", q="Самаре").text
    here = re.search(r'data-here="([^"]+)"', page)
    assert here is not None
    assert not re.search(r'(?:href|action|here)="[^"]*(?:Самар|%D0%A1)', page)
    assert "<mark>Самаре</mark>" in historian.get(here[1]).text
    assert other.get(here[1]).headers["Location"] == "/search"


def test_a_concealed_name_is_answered_like_nonsense(rooms: Rooms) -> None:
    """The two pages differ in the word that was asked and in nothing else."""
    browser = rooms.client(Role.HISTORIAN)
    pages = []
    for word in ("лебедева", "зюбрыква"):
        page = browser.post("/search", on="/search", q=word).text.replace(word, "…")
        pages.append(re.sub(r'csrf_token" value="[^"]+"|/search/[\w-]{16}', "", page))
    assert pages[0] == pages[1]


def test_released_text_is_shown_with_bars_and_without_names(rooms: Rooms) -> None:
    """Title, text and times of the tones: the concealed surname is nowhere, its number and label are."""
    page = rooms.client(Role.HISTORIAN).get(f"/interviews/{rooms.released}").text
    assert "Лебедев" not in page
    assert 'aria-label="name withheld, person 1"' in page
    assert re.search(r'data-masked="\d+\.\d\d-\d+\.\d\d', page)
    assert '<span class="said" lang="ru"' in page


def test_pages_speak_the_language_that_was_chosen(rooms: Rooms) -> None:
    """Strangers by address or browser, people by their account; an unknown language falls back."""
    stranger = rooms.client()
    assert '<html lang="ru">' in stranger.get("/?l=ru").text
    assert "/consent?l=ru" in stranger.get("/?l=ru").text
    assert '<html lang="ru">' in stranger.client.get("/", headers={"Accept-Language": "uk, ru;q=0.8"}).text
    assert '<html lang="en">' in stranger.get("/?l=xx").text
    browser = rooms.client(Role.ADMIN)
    browser.post("/account/language", on="/account", language="ru")
    assert "Учётные записи" in browser.get("/admin").text
    browser.post("/account/language", on="/account", language="en")


def test_a_failed_job_says_why_and_is_tried_again(rooms: Rooms) -> None:
    """The sentence of the error stands on the list with a button, and the button puts it back into the queue."""
    house = rooms.house
    id = make.received(house, rooms.who[Role.INTERVIEWER], make.recording(stop=2))
    with house.catalogue.writing() as ledger:
        job = ledger.jobs.claim(id, house.now(), timedelta(seconds=60))
        while job is not None and job.interview != id:  # other tests leave jobs waiting
            job = ledger.jobs.claim(id, house.now(), timedelta(seconds=60))
        assert job is not None
        ledger.jobs.fail(job, "model-missing", {"model": "small"})
    browser = rooms.client(Role.INTERVIEWER)
    page = browser.get("/interviews").text
    assert "The speech model “small” is not on this machine." in page
    assert browser.post(f"/interviews/{id}/retry", on="/interviews").status_code == 303
    row = next(row for row in browser.get("/interviews/progress").json["rows"] if row["id"] == str(id))  # type: ignore[index]
    assert row["words"].startswith("Queued, no.")
    twice = browser.post(f"/interviews/{id}/retry", on="/account")
    assert twice.status_code == 409
    assert "the work waits for its turn" in text_of(twice)


def test_the_list_counts_the_people_who_are_left_to_decide(rooms: Rooms) -> None:
    """As many as the review itself says, in the reader's language; none left is said too, and elsewhere nothing."""
    house, who = rooms.house, rooms.who[Role.INTERVIEWER]
    id = in_review(house, who)
    browser = rooms.client(Role.INTERVIEWER)

    def words() -> str:
        rows = browser.get("/interviews/progress").json["rows"]  # type: ignore[index]
        return next(row["words"] for row in rows if row["id"] == str(id))

    assert review.read(house, who, id).left == 1
    assert words() == "Ready for review: 1 person to decide"
    assert words() in text_of(browser.get("/interviews"))
    browser.post("/account/language", on="/account", language="ru")
    assert words() == "Готово к проверке: решить о 1 человеке"
    browser.post("/account/language", on="/account", language="en")
    current = review.read(house, who, id)
    choices = {person.key: Choice(Decision.CONCEAL) for person in current.roster.people}
    version = review.decide(house, who, id, choices, current.version)
    assert words() == "Ready for review: all decided"
    approval.approve(house, who, id, version)
    assert words().startswith("Queued, no.")
    assert worklist.one(house, who, id).undecided is None


def test_a_damaged_review_does_not_close_the_list(rooms: Rooms) -> None:
    """The list goes on without the number; who opens that review is told."""
    house, who = rooms.house, rooms.who[Role.INTERVIEWER]
    id = in_review(house, who)
    put(house, who, id, {PaperKind.ROSTER: {"people": [{"number": 1}]}})  # of another version
    assert worklist.one(house, who, id).undecided is None
    with contextlib.closing(sqlite3.connect(house.settings.home / "catalogue.db")) as file, file:
        file.execute("UPDATE papers SET sealed = zeroblob(600) WHERE kind = 'roster' AND interview = ?", (id.hex,))
    assert worklist.one(house, who, id).undecided is None
    assert rooms.client(Role.INTERVIEWER).get("/interviews").status_code == 200
    with pytest.raises(Tampered):
        review.read(house, who, id)
    withdraw.withdraw(house, rooms.who[Role.ARCHIVIST], id)


def test_a_missing_row_is_told_to_the_administrator(rooms: Rooms) -> None:
    """Health does not say that all is well when somebody took a row out of the catalogue."""
    admin, wrong = rooms.client(Role.ADMIN), "Somebody changed or removed what was stored."
    assert wrong not in text_of(admin.get("/admin/health"))
    with contextlib.closing(sqlite3.connect(rooms.house.settings.home / "catalogue.db")) as file:
        (row,) = file.execute("SELECT * FROM accounts WHERE id = ?", (rooms.who[Role.HISTORIAN].account.hex,))
        with file:
            file.execute("DELETE FROM accounts WHERE seq = ?", row[:1])
        told = text_of(admin.get("/admin/health"))
        with file:
            file.execute(f"INSERT INTO accounts VALUES ({', '.join('?' * len(row))})", row)
    assert wrong in told
    assert "Nothing needs your attention." not in told


def test_withdrawal_asks_once_more_and_then_leaves_nothing(rooms: Rooms) -> None:
    """Without the tick nothing happens; with it there is a certificate and no blob is left."""
    house = rooms.house
    id = make.received(house, rooms.who[Role.INTERVIEWER], make.recording(stop=2))
    browser, path = rooms.client(Role.ARCHIVIST), f"/interviews/{id}/withdraw"
    assert browser.post(path, on=path).status_code == 303
    assert make.stage(house, id) is Stage.RECEIVED
    assert browser.post(path, on=path, sure="yes").headers["Location"].endswith(f"/{id}/certificate")
    told = text_of(browser.get(f"/interviews/{id}/certificate"))
    assert "Certificate of withdrawal" in told
    assert "not finished yet" not in told
    with house.catalogue.reading() as ledger:
        assert ledger.blobs.of(id, Kind.RECORDING) == []
    assert browser.get(path).status_code == 404


def test_a_reviewer_listens_to_what_was_found_and_answers(rooms: Rooms) -> None:
    """The place, the masked sound around it, and two answers; clearing asks whether they have listened."""
    who = rooms.who[Role.INTERVIEWER]
    id = in_review(rooms.house, who)
    key = review.read(rooms.house, who, id).roster.people[0].key
    put(rooms.house, who, id, {PaperKind.FINDINGS: {"heard": [[5.0, 5.6, key], [9.0, 9.5, key]]}})
    browser, page = rooms.client(Role.INTERVIEWER), f"/interviews/{id}/review"
    shown = browser.get(page)
    assert f"/interviews/{id}/masked#t=3.50,7.10" in shown.text
    version = review.read(rooms.house, who, id).version

    unheard = browser.post(f"/interviews/{id}/findings", on=page, key=key, version=version, **{"from": "5.00"})
    assert "Listen to the place first" in text_of(unheard)
    browser.post(f"/interviews/{id}/findings", on=page, key=key, version=version, listened="yes", **{"from": "5.00"})
    browser.post(f"/interviews/{id}/silences", on=page, version=version + 1, **{"from": "0:08,7", "to": "9.8"})
    wrong = browser.post(f"/interviews/{id}/silences", on=page, version=version + 2, **{"from": "soon", "to": "9.8"})
    assert "like 2:05.5" in text_of(wrong)

    told = text_of(browser.get(page))
    assert "Somebody listened here and heard no name." in told
    assert "0:08.7 – 0:09.8" in told
    assert [place.cleared for place in review.read(rooms.house, who, id).heard] == [True, False]
    browser.post(f"/interviews/{id}/change/sound", on=page, version=version + 2, **{"from": "8.700"})
    assert review.read(rooms.house, who, id).listened.silenced == ()
