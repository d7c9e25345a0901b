"""The parent's side of the child that decodes: starts it, answers its questions, believes nothing it says.

The child gets numbers and the bytes it asks for; keys, file names and file handles stay here. What comes back is
samples, not a coded stream, so that no codec in this process ever reads what a foreign file has made.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from transcripts import errors
from transcripts.sound import child
from transcripts.sound.child import RATE
from transcripts.sound.files import Readable, Writable
from transcripts.sound.flac import FlacWriter, Samples
from transcripts.sound.limits import Decoded, Limits, SoundInfo

REFUSALS: dict[str, type[errors.SoundError]] = {
    kind.code: kind
    for kind in (
        errors.NotSound,
        errors.Unreadable,
        errors.NoAudioStream,
        errors.OddFormat,
        errors.TooLong,
        errors.DecoderStopped,
    )
}

SAID = (child.ASK, child.INFO, child.SOUND, child.END, child.FAIL)

Progress = Callable[[float, float | None], None]  # seconds done, seconds in all if known


def probe(file: Readable, limits: Limits) -> SoundInfo:
    """What ``file`` (seekable, from its start) says about itself, without decoding it.

    Raises EmptyFile, NotSound, Unreadable, NoAudioStream, OddFormat, TooLong, Damaged (a WAV, MP4 or MOV that claims
    more than is there) or DecoderStopped; an error of ``file`` itself passes unchanged.
    """
    info, _ = _probed(file, limits)
    return info


def walls(file: Readable, limits: Limits) -> tuple[str, ...]:
    """The walls that stood around the child while it opened ``file``: of limits, network, nobody, files."""
    return _probed(file, limits)[1]


def canonicalize(source: Readable, out: Writable, limits: Limits, progress: Progress) -> Decoded:
    """Decodes ``source`` (seekable) once and writes it to ``out`` as FLAC, 16 kHz, mono, 16 bits, as it is produced.

    ``progress`` is told the seconds done and those declared; what it raises ends the child and passes unchanged, as
    does what ``source`` and ``out`` raise. Raises what ``probe`` raises, and Damaged if more than 1 s or 1 % (the
    larger) is missing, surplus or had to be filled with silence: then ``out`` must be thrown away.
    """
    flac = FlacWriter(out)
    with closing(streamed(source, limits, progress)) as blocks:
        while True:
            try:
                flac.write(next(blocks))
            except StopIteration as end:
                flac.close()
                return cast(Decoded, end.value)


def streamed(source: Readable, limits: Limits, progress: Progress) -> Generator[Samples, None, Decoded]:
    """The samples that ``canonicalize`` would write, for whoever keeps none of them; raises as it does.

    Damage may be told after the last block: until then what was made of the blocks must not count.
    """
    info: SoundInfo | None = None
    counts: dict[str, float] = {}
    samples = 0
    with closing(_said(source, limits, decode=True)) as messages:
        for kind, payload in messages:
            if kind == child.INFO:
                info, _ = _checked(payload, limits)
            elif kind == child.SOUND and info is not None:
                block = np.frombuffer(payload[: len(payload) & ~1], dtype="<i2")
                samples += len(block)
                yield block
                if samples > limits.max_seconds * RATE:
                    raise errors.TooLong(hours=limits.max_seconds / 3600)
                progress(samples / RATE, info.seconds)
            elif kind == child.END:
                counts = _numbers(payload)
    decoded = Decoded(
        seconds=samples / RATE,
        samples=samples,
        declared_seconds=info.seconds if info else None,
        bad_packets=int(counts.get("bad_packets", 0)),
        silent_seconds=counts.get("silent_seconds", 0.0),
    )
    _must_be_whole(decoded, limits)
    return decoded


def _must_be_whole(decoded: Decoded, limits: Limits) -> None:
    if not decoded.samples:
        raise errors.Unreadable
    if not decoded.is_whole and not limits.tolerate_damage:
        raise errors.Damaged(declared=decoded.expected_seconds, decoded=decoded.heard_seconds)


def _probed(file: Readable, limits: Limits) -> tuple[SoundInfo, tuple[str, ...]]:
    found = None
    with closing(_said(file, limits, decode=False)) as messages:
        for kind, payload in messages:
            if kind == child.INFO:
                found = _checked(payload, limits)
    if found is None:
        raise errors.DecoderStopped("no answer")
    return found


def _checked(payload: bytes, limits: Limits) -> tuple[SoundInfo, tuple[str, ...]]:
    """The child's description, each field held to what it may be."""
    said = _object(payload)
    seconds, there = (_number(said.get(name)) for name in ("seconds", "there"))
    info = SoundInfo(
        seconds=seconds,
        rate=int(_number(said.get("rate")) or 0),
        channels=int(_number(said.get("channels")) or 0),
        codec=_label(said.get("codec")),
        container=_label(said.get("container")),
        tracks=int(_number(said.get("tracks")) or 1),
    )
    if seconds is not None and there is not None and seconds - there > max(1.0, seconds / 100):
        if not limits.tolerate_damage:
            raise errors.Damaged(declared=seconds, decoded=there)
    elif seconds is not None and seconds > limits.max_seconds:
        raise errors.TooLong(hours=limits.max_seconds / 3600)
    standing = said.get("walls")
    return info, tuple(_label(wall) for wall in standing) if isinstance(standing, list) else ()


@dataclass(frozen=True, slots=True)
class _Source:
    """The upload, read at places."""

    file: Readable
    length: int

    def read_at(self, offset: int, count: int) -> bytes:
        if offset + count > self.length or count > child.LARGEST:
            raise errors.DecoderStopped("the child asked for what is not there")
        self.file.seek(offset)
        found = bytearray()
        while len(found) < count and (piece := self.file.read(count - len(found))):
            found += piece
        return bytes(found)


def _said(file: Readable, limits: Limits, *, decode: bool) -> Generator[tuple[bytes, bytes], None, None]:
    """What the child has to say about ``file``; its questions are answered on the way. Raises its refusals."""
    source = _Source(file, file.seek(0, os.SEEK_END))
    if not source.length:
        raise errors.EmptyFile
    order = {
        "decode": decode,
        "length": source.length,
        "max_seconds": limits.max_seconds,
        "max_memory": limits.max_memory,
        "cpu_start": limits.cpu_start,
        "cpu_most": limits.cpu_start + int(limits.cpu_hour * limits.max_seconds / 3600) + 1,
    }
    with _child(limits) as line:
        line.send(child.ORDER, json.dumps(order).encode())
        kind = b""
        while kind != child.END:
            kind, payload = line.receive()
            if kind == child.ASK:
                line.send(child.BYTES, source.read_at(*child.ASKED.unpack(payload)))
            elif kind == child.FAIL:
                raise _refusal(payload, limits)
            else:
                yield kind, payload


class _Line:
    """The connection to the child, with an end to every wait."""

    def __init__(self, connection: socket.socket, process: subprocess.Popen[bytes]) -> None:
        self._connection = connection
        self._process = process

    def send(self, kind: bytes, payload: bytes) -> None:
        try:
            self._connection.sendall(child.HEAD.pack(kind, len(payload)) + payload)
        except OSError as cause:
            raise self._stopped() from cause

    def receive(self) -> tuple[bytes, bytes]:
        kind, length = child.HEAD.unpack(self._exactly(child.HEAD.size))
        if length > child.LARGEST:
            raise errors.DecoderStopped("the child sent too much at once")
        if kind not in SAID or (kind == child.ASK and length != child.ASKED.size):
            raise errors.DecoderStopped("the child does not keep to the protocol")
        return kind, self._exactly(length)

    def _exactly(self, count: int) -> bytes:
        found = bytearray(count)
        view = memoryview(found)
        while view:
            try:
                got = self._connection.recv_into(view)
            except OSError as cause:
                raise self._stopped() from cause
            if not got:
                raise self._stopped()
            view = view[got:]
        return bytes(found)

    def _stopped(self) -> errors.DecoderStopped:
        """Why the line is dead: the child ended by itself, or is silent and is ended when the line is given up."""
        try:
            status = self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            return errors.DecoderStopped("the child was silent for too long")
        return errors.DecoderStopped(f"the child ended with status {status}")


@contextmanager
def _child(limits: Limits) -> Iterator[_Line]:
    """A fresh child; whatever happens, it is gone afterwards."""
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own file
                [sys.executable, "-I", "-B", child.__file__],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env={},
                start_new_session=True,
            )
        ours.settimeout(limits.patience)
        try:
            yield _Line(ours, process)
        finally:
            process.kill()
            process.wait()


def _refusal(payload: bytes, limits: Limits) -> errors.SoundError:
    said = _object(payload)
    kind = REFUSALS.get(str(said.get("code")), errors.DecoderStopped)
    if kind is errors.TooLong:
        return errors.TooLong(hours=limits.max_seconds / 3600)
    if kind is errors.OddFormat:
        rate, channels = (int(_number(said.get(name)) or 0) for name in ("rate", "channels"))
        return errors.OddFormat(rate=rate, channels=channels)
    return kind()


def _numbers(payload: bytes) -> dict[str, float]:
    return {name: number for name, value in _object(payload).items() if (number := _number(value)) is not None}


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and 0 <= value < 1e12 else None


def _label(value: object) -> str:
    return value if isinstance(value, str) and re.fullmatch(r"[\w,]{1,64}", value, re.ASCII) else ""


def _object(payload: bytes) -> dict[str, Any]:
    try:
        found = json.loads(payload)
    except ValueError as cause:
        raise errors.DecoderStopped("the child does not keep to the protocol") from cause
    return found if isinstance(found, dict) else {}
