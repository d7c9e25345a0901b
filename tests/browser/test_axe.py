"""axe-core on every page that has one: every role, both languages, light and dark."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from archive.acts import consents
from archive.policy import Role
from archive.web import make_app
from tests.browser.conftest import Visit
from tests.conftest import NODE_MODULES
from tests.rooms import Rooms

pytestmark = [pytest.mark.browser, pytest.mark.npm, pytest.mark.slow]
Open = Callable[..., Visit]
SETTINGS = (("en", "light"), ("ru", "light"), ("en", "dark"), ("ru", "dark"))
# An archivist opens what interviewers and historians open, and more: those two are looked at once.
LOOKS = (
    *((role, *setting) for role in (None, Role.ARCHIVIST, Role.ADMIN) for setting in SETTINGS),
    (Role.HISTORIAN, "ru", "dark"),
    (Role.INTERVIEWER, "en", "light"),
)
_RUN = """async () => (await axe.run(document, { resultTypes: ["violations"] })).violations.map(
    (one) => `${one.id}: ${one.nodes.map((node) => node.target).join(" ")}`)"""


def paths(rooms: Rooms) -> Iterator[str]:
    """Every address that is asked for with GET, with both interviews wherever it wants one."""
    app = make_app(rooms.house)
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint != "static":
            for id in (rooms.in_review, rooms.released):
                yield re.sub(r"<[^>]+>", str(id), rule.rule)
    yield f"/interviews/{rooms.in_review}/translations?into=en"
    yield f"/interviews/{rooms.released}?beside=en"
    yield "/search/all?language=ru&voice=own&from=1990"


def violations(page: Page) -> list[str]:
    """What axe objects to."""
    page.evaluate((NODE_MODULES / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(_RUN)
    return found


def settled(made: Visit, language: str) -> None:
    """The account's language is this one from now on."""
    page = made.open("/account")
    if page.get_attribute("html", "lang") != language:
        page.select_option("#language", language)
        page.click("form[action*=language] button")


@pytest.mark.parametrize(("role", "language", "scheme"), LOOKS)
def test_axe_objects_to_no_page(visit: Open, rooms: Rooms, role: Role | None, language: str, scheme: str) -> None:
    """Each page that this role opens, once."""
    made = visit(role, color_scheme=scheme, locale=language)
    if role is not None:
        settled(made, language)
    looked_at: dict[str, list[str]] = {}
    for path in dict.fromkeys(paths(rooms)):
        asked = made.page.request.get(made.address + path, max_redirects=0, headers={"Accept": "text/html"})
        if asked.status == 200 and asked.headers["content-type"].startswith("text/html"):
            looked_at[path] = violations(made.open(path))
    assert len(looked_at) >= 5
    assert {path: found for path, found in looked_at.items() if found} == {}


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("ru", "dark")])
def test_axe_objects_to_no_narrators_page(visit: Open, rooms: Rooms, language: str, scheme: str) -> None:
    """The page behind a receipt's code, and the one before everything is closed."""
    made = visit(None, color_scheme=scheme, locale=language)
    page: Any = made.open("/narrator")
    page.fill("[name=code]", consents.issue_receipt(rooms.house, rooms.who[Role.INTERVIEWER], rooms.released))
    page.click("form.sheet button")
    assert violations(page) == []
    assert violations(made.open("/narrator/stop")) == []
