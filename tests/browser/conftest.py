"""Chromium over the real server: gunicorn, cookies with Secure on plain 127.0.0.1, the policy, the scripts."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from archive.policy import Role
from tests.conftest import CHROMIUM
from tests.rooms import PASSWORD, Rooms, archive_with_rooms

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="session")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rooms]:
    """An archive with somebody of each role, one interview in review and one released."""
    made = archive_with_rooms(tmp_path_factory.mktemp("browser") / "home", web={"threads": 4})
    yield made
    made.house.close()


@pytest.fixture(scope="session")
def address(rooms: Rooms) -> Iterator[str]:
    """Where that archive is served, by a process of its own."""
    command = [sys.executable, "-m", "tests.rooms", str(rooms.house.settings.home)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
        server.terminate()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
        )
        yield browser
        browser.close()


@dataclass
class Visit:
    """A page and everything that its browser complained about."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Goes there."""
        self.page.goto(self.address + path)
        return self.page

    def overflow(self) -> int:
        """By how many CSS pixels the page is wider than its window."""
        width: int = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        return width


@pytest.fixture
def visit(chromium: Browser, address: str, rooms: Rooms) -> Iterator[Callable[..., Visit]]:
    """Opens a window, signed in or not; a complaint of the browser (policy, script, console) fails the test."""
    opened: list[tuple[BrowserContext, Visit]] = []
    with rooms.house.catalogue.reading() as ledger:
        before = ledger.accounts.all()

    def make(role: Role | None = None, width: int = 1280, **options: object) -> Visit:
        context = chromium.new_context(viewport={"width": width, "height": 800}, **options)  # type: ignore[arg-type]
        made = Visit(context.new_page(), address)
        opened.append((context, made))
        made.page.on("console", lambda line: made.complaints.append(line.text) if line.type == "error" else None)
        made.page.on("pageerror", lambda error: made.complaints.append(str(error)))
        if role is not None:
            page = made.open("/sign-in")
            page.fill("[name=name]", role.value)
            page.fill("[name=password]", PASSWORD)
            page.click("form.sheet button")
            page.wait_for_url(lambda url: "/sign-in" not in url)
        return made

    yield make
    for context, _ in opened:
        context.close()
    with rooms.house.catalogue.writing() as ledger:  # language and second factors: the archive is every test's
        for account in before:
            ledger.accounts.save(replace(account, version=ledger.accounts.get(account.id).version))
    for _, made in opened:
        assert made.complaints == []
