"""Visitors who send or read slowly, or not at all: how many of the server's threads may wait for them, and how long.

A request takes a thread only when its head is there. What waits for its visitor longer than a moment needs one of the
places for the slow, of which there are fewer than threads: so nobody's silence keeps the others from an answer. An
answer that fits into the kernel's buffer of a connection does not wait at all.
"""

from __future__ import annotations

import errno
import select
import selectors
import socket
import threading
import time
from collections import deque
from functools import partial
from typing import Any, Final

from gunicorn.workers.gthread import TConn, ThreadWorker

_MOMENT: Final = 0.1
"""Seconds that a request may wait for its visitor before it needs a place among the slow."""

_SILENCE: Final = 30.0
"""Seconds without a byte after which a slow visitor is let go."""

_SLOWEST: Final = 2_000.0
"""Bytes a second that a slow visitor has to send or read, after the first half minute."""

_HEAD_SECONDS: Final = 10.0
_LARGEST_HEAD: Final = 1 << 16
_FAREWELL_SECONDS: Final = 2.0
_MOST_FAREWELLS: Final = 200
_SEND_BUFFER: Final = 1 << 19
_NO_MORE_FILES: Final = frozenset({errno.EMFILE, errno.ENFILE})
_NOBODY_THERE: Final = frozenset({errno.EAGAIN, errno.EWOULDBLOCK, errno.ECONNABORTED})


def places(threads: int) -> int:
    """How many of so many threads may wait for slow visitors at once."""
    return max(1, threads - max(1, threads // 4))


class Connection(socket.socket):
    """A visitor's. Where it blocks, it waits as long as the module says, and then raises ConnectionResetError."""

    def __init__(self, accepted: socket.socket, slow: threading.Semaphore) -> None:
        super().__init__(accepted.family, accepted.type, accepted.proto, accepted.detach())
        self.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
        self._slow, self._has_place = slow, False
        self._head = b""
        self.begin()

    def begin(self) -> None:
        """Another request."""
        self._spare, self._waited, self._moved = _MOMENT, 0.0, 0

    def end(self) -> None:
        """It is answered."""
        if self._has_place:
            self._has_place = False
            self._slow.release()

    def takes_head(self) -> bool:
        """Reads what is there of a request's head, without waiting; whether that is all there will be of it."""
        try:
            piece = super().recv(8_192)
        except BlockingIOError:
            return False
        except OSError:
            piece = b""
        self._head += piece
        return not piece or b"\r\n\r\n" in self._head or len(self._head) > _LARGEST_HEAD

    @property
    def is_silent(self) -> bool:
        """Whether nothing was sent."""
        return not self._head

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        """The head first, all of it: whoever reads it keeps what is left over."""
        if self._head:
            found, self._head = self._head, b""
            return found
        self._wait(select.POLLIN)
        found = super().recv(size, flags)
        self._moved += len(found)
        return found

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        """All of it, as fast as it is read."""
        with memoryview(data) as whole:
            done = 0
            while done < len(whole):
                self._wait(select.POLLOUT)
                try:
                    sent = super().send(whole[done:], flags | socket.MSG_DONTWAIT)
                except BlockingIOError:
                    continue
                done += sent
                self._moved += sent

    def _wait(self, event: int) -> None:
        limit = self.gettimeout()
        longest = _SILENCE if limit is None else limit
        if self._is_ready(event, min(self._spare, longest)):
            return
        if not self._has_place:
            self._has_place = self._slow.acquire(blocking=False)
        left = _SILENCE + self._moved / _SLOWEST - self._waited
        if not self._has_place or left <= 0 or not self._is_ready(event, min(longest, left)):
            raise ConnectionResetError(errno.ECONNRESET, "too slow")

    def _is_ready(self, event: int, seconds: float) -> bool:
        began, poll = time.monotonic(), select.poll()
        poll.register(self, event)
        found = poll.poll(seconds * 1_000)
        waited = time.monotonic() - began
        self._waited += waited
        self._spare = max(0.0, self._spare - waited)
        return bool(found)


class _Visit(TConn):  # type: ignore[misc]  # gunicorn ships no types
    """A connection as the worker keeps it."""

    def close(self, graceful: bool = False) -> None:
        """The worker says farewell: gunicorn would wait for the visitor's, and nobody is accepted meanwhile."""
        if graceful:
            self.worker.farewell(self.sock)
        else:
            super().close()


class PatientWorker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's threads, of which none waits for a head, and only some for anything else of a visitor's."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._slow = threading.BoundedSemaphore(places(self.cfg.threads))
        self._leaving = deque[tuple[float, socket.socket]]()

    def accept(self, listener: socket.socket) -> None:
        """A visitor, who has said nothing yet."""
        try:
            accepted, client = listener.accept()
        except OSError as error:
            if error.errno in _NO_MORE_FILES:
                time.sleep(0.05)  # they wait in the kernel's queue
            elif error.errno not in _NOBODY_THERE:
                raise
            return
        self.nr_conns += 1
        visit = _Visit(self.cfg, Connection(accepted, self._slow), client, listener.getsockname())
        visit.worker = self
        self._listen(visit)

    def on_client_socket_readable(self, conn: _Visit, client: socket.socket) -> None:
        """Another request on a connection that was kept."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._listen(conn)

    def on_pending_socket_readable(self, conn: _Visit, client: Connection) -> None:
        """Something of a head: a thread takes the request when all of it is here."""
        if not client.takes_head():
            return
        self.poller.unregister(client)
        self.pending_conns.remove(conn)
        if client.is_silent:
            self.nr_conns -= 1
            conn.close()
            return
        conn.data_ready = True
        self.enqueue_req(conn)

    def handle(self, conn: _Visit) -> Any:
        """One request, in a thread."""
        conn.sock.begin()
        try:
            return super().handle(conn)
        finally:
            conn.sock.end()

    def murder_pending(self) -> None:
        """Lets go of those who do not finish their request's head, or do not leave."""
        super().murder_pending()
        while self._leaving and (self._leaving[0][0] < time.monotonic() or len(self._leaving) > _MOST_FAREWELLS):
            self._gone(self._leaving.popleft()[1])

    def farewell(self, connection: socket.socket) -> None:
        """Says that nothing more comes, and closes when the visitor has read it, or after a while (RFC 9112, 9.6)."""
        try:
            connection.setblocking(False)
            connection.shutdown(socket.SHUT_WR)
            self.poller.register(connection, selectors.EVENT_READ, partial(self._drain, connection))
        except (OSError, ValueError, KeyError):
            connection.close()
            return
        self._leaving.append((time.monotonic() + _FAREWELL_SECONDS, connection))

    def _listen(self, visit: _Visit) -> None:
        visit.sock.setblocking(False)
        visit.timeout = time.monotonic() + _HEAD_SECONDS
        self.pending_conns.append(visit)
        self.poller.register(visit.sock, selectors.EVENT_READ, partial(self.on_pending_socket_readable, visit))

    def _drain(self, connection: socket.socket, _client: socket.socket) -> None:
        try:
            if socket.socket.recv(connection, 4_096):
                return
        except BlockingIOError:
            return
        except OSError:
            pass
        self._gone(connection)

    def _gone(self, connection: socket.socket) -> None:
        if connection.fileno() >= 0:
            self.poller.unregister(connection)
            connection.close()
