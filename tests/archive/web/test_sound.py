"""Sound by ranges, against slices of the bytes themselves."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.wrappers import Response

from archive.acts.streams import SoundStream
from archive.web import sound

BYTES = bytes(range(256)) * 12_000  # about 3 MB: more than one partial answer holds


def asked(range_header: str | None, method: str = "GET", content: bytes = BYTES) -> tuple[Response, io.BytesIO]:
    """The answer to one request, and the reader it was made from."""
    reader = io.BytesIO(content)
    headers = {"Range": range_header} if range_header is not None else {}
    with Flask("t").test_request_context("/", method=method, headers=headers):
        return sound.answer(SoundStream(reader, len(content), "audio/ogg")), reader


@given(st.integers(0, len(BYTES) + 10), st.none() | st.integers(0, len(BYTES) + 10))
def test_a_range_is_the_slice_it_names(start: int, stop: int | None) -> None:
    """The bytes of a partial answer are those its Content-Range names, beginning where they were asked for."""
    answer, _ = asked(f"bytes={start}-{'' if stop is None else stop}")
    if stop is not None and stop < start:
        assert answer.status_code == 200  # not a range: everything
    elif start >= len(BYTES):
        assert answer.status_code == 416
        assert answer.headers["Content-Range"] == f"bytes */{len(BYTES)}"
    else:
        assert answer.status_code == 206
        first, last = map(int, answer.headers["Content-Range"].removeprefix("bytes ").split("/")[0].split("-"))
        assert first == start
        assert stop is None or last <= stop
        assert answer.get_data() == BYTES[first : last + 1]
        assert int(answer.headers["Content-Length"]) == last - first + 1 <= 1 << 20


@given(st.integers(1, 2 * len(BYTES)))
def test_a_suffix_is_the_end(count: int) -> None:
    """``bytes=-n`` begins n bytes before the end."""
    answer, _ = asked(f"bytes=-{count}")
    assert answer.get_data() == BYTES[max(0, len(BYTES) - count) :][: 1 << 20]


@pytest.mark.parametrize("header", [None, "bytes=0-1,5-6", "lines=1-2", "bytes=x", "nonsense"])
def test_what_is_not_one_range_gets_everything(header: str | None) -> None:
    """Several ranges, other units and nonsense are answered as if nothing had been asked."""
    answer, _ = asked(header)
    assert answer.status_code == 200
    assert answer.get_data() == BYTES
    assert "ETag" not in answer.headers


def test_a_head_reads_nothing_and_every_answer_lets_go_of_the_reader() -> None:
    """HEAD has the length without a byte; readers are closed whether all of it was read, some, or none."""
    answer, reader = asked(None, "HEAD")
    assert answer.headers["Content-Length"] == str(len(BYTES))
    assert answer.get_data() == b""
    assert reader.closed
    answer, reader = asked("bytes=5-")
    answer.close()
    assert reader.closed
    _, reader = asked(f"bytes={len(BYTES)}-")
    assert reader.closed
