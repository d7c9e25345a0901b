"""The limited process that decodes uploads: bytes asked for in, 16 kHz mono samples out. It holds no key and no file.

Run by its path with ``python -I``, so it imports the standard library and PyAV only. Everything it knows comes over
one socket, its standard input, from decoder.py; whatever it answers is treated there as untrusted.
An upload is foreign input for half a million lines of C: should one of them give way, this is where it happens.

Messages, both ways: kind (1 byte), length (u32 big-endian), payload. The parent sends one ORDER (JSON) and answers
each ASK (offset u64, count u32) with BYTES; the child sends INFO (JSON) once, SOUND (s16le samples) many times, and
END or FAIL (JSON).
"""

from __future__ import annotations

import contextlib
import ctypes
import io
import json
import os
import re
import resource
import socket
import struct
import sys
from collections.abc import Iterator
from typing import Any, NoReturn

import av
import av.error
import av.subtitles.codeccontext
import av.subtitles.stream  # PyAV imports these when it meets such a stream; behind the walls no import succeeds
import av.video.codeccontext
import av.video.stream
from av.audio.fifo import AudioFifo
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.stream import Discard

RATE = 16_000  # Hz, of everything this archive computes with
ORDER, ASK, BYTES, INFO, SOUND, END, FAIL = (b"O", b"A", b"B", b"I", b"S", b"E", b"X")
HEAD = struct.Struct(">cI")
ASKED = struct.Struct(">QI")
LARGEST = 1 << 20  # bytes in one payload

# Without these lists a text file with the right first line makes libavformat open other files by name.
FORMATS = "wav,w64,aiff,caf,mp3,aac,flac,ogg,amr,mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,asf"
CODECS = (
    "pcm_u8,pcm_s8,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,pcm_f32le,pcm_f32be,pcm_f64le,pcm_alaw,"
    "pcm_mulaw,adpcm_ms,adpcm_ima_wav,adpcm_ima_qt,gsm_ms,mp3float,mp3,mp2float,mp2,aac,alac,opus,vorbis,speex,flac,"
    "amrnb,amrwb,ac3,wmav1,wmav2,wmapro"
)
OPTIONS = {"format_whitelist": FORMATS, "codec_whitelist": CODECS, "protocol_whitelist": "none"}

RATES = range(4_000, 192_001)  # Hz
CHANNELS = range(1, 9)
CHUNK_SECONDS = 4  # resampled and sent at once; small enough for progress, large enough to cost nothing
JITTER = 0.1  # seconds that the file's clock may run off before silence is put in or the clock is set anew
LEAP = 60.0  # seconds of gap that are believed when the file declares no length
STUBBORN = 1_000  # failed reads in a row after which the rest of the file is given up

# How a sound file of a known kind begins: (offset, bytes).
MAGIC = ((0, b"RIFF"), (0, b"OggS"), (0, b"fLaC"), (0, b"\x1aE\xdf\xa3"), (4, b"ftyp"), (0, b"#!AMR"), (0, b"ID3"))


class Refusal(Exception):
    """This file is not decoded. ``code`` is the code of an error in transcripts.errors, ``facts`` its numbers."""

    def __init__(self, code: str, **facts: float) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class Line:
    """The one connection to the parent. When the parent is gone, so is this process."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def send(self, kind: bytes, payload: bytes) -> None:
        try:
            self._connection.sendall(HEAD.pack(kind, len(payload)) + payload)
        except OSError:
            os._exit(1)

    def receive(self, expected: bytes) -> bytes:
        kind, length = HEAD.unpack(self._exactly(HEAD.size))
        if kind != expected:
            os._exit(1)
        return self._exactly(length)

    def _exactly(self, count: int) -> bytes:
        found = bytearray()
        while len(found) < count:
            try:
                piece = self._connection.recv(count - len(found))
            except OSError:
                os._exit(1)
            if not piece:
                os._exit(1)
            found += piece
        return bytes(found)


class AskedFile(io.RawIOBase):
    """The upload as a file object: every read is a question to the parent."""

    def __init__(self, line: Line, length: int) -> None:
        self.length = length
        self._line = line
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self.length}[whence]
        self._at = max(0, base + offset)
        return self._at

    def read(self, count: int = -1) -> bytes:
        left = max(0, self.length - self._at)
        count = min(left if count < 0 else count, left, LARGEST)
        if not count:
            return b""
        self._line.send(ASK, ASKED.pack(self._at, count))
        found = self._line.receive(BYTES)
        self._at += len(found)
        return found

    def peek(self, offset: int, count: int) -> bytes:
        """Bytes at a place, leaving the position as it was."""
        before, self._at = self._at, offset
        try:
            return self.read(count)
        finally:
            self._at = before


class Mixdown:
    """Frames of any rate, layout and format in; 16 kHz mono s16 out, in order, never more than ``limit`` samples."""

    def __init__(self, line: Line, limit: int) -> None:
        self.samples = 0
        self._line = line
        self._limit = limit
        self._kind: tuple[str, str, int] | None = None
        self._fifo = AudioFifo()
        self._resampler = AudioResampler("s16", "mono", RATE)
        self._base = 0
        self._taken = 0

    @property
    def seconds(self) -> float:
        """How long the sound taken so far is."""
        return self._base / RATE + (self._taken / self._kind[2] if self._kind else 0.0)

    def add(self, frame: AudioFrame) -> None:
        kind = (frame.format.name, frame.layout.name, frame.sample_rate)
        if kind != self._kind:
            must_be_usual(frame.sample_rate, frame.layout.nb_channels)
            self.flush()
            self._kind = kind
        frame.pts = None  # the timeline is kept by Clock; the resampler must not have its own opinion
        self._taken += frame.samples
        # Frames of 20 ms are gathered first: resampling them one by one costs three times as much.
        self._fifo.write(frame)
        if self._fifo.samples >= CHUNK_SECONDS * frame.sample_rate:
            self._resample(self._fifo.read())

    def silence(self, seconds: float) -> None:
        self.flush()
        left = round(seconds * RATE)
        while left > 0:
            self._send(bytes(2 * min(left, CHUNK_SECONDS * RATE)))
            left -= CHUNK_SECONDS * RATE
        self._base = self.samples

    def flush(self) -> None:
        """Sends what is still held back, and starts anew."""
        if self._kind:
            if self._fifo.samples:
                self._resample(self._fifo.read())
            self._resample(None)
        self._fifo = AudioFifo()
        self._resampler = AudioResampler("s16", "mono", RATE)
        self._base, self._taken, self._kind = self.samples, 0, None

    def _resample(self, frame: AudioFrame | None) -> None:
        for made in self._resampler.resample(frame):
            self._send(bytes(made.planes[0])[: 2 * made.samples])

    def _send(self, sound: bytes) -> None:
        self.samples += len(sound) // 2
        if self.samples > self._limit:
            raise Refusal("sound-too-long", hours=self._limit / RATE / 3600)
        for start in range(0, len(sound), LARGEST):
            self._line.send(SOUND, sound[start : start + LARGEST])


class Clock:
    """The file's own timeline: says where sound is missing, so that what follows stays at its time."""

    def __init__(self, origin: float | None, declared: float | None) -> None:
        self._origin = origin
        self._declared = declared

    def gap(self, frame: AudioFrame, position: float) -> float:
        """Seconds of silence that belong before ``frame``; ``position`` seconds have been written."""
        if frame.pts is None or frame.time_base is None:
            return 0.0
        at = float(frame.pts * frame.time_base)
        if self._origin is None:
            self._origin = at - position
        gap = at - self._origin - position
        if abs(gap) <= JITTER:
            return 0.0
        believed = position + LEAP if self._declared is None else self._declared + JITTER
        if gap < 0 or position + gap > believed:
            self._origin = at - position  # a clock that leaps or runs back: the sound stays, the clock is set anew
            return 0.0
        return gap


def must_be_usual(rate: int, channels: int) -> None:
    if rate not in RATES or channels not in CHANNELS:
        raise Refusal("sound-odd-format", rate=rate, channels=channels)


def opened(file: AskedFile) -> InputContainer:
    """The container. Raises Refusal; memory errors pass."""
    try:
        return av.open(file, "r", options=OPTIONS, metadata_errors="ignore", buffer_size=1 << 16, io_open=_nothing_else)
    except MemoryError:
        raise
    except (av.error.FFmpegError, PermissionError):
        start = file.peek(0, 16)
        known = any(start[offset:].startswith(magic) for offset, magic in MAGIC)
        raise Refusal("sound-unreadable" if known else "sound-unknown") from None


def _nothing_else(*_: object) -> NoReturn:
    raise PermissionError  # a container that wants a second file


def chosen(container: InputContainer) -> AudioStream:
    """The sound track to decode; everything else is skipped by the demuxer. Raises Refusal."""
    if not container.streams.audio:
        raise Refusal("sound-no-audio")
    stream = container.streams.audio[0]
    for other in container.streams:
        if other is not stream:
            other.discard = Discard.all
    if stream.codec_context.name not in CODECS.split(","):
        raise Refusal("sound-unknown")
    must_be_usual(stream.codec_context.sample_rate, stream.codec_context.channels)
    stream.codec_context.thread_count = 1
    return stream


def declared_seconds(file: AskedFile, container: InputContainer, stream: AudioStream) -> float | None:
    """How long the file itself says its sound is; None where libavformat would only estimate it from the bit rate."""
    kind = container.format.name
    if kind in ("amr", "aac") or (kind == "mp3" and not _says_frames(file)):
        return None
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    if tag := re.fullmatch(r"(\d+):(\d+):(\d+\.?\d*)", stream.metadata.get("DURATION", "")):
        return int(tag[1]) * 3600 + int(tag[2]) * 60 + float(tag[3])
    if len(container.streams) == 1 and container.duration is not None:
        return container.duration / av.time_base
    return None


def _says_frames(file: AskedFile) -> bool:
    """Whether an MP3 holds a Xing, Info or VBRI header, which counts its frames."""
    start = 0
    head = file.peek(0, 10)
    if head[:3] == b"ID3" and len(head) == 10:
        start = 10 + sum((byte & 0x7F) << shift for byte, shift in zip(head[6:], (21, 14, 7, 0), strict=True))
    first = file.peek(start, 4096)
    return any(name in first for name in (b"Xing", b"Info", b"VBRI"))


def claimed_and_there(file: AskedFile, container: InputContainer, seconds: float | None) -> list[float | None]:
    """Of ``seconds`` by libavformat's count: how many the file claims to hold, and for how many there are bytes."""
    if seconds is None:
        return [None, None]
    if "mov" in container.format.name:
        return [seconds, seconds / _claimed_in_mdat(file)]
    return [seconds * _claimed_in_data(file), seconds]


def _claimed_in_mdat(file: AskedFile) -> float:
    """Bytes that the ``mdat`` boxes of an MP4 or MOV claim, over those that are there: above 1 if it was cut off.

    Its index, where it stands in front, counts seconds whose bytes never arrived.
    """
    at = claimed = there = 0
    for _ in range(64):
        size, name = struct.unpack(">I4s", file.peek(at, 8).ljust(8, b"\0"))
        if size == 1:
            size = int.from_bytes(file.peek(at + 8, 8), "big")
        if size < 8:  # 0: up to the end of the file, whatever that is
            break
        if name == b"mdat":
            claimed += size
            there += max(0, min(size, file.length - at))
        at += size
    return claimed / there if there else 1.0


def _claimed_in_data(file: AskedFile) -> float:
    """Bytes the ``data`` chunk of a WAV claims, over those that are there; libavformat silently takes the latter.

    1 for a WAV that claims no more than it has, and for everything else.
    """
    if file.peek(0, 4) != b"RIFF":
        return 1.0
    at = 12
    for _ in range(64):
        name, size = struct.unpack("<4sI", file.peek(at, 8).ljust(8, b"\0"))
        if name == b"data":
            there = file.length - at - 8
            unknown = size in (0, 0x7FFFF000, 0x7FFFFFFF, 0xFFFFFFFF)  # what recorders and pipes write
            return size / there if there > 0 and size > there and not unknown else 1.0
        at += 8 + size + size % 2
    return 1.0


def packets(container: InputContainer, stream: AudioStream) -> Iterator[Packet[AudioStream] | None]:
    """Every packet, None for one that could not even be read; the last one is empty and flushes the decoder."""
    failed = 0
    while failed < STUBBORN:
        try:
            for packet in container.demux(stream):
                failed = 0
                yield packet
        except MemoryError:
            raise
        except av.error.FFmpegError:
            failed += 1
            yield None
        else:
            return


def decode(container: InputContainer, stream: AudioStream, clock: Clock, mix: Mixdown) -> dict[str, float]:
    """Sends all sound and returns what there is to say about it: bad packets, seconds of silence put in."""
    bad, silent = 0, 0.0
    for packet in packets(container, stream):
        try:
            frames = packet.decode() if packet else []
            bad += packet is None
        except MemoryError:
            raise
        except (av.error.FFmpegError, ValueError):
            bad += 1
            continue
        for frame in frames:
            if gap := clock.gap(frame, mix.seconds):
                mix.silence(gap)
                silent += gap
            mix.add(frame)
    mix.flush()
    return {"bad_packets": bad, "silent_seconds": silent}


def work(line: Line, order: dict[str, Any], walls: list[str]) -> None:
    file = AskedFile(line, order["length"])
    with opened(file) as container:
        stream = chosen(container)
        declared, there = claimed_and_there(file, container, declared_seconds(file, container, stream))
        info = {
            "seconds": declared,
            "there": there,
            "rate": stream.codec_context.sample_rate,
            "channels": stream.codec_context.channels,
            "codec": stream.codec_context.name,
            "container": container.format.name,
            "tracks": len(container.streams.audio),
            "walls": walls,
        }
        line.send(INFO, json.dumps(info).encode())
        found: dict[str, float] = {}
        if order["decode"]:
            resource.setrlimit(resource.RLIMIT_CPU, (order["cpu_most"], order["cpu_most"]))
            start = stream.start_time
            origin = None if start is None or stream.time_base is None else float(start * stream.time_base)
            mix = Mixdown(line, round(order["max_seconds"] * RATE))
            found = decode(container, stream, Clock(origin, declared), mix)
        line.send(END, json.dumps(found).encode())


def confine(order: dict[str, Any]) -> list[str]:
    """Gives up what decoding does not need. Returns the names of the walls that stand; a system may lack some."""
    libc = ctypes.CDLL(None, use_errno=True)
    walls = ["limits"]
    # CLONE_NEWNET alone as root, with CLONE_NEWUSER otherwise: an empty network, not even a loopback.
    if libc.unshare(0x40000000) == 0 or libc.unshare(0x50000000) == 0:
        walls.append("network")
    if os.getuid() == 0:
        with contextlib.suppress(OSError):  # a container may forbid it
            os.setgroups([])
            os.setresgid(65534, 65534, 65534)
            os.setresuid(65534, 65534, 65534)
            walls.append("nobody")
    # PR_SET_PDEATHSIG, SIGKILL: after the change of user, which clears it. A parent already gone has closed the line.
    libc.prctl(1, 9, 0, 0, 0)
    libc.prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE: what passes through here is plaintext
    libc.prctl(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS
    if _landlock(libc):
        walls.append("files")
    limits = {
        resource.RLIMIT_AS: order["max_memory"],
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: 3,  # the three that are open: no open(), no socket() can succeed
        resource.RLIMIT_NPROC: 0,
    }
    for limit, value in limits.items():
        resource.setrlimit(limit, (value, value))
    resource.setrlimit(resource.RLIMIT_CPU, (order["cpu_start"], order["cpu_most"]))
    return walls


def _landlock(libc: ctypes.CDLL) -> bool:
    """Forbids all files, TCP ports and signals to others, for good (Landlock, Linux 5.13 and later).

    System calls 444 and 446 have these numbers on all architectures. The masks name all rights of each version.
    """
    version = libc.syscall(444, None, 0, 1)
    if version < 1:
        return False
    file_rights = (1 << {1: 13, 2: 14, 3: 15, 4: 15}.get(version, 16)) - 1
    fields = 1 if version < 4 else 2 if version < 6 else 3  # files; TCP; signals and abstract sockets outside
    ruleset = struct.pack("=QQQ", file_rights, 0b11, 0b11)[: 8 * fields]
    handle = libc.syscall(444, ruleset, len(ruleset), 0)
    if handle < 0:
        return False
    stands = libc.syscall(446, handle, 0) == 0
    os.close(handle)
    return bool(stands)


def main() -> None:
    line = Line(socket.socket(fileno=0))
    order = json.loads(line.receive(ORDER))
    walls = confine(order)
    av.logging.set_level(None)
    try:
        work(line, order, walls)
    except Refusal as refusal:
        line.send(FAIL, json.dumps({"code": refusal.code, **refusal.facts}).encode())
    except MemoryError:
        line.send(FAIL, json.dumps({"code": "sound-decoder-stopped"}).encode())
    sys.stdout.flush()
    os._exit(0)  # no destructors over half-broken files


if __name__ == "__main__":
    main()
