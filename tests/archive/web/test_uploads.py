"""Uploads by tus: what the protocol demands of a server, who may use it, and what becomes of the file."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from werkzeug.test import TestResponse

from archive.acts import uploads, worklist
from archive.catalogue import PaperKind
from archive.policy import Act, Role
from archive.web.uploads import BODY
from tests import make
from tests.browsing import Browser
from tests.rooms import Rooms

NAME = "Каноничевский Лука.wav"
CONSENT = {"naming": "no-name", "research": "no", "voice_for_research": "text-only", "excerpts": "never",
           "voice_for_public": "text-only", "language": "ru", "protected_names": "Каноничевский"}  # fmt: skip


@dataclass
class Sender:
    """A tus client by hand: every header stands in the test."""

    browser: Browser
    token: str

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> TestResponse:
        sent = {"Tus-Resumable": "1.0.0", "X-CSRFToken": self.token}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {name: value for name, value in sent.items() if value}
        return self.browser.client.open(path, method=method, data=body, headers=sent)

    def begin(self, length: int, name: str = NAME, **form: str) -> str:
        metadata = "filename " + base64.b64encode(name.encode()).decode()
        sent = {"Tus-Resumable": "1.0.0", "Upload-Length": str(length), "Upload-Metadata": metadata}
        answer = self.browser.client.post("/uploads", data={**form, "csrf_token": self.token}, headers=sent)
        assert answer.status_code == 201, answer.text
        return answer.headers["Location"]

    def send(self, place: str, offset: int, body: bytes, **headers: str) -> TestResponse:
        return self.ask("PATCH", place, body, **{"Content_Type": BODY, "Upload_Offset": str(offset), **headers})

    def finish(self, place: str, digest: str, **form: str) -> TestResponse:
        return self.browser.client.post(
            place + "/finish", data={"sha256": digest, **form}, headers={"X-CSRFToken": self.token}
        )

    def offset(self, place: str) -> int:
        answer = self.ask("HEAD", place)
        assert answer.status_code == 200
        return int(answer.headers["Upload-Offset"])


def sender(rooms: Rooms, role: Role = Role.INTERVIEWER) -> Sender:
    browser = rooms.client(role)
    return Sender(browser, browser.token("/account"))


@pytest.fixture
def anna(rooms: Rooms) -> Iterator[Sender]:
    """The interviewer, with nothing under way before or after."""
    yield sender(rooms)
    for id in rooms.house.vault.uploads.ids():
        rooms.house.vault.uploads.end(id)


def encoded(digest: Any) -> str:
    return f"{digest.name} {base64.b64encode(digest.digest()).decode()}"


def id_of(place: str) -> UUID:
    return UUID(place.rpartition("/")[2])


def left_of(rooms: Rooms) -> list[Path]:
    home = rooms.house.settings.home
    return [*(home / "spool").glob("*"), *(home / "keys" / "spool").glob("*")]


def test_a_recording_in_pieces_becomes_an_interview(rooms: Rooms, anna: Sender) -> None:
    """Consent with the creation, pieces of any size, with and without checksum; then the receipt, and no spool."""
    sound = make.recording(stop=3)
    digest = hashlib.sha256(sound).hexdigest()
    place = anna.begin(len(sound), **CONSENT)
    at = 0
    for size, check in ((1, None), (1000, hashlib.sha256), (5000, hashlib.sha1), (len(sound), None)):
        piece = sound[at : at + size]
        headers = {"Upload_Checksum": encoded(check(piece))} if check else {}
        answer = anna.send(place, at, piece, **headers)
        at += len(piece)
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, str(at))
        assert anna.offset(place) == at
    answer = anna.finish(place, digest)
    assert answer.json == {"accession": answer.json["accession"], "length": len(sound), "sha256": digest}
    assert left_of(rooms) == []
    row = worklist.one(rooms.house, rooms.who[Role.INTERVIEWER], id_of(place))
    assert row.interview.accession == answer.json["accession"]
    with rooms.house.catalogue.reading() as ledger:
        permit = rooms.house.require(Act.RECEIVE, rooms.who[Role.INTERVIEWER], row.interview)
        intake, consent = (
            ledger.papers.get(permit, id_of(place), kind) for kind in (PaperKind.INTAKE, PaperKind.CONSENT)
        )
    assert intake is not None
    assert consent is not None
    assert intake.content["file_name"] == NAME
    assert consent.content["protected_names"] == ["Каноничевский"]


def test_the_same_receipt_for_who_lost_the_first(rooms: Rooms, anna: Sender) -> None:
    """Finished again after the answer was lost: the same interview, not a second one; nobody else gets it."""
    sound = make.recording(stop=1)
    place = anna.begin(len(sound), **CONSENT)
    anna.send(place, 0, sound)
    digest = hashlib.sha256(sound).hexdigest()
    first, second = anna.finish(place, digest), anna.finish(place, digest)
    assert first.json == second.json
    assert first.status_code == 200
    assert sender(rooms, Role.HISTORIAN).finish(place, digest).status_code == 404


def test_a_kill_before_the_spool_went_makes_no_second_interview(
    rooms: Rooms, anna: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Entered, but the spool is still there: the receipt is given again, or the sweep takes it away."""
    sound = make.recording(stop=1)
    digest, places = hashlib.sha256(sound).hexdigest(), []
    for _ in range(2):
        place = anna.begin(len(sound), **CONSENT)
        anna.send(place, 0, sound)
        with monkeypatch.context() as patch:
            patch.setattr(rooms.house.vault.uploads, "end", lambda _id: None)
            first = anna.finish(place, digest)
        places.append((place, first.json))
    before = len(worklist.interviews(rooms.house, rooms.who[Role.INTERVIEWER]))
    assert anna.finish(places[0][0], digest).json == places[0][1]
    uploads.sweep(rooms.house)
    assert left_of(rooms) == []
    assert len(worklist.interviews(rooms.house, rooms.who[Role.INTERVIEWER])) == before
    assert anna.finish(places[1][0], digest).json == places[1][1]


def test_a_try_that_was_killed_half_way_does_not_stand_in_the_way(rooms: Rooms, anna: Sender) -> None:
    """Keys of an interview that was never entered are made anew."""
    sound = make.recording(stop=1)
    place = anna.begin(len(sound), **CONSENT)
    anna.send(place, 0, sound)
    rooms.house.vault.keeper.make_interview_keys(id_of(place))
    assert anna.finish(place, hashlib.sha256(sound).hexdigest()).status_code == 200


def test_nothing_is_entered_that_is_not_what_was_sent(rooms: Rooms, anna: Sender) -> None:
    """Another digest, no sound, not all of it, no consent: said beside the field, nothing half-made stays."""
    before = worklist.interviews(rooms.house, rooms.who[Role.INTERVIEWER])
    sound = make.recording(stop=1)
    right = hashlib.sha256(sound).hexdigest()
    place = anna.begin(len(sound), **CONSENT)
    anna.send(place, 0, sound[:-1])
    assert anna.finish(place, right).status_code == 409
    anna.send(place, len(sound) - 1, sound[-1:])
    assert anna.finish(place, "no digest").status_code == 400
    answer = anna.finish(place, "0" * 64)
    assert answer.status_code == 422
    assert "does not equal" in answer.json["problems"]["recording"][0]
    assert anna.ask("HEAD", place).status_code == 404
    text = b"No sound at all, but a good long text." * 50
    place = anna.begin(len(text), "renamed.wav", **CONSENT)
    anna.send(place, 0, text)
    answer = anna.finish(place, hashlib.sha256(text).hexdigest())
    assert (answer.status_code, answer.json["error"]) == (422, "sound-unknown")
    place = anna.begin(len(sound))
    anna.send(place, 0, sound)
    assert anna.finish(place, right).json["problems"]["recording"][0].startswith("Consent first")
    wrong = anna.finish(place, right, **{**CONSENT, "excerpts": "yes"})
    assert "excerpts" in wrong.json["problems"]
    assert worklist.interviews(rooms.house, rooms.who[Role.INTERVIEWER]) == before
    assert anna.finish(place, right, **CONSENT).status_code == 200
    assert left_of(rooms) == []


def test_a_damaged_recording_waits_for_a_persons_word(anna: Sender) -> None:
    """It is not sent again: the same bytes are taken when somebody says so."""
    sound = make.cut_off_wav()
    digest = hashlib.sha256(sound).hexdigest()
    place = anna.begin(len(sound), **CONSENT)
    anna.send(place, 0, sound)
    answer = anna.finish(place, digest)
    assert answer.json["error"] == "sound-damaged"
    assert anna.finish(place, digest, even_damaged="yes").status_code == 200


def test_a_form_with_a_mistake_begins_nothing(rooms: Rooms, anna: Sender) -> None:
    """The creation answers as the form does; the same upload may be announced again."""
    sent = {"Tus-Resumable": "1.0.0", "Upload-Length": "9"}
    form = {**CONSENT, "research": "after-date", "csrf_token": anna.token}
    answer = anna.browser.client.post("/uploads", data=form, headers=sent)
    assert answer.status_code == 400
    assert "research_from" in answer.json["problems"]
    assert left_of(rooms) == []


@pytest.mark.parametrize(
    ("status", "method", "headers"),
    [
        (412, "PATCH", {"Tus_Resumable": "0.2.2"}),
        (412, "PATCH", {"Tus_Resumable": ""}),
        (412, "HEAD", {"Tus_Resumable": "2.0.0"}),
        (412, "DELETE", {"Tus_Resumable": ""}),
        (415, "PATCH", {"Content_Type": "application/octet-stream"}),
        (415, "PATCH", {"Content_Type": ""}),
        (409, "PATCH", {"Upload_Offset": "4"}),
        (409, "PATCH", {"Upload_Offset": "6"}),
        (400, "PATCH", {"Upload_Offset": "-1"}),
        (400, "PATCH", {"Upload_Offset": ""}),
        (400, "PATCH", {"Upload_Offset": "9" * 30}),
        (400, "PATCH", {"Upload_Checksum": "md5 AAAA"}),
        (400, "PATCH", {"Upload_Checksum": "sha256 !!!"}),
        (460, "PATCH", {"Upload_Checksum": "sha256 AAAA"}),
        (460, "PATCH", {"Upload_Checksum": encoded(hashlib.sha1(b"other"))}),
        (400, "PATCH", {"X_CSRFToken": ""}),
        (400, "PATCH", {"X_CSRFToken": "of somebody else"}),
        (400, "DELETE", {"X_CSRFToken": ""}),
        (404, "PATCH", {"Sec_Fetch_Site": "cross-site"}),
        (404, "DELETE", {"Sec_Fetch_Site": "cross-site"}),
    ],
)
def test_a_refused_request_changes_nothing(anna: Sender, status: int, method: str, headers: dict[str, str]) -> None:
    """Each has the status of the protocol, and the upload is where it was."""
    place = anna.begin(20)
    anna.send(place, 0, b"first")
    good = {"Content_Type": BODY, "Upload_Offset": "5"} if method == "PATCH" else {}
    answer = anna.ask(method, place, b"second" if method == "PATCH" else b"", **{**good, **headers})
    assert answer.status_code == status
    assert answer.headers["Tus-Resumable"] == "1.0.0"
    assert (answer.headers.get("Tus-Version") == "1.0.0") is (status == 412)
    assert anna.offset(place) == 5


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (412, {"Tus_Resumable": ""}),
        (400, {"Upload_Length": ""}),
        (400, {"Upload_Length": "-5"}),
        (400, {"Upload_Length": "many"}),
        (413, {"Upload_Length": "4000000001"}),
        (400, {"Upload_Metadata": "filename !!!"}),
        (400, {"Upload_Metadata": "a YQ==,a YQ=="}),
        (400, {"Upload_Metadata": ","}),
        (400, {"Upload_Metadata": "filename " + base64.b64encode(b"x" * 501).decode()}),
        (400, {"Upload_Metadata": ",".join(f"key{number} YQ==" for number in range(21))}),
        (400, {"X_CSRFToken": ""}),
        (404, {"Sec_Fetch_Site": "cross-site"}),
    ],
)
def test_a_refused_creation_leaves_nothing(rooms: Rooms, anna: Sender, status: int, headers: dict[str, str]) -> None:
    """No folder, no key."""
    answer = anna.ask("POST", "/uploads", **{"Upload_Length": "5", **headers})
    assert answer.status_code == status
    assert left_of(rooms) == []


def test_more_bytes_than_announced_are_refused(anna: Sender) -> None:
    """With and without a known length of the body; the piece is not kept."""
    place = anna.begin(6)
    anna.send(place, 0, b"abc")
    assert anna.send(place, 3, b"defg").status_code == 413
    assert anna.offset(place) == 3
    assert anna.send(place, 3, b"def").status_code == 204
    assert anna.send(place, 6, b"").status_code == 204


def test_what_is_spoken_is_told(anna: Sender) -> None:
    """OPTIONS, with or without an id; no version header in the answer, as tus wants it."""
    for path in ("/uploads", f"/uploads/{uuid4()}"):
        answer = anna.ask("OPTIONS", path, Tus_Resumable="")
        assert answer.status_code == 204
        assert answer.headers["Tus-Version"] == "1.0.0"
        assert answer.headers["Tus-Extension"] == "creation,checksum,expiration,termination"
        assert answer.headers["Tus-Max-Size"] == "4000000000"
        assert answer.headers["Tus-Checksum-Algorithm"] == "sha256,sha1"
        assert "Tus-Resumable" not in answer.headers


def test_where_an_upload_is_can_be_asked(anna: Sender) -> None:
    """Offset, length, metadata as they came, the last day; never kept by a cache. Terminated, it is unknown."""
    place = anna.begin(9)
    answer = anna.ask("HEAD", place)
    assert answer.headers["Upload-Length"] == "9"
    assert answer.headers["Upload-Offset"] == "0"
    assert answer.headers["Cache-Control"] == "no-store"
    assert base64.b64decode(answer.headers["Upload-Metadata"].split()[1]).decode() == NAME
    assert answer.headers["Upload-Expires"].endswith("GMT")
    assert anna.send(place, 0, b"x").headers["Upload-Expires"] == answer.headers["Upload-Expires"]
    assert anna.ask("DELETE", place).status_code == 204
    assert anna.ask("HEAD", place).status_code == 404
    assert anna.send(place, 1, b"x").status_code == 404
    assert anna.ask("DELETE", place).status_code == 404


def test_a_client_that_can_only_post_names_the_method(anna: Sender) -> None:
    """X-HTTP-Method-Override takes the place of POST; the gate judges what is carried out."""
    place = anna.begin(9)
    headers = {"Content_Type": BODY, "Upload_Offset": "0", "X_HTTP_Method_Override": "PATCH"}
    assert anna.ask("POST", place, b"abc", **headers).headers["Upload-Offset"] == "3"
    assert anna.ask("POST", place, b"abc", **{**headers, "Upload_Offset": "3", "X_CSRFToken": ""}).status_code == 400
    assert anna.ask("GET", place, **headers).status_code == 405
    assert anna.ask("POST", place, X_HTTP_Method_Override="DELETE").status_code == 204


def test_an_upload_is_its_senders_alone(rooms: Rooms, anna: Sender) -> None:
    """For everybody else, archivists included, it is an unknown one, to the byte; strangers are told nothing."""
    place, nowhere = anna.begin(9, **CONSENT), f"/uploads/{uuid4()}"
    for role in (Role.ARCHIVIST, Role.HISTORIAN, Role.ADMIN):
        other = sender(rooms, role)
        for use in (
            lambda at, other=other: other.ask("HEAD", at),
            lambda at, other=other: other.send(at, 0, b"x"),
            lambda at, other=other: other.ask("DELETE", at),
            lambda at, other=other: other.finish(at, "0" * 64),
            lambda at, other=other: other.browser.post(at + "/discard", on="/account"),
        ):
            answers = [use(at) for at in (place, nowhere)]
            assert [answer.status_code for answer in answers] == [404, 404]
            assert answers[0].data == answers[1].data
            assert dict(answers[0].headers) == dict(answers[1].headers)
    assert sender(rooms, Role.HISTORIAN).ask("POST", "/uploads", Upload_Length="5").status_code == 404
    assert sender(rooms, Role.HISTORIAN).ask("OPTIONS", place).status_code == 404
    stranger = Sender(rooms.client(), "")
    for method in ("HEAD", "PATCH", "DELETE", "OPTIONS"):
        assert stranger.ask(method, place).status_code == 401
    assert anna.offset(place) == 0


def test_an_upload_ends_on_its_last_day(rooms: Rooms, anna: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    """From that moment it is unknown, and the sweep destroys it with its key."""
    place, now = anna.begin(9), rooms.house.now
    monkeypatch.setattr(rooms.house, "now", lambda: now() + timedelta(days=6, hours=23))
    token_lives_on = rooms.house.settings.web
    monkeypatch.setattr(
        rooms.house,
        "settings",
        replace(rooms.house.settings, web=replace(token_lives_on, idle_minutes=90_000, session_hours=9_000)),
    )
    uploads.sweep(rooms.house)
    assert anna.offset(place) == 0
    monkeypatch.setattr(rooms.house, "now", lambda: now() + timedelta(days=7, seconds=1))
    assert anna.ask("HEAD", place).status_code == 404
    assert anna.send(place, 0, b"x").status_code == 404
    assert left_of(rooms) != []
    uploads.sweep(rooms.house)
    assert left_of(rooms) == []


def test_while_one_request_writes_another_is_told_to_wait(rooms: Rooms, anna: Sender) -> None:
    """423, at once if the first is alive; nothing is mixed up."""
    place = anna.begin(9)
    with rooms.house.vault.uploads.held(
        rooms.house.require(Act.UPLOAD, rooms.who[Role.INTERVIEWER], _draft(rooms, place)), id_of(place)
    ):
        assert anna.send(place, 0, b"x").status_code == 423
        assert anna.ask("DELETE", place).status_code == 423
    assert anna.send(place, 0, b"x").status_code == 204


def _draft(rooms: Rooms, place: str) -> Any:
    return uploads._draft(rooms.house, rooms.house.vault.uploads.get(id_of(place)))


def test_a_person_has_so_many_unfinished_and_no_more(rooms: Rooms, anna: Sender) -> None:
    """Discarding one makes room."""
    places = [anna.begin(9) for _ in range(50)]
    answer = anna.ask("POST", "/uploads", Upload_Length="9")
    assert answer.status_code == 400
    assert anna.browser.post(places[0] + "/discard", on="/account").status_code == 303
    anna.begin(9)


def test_a_full_disk_is_told_before_anything_is_sent(
    rooms: Rooms, anna: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file larger than what is free is not begun."""
    monkeypatch.setattr("shutil.disk_usage", lambda _path: type("Free", (), {"free": 8}))
    assert anna.ask("POST", "/uploads", Upload_Length="9").status_code == 507
    assert left_of(rooms) == []


def test_names_and_words_stand_nowhere(rooms: Rooms, anna: Sender, capfd: pytest.CaptureFixture[str]) -> None:
    """Not in a file of the archive, not in what the server says, while the upload is under way and after its end."""
    words = "Каноничевский говорит".encode() * 3_000
    place = anna.begin(len(words), **CONSENT)
    anna.send(place, 0, words[:50_000])
    anna.send(place, 0, words[:50_000])
    anna.finish(place, "0" * 64)
    told = capfd.readouterr()
    assert told.out + told.err == ""
    for _ in range(2):
        for path in rooms.house.settings.home.rglob("*"):
            assert b"anonichevsk" not in str(path).encode()
            assert not path.is_file() or "аноничевск".encode() not in path.read_bytes(), path
        anna.ask("DELETE", place)
