"""A damaged recording on the pages: what is said, and the way on."""

from __future__ import annotations

import io

from archive import worker
from archive.policy import Role
from tests import make
from tests.archive.web.test_pages import filled
from tests.browsing import text_of
from tests.rooms import Rooms


def test_the_list_offers_to_go_on_and_shows_the_damage_afterwards(rooms: Rooms) -> None:
    """A button that names the loss; the line under the title names it from then on."""
    browser, house = rooms.client(Role.INTERVIEWER), rooms.house
    id = make.received(house, rooms.who[Role.INTERVIEWER], sound=make.torn())
    worker.work(house)
    assert "Go on with what can be read;" in text_of(browser.get("/interviews"))
    browser.post(f"/interviews/{id}/take-damaged", on="/interviews")
    worker.work(house)
    page = text_of(browser.get("/interviews"))
    assert "Go on with what can be read;" not in page
    assert "could not be read" in page
    assert "could not be read" in text_of(browser.get(f"/interviews/{id}/review"))


def test_the_form_takes_a_damaged_file_only_when_told(rooms: Rooms) -> None:
    """The sentence beside the field names the way on; the box takes it."""
    browser = rooms.client(Role.INTERVIEWER)
    sent = {"recording": (io.BytesIO(make.cut_off_wav()), "a.wav")}
    refused = browser.post("/interviews/new", on="/interviews/new", **sent, **filled())
    assert refused.status_code == 422
    assert "If there is no better copy, go on with what can be read." in text_of(refused)
    sent = {"recording": (io.BytesIO(make.cut_off_wav()), "a.wav")}
    taken = browser.post("/interviews/new", on="/interviews/new", **sent, **filled(even_damaged="y"))
    assert taken.status_code == 200
