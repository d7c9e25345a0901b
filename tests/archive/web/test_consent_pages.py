"""The consent page, the field card and the narrator's page, by forms alone."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest

from archive.acts import consents
from archive.policy import Role
from tests import rooms as houses
from tests.browsing import Browser, text_of
from tests.rooms import Rooms

pytestmark = pytest.mark.slow


def consent_form(**changes: str) -> dict[str, str]:
    """As an interviewer fills it in."""
    return {
        "naming": "first-name",
        "research": "yes",
        "voice_for_research": "own",
        "excerpts": "ask",
        "voice_for_public": "own",
        "protected_names": "Лебедева",
        "narrator": "Ирина Сергеевна Лебедева",
        **changes,
    }


def newest(rooms: Rooms, id: object) -> int:
    return consents.consent_file(rooms.house, rooms.who[Role.INTERVIEWER], id).version  # type: ignore[arg-type]


def test_a_newer_word_is_recorded_by_a_form(rooms: Rooms) -> None:
    """It shows as a version with what is new in it; a stale page is told so, a contradiction beside its field."""
    id = houses.in_review(rooms.house, rooms.who[Role.INTERVIEWER])
    browser, page = rooms.client(Role.INTERVIEWER), f"/interviews/{id}/consent"
    assert 'value="Ирина Сергеевна Лебедева"' in browser.get(page).text
    old = newest(rooms, id)
    sent = browser.post(page, on=page, version=old, **consent_form(excerpts="never"))
    assert sent.status_code == 303
    shown = text_of(browser.get(page))
    assert "Version 2 · in force" in shown
    assert "Passages published: Never" in shown
    assert browser.post(page, on=page, version=old, **consent_form()).status_code == 409
    wrong = browser.post(page, on=page, version=newest(rooms, id), **consent_form(research="no", narrator="Ада Новая"))
    assert wrong.status_code == 400
    assert "closed to research" in text_of(wrong)
    assert 'value="Ада Новая"' in wrong.text


def test_a_paper_is_downloaded_under_a_name_of_ours(rooms: Rooms) -> None:
    """Never shown by the browser, never under the name that somebody gave it; what is no paper is refused."""
    id = houses.in_review(rooms.house, rooms.who[Role.INTERVIEWER])
    browser, page = rooms.client(Role.INTERVIEWER), f"/interviews/{id}/consent"
    sent = browser.post(f"{page}/proofs", on=page, proof=(io.BytesIO(b"%PDF-1.7 x"), "Лебедева.pdf"))
    assert sent.status_code == 303
    link = re.search(rf'href="({page}/proofs/[\w-]+)"', browser.get(page).text)
    assert link is not None
    answer = browser.get(link[1])
    assert answer.data == b"%PDF-1.7 x"
    assert re.fullmatch(r"attachment; filename=consent-\w+\.pdf", answer.headers["Content-Disposition"])
    assert rooms.client(Role.HISTORIAN).get(link[1]).status_code == 404
    for wrong in (b"", b"MZ program"):
        refused = browser.post(f"{page}/proofs", on=page, proof=(io.BytesIO(wrong), "a.pdf"))
        assert refused.status_code == 400
        assert "Choose a PDF" in text_of(refused)


def test_from_receipt_to_narrators_page(rooms: Rooms) -> None:
    """The code is shown once; typed with spaces it opens the page; the page holds no protected word and no account."""
    interviewer, page = rooms.client(Role.INTERVIEWER), f"/interviews/{rooms.released}/consent"
    code = re.search(r">(\d{4} \d{4} \d{4} \d{4})<", interviewer.post(f"{page}/receipt", on=page).text)
    assert code is not None
    assert code[1] not in interviewer.get(page).text
    narrator = rooms.client()
    assert narrator.post("/narrator", on="/narrator", code=code[1]).status_code == 303
    shown = narrator.get("/narrator/page")
    assert shown.status_code == 200
    assert "Лебедев" not in shown.text
    assert 'class="withheld"' in shown.text
    assert narrator.get("/narrator/sound").status_code == 206
    for closed in ("/search", "/interviews", f"/interviews/{rooms.released}", f"{page}", "/accounts", "/account"):
        assert narrator.get(closed).status_code == 404, closed
    assert narrator.post("/narrator/requests", on="/narrator/page", request="Уберите город").status_code == 303
    assert "1 request of yours waits" in text_of(narrator.get("/narrator/page"))
    assert "Уберите город" in interviewer.get(page).text
    assert "The narrator asks for 1 thing" in text_of(interviewer.get("/interviews"))
    assert narrator.post("/narrator/leave", on="/narrator/page").status_code == 303
    assert narrator.get("/narrator/page").status_code == 303


def test_a_wrong_code_is_said_beside_the_field(rooms: Rooms) -> None:
    """In the person's language; what was typed is kept."""
    browser = rooms.client()
    wrong = browser.post("/narrator?l=ru", on="/narrator", code="1234 5678 9012 3456")
    assert wrong.status_code == 404
    assert "Такого кода здесь нет" in text_of(wrong)
    assert 'value="1234 5678 9012 3456"' in wrong.text
    short = browser.post("/narrator", on="/narrator", code="12")
    assert short.status_code == 400
    assert "16 digits" in text_of(short)


def test_the_page_of_nobody_leads_to_the_code(rooms: Rooms) -> None:
    """Without a visit there is the form, and not the sign-in of people with accounts."""
    for path in ("/narrator/page", "/narrator/sound", "/narrator/stop"):
        answer = rooms.client().get(path)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/narrator")


def test_the_narrator_stops_everything(rooms: Rooms) -> None:
    """Two presses, no reason asked; historians have nothing at the next click."""
    house, interviewer = rooms.house, rooms.who[Role.INTERVIEWER]
    id = houses.in_review(house, interviewer)
    houses.make.approved(house, id, interviewer)
    houses.worker.work(house)
    narrator, historian = rooms.client(), rooms.client(Role.HISTORIAN)
    narrator.post("/narrator", on="/narrator", code=consents.issue_receipt(house, interviewer, id))
    assert historian.get(f"/interviews/{id}").status_code == 200
    assert narrator.post("/narrator/stop", on="/narrator/stop", withdraw="yes").status_code == 303
    assert historian.get(f"/interviews/{id}").status_code == 404
    assert "Nobody reads or hears it" in text_of(narrator.get("/narrator/page"))
    assert "Destroy this interview" in text_of(rooms.client(Role.ARCHIVIST).get(f"/interviews/{id}/consent"))


def test_the_field_card_is_for_interviewers(rooms: Rooms) -> None:
    assert "Before you press record" in text_of(rooms.client(Role.INTERVIEWER).get("/field-card"))
    assert rooms.client(Role.HISTORIAN).get("/field-card").status_code == 404


def test_the_narrators_door_speaks_ukrainian(rooms: Rooms) -> None:
    """Where the archive offers it: the page, and what it says to a wrong code."""
    archive = replace(rooms.house.settings.archive, languages=("en", "ru", "uk"))
    house = replace(rooms.house, settings=replace(rooms.house.settings, archive=archive))
    browser = Browser(house)
    assert "Введіть код вашої квитанції" in text_of(browser.get("/narrator?l=uk"))
    wrong = browser.post("/narrator?l=uk", on="/narrator?l=uk", code="1234 5678 9012 3456")
    assert "Такого коду тут немає" in text_of(wrong)


def test_a_receipt_names_the_address_that_the_settings_do(rooms: Rooms) -> None:
    """Behind a proxy the request knows another one, and the narrator has the paper alone."""
    web = replace(rooms.house.settings.web, address="https://archive.example/")
    house = replace(rooms.house, settings=replace(rooms.house.settings, web=web))
    browser, page = Browser(house).signed_in(Role.INTERVIEWER), f"/interviews/{rooms.released}/consent"
    shown = browser.post(f"{page}/receipt", on=page).text
    assert "https://archive.example/narrator<" in shown
