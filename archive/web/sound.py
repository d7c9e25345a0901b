"""Sound over HTTP: one byte range at a time, decrypted as it is sent, never cached."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flask import Response, request

from archive.acts.streams import SoundStream
from transcripts.sound import Readable

_ONE_RANGE = re.compile(r"bytes=(?:(\d{1,18})-(\d{0,18})|-(\d{1,18}))")
_PIECE = 64 * 1024
_LARGEST = 1 << 20
"""Bytes of one partial answer. A paused player stops reading: with open-ended answers a few listeners would hold every
thread of the server. It also makes the policy be asked again about every megabyte."""


def answer(sound: SoundStream) -> Response:
    """200 with everything, 206 with the one range that was asked for, or 416. Several ranges at once get everything."""
    span = _span(request.headers.get("Range", ""), sound.length)
    start, stop = span or (0, sound.length)
    if start >= stop and span:
        sound.reader.close()
        return Response(status=416, headers={"Content-Range": f"bytes */{sound.length}"})
    headers = {"Accept-Ranges": "bytes", "Content-Length": str(stop - start), "Content-Disposition": "inline"}
    if span:
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{sound.length}"
    body: Iterator[bytes] = _pieces(sound.reader, start, stop)
    if request.method == "HEAD":
        sound.reader.close()
        body = iter(())
    response = Response(body, status=206 if span else 200, headers=headers, mimetype=sound.mime)
    response.call_on_close(sound.reader.close)
    return response


def _span(asked: str, length: int) -> tuple[int, int] | None:
    """First byte and the one after the last, None for everything; empty if the range lies beyond the end."""
    found = _ONE_RANGE.fullmatch(asked.strip())
    if found is None:
        return None
    first, last, from_end = found.groups()
    if from_end is not None:
        start, stop = max(0, length - int(from_end)), length if int(from_end) else 0
    else:
        start, stop = int(first), min(length, int(last) + 1) if last else length
        if last and int(last) < start:
            return None
    return start, min(stop, start + _LARGEST)


def _pieces(reader: Readable, start: int, stop: int) -> Iterator[bytes]:
    reader.seek(start)
    left = stop - start
    while left and (piece := reader.read(min(_PIECE, left))):
        left -= len(piece)
        yield piece
