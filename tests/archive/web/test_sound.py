"""Sound by ranges, against slices of the bytes themselves."""

from __future__ import annotations

import io
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from flask import Flask, g
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.wrappers import Response

from archive.acts.streams import SoundStream
from archive.errors import Refused
from archive.web import sound

BYTES = bytes(range(256)) * 12_000  # about 3 MB: more than one partial answer holds
MOST = 1 << 18
ID = uuid4()


def asked(
    range_header: str | None,
    method: str = "GET",
    content: bytes = BYTES,
    *,
    whole: bool = False,
    opened: Callable[[], UUID] = lambda: ID,
) -> tuple[Response, io.BytesIO]:
    """The answer to one request, and the reader it was made from. ``opened`` says which sound is found each time."""
    readers = list[io.BytesIO]()

    def opening() -> SoundStream:
        readers.append(io.BytesIO(content))
        return SoundStream(readers[-1], len(content), "audio/ogg", opened())

    headers = {"Range": range_header} if range_header is not None else {}
    with Flask("t").test_request_context("/", method=method, headers=headers):
        return sound.answer(opening, whole=whole), readers[0]


@given(st.integers(0, len(BYTES) + 10), st.none() | st.integers(0, len(BYTES) + 10))
def test_a_range_is_the_slice_it_names(start: int, stop: int | None) -> None:
    """The bytes of a partial answer are those its Content-Range names, beginning where they were asked for."""
    answer, _ = asked(f"bytes={start}-{'' if stop is None else stop}")
    if stop is not None and stop < start:
        assert answer.headers["Content-Range"] == f"bytes 0-{MOST - 1}/{len(BYTES)}"  # not a range: from the start
    elif start >= len(BYTES):
        assert answer.status_code == 416
        assert answer.headers["Content-Range"] == f"bytes */{len(BYTES)}"
    else:
        assert answer.status_code == 206
        first, last = map(int, answer.headers["Content-Range"].removeprefix("bytes ").split("/")[0].split("-"))
        assert first == start
        assert stop is None or last <= stop
        assert answer.get_data() == BYTES[first : last + 1]
        assert int(answer.headers["Content-Length"]) == last - first + 1 <= MOST


@given(st.integers(1, 2 * len(BYTES)))
def test_a_suffix_is_the_end(count: int) -> None:
    """``bytes=-n`` begins n bytes before the end."""
    answer, _ = asked(f"bytes=-{count}")
    assert answer.get_data() == BYTES[max(0, len(BYTES) - count) :][:MOST]


@pytest.mark.parametrize("header", [None, "", "bytes=0-1,5-6", "lines=1-2", "bytes=x", "bytes=9-3", "nonsense"])
def test_what_is_not_one_range_gets_the_beginning(header: str | None) -> None:
    """No range, several, other units and nonsense are answered as an open one from the start: never with everything."""
    answer, _ = asked(header)
    assert answer.status_code == 206
    assert answer.headers["Content-Range"] == f"bytes 0-{MOST - 1}/{len(BYTES)}"
    assert answer.get_data() == BYTES[:MOST]
    assert "ETag" not in answer.headers


def test_a_file_that_is_saved_comes_whole() -> None:
    """All of it without a range; the rest of it for who goes on with a download."""
    answer, _ = asked(None, whole=True)
    assert answer.status_code == 200
    assert answer.get_data() == BYTES
    answer, _ = asked("bytes=1000000-", whole=True)
    assert answer.status_code == 206
    assert answer.get_data() == BYTES[1_000_000:]


@pytest.mark.parametrize("whole", [False, True])
def test_no_second_piece_is_sent_of_what_is_closed_meanwhile(whole: bool) -> None:
    """The act is asked again before each further piece, for whoever it is by then; a refusal breaks the answer off."""
    closed = False

    def opened() -> UUID:
        if closed:
            assert "visitor" not in g
            raise Refused
        g.visitor = "looked up for the first piece"
        return ID

    answer, reader = asked(None, whole=whole, opened=opened)
    with answer:
        body = iter(answer.response)
        first = next(body)
        assert first == BYTES[: len(first)]
        assert len(first) <= 1 << 16
        closed = True
        with pytest.raises(ConnectionResetError):
            next(body)
    assert reader.closed


def test_another_sound_is_not_gone_on_with() -> None:
    """One that was masked anew, or in another form of voice, is not mixed with the one before."""
    ids = iter([ID, ID, uuid4()])
    answer, _ = asked(None, opened=lambda: next(ids))
    with answer, pytest.raises(ConnectionResetError):
        list(answer.response)


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
