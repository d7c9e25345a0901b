"""A disk that is really full and files that are too large, at the form of a new interview: with scripts, without."""

from __future__ import annotations

import os
import subprocess
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_browser_uploads import _sign_in, _slow, receipt, speech
from tests.rooms import archive_with_rooms
from tests.serving import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]
FULL = "The disk is full or a quota is reached. Nothing new was stored, what is here is not harmed"


@dataclass
class Small:
    """An archive on a disk of its own, and a file that fills it."""

    home: Path
    server: Server

    def leave(self, size: int) -> None:
        """Fills the disk but for so many bytes."""
        filler = self.home.parent / "filler"
        filler.unlink(missing_ok=True)
        free = os.statvfs(self.home).f_bavail * os.statvfs(self.home).f_frsize
        filler.write_bytes(bytes(max(0, free - size)))

    def room(self) -> None:
        """The disk is not full any more."""
        (self.home.parent / "filler").unlink(missing_ok=True)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Small]:
    """48 MB in memory, mounted; a recording may have 20 MB. Needs root, as does anybody who mounts."""
    disk = tmp_path_factory.mktemp("disk")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("no disk can be mounted here")
    try:
        home = disk / "home"
        archive_with_rooms(home, intake={"max_gigabytes": 0.02}).house.close()
        server = Server(home)
        try:
            yield Small(home, server)
        finally:
            server.kill()
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


@contextmanager
def opened(chromium: Browser, small: Small, *, scripts: bool) -> Iterator[Page]:
    """The form, in English."""
    context = chromium.new_context(java_script_enabled=scripts, locale="en")
    page = context.new_page()
    _sign_in(page, small.server)
    page.goto(small.server.address + "/interviews/new")
    yield page
    context.close()


def send(page: Page, path: Path) -> None:
    """Fills in the form and sends it."""
    page.fill("[name=narrator]", "Ирина Сергеевна")
    page.set_input_files("[name=recording]", path)
    page.click("form.intake button.act")


def test_a_full_disk_is_told_beside_the_form_that_is_kept(chromium: Browser, small: Small, tmp_path: Path) -> None:
    """Without scripts: the sentence, what was typed, and the same file is received once there is room."""
    sound = speech(tmp_path / "a.wav", 60)
    with opened(chromium, small, scripts=False) as page:
        small.leave(400_000)
        send(page, sound)
        expect(page.locator("form.intake .problem:visible")).to_contain_text(FULL)
        expect(page.locator("[name=narrator]")).to_have_value("Ирина Сергеевна")
        small.room()
        send(page, sound)
        expect(page.locator("main")).to_contain_text("Received and verified.")


def test_a_disk_that_fills_while_a_file_is_sent_is_told_and_gone_on_from(
    chromium: Browser, small: Small, tmp_path: Path
) -> None:
    """With scripts: it says so, keeps what has arrived, and goes on by itself when there is room."""
    sound = speech(tmp_path / "b.wav", 120)
    with opened(chromium, small, scripts=True) as page:
        network = page.context.new_cdp_session(page)
        _slow(network, 400_000)
        send(page, sound)
        expect(page.locator("[data-line]:visible")).to_contain_text("Sent", timeout=20_000)
        small.leave(200_000)
        expect(page.locator("[data-line]:visible")).to_contain_text(FULL, timeout=60_000)
        small.room()
        _slow(network, -1)
        expect(receipt(page)).to_have_count(1, timeout=60_000)


@pytest.mark.parametrize("size", [21_500_000, 60_000_000])
def test_a_file_that_is_too_large_is_told_without_scripts(
    chromium: Browser, small: Small, tmp_path: Path, size: int
) -> None:
    """A little too large: beside the field, what was typed is kept. Far too large: a page, and nothing was stored."""
    sound = speech(tmp_path / "c.wav", 1)
    with wave.open(str(sound), "wb") as out:
        out.setparams((1, 2, 16_000, 0, "NONE", ""))
        out.writeframes(bytes(size))
    with opened(chromium, small, scripts=False) as page:
        before = page.request.get(small.server.address + "/interviews/progress").json()
        send(page, sound)
        expect(page.locator("main")).to_contain_text("larger than", timeout=30_000)
        assert page.request.get(small.server.address + "/interviews/progress").json() == before


def test_a_file_that_is_too_large_is_told_before_it_is_sent(chromium: Browser, small: Small, tmp_path: Path) -> None:
    """With scripts nothing of it leaves the browser."""
    sound = speech(tmp_path / "d.wav", 700)
    with opened(chromium, small, scripts=True) as page:
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.url) if request.method != "GET" else None)
        page.set_input_files("[name=recording]", sound)
        expect(page.locator("[data-files] [data-trouble]:visible")).to_contain_text("larger than 0.02 GB")
        assert sent == []
