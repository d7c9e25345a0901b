"""Sending recordings in Chromium: chosen or dropped, checked before they leave, gone on with after anything."""

from __future__ import annotations

import hashlib
import os
import re
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, expect

from archive.acts import worklist
from archive.policy import Role
from tests import make
from tests.browser.conftest import Visit
from tests.rooms import PASSWORD, Rooms
from tests.serving import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Open = Callable[..., Visit]


@pytest.fixture(autouse=True)
def _nothing_left(rooms: Rooms) -> Iterator[None]:
    yield
    for id in rooms.house.vault.uploads.ids():
        rooms.house.vault.uploads.end(id)


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    path = tmp_path / "Лебедева Ирина.opus"
    path.write_bytes(make.recording(stop=12))
    return path


def speech(path: Path, seconds: float, loud: bool = True) -> Path:
    """A WAV file of noise or of silence."""
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16_000)
        out.writeframes(os.urandom(int(seconds * 32_000)) if loud else bytes(int(seconds * 32_000)))
    return path


def drop(page: Page, *paths: Path) -> None:
    """Lets files fall onto the page as a person does."""
    handle = page.evaluate_handle(
        """() => { const input = document.createElement("input"); input.type = "file"; input.multiple = true;
        input.id = "carrier"; document.body.append(input); return input; }"""
    )
    handle.as_element().set_input_files([str(path) for path in paths])  # type: ignore[union-attr]
    page.evaluate(
        """() => { const carrier = document.getElementById("carrier"); const data = new DataTransfer();
        for (const file of carrier.files) data.items.add(file); carrier.remove();
        for (const kind of ["dragover", "drop"]) document.body.dispatchEvent(
          new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true })); }"""
    )


def receipt(page: Page) -> Locator:
    return page.locator("[data-receipt]:visible")


def test_the_digest_of_ours_is_sha256(visit: Open) -> None:
    """Against hashlib, for lengths around every edge and in pieces of any size."""
    page = visit(Role.INTERVIEWER).open("/interviews/new")
    lengths = [*range(0, 130), 1000, 65_535, 1 << 20, (1 << 20) + 1]
    found = page.evaluate(
        """async (lengths) => { const { Sha256 } = await import("/static/sha256.js");
        return lengths.map((length) => {
          const bytes = Uint8Array.from({ length }, (_, i) => (i * 7 + length) & 255);
          const sha = new Sha256(); const step = 1 + length % 97;
          for (let at = 0; at < length; at += step) sha.update(bytes.subarray(at, at + step));
          return sha.hex(); }); }""",
        lengths,
    )
    expected = [bytes((i * 7 + length) & 255 for i in range(length)) for length in lengths]
    assert found == [hashlib.sha256(one).hexdigest() for one in expected]


def test_several_files_are_sent_under_one_consent(visit: Open, rooms: Rooms, sound: Path, tmp_path: Path) -> None:
    """Each is received and verified, is an interview of its own with that consent, and the form is free again."""
    before = {row.interview.id for row in worklist.interviews(rooms.house, rooms.who[Role.INTERVIEWER])}
    second = tmp_path / "second.opus"
    second.write_bytes(make.recording(start=12, stop=24))
    page = visit(Role.INTERVIEWER).open("/interviews/new")
    page.check("input[name=research][value=yes]")
    page.set_input_files("[name=recording]", [sound, second])
    expect(page.locator("[data-files] li")).to_have_count(2)
    page.click("form.intake button.act")
    expect(receipt(page)).to_have_count(2, timeout=30_000)
    expect(receipt(page).first).to_contain_text("Received and verified. You may now delete the copy on your phone.")
    digests = {hashlib.sha256(path.read_bytes()).hexdigest() for path in (sound, second)}
    assert set(page.locator("[data-receipt]:visible [data-fill=sha256]").all_text_contents()) == digests
    new = [
        row.interview
        for row in worklist.interviews(rooms.house, rooms.who[Role.INTERVIEWER])
        if row.interview.id not in before
    ]
    assert [interview.terms.research for interview in new] == ["yes", "yes"]
    page.click("[data-another]")
    expect(page.locator("input[name=research][value=no]")).to_be_checked()
    assert rooms.house.vault.uploads.ids() == set()


def test_files_are_dropped_on_the_desk(visit: Open, sound: Path) -> None:
    """The list gives way to the form, consent comes first, and the rows below do not reload the page away."""
    page = visit(Role.INTERVIEWER).open("/interviews")
    drop(page, sound)
    expect(page.locator("form.intake h1")).to_be_focused()
    expect(page.locator(".worklist")).to_be_hidden()
    expect(page.locator("[data-files] [data-name]")).to_have_text(sound.name)
    page.click("form.intake button.act")
    expect(receipt(page)).to_have_count(1, timeout=30_000)


def test_files_are_looked_at_before_they_leave(visit: Open, rooms: Rooms, tmp_path: Path) -> None:
    """Text under a sound's name, an empty file: said beside them, nothing sent. Silence and shortness are remarked."""
    text, empty = tmp_path / "renamed.wav", tmp_path / "empty.mp3"
    text.write_text("This was never a sound. " * 300)
    empty.write_bytes(b"")
    page = visit(Role.INTERVIEWER).open("/interviews/new")
    page.fill("[name=title]", "What was typed")
    for path, says in ((text, "not a sound or video file"), (empty, "The file is empty")):
        page.set_input_files("[name=recording]", path)
        expect(page.locator("[data-files] [data-trouble]")).to_contain_text(says)
        page.click("form.intake button.act")
        expect(page.locator("[data-problem=recording]")).to_contain_text("Remove what cannot be sent")
        page.click("[data-files] button")
    page.click("form.intake button.act")
    expect(page.locator("[data-problem=recording]")).to_contain_text("Choose the recording")
    page.set_input_files(
        "[name=recording]", [speech(tmp_path / "quiet.wav", 30, loud=False), speech(tmp_path / "short.wav", 3)]
    )
    expect(page.locator("[data-files] li").nth(0)).to_contain_text("0:30")
    expect(page.locator("[data-files] li").nth(0)).to_contain_text("seems to be silent")
    expect(page.locator("[data-files] li").nth(1)).to_contain_text("shorter than ten seconds")
    expect(page.locator("[name=title]")).to_have_value("What was typed")
    assert rooms.house.vault.uploads.ids() == set()


def test_a_file_that_is_not_taken_leaves_what_was_typed_for_a_better_one(visit: Open, tmp_path: Path) -> None:
    """Refused by the archive after it was sent, or discarded; but what was typed for another interview stays there."""
    noise, cut = tmp_path / "noise.ogg", tmp_path / "cut.wav"
    noise.write_bytes(b"OggS" + os.urandom(50_000))
    cut.write_bytes(make.cut_off_wav())
    made = visit(Role.INTERVIEWER)
    page = made.open("/interviews/new")
    title = page.locator("[name=title]")
    title.fill("Typed once")
    page.set_input_files("[name=recording]", noise)
    page.click("form.intake button.act")
    expect(page.locator("[data-transfers] [data-trouble]")).to_be_visible(timeout=20_000)
    expect(title).to_have_value("Typed once")
    expect(title).to_be_visible()

    page.set_input_files("[name=recording]", cut)
    page.click("form.intake button.act")
    damaged = page.locator("[data-transfers] li", has_text="cut.wav")
    expect(damaged.locator("[data-take]")).to_be_visible(timeout=20_000)
    expect(title).to_be_hidden()
    page.click("[data-another]")
    expect(title).to_have_value("")
    title.fill("Another interview")
    damaged.locator("[data-discard]").click()
    expect(damaged).to_have_count(0)
    expect(title).to_have_value("Another interview")
    made.complaints.clear()  # Chromium notes every 422 on its console


def test_what_only_the_archive_can_tell_stands_beside_the_file(visit: Open, rooms: Rooms, tmp_path: Path) -> None:
    """Noise that begins like a sound file is refused and gone; a damaged one is taken when a person says so."""
    noise, cut = tmp_path / "noise.ogg", tmp_path / "cut.wav"
    noise.write_bytes(b"OggS" + os.urandom(50_000))
    cut.write_bytes(make.cut_off_wav())
    made = visit(Role.INTERVIEWER)
    page = made.open("/interviews/new")
    page.set_input_files("[name=recording]", [noise, cut])
    page.click("form.intake button.act")
    refused = page.locator("[data-transfers] li", has_text="noise.ogg")
    expect(refused.locator("[data-trouble]")).to_be_visible(timeout=20_000)
    expect(refused.locator("[data-acts]")).to_be_hidden()
    damaged = page.locator("[data-transfers] li", has_text="cut.wav")
    expect(damaged.locator("[data-trouble]")).to_contain_text("damaged", timeout=20_000)
    damaged.locator("[data-take]").click()
    expect(damaged.locator("[data-receipt]")).to_be_visible(timeout=20_000)
    assert rooms.house.vault.uploads.ids() == set()
    made.complaints.clear()  # Chromium notes every 422 on its console


def test_a_contradiction_in_the_consent_sends_nothing(visit: Open, rooms: Rooms, sound: Path) -> None:
    """The sentence stands beside its field; file and answers stay."""
    made = visit(Role.INTERVIEWER)
    page = made.open("/interviews/new")
    page.check("input[name=excerpts][value=yes]")
    page.set_input_files("[name=recording]", sound)
    page.click("form.intake button.act")
    expect(page.locator("[data-problem=excerpts]")).to_contain_text("cannot be published")
    expect(page.locator("input[name=excerpts][value=yes]")).to_be_checked()
    expect(page.locator("[data-files] li")).to_have_count(1)
    assert rooms.house.vault.uploads.ids() == set()
    made.complaints.clear()  # Chromium notes every 400 on its console


@pytest.fixture
def server(rooms: Rooms) -> Iterator[Server]:
    made = Server(rooms.house.settings.home)
    yield made
    made.kill()


def test_after_a_killed_server_and_a_closed_page_it_goes_on(
    chromium: Browser, server: Server, rooms: Rooms, tmp_path: Path
) -> None:
    """Half of it is sent, the server dies and comes back: it goes on by itself. The page is closed: choosing the file
    again is enough, and nothing that had arrived is sent twice."""
    long = speech(tmp_path / "long.wav", 1_000)
    size = long.stat().st_size
    context = chromium.new_context()
    _half_sent(context.new_page(), server, long)
    (id,) = rooms.house.vault.uploads.ids()
    arrived = _settled(rooms, id)
    assert 0.4 * size < arrived < size
    page, sent = context.new_page(), list[int]()
    page.on("request", lambda one: sent.append(_length(one)) if one.method == "PATCH" else None)
    page.goto(server.address + "/interviews")
    begun = page.locator("[data-begun] li")
    expect(begun).to_contain_text("long.wav")
    expect(begun).to_contain_text(f"{100 * arrived // size} % has arrived")
    begun.locator("input[type=file]").set_input_files(speech(tmp_path / "other.wav", 5))
    expect(begun.locator("[data-trouble]")).to_contain_text("another file")
    begun.locator("input[type=file]").set_input_files(long)
    expect(receipt(page)).to_have_count(1, timeout=60_000)
    digest = hashlib.sha256(long.read_bytes()).hexdigest()
    page.wait_for_timeout(5_000)  # the list has looked twice for what is new: what was just received is
    expect(page.locator("[data-receipt]:visible [data-fill=sha256]")).to_have_text(digest)
    assert sum(sent) == size - arrived
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    context.close()


def _half_sent(page: Page, server: Server, long: Path) -> None:
    """Sends the file slowly, kills the server on the way, and closes the page when half has left."""
    _sign_in(page, server)
    _slow(page.context.new_cdp_session(page), 3_000_000)
    page.goto(server.address + "/interviews/new")
    page.set_input_files("[name=recording]", long)
    page.click("form.intake button.act")
    _wait_for(page, 0.15)
    server.kill()
    expect(page.locator("[data-line]")).to_contain_text("goes on by itself", timeout=20_000)
    server.start()
    _wait_for(page, 0.45)
    page.close()


def _length(request: Request) -> int:
    return len(request.post_data_buffer or b"")


def test_a_dropped_file_that_was_begun_goes_on_without_a_second_consent(
    visit: Open, rooms: Rooms, tmp_path: Path
) -> None:
    """It is known again by its content, under whatever name it has now."""
    long = speech(tmp_path / "walk.wav", 60)
    made = visit(Role.INTERVIEWER)
    page = made.open("/interviews/new")
    network = page.context.new_cdp_session(page)
    _slow(network, 200_000)
    page.set_input_files("[name=recording]", long)
    page.click("form.intake button.act")
    _wait_for(page, 0.1)
    page.click("[data-stop]")
    expect(page.locator("[data-line]")).to_contain_text("What has arrived stays")
    _slow(network, -1)
    page.goto(made.address + "/interviews")
    drop(page, long.rename(tmp_path / "renamed.wav"))
    expect(receipt(page)).to_have_count(1, timeout=30_000)
    expect(page.locator("form.intake")).to_be_hidden()


def test_what_was_begun_can_be_discarded_without_scripts(visit: Open, rooms: Rooms, sound: Path) -> None:
    """A button of the list destroys it."""
    made = visit(Role.INTERVIEWER)
    page = made.open("/interviews/new")
    _slow(page.context.new_cdp_session(page), 10_000)
    page.set_input_files("[name=recording]", sound)
    page.click("form.intake button.act")
    expect(page.locator("[data-transfers] li")).to_have_count(1)
    page.click("[data-stop]")
    plain = visit(Role.INTERVIEWER, java_script_enabled=False)
    plain.open("/interviews").click("[data-begun] form button")
    expect(plain.page.locator("[data-begun]")).to_have_count(0)
    assert rooms.house.vault.uploads.ids() == set()


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_pages_of_sending_fit_a_phone_and_a_keyboard(
    visit: Open, sound: Path, tmp_path: Path, language: str
) -> None:
    """At 320 pixels nothing is wider; files are chosen, removed, sent and stopped by keyboard alone."""
    made = visit(Role.ARCHIVIST, 320, locale=language)
    made.open("/account").select_option("#language", language)
    made.page.click("form[action*=language] button")
    page = made.open("/interviews/new")
    _slow(page.context.new_cdp_session(page), 40_000)
    bad = tmp_path / ("очень-длинное-имя-файла-без-пробелов-" * 3 + ".wav")
    bad.write_text("text " * 100)
    page.set_input_files("[name=recording]", [bad, sound])
    expect(page.locator("[data-files] [data-trouble]:visible")).to_have_count(1)
    assert made.overflow() == 0
    page.locator("[data-files] button").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-files] li")).to_have_count(1)
    page.locator("form.intake button.act").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-sending]")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.hasAttribute('data-stop')")
    page.keyboard.press("Enter")
    expect(page.locator("[data-line]")).to_contain_text(re.compile("Stopped|Остановлено"))
    assert made.overflow() == 0
    made.open("/interviews")
    assert made.overflow() == 0


def _sign_in(page: Page, server: Server) -> None:
    page.goto(server.address + "/sign-in")
    page.fill("[name=name]", Role.INTERVIEWER.value)
    page.fill("[name=password]", PASSWORD)
    page.click("form.sheet button")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def _slow(network: object, bytes_a_second: int) -> None:
    network.send(  # type: ignore[attr-defined]
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_a_second},
    )


def _wait_for(page: Page, part: float) -> None:
    """Until so much of the only file has left."""
    for _ in range(600):
        if page.locator("[data-transfers] progress").first.evaluate("bar => bar.value") >= part:
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never at {part}")


def _settled(rooms: Rooms, id: object) -> int:
    """How much has arrived, once the connection of a closed page has ended."""
    import time

    from archive.acts import uploads
    from archive.errors import UploadInUse

    for _ in range(200):
        try:
            return uploads.state(rooms.house, rooms.who[Role.INTERVIEWER], id).arrived  # type: ignore[arg-type]
        except UploadInUse:
            time.sleep(0.05)
    raise AssertionError("in use for ever")
