"""Sound over HTTP: one byte range at a time, decrypted as it is sent, never cached.

What is longer than one piece is asked about again before each further one: the same act, for whoever it is by then. So
a withdrawal, a grant's end, a sign-out or another consent ends what is being sent, however slowly it is read.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Callable, Iterator

from flask import Response, copy_current_request_context, request

from archive.acts.streams import SoundStream
from archive.errors import ArchiveError

_ONE_RANGE = re.compile(r"bytes=(?:([0-9]{1,18})-([0-9]{0,18})|-([0-9]{1,18}))")
_PIECE = 64 * 1024
_LARGEST = 1 << 18
"""Bytes of one answer. A paused player stops reading: so many fit into the kernel's buffer of a connection, and the
thread that answers is free again, whoever reads or does not."""

Opening = Callable[[], SoundStream]
"""An act that opens a sound for whoever asks at the moment it is called; raises ArchiveError if it does not."""


def answer(opening: Opening, *, whole: bool = False) -> Response:
    """206 with the beginning of the one range that was asked for, or 416; no range, or several, are one from the start.

    ``whole``: all that was asked for, 200 if that is everything. It is for files that are saved, not played.
    """
    sound = opening()
    given = request.headers.get("Range", "")
    wanted = _span("" if request.method == "HEAD" else given, sound.length)  # a HEAD has no range: RFC 9110, 14.2
    start, stop = wanted or (0, sound.length)
    if start >= stop and wanted:
        sound.reader.close()
        return Response(status=416, headers={"Content-Range": f"bytes */{sound.length}"})
    headers = {"Accept-Ranges": "bytes", "Content-Disposition": "inline"}
    everything = request.method == "HEAD" or (whole and not wanted)
    if not everything:
        stop = stop if whole else min(stop, start + _LARGEST)
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{sound.length}"
    headers["Content-Length"] = str(stop - start)
    # Each time in a context of its own: who asks, and with what rights, is looked up anew.
    body = _pieces(sound, copy_current_request_context(opening), start, stop)
    if request.method == "HEAD":
        sound.reader.close()
        body = iter(())
    response = Response(body, status=200 if everything else 206, headers=headers, mimetype=sound.mime)
    response.call_on_close(sound.reader.close)
    return response


def _span(asked: str, length: int) -> tuple[int, int] | None:
    """First byte and the one after the last, None for everything; empty if the range lies beyond the end."""
    found = _ONE_RANGE.fullmatch(asked.strip())
    if found is None:
        return None
    first, last, from_end = found.groups()
    if from_end is not None:
        return max(0, length - int(from_end)), length if int(from_end) else 0
    if last and int(last) < int(first):
        return None
    return int(first), min(length, int(last) + 1) if last else length


def _pieces(sound: SoundStream, opening: Opening, start: int, stop: int) -> Iterator[bytes]:
    sound.reader.seek(start)
    left = stop - start
    while left and (piece := sound.reader.read(min(_PIECE, left))):
        left -= len(piece)
        yield piece
        if left:
            _ask_again(sound, opening)


def _ask_again(sound: SoundStream, opening: Opening) -> None:
    """Raises ConnectionResetError, at which the server closes the connection, unless the same would be opened now."""
    try:
        now = opening()
    except ArchiveError as error:
        raise ConnectionResetError(errno.ECONNRESET, "closed while it was sent") from error
    now.reader.close()
    if now.blob != sound.blob:
        raise ConnectionResetError(errno.ECONNRESET, "another one by now")
