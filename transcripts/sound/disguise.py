"""Another voice. This is a courtesy, not anonymity."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import IO

import ffmpeg
import imageio_ffmpeg
import numpy as np

from transcripts.errors import SoundError, ToolMissing
from transcripts.sound.child import RATE
from transcripts.sound.flac import Samples

_PIECE = 1 << 16  # bytes read from ffmpeg at a time: two seconds


def disguised(blocks: Iterable[Samples], pitch: float = 0.8) -> Iterator[Samples]:
    """``blocks`` (int16, 16 kHz) in a changed voice: pitch and formants times ``pitch``, length and times kept.

    It keeps a listener who does not know the voice from recognising it in the street. It does **not** make the
    speaker anonymous: the shift can be undone, and manner, pace and words stay. Whoever needs more than that must
    choose text only. All sound stays in memory, a few seconds at a time; nothing is written to a disk.
    Raises ToolMissing, SoundError; what ``blocks`` raises passes unchanged.
    """
    taken = given = 0
    for block, made in _through(_command(pitch), blocks):
        taken += len(block)
        piece = made[: taken - given]  # at its end the filter gives a little more than it took
        given += len(piece)
        if len(piece):
            yield piece
    if given < taken:
        yield np.zeros(taken - given, np.int16)


def _command(pitch: float) -> list[str]:
    stream = ffmpeg.input("pipe:0", format="s16le", ar=RATE, ac=1, protocol_whitelist="pipe")
    stream = stream.filter("rubberband", pitch=pitch, formant="shifted", pitchq="quality")
    stream = stream.output("pipe:1", format="s16le", ar=RATE, ac=1)
    try:
        return list(stream.compile(cmd=imageio_ffmpeg.get_ffmpeg_exe()))
    except RuntimeError as cause:
        raise ToolMissing from cause


def _through(command: list[str], blocks: Iterable[Samples]) -> Iterator[tuple[Samples, Samples]]:
    """What went into the program and what has come out meanwhile, piece by piece."""
    try:
        process = subprocess.Popen(  # noqa: S603 - our own command line
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd="/", env={}
        )
    except FileNotFoundError as cause:
        raise ToolMissing from cause
    assert process.stdin is not None
    assert process.stdout is not None
    made: SimpleQueue[bytes] = SimpleQueue()
    # The program stops reading while nobody takes what it makes, so taking must not wait for giving.
    taker = Thread(target=_take, args=(process.stdout, made), daemon=True)
    taker.start()
    nothing = np.zeros(0, np.int16)
    try:
        for block in blocks:
            with suppress(BrokenPipeError):  # it has died: its status, below, says so
                process.stdin.write(block.astype("<i2").tobytes())
            yield block, _waiting(made)
        with suppress(BrokenPipeError):
            process.stdin.close()
        taker.join()
        yield nothing, _waiting(made)
        if status := process.wait():
            raise SoundError(f"ffmpeg ended with status {status}")
    finally:
        process.kill()
        with suppress(BrokenPipeError):
            process.stdin.close()
        taker.join()
        process.stdout.close()
        process.wait()


def _take(out: IO[bytes], made: SimpleQueue[bytes]) -> None:
    while piece := out.read(_PIECE):
        made.put(piece)


def _waiting(made: SimpleQueue[bytes]) -> Samples:
    pieces = [made.get() for _ in range(made.qsize())]
    return np.frombuffer(b"".join(pieces), dtype="<i2")
