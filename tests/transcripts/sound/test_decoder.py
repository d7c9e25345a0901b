"""Uploads become one canonical recording, or the right error; the child that decodes them can reach nothing."""

from __future__ import annotations

import io
import json
import os
import signal
import struct
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from tests.transcripts.sound.recordings import chirps, coded, lag, likeness, wav
from transcripts import errors
from transcripts.sound import RATE, CanonicalSound, Limits, canonicalize, child, probe, walls

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"
SECONDS = 3.3


LIMITS = Limits()


def canonical(data: bytes, limits: Limits = LIMITS) -> np.ndarray:
    """The samples that ``data`` becomes."""
    out = io.BytesIO()
    made = canonicalize(io.BytesIO(data), out, limits, lambda *_: None)
    sound = CanonicalSound(out)
    assert sound.samples == made.samples
    return sound.read(0, sound.samples)


def child_of_this_process() -> int:
    """The process id of the one child that runs now."""
    found = [
        int(pid)
        for task in Path("/proc/self/task").iterdir()
        for pid in (task / "children").read_text().split()
        if "sound/child.py" in Path(f"/proc/{pid}/cmdline").read_text()
    ]
    assert len(found) == 1
    return found[0]


def no_child_is_left() -> bool:
    with pytest.raises(AssertionError):
        child_of_this_process()
    return True


def test_canonical_sound_of_16_khz_mono_is_the_upload_bit_for_bit() -> None:
    """Nothing is resampled, dithered or scaled without need."""
    samples = chirps(9.7)
    assert np.array_equal(canonical(wav(samples)), samples)


@pytest.mark.parametrize(
    ("container", "codec", "rate", "late"),
    [
        ("wav", "pcm_s24le", 44_100, 0),
        ("wav", "pcm_mulaw", 8_000, 0),
        ("aiff", "pcm_s16be", 48_000, 0),
        ("caf", "alac", 44_100, 0),
        ("flac", "flac", 44_100, 0),
        ("mp3", "libmp3lame", 44_100, 0),
        ("adts", "aac", 44_100, 400),  # this container cannot say how much silence the encoder put in front
        ("ipod", "aac", 44_100, 0),
        ("mov", "alac", 48_000, 0),
        ("ogg", "libopus", 48_000, 0),
        ("webm", "libopus", 48_000, 0),
        ("3gp", "libopencore_amrnb", 8_000, 30),
        ("asf", "wmav2", 44_100, 750),
    ],
)
def test_every_format_keeps_sound_and_timeline(container: str, codec: str, rate: int, late: int) -> None:
    """What is heard at a second of the upload is heard at that second of the canonical sound."""
    samples = chirps(SECONDS)
    made = canonical(coded(samples, container, codec, rate))
    shift = lag(samples, made)
    assert abs(shift) <= late
    assert abs(len(made) - len(samples)) < 0.1 * RATE
    assert likeness(samples[8000:40000], made[8000 + shift : 40000 + shift]) > 0.95


def test_a_frame_of_any_length_is_sent_in_small_messages() -> None:
    """Some codecs have frames of minutes; the parent refuses messages that large."""
    sent: list[bytes] = []

    class Line(child.Line):
        def __init__(self) -> None:
            pass

        def send(self, kind: bytes, payload: bytes) -> None:
            assert kind == child.SOUND
            sent.append(payload)

    samples = chirps(70)
    frame = av.AudioFrame.from_ndarray(samples[None], format="s16", layout="mono")
    frame.sample_rate = RATE
    mix = child.Mixdown(Line(), 1 << 30)
    mix.add(frame)
    mix.flush()
    assert b"".join(sent) == samples.tobytes()
    assert max(map(len, sent)) <= child.LARGEST


def test_stereo_is_mixed() -> None:
    """Both speakers of a stereo recording are heard."""
    left, right = chirps(2, seed=1), chirps(2, seed=2)
    made = canonical(wav(np.stack([left, right], axis=1).reshape(-1), channels=2))
    assert likeness(made, left) > 0.5
    assert likeness(made, right) > 0.5


def test_probe_tells_what_the_file_says() -> None:
    """Length, rate, channels, codec and container come from the child, and only numbers and plain words do."""
    info = probe(io.BytesIO(coded(chirps(SECONDS), "ipod", "aac", 44_100)), Limits())
    assert info.seconds == pytest.approx(SECONDS)
    assert (info.rate, info.channels, info.codec, info.tracks) == (44_100, 1, "aac", 1)
    assert "m4a" in info.container


def test_progress_grows_to_the_end() -> None:
    """Progress is told in seconds, with the declared length beside it."""
    told: list[tuple[float, float | None]] = []
    canonicalize(io.BytesIO(wav(chirps(10))), io.BytesIO(), Limits(), lambda *at: told.append(at))
    assert len(told) >= 2
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1] == (10.0, 10.0)


FOREIGN = {
    "nothing": (b"", errors.EmptyFile),
    "text": (b"To whom it may concern, this is a letter.\n" * 9, errors.NotSound),
    "zeros": (bytes(3000), errors.NotSound),
    "hls": (b"#EXTM3U\n#EXTINF:10,\nfile://%s\n#EXT-X-ENDLIST\n", errors.NotSound),
    "concat": (b"ffconcat version 1.0\nfile '%s'\n", errors.NotSound),
    "one hertz": (wav(chirps(1), rate=1), errors.OddFormat),
    "65535 channels": (wav(chirps(1), channels=65_535), errors.OddFormat),
    "header only": (wav(chirps(0)), errors.Unreadable),
    "no index": (coded(chirps(3), "ipod", "aac")[:9000], errors.Unreadable),
    "claims 4 GB": (wav(chirps(1), data_size=0xFFFFFFF0), errors.Damaged),
    "cut WAV": (wav(chirps(9))[: 5 * 32_000], errors.Damaged),
    "cut FLAC": (coded(chirps(9), "flac", "flac")[:-60_000], errors.Damaged),
    "too long": (wav(chirps(31)), errors.TooLong),
    "too long, undeclared": (coded(chirps(31), "adts", "aac"), errors.TooLong),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_foreign_files_get_the_right_error(name: str, tmp_path: Path) -> None:
    """Each kind of bad file is told apart, and a file that names another one never gets at it."""
    other = tmp_path / "other.wav"
    other.write_bytes(wav(chirps(2)))
    data, expected = FOREIGN[name]
    data = data.replace(b"%s", str(other).encode())
    out = io.BytesIO()
    with pytest.raises(expected) as caught:
        canonicalize(io.BytesIO(data), out, Limits(max_seconds=30), lambda *_: None)
    assert caught.value.told()
    assert len(out.getvalue()) < 31 * 2 * RATE
    assert no_child_is_left()


@pytest.mark.parametrize("container", ["ipod", "mov", "mp4"])
def test_a_recording_whose_end_never_arrived_is_refused_before_it_is_decoded(container: str) -> None:
    """Its index came first and counts all of it: whoever sends it is told while the device is still at hand."""
    whole = index_first(coded(chirps(9), container, "aac"))
    assert probe(io.BytesIO(whole), LIMITS).seconds == pytest.approx(9, abs=0.1)
    cut = whole[: len(whole) * 2 // 3]
    with pytest.raises(errors.Damaged) as caught:
        probe(io.BytesIO(cut), LIMITS)
    assert caught.value.facts["declared"] == pytest.approx(9, abs=0.1)
    assert 5 < caught.value.facts["decoded"] < 7
    assert probe(io.BytesIO(cut), Limits(tolerate_damage=True)).seconds == pytest.approx(9, abs=0.1)


@pytest.mark.parametrize("count", [bytes(4) + b"mdat", None])
def test_an_mp4_may_count_its_bytes_in_other_ways(count: bytes | None) -> None:
    """Cameras write 0 for “up to the end”, and lengths of 64 bits: both are whole."""
    whole = index_first(coded(chirps(5), "ipod", "aac"))
    at = whole.index(b"mdat") - 4
    if count is None:  # it takes the place of the empty box that stands before
        at -= 8
        count = b"\0\0\0\1mdat" + (len(whole) - at).to_bytes(8, "big")
    remade = whole[:at] + count + whole[at + len(count) :]
    assert len(remade) == len(whole)
    assert len(canonical(remade)) == pytest.approx(5 * RATE, abs=0.1 * RATE)


def test_a_video_without_sound_is_told_apart() -> None:
    """A picture is not a damaged recording."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as muxer:
        stream = muxer.add_stream("mpeg4", rate=25)
        stream.width = stream.height = 64
        for _ in range(5):
            muxer.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")))
        muxer.mux(stream.encode(None))
    with pytest.raises(errors.NoAudioStream):
        probe(out, Limits())


def index_first(data: bytes) -> bytes:
    """An MP4 whose index stood at its end, as it is offered for download: the index moved before the sound."""
    sound, index = data.index(b"mdat") - 12, data.index(b"moov") - 4
    assert data[sound + 4 : sound + 8] in {b"free", b"wide"}
    moov = bytearray(data[index:])
    at = moov.index(b"stco") + 8
    (count,) = struct.unpack_from(">I", moov, at)
    places = struct.unpack_from(f">{count}I", moov, at + 4)
    struct.pack_into(f">{count}I", moov, at + 4, *(place + len(moov) for place in places))
    return data[:sound] + bytes(moov) + data[sound:index]


def holed(samples: np.ndarray, container: str, codec: str) -> bytes:
    """A file of 64 kbit/s in which 2 s in the middle are overwritten."""
    data = bytearray(coded(samples, container, codec))
    middle = len(data) // 2
    data[middle - 8000 : middle + 8000] = b"\xff" * 16_000
    return bytes(data)


@pytest.mark.parametrize(("container", "codec"), [("mp3", "libmp3lame"), ("ipod", "aac"), ("matroska", "aac")])
def test_lost_sound_is_reported(container: str, codec: str) -> None:
    """A hole in the middle is damage even though the end is there: lost sound must not pass silently."""
    with pytest.raises(errors.Damaged) as caught:
        canonical(holed(chirps(12), container, codec))
    assert caught.value.facts["declared"] == pytest.approx(12, abs=0.1)
    assert 6 < caught.value.facts["decoded"] < 10.3


def test_after_a_hole_the_timeline_is_kept() -> None:
    """What can be decoded of a damaged file stands at its own time, so that bleeps cannot miss."""
    samples = chirps(12)
    made = canonical(holed(samples, "ipod", "aac"), Limits(tolerate_damage=True))
    assert abs(len(made) - len(samples)) < 0.1 * RATE
    for place in (slice(2 * RATE, 4 * RATE), slice(9 * RATE, 11 * RATE)):
        assert abs(lag(samples[place], made[place])) < 0.12 * RATE


class Broken(Exception):
    """Stands for the vault's Tampered."""


class BreakingFile(io.BytesIO):
    """Raises from the ``after``-th read on."""

    def __init__(self, data: bytes, after: int) -> None:
        super().__init__(data)
        self.after = after
        self.error = Broken("a chunk does not open")

    def read(self, count: int | None = -1, /) -> bytes:
        self.after -= 1
        if self.after < 0:
            raise self.error
        return super().read(count)


@pytest.mark.parametrize("after", [0, 1, 5])
def test_an_error_of_the_source_reaches_the_caller_unchanged(after: int) -> None:
    """A tampered chunk in the vault is told as that, not as a damaged recording."""
    source = BreakingFile(wav(chirps(30)), after)
    with pytest.raises(Broken) as caught:
        canonicalize(source, io.BytesIO(), Limits(), lambda *_: None)
    assert caught.value is source.error
    assert no_child_is_left()


def test_an_error_of_the_output_reaches_the_caller_unchanged() -> None:
    """A full disk is told as that."""

    class FullDisk(io.BytesIO):
        def write(self, data: object, /) -> int:
            if self.tell() > 50_000:
                raise full
            return super().write(data)  # type: ignore[arg-type]

    full = OSError(28, "No space left on device")
    with pytest.raises(OSError, match="No space") as caught:
        canonicalize(io.BytesIO(wav(chirps(30))), FullDisk(), Limits(), lambda *_: None)
    assert caught.value is full
    assert no_child_is_left()


def test_what_progress_raises_cancels() -> None:
    """A withdrawn interview stops being decoded at the next word of progress."""
    asked = []

    def stop(done: float, _: float | None) -> None:
        asked.append(done)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        canonicalize(io.BytesIO(wav(chirps(60))), io.BytesIO(), Limits(), stop)
    assert len(asked) == 1
    assert no_child_is_left()


@pytest.mark.slow
@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGSEGV, signal.SIGSTOP])
def test_a_child_that_dies_or_hangs_is_an_error_and_not_a_wait(blow: signal.Signals) -> None:
    """Crashed, killed for memory, or stuck: the caller is told and nothing is left running."""
    struck = []

    def strike(*_: object) -> None:
        if not struck:
            struck.append(child_of_this_process())
            os.kill(struck[0], blow)

    started = time.monotonic()
    with pytest.raises(errors.DecoderStopped):
        canonicalize(io.BytesIO(wav(chirps(60))), io.BytesIO(), Limits(patience=3), strike)
    assert time.monotonic() - started < 20
    assert not Path(f"/proc/{struck[0]}").exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    "limits", [Limits(max_memory=64 << 20), Limits(cpu_start=0, cpu_hour=0)], ids=["memory", "time"]
)
def test_the_system_holds_the_child_to_its_limits(limits: Limits) -> None:
    """A file made to eat memory or time ends its own child only."""
    long = coded(chirps(20), "mp3", "libmp3lame", write_xing="0") * 150
    with pytest.raises(errors.DecoderStopped):
        canonicalize(io.BytesIO(long), io.BytesIO(), limits, lambda *_: None)
    assert no_child_is_left()


def test_a_killed_parent_takes_the_child_along() -> None:
    """kill -9 on the worker leaves no process that holds decoded speech."""
    parent = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(PARENT)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parents[3],
    )
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    assert Path(f"/proc/{pid}").exists()
    parent.kill()
    parent.communicate()
    deadline = time.monotonic() + 5
    while Path(f"/proc/{pid}").exists() and "State:\tZ" not in Path(f"/proc/{pid}/status").read_text():
        assert time.monotonic() < deadline
        time.sleep(0.02)


PARENT = """
    import io, time
    from tests.transcripts.sound.recordings import chirps, wav
    from tests.transcripts.sound.test_decoder import child_of_this_process
    from transcripts.sound import Limits, canonicalize
    def wait(*_):
        print(child_of_this_process(), flush=True)
        time.sleep(60)
    canonicalize(io.BytesIO(wav(chirps(60))), io.BytesIO(), Limits(), wait)
"""


def test_behind_the_walls_there_is_no_file_no_network_and_no_process() -> None:
    """Code that a hostile file might run in the child can open, connect and start nothing."""
    order = {"max_memory": 1 << 30, "cpu_start": 5, "cpu_most": 5}
    script = f"""
        import runpy, socket, os, sys
        child = runpy.run_path({child.__file__!r})
        standing = child["confine"]({order!r})
        def refused(act):
            try:
                act()
            except OSError:
                return True
            return False
        def reopen():
            os.close(0)  # makes room under the limit on open files
            return os.open("/etc/hostname", os.O_RDONLY)
        acts = [lambda: open("/etc/hostname"), socket.socket, os.fork, reopen, lambda: os.listdir("/")]
        print(standing, [refused(act) for act in acts])
    """
    found = subprocess.run(
        [sys.executable, "-I", "-c", textwrap.dedent(script)], capture_output=True, text=True, check=True
    ).stdout
    standing, refused = found.rstrip().split("] [")
    assert "'limits'" in standing
    results = json.loads(f"[{refused}".lower())
    assert results[:2] == [True, True]
    assert results[2] or "nobody" not in standing
    assert all(results[3:]) or "files" not in standing


def test_walls_are_told() -> None:
    """The health page can say which walls this machine has."""
    assert "limits" in walls(io.BytesIO(wav(chirps(1))), Limits())


ASK_BEYOND = "send(b'A', struct.pack('>QI', 1 << 40, 10))"
ASK_HUGE = "send(b'A', struct.pack('>QI', 0, 1 << 30))"
HUGE = "line.sendall(struct.pack('>cI', b'S', 0xFFFFFFFF))"
NO_JSON = "send(b'I', b'{')"
NOT_AN_OBJECT = "send(b'X', b'[]')"
UNKNOWN_CODE = "send(b'X', b'{\"code\": \"model-missing\"}')"
FLOOD = "send(b'I', b'{\"rate\": 1}')\nwhile True: send(b'S', bytes(1 << 20))"
UNKNOWN_KIND = "send(b'?', b'')"
NOTHING = "pass"


@pytest.mark.parametrize(
    ("deed", "expected", "detail"),
    [
        (ASK_BEYOND, errors.DecoderStopped, "what is not there"),
        (ASK_HUGE, errors.DecoderStopped, "what is not there"),
        (HUGE, errors.DecoderStopped, "too much at once"),
        (NO_JSON, errors.DecoderStopped, "protocol"),
        (NOT_AN_OBJECT, errors.DecoderStopped, "limits"),
        (UNKNOWN_CODE, errors.DecoderStopped, "limits"),
        (UNKNOWN_KIND, errors.DecoderStopped, "protocol"),
        (FLOOD, errors.TooLong, "longer"),
        (NOTHING, errors.DecoderStopped, "status 0"),
    ],
)
def test_a_child_taken_over_is_not_believed(
    deed: str, expected: type[Exception], detail: str, evil_child: Callable[[str], None]
) -> None:
    """Whatever a hostile file makes of the child, the parent keeps to its bounds."""
    evil_child(deed)
    told: list[float] = []
    with pytest.raises(expected, match=detail):
        canonicalize(
            io.BytesIO(wav(chirps(1))),
            io.BytesIO(),
            Limits(max_seconds=60, patience=5),
            lambda done, _: told.append(done),
        )
    assert all(done <= 60 for done in told)


@pytest.fixture
def evil_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Puts a program of the test's own in the place of the child."""

    def install(deed: str) -> None:
        evil = tmp_path / "child.py"
        evil.write_text(
            "import socket, struct\nline = socket.socket(fileno=0)\nline.recv(65536)\n"
            "def send(kind, data): line.sendall(struct.pack('>cI', kind, len(data)) + data)\n" + deed
        )
        monkeypatch.setattr(child, "__file__", str(evil))

    return install


def test_the_tags_of_the_upload_stay_behind() -> None:
    """Names, places and dates that a telephone puts into a recording are not in the canonical sound."""
    data = coded(chirps(2), "ipod", "aac")
    out = io.BytesIO()
    canonicalize(io.BytesIO(data), out, Limits(), lambda *_: None)
    assert b"Secretova" in data
    assert b"Secretova" not in out.getvalue()


HOSTILE = {
    "bomb_8k.mp4": errors.NoAudioStream,
    "bomb_small.mp4": errors.NoAudioStream,
    "ch65535.wav": errors.OddFormat,
    "concat_rel.wav": errors.NotSound,
    "corrupt.mp3": errors.Damaged,
    "cover_bomb.mp3": None,
    "hls_http.mp3": errors.NotSound,
    "hls_local.mp3": errors.NotSound,
    "hls_passwd.mp3": errors.NotSound,
    "hls_passwd.mp4": errors.NotSound,
    "liar.wav": errors.Damaged,
    "playlist.m3u8": errors.NotSound,
    "rate1.wav": errors.OddFormat,
    "text.wav": errors.NotSound,
    "trunc_fast.m4a": errors.Damaged,
    "trunc_moovend.m4a": errors.Unreadable,
    "zero.wav": errors.EmptyFile,
    "zeros3k.mp3": errors.NotSound,
}


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_set(name: str) -> None:
    """The hostile files end as they should, in seconds."""
    expected = HOSTILE[name]
    data = (SHARED / "hostile" / name).read_bytes()
    started = time.monotonic()
    if expected is None:
        assert len(canonical(data)) > RATE
    else:
        with pytest.raises(expected):
            canonical(data)
    assert time.monotonic() - started < 30


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_ten_hours_of_silence_are_within_the_limits() -> None:
    """A long recording passes, in bounded memory, at a bounded price."""
    with (SHARED / "hostile" / "silent10h.ogg").open("rb") as source:
        made = canonicalize(source, io.BytesIO(), Limits(), lambda *_: None)
    assert made.seconds == pytest.approx(36_000, abs=1)


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.parametrize(
    "name",
    ["amr", "mp3", "mp4", "ogg", "webm", "moovend.m4a"],
)
def test_variants_of_one_interview_share_one_timeline(name: str) -> None:
    """The same interview in six formats has its words at the same times."""
    folder = SHARED / "mock"
    original = canonical((folder / "interview_stereo.wav").read_bytes())
    path = folder / (f"interview_{name}" if "." in name else f"interview.{name}")
    made = canonical(path.read_bytes())
    assert abs(len(made) - len(original)) < 0.05 * RATE
    for place in (slice(0, 20 * RATE), slice(140 * RATE, 160 * RATE)):
        assert abs(lag(original[place], made[place])) < 0.02 * RATE
