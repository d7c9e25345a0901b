"""Sound over HTTP: one byte range at a time, decrypted as it is sent, never cached."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from flask import Response, request
from werkzeug.http import parse_range_header

from archive.acts.streams import SoundStream

_PIECE = 64 * 1024
_LARGEST = 1 << 20
"""Bytes of one partial answer. A paused player stops reading: with open-ended answers a few listeners would hold every
thread of the server. It also makes the policy be asked again about every megabyte."""


def answer(sound: SoundStream) -> Response:
    """200 with everything, 206 with the one range that was asked for, or 416. Several ranges at once get everything."""
    asked = request.headers.get("Range")
    span = _span(asked, sound.length)
    if span is None and asked and _is_beyond(asked, sound.length):
        sound.reader.close()
        return Response(status=416, headers={"Content-Range": f"bytes */{sound.length}"})
    start, stop = span or (0, sound.length)
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


def _span(asked: str | None, length: int) -> tuple[int, int] | None:
    found = parse_range_header(asked)
    if found is None or found.units != "bytes" or len(found.ranges) != 1:
        return None
    span = found.range_for_length(length)
    return (span[0], min(span[1], span[0] + _LARGEST)) if span else None


def _is_beyond(asked: str, length: int) -> bool:
    found = parse_range_header(asked)
    return found is not None and len(found.ranges) == 1 and found.range_for_length(length) is None


def _pieces(reader: BinaryIO, start: int, stop: int) -> Iterator[bytes]:
    reader.seek(start)
    left = stop - start
    while left and (piece := reader.read(min(_PIECE, left))):
        left -= len(piece)
        yield piece
