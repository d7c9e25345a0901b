"""Whoever listens when something is closed hears nothing more of it: not even the rest of the answer under way."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from archive import worker
from archive.acts import access, approval, consents, excerpts, narration, review, withdraw
from archive.consent import Excerpts, Research, Terms, Voice
from archive.interview import Stage
from archive.policy import Role
from archive.web import sound
from tests import make
from tests.browsing import Browser
from tests.rooms import Rooms, fresh_reader, in_review

pytestmark = pytest.mark.slow
SPAN = (1.0, 29.0)


@dataclass
class Told:
    """A released interview with a public excerpt, a receipt and a consent paper."""

    rooms: Rooms
    id: UUID
    excerpt: UUID
    code: str
    proof: str


@pytest.fixture
def told(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> Told:
    monkeypatch.setattr(sound, "_PIECE", 8_192)  # half a minute has several
    house, archivist, interviewer = rooms.house, rooms.who[Role.ARCHIVIST], rooms.who[Role.INTERVIEWER]
    id = in_review(house, interviewer)
    make.approved(house, id, interviewer)
    worker.work(house)
    made = excerpts.propose(house, interviewer, id, excerpts.Wish(*SPAN, Voice.OWN))
    excerpts.record_agreement(house, interviewer, made.id, house.today())
    excerpts.publish(house, archivist, made.id)
    paper = consents.attach(house, interviewer, id, io.BytesIO(b"%PDF-1.7 " + bytes(100_000)), "a.pdf")
    return Told(rooms, id, made.id, consents.issue_receipt(house, interviewer, id), str(paper.id))


def historian(told: Told) -> tuple[Browser, str]:
    return fresh_reader(told.rooms), f"/interviews/{told.id}/sound"


def narrator(told: Told) -> tuple[Browser, str]:
    visitor: Browser = told.rooms.client()
    assert visitor.post("/narrator", on="/narrator", code=told.code).status_code == 303
    return visitor, "/narrator/sound"


def public(told: Told) -> tuple[Browser, str]:
    return told.rooms.client(), f"/excerpts/{told.excerpt}/sound"


def archivist(told: Told) -> tuple[Browser, str]:
    return told.rooms.client(Role.ARCHIVIST), f"/interviews/{told.id}/consent/proofs/{told.proof}"


def reviewer(told: Told) -> tuple[Browser, str]:
    told.id = in_review(told.rooms.house, told.rooms.who[Role.INTERVIEWER])
    return told.rooms.client(Role.INTERVIEWER), f"/interviews/{told.id}/original"


def withdrawn(told: Told, _browser: Browser) -> None:
    withdraw.withdraw(told.rooms.house, told.rooms.who[Role.ARCHIVIST], told.id)


def reopened(told: Told, _browser: Browser) -> None:
    approval.reopen(told.rooms.house, told.rooms.who[Role.ARCHIVIST], told.id)


def released_anew(told: Told, _browser: Browser) -> None:
    house, who = told.rooms.house, told.rooms.who[Role.INTERVIEWER]
    approval.reopen(house, told.rooms.who[Role.ARCHIVIST], told.id)
    approval.approve(house, who, told.id, review.read(house, who, told.id).version)
    worker.work(house)
    assert make.stage(house, told.id) is Stage.RELEASED


def signed_out(_told: Told, browser: Browser) -> None:
    assert browser.post("/sign-out", on="/account").status_code == 303


def left(_told: Told, browser: Browser) -> None:
    assert browser.post("/narrator/leave", on="/narrator/page").status_code == 303


def grant_ended(told: Told, _browser: Browser) -> None:
    house, archivist = told.rooms.house, told.rooms.who[Role.ARCHIVIST]
    with house.catalogue.reading() as ledger:
        newest = ledger.grants.all()[0]
    access.take_grant_back(house, archivist, newest.id)


def stopped(told: Told, _browser: Browser) -> None:
    house = told.rooms.house
    visit = narration.visiting(house, narration.enter(house, told.code))
    assert visit is not None
    narration.stop_sharing(house, visit)


def taken_back(told: Told, _browser: Browser) -> None:
    excerpts.take_back(told.rooms.house, told.rooms.who[Role.ARCHIVIST], told.excerpt)


def consent_of(told: Told, change: Callable[[Terms], Terms]) -> None:
    house, who = told.rooms.house, told.rooms.who[Role.INTERVIEWER]
    there = consents.consent_file(house, who, told.id)
    consents.change(house, who, told.id, replace(there.current, terms=change(there.current.terms)), there.version)


def closed_to_research(told: Told, _browser: Browser) -> None:
    consent_of(told, lambda terms: replace(terms, research=Research.NO, excerpts=Excerpts.NEVER))


def text_alone(told: Told, _browser: Browser) -> None:
    consent_of(told, lambda terms: replace(terms, voice_for_research=Voice.TEXT_ONLY, voice_for_public=Voice.TEXT_ONLY))


def disguised(told: Told, _browser: Browser) -> None:
    consent_of(told, lambda terms: replace(terms, voice_for_research=Voice.DISGUISED, voice_for_public=Voice.TEXT_ONLY))


ENDINGS: list[tuple[Any, Any]] = [
    *((historian, how) for how in (withdrawn, reopened, released_anew, signed_out, grant_ended)),
    *((historian, how) for how in (stopped, closed_to_research, text_alone, disguised)),
    *((narrator, how) for how in (withdrawn, reopened, left, stopped, text_alone)),
    *((public, how) for how in (withdrawn, reopened, stopped, taken_back, text_alone)),
    *((reviewer, how) for how in (withdrawn, signed_out)),
    *((archivist, how) for how in (withdrawn, signed_out)),
]


@pytest.mark.parametrize(("whose", "how"), ENDINGS, ids=lambda one: one.__name__)
def test_nothing_more_comes_of_what_is_closed(told: Told, whose: Any, how: Any) -> None:
    """One piece has come; then it is closed; the next one does not come."""
    browser, path = whose(told)
    answer: TestResponse = browser.get(path)
    body = iter(answer.iter_encoded())
    first = next(body)
    assert 0 < len(first) < int(answer.headers["Content-Length"])
    how(told, browser)
    with pytest.raises(ConnectionResetError):
        next(body)
    answer.close()


@pytest.mark.parametrize("whose", [historian, narrator, public, reviewer, archivist])
def test_what_stays_open_comes_to_its_end(told: Told, whose: Any) -> None:
    """All pieces of it, and the last range ends the sound."""
    browser, path = whose(told)
    answer = browser.get(path, Range="bytes=100-")
    assert answer.status_code == 206
    assert len(answer.data) == int(answer.headers["Content-Length"]) <= 1 << 18
