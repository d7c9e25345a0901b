"""Title, places, themes and the year of leaving on the review's pages: corrected by forms alone, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from archive.acts import review
from archive.acts.description import Description
from archive.policy import Role
from archive.web.forms import DescriptionForm
from tests import make
from tests.browsing import text_of
from tests.rooms import Rooms, in_review

FIELDS = ("title", "places", "themes", "left_in")


@pytest.fixture
def interview(rooms: Rooms) -> UUID:
    """In review, with a typo in its title, and a theme that names somebody."""
    about = {"places": ("Самара", "дом Лебедевой"), "themes": ("эмиграция",), "left_in": 1991}
    return in_review(rooms.house, rooms.who[Role.INTERVIEWER], title="Чемадан", **about)


@pytest.fixture(params=["en", "ru"])
def browser(rooms: Rooms, request: pytest.FixtureRequest) -> Iterator[Any]:
    """The interviewer's, in this language."""
    made = rooms.client(Role.INTERVIEWER)
    made.post("/account/language", on="/account", language=request.param)
    made.language = request.param
    yield made
    made.post("/account/language", on="/account", language="en")


def filled(page: TestResponse) -> dict[str, str]:
    """What stands in the form of a page, hidden fields too; of its text only what is to be sent."""
    inputs = [dict(re.findall(r'(\w+)="([^"]*)"', one)) for one in re.findall(r"<input ([^>]*)>", page.text)]
    wanted = (*FIELDS, "version", "token")
    return {one["name"]: unescape(one.get("value", "")) for one in inputs if one.get("name") in wanted}


def send(browser: Any, id: UUID, typed: dict[str, str]) -> Any:
    """Sends the form."""
    return browser.post(f"/interviews/{id}/about", on=f"/interviews/{id}/about", **typed)


def written(rooms: Rooms, id: UUID) -> Description:
    """What the archive holds."""
    return review.read(rooms.house, rooms.who[Role.INTERVIEWER], id).description


def test_a_typo_is_mended_and_a_left_out_place_is_reworded(rooms: Rooms, browser: Any, interview: UUID) -> None:
    """The preview says which place is left out and who is named there, links to the form, and shows the outcome."""
    page = f"/interviews/{interview}/about"
    before = browser.get(f"/interviews/{interview}/preview")
    assert f'href="{page}"' in before.text
    assert f'href="{page}"' in browser.get(f"/interviews/{interview}/review").text
    left_out, named = {"en": ("Left out", "person"), "ru": ("Не покажут", "человек")}[browser.language]
    assert re.search(rf"{left_out}.*дом Лебедевой.*{named} \d", text_of(before))
    assert re.search(rf'href="/interviews/{interview}/review#person-\d"', before.text)

    typed = filled(browser.get(page))
    told = {name: typed[name] for name in FIELDS}
    assert told == {
        "title": "Чемадан",
        "places": "Самара, дом Лебедевой",
        "themes": "эмиграция",
        "left_in": "1991",
    }
    better = {"title": "Чемодан Лебедевой", "places": "Самара, дом рассказчицы", "left_in": ""}
    saved = send(browser, interview, {**typed, **better})
    assert saved.headers["Location"] == f"/interviews/{interview}/preview"
    expected = Description("Чемодан Лебедевой", ("Самара", "дом рассказчицы"), ("эмиграция",), None)
    assert written(rooms, interview) == expected
    after = text_of(browser.get(f"/interviews/{interview}/preview"))
    assert "Самара, дом рассказчицы" in after
    assert left_out not in after
    assert "1991" not in after
    assert "Чемодан [имя-" in after

    assert send(browser, interview, {**typed, **better}).status_code == 303, "sent twice, made once"
    assert written(rooms, interview) == expected


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    rooms: Rooms, browser: Any, interview: UUID
) -> None:
    """As at the intake; sent again it goes on from the version that was seen first, whatever others wrote since."""
    page, other = f"/interviews/{interview}/about", rooms.client(Role.ARCHIVIST)
    typed = {**filled(browser.get(page)), "title": "Чемодан <b>"}
    send(other, interview, {**filled(other.get(page)), "places": "Рига"})
    before = written(rooms, interview)
    sentences = {
        "en": ("Write the year with four figures", "At most 20 of these"),
        "ru": ("Напишите год четырьмя цифрами", "Не больше 20"),
    }[browser.language]
    wrong = ({"left_in": "91"}, {"themes": ",".join(map(str, range(21)))})
    for field, sentence in zip(wrong, sentences, strict=True):
        again = send(browser, interview, {**typed, **field})
        assert again.status_code == 400
        (name,) = field
        assert re.search(rf'id="{name}-problem" role="alert"[^>]*(?<! hidden)>{sentence}', again.text)
        shown = filled(again)
        assert shown.pop("token") != typed["token"]
        assert shown == {**{name: value for name, value in typed.items() if name != "token"}, **field}
    assert written(rooms, interview) == before
    assert send(browser, interview, {**shown, "token": "", "themes": ""}).status_code == 303
    assert written(rooms, interview) == Description("Чемодан <b>", ("Рига",), (), 1991)


def test_two_at_once_see_what_the_other_wrote(rooms: Rooms, browser: Any, interview: UUID) -> None:
    """Different fields join; of the same field both are shown, and what was typed is not lost."""
    page, other = f"/interviews/{interview}/about", rooms.client(Role.ARCHIVIST)
    mine, theirs = filled(browser.get(page)), filled(other.get(page))
    assert send(other, interview, {**theirs, "title": "Чемодан", "themes": "дорога"}).status_code == 303
    assert send(browser, interview, {**mine, "places": "Самара"}).status_code == 303
    joined = Description("Чемодан", ("Самара",), ("дорога",), 1991)
    assert written(rooms, interview) == joined

    overtaken = send(browser, interview, {**mine, "token": "", "title": "Чемоданы", "places": "Самара"})
    assert overtaken.status_code == 409
    says = {"en": "Somebody else wrote meanwhile: “Чемодан”", "ru": "Тем временем кто-то написал: «Чемодан»"}
    assert says[browser.language] in text_of(overtaken)
    shown = filled(overtaken)
    assert (shown["title"], shown["places"], shown["themes"]) == ("Чемоданы", "Самара", "дорога")
    assert written(rooms, interview) == joined
    assert send(browser, interview, shown).status_code == 303
    assert written(rooms, interview) == Description("Чемоданы", ("Самара",), ("дорога",), 1991)
    again = {**mine, "token": "", "title": "Чемоданы", "places": "Самара"}
    assert send(browser, interview, again).status_code == 303, "both wrote the same"


def test_undo_takes_it_back_and_says_what_it_was(rooms: Rooms, browser: Any, interview: UUID) -> None:
    """The script's page shows nothing of it that would change; it is told in words."""
    before = written(rooms, interview)
    page = f"/interviews/{interview}/about"
    send(browser, interview, {**filled(browser.get(page)), "title": "Чемодан"})
    json = {"Accept": "application/json"}
    undone: Any = browser.post(
        f"/interviews/{interview}/undo", on=page, headers=json, version=filled(browser.get(page))["version"]
    )
    assert undone.json["says"] == {
        "en": "This was about the title, places and themes.",
        "ru": "Речь шла о названии, местах и темах.",
    }[browser.language]  # fmt: skip
    assert (undone.json["decided"], "turns" in undone.json) == ({}, False)
    assert written(rooms, interview) == before
    since = browser.get(f"/interviews/{interview}/review?since={undone.json['version'] - 1}", **json)
    assert since.json["version"] == undone.json["version"]


def test_nobody_else_opens_the_form_and_nothing_is_changed_after_the_approval(rooms: Rooms, interview: UUID) -> None:
    """Historians and administrators find nothing there; approved, its owner finds nothing either."""
    page, owner = f"/interviews/{interview}/about", rooms.client(Role.INTERVIEWER)
    typed = filled(owner.get(page))
    for role in (Role.HISTORIAN, Role.ADMIN):
        stranger = rooms.client(role)
        assert stranger.get(page).status_code == 404
        sent = stranger.post(page, on="/account", **{**typed, "title": "Другое"})
        assert sent.status_code == 404
    make.approved(rooms.house, interview, rooms.who[Role.INTERVIEWER])
    assert owner.get(page).status_code == 404
    assert owner.post(page, on="/account", **{**typed, "title": "Другое"}).status_code == 404
    assert f'href="{page}"' not in owner.get(f"/interviews/{interview}/preview").text
    assert written(rooms, interview).title == "Чемадан"


@pytest.mark.parametrize("values", [(), ("Рига",), ("Рига", "Львов"), ("Рига, Латвия",), ("Рига, Латвия", "Львов")])
def test_a_form_that_is_sent_as_it_is_drawn_says_the_same(rooms: Rooms, values: tuple[str, ...]) -> None:
    """A consent file may hold a place with a comma in it."""
    written = Description("Чемодан", values, values, 1991)
    with rooms.app.test_request_context(method="POST"):
        assert DescriptionForm.holding(written).description() == written
