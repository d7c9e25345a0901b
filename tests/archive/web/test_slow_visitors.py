"""Visitors who stop reading, or never finish what they say: everybody else is answered all the same."""

from __future__ import annotations

import io
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass

import pytest

from archive.acts import consents
from archive.policy import Role
from archive.web import patience
from archive.web.patience import Connection
from tests.rooms import archive_with_rooms
from tests.serving import Server, Visitor

pytestmark = pytest.mark.slow
AT_ONCE = 2.0  # seconds


@dataclass
class Place:
    """A served archive, and what is there to be read slowly."""

    server: Server
    sound: str
    paper: str
    """6 MB, which come whole."""

    def connected(self, held: ExitStack) -> socket.socket:
        """A connection of somebody who reads next to nothing."""
        made = held.enter_context(socket.socket())
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2_048)
        host, _, port = self.server.address.removeprefix("http://").rstrip("/").rpartition(":")
        made.connect((host, int(port)))
        return made

    def seconds_to_answer(self) -> float:
        """How long the first page takes a newcomer."""
        began, visitor = time.monotonic(), Visitor(self.server.address)
        with closing(visitor.connection):
            answer = visitor.ask("GET", "/")
            assert answer.status == 200
            answer.read()
        took = time.monotonic() - began
        print(f"the first page came after {took:.2f} s")
        return took


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    home = tmp_path_factory.mktemp("slow") / "home"
    rooms = archive_with_rooms(home)
    paper = io.BytesIO(b"%PDF-1.7 " + bytes(6_000_000))
    proof = consents.attach(rooms.house, rooms.who[Role.INTERVIEWER], rooms.released, paper, "a.pdf")
    rooms.house.close()
    server = Server(home)
    yield Place(
        server, f"/interviews/{rooms.released}/sound", f"/interviews/{rooms.released}/consent/proofs/{proof.id}"
    )
    server.kill()


def asking(path: str, cookie: str, **headers: str) -> bytes:
    lines = [f"GET {path} HTTP/1.1", "Host: a", f"Cookie: {cookie}", *(f"{k}: {v}" for k, v in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode()


@pytest.mark.parametrize("headers", [{}, {"Range": "bytes=0-"}], ids=["no range", "a range"])
@pytest.mark.parametrize(("what", "name"), [("sound", "historian"), ("paper", "interviewer")])
def test_twenty_who_stop_reading_keep_nobody_waiting(
    place: Place, what: str, name: str, headers: dict[str, str]
) -> None:
    """Of a sound, and of a file that comes whole and fits into no buffer."""
    visitor = Visitor(place.server.address)
    with ExitStack() as held:
        held.enter_context(closing(visitor.connection))
        visitor.sign_in(name)
        for _ in range(20):
            place.connected(held).sendall(asking(getattr(place, what), visitor.cookie, **headers))
        assert place.seconds_to_answer() < AT_ONCE
        time.sleep(1)
        assert place.seconds_to_answer() < AT_ONCE


def test_forty_who_say_their_request_letter_by_letter_keep_nobody_waiting(place: Place) -> None:
    """They go on while others are answered, and are let go in the end."""
    over = threading.Event()
    with ExitStack() as held:
        slow = [place.connected(held) for _ in range(40)]
        for one in slow:
            one.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nX: ")

        def drip() -> None:
            while not over.wait(0.2):
                for one in slow:
                    with suppress(OSError):
                        one.sendall(b"x")

        dripping = threading.Thread(target=drip)
        dripping.start()
        try:
            for _ in range(5):
                assert place.seconds_to_answer() < AT_ONCE
                time.sleep(0.3)
            until = time.monotonic() + 20
            while time.monotonic() < until and not all(_is_closed(one) for one in slow):
                time.sleep(0.5)
            assert all(_is_closed(one) for one in slow)
        finally:
            over.set()
            dripping.join()


@pytest.mark.parametrize("path", ["/sign-in", "/narrator", "/nothing-there"])
def test_forty_who_never_send_their_form_keep_nobody_waiting(place: Place, path: str) -> None:
    """Their heads announce a form of which a byte comes now and then."""
    head = f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9000"
    with ExitStack() as held:
        slow = [place.connected(held) for _ in range(40)]
        for one in slow:
            one.sendall(f"{head}\r\n\r\na".encode())
        for _ in range(4):
            assert place.seconds_to_answer() < AT_ONCE
            time.sleep(0.2)


def test_thirty_who_do_not_hang_up_keep_nobody_waiting(place: Place) -> None:
    """A connection is to be closed after the answer, and they stay."""
    with ExitStack() as held:
        for _ in range(30):
            place.connected(held).sendall(b"GET /terms HTTP/1.0\r\n\r\n")
        assert place.seconds_to_answer() < AT_ONCE


def test_heads_in_pieces_forms_and_further_requests_are_understood(place: Place) -> None:
    """What is cut anywhere is put together: a head, the beginning of a body, two requests sent at once."""
    host, _, port = place.server.address.removeprefix("http://").rstrip("/").rpartition(":")
    two = b"GET /terms HTTP/1.1\r\nHost: a\r\n\r\nGET /narrator HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    for cut in (1, 17, 35, 36, 37, 60, len(two)):
        with socket.create_connection((host, int(port)), timeout=10) as one:
            one.sendall(two[:cut])
            time.sleep(0.05)
            one.sendall(two[cut:])
            got = b"".join(iter(lambda one=one: one.recv(65_536), b""))  # type: ignore[misc]
        assert got.count(b"HTTP/1.1 200 OK") == 2, cut
    form = b"csrf_token=" + b"a" * 30_000
    head = b"POST /narrator HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
    head += b"Content-Type: application/x-www-form-urlencoded\r\n"
    with socket.create_connection((host, int(port)), timeout=10) as one:
        one.sendall(head + f"Content-Length: {len(form)}\r\n\r\n".encode() + form)
        assert one.recv(64).startswith(b"HTTP/1.1 400")


def _is_closed(one: socket.socket) -> bool:
    one.settimeout(0.01)
    try:
        return one.recv(1) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_a_moment_costs_no_place_and_the_slow_share_what_there_are(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    """Who waits longer takes a place until the request's end; where none is left, the connection is given up."""
    slow = threading.Semaphore(1)
    with Connection(pair[0], slow) as one:
        one.setblocking(True)
        threading.Timer(patience._MOMENT / 4, lambda: pair[1].send(b"a")).start()
        assert one.recv(1) == b"a"
        assert slow.acquire(blocking=False)
        with pytest.raises(ConnectionResetError):
            one.recv(1)
        slow.release()
        threading.Timer(patience._MOMENT * 2, lambda: pair[1].send(b"b")).start()
        assert one.recv(1) == b"b"
        assert not slow.acquire(blocking=False)
        one.end()
        one.end()
        assert slow.acquire(blocking=False)
        assert not slow.acquire(blocking=False)


def test_the_slow_are_let_go_after_a_silence_or_for_a_trickle(
    pair: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a minute without a byte; or with so few that it would never end."""
    monkeypatch.setattr(patience, "_SILENCE", 0.5)
    with Connection(pair[0], threading.Semaphore(1)) as one:
        one.setblocking(True)
        began = time.monotonic()
        with pytest.raises(ConnectionResetError):
            one.recv(1)
        assert 0.5 <= time.monotonic() - began < 1.5
        one.end()
        one.begin()
        over = threading.Event()

        def trickle() -> None:
            while not over.wait(0.1):
                pair[1].send(b"a")

        sending = threading.Thread(target=trickle)
        sending.start()
        with pytest.raises(ConnectionResetError):
            b"".join(one.recv(1) for _ in range(50))
        over.set()
        sending.join()


def test_some_threads_are_always_left() -> None:
    """But for the smallest setting, in which one has to do."""
    assert all(0 < patience.places(threads) < threads for threads in range(2, 65))
    assert patience.places(1) == 1
