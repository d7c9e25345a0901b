"""A whole recording, interrupted or not."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from tests.fakes import FakeCheckpoints, FakeRecognizer, FakeSound
from tests.transcripts.speech.listening import demo_sound
from transcripts.errors import NoSpeech, RecognizerFailed
from transcripts.speech import RATE, Heard, HeardWord, Options, Recognizer, Samples, heard_again, load, transcribe
from transcripts.words import Transcript

OPTIONS = Options(transcript_id="t", language="ru", sound_digest="demo")


class Stopped(Exception):
    """What a worker raises from its progress to stop."""


@pytest.fixture(scope="module")
def sound() -> FakeSound:
    """Half a minute of Irina: nine windows of the fake."""
    return FakeSound(demo_sound("irina")[: 30 * RATE])


@pytest.fixture(scope="module")
def whole(sound: FakeSound) -> Transcript:
    """Its transcript, made in one go."""
    return transcribe(sound, FakeRecognizer(), OPTIONS, None, lambda at: None)


@pytest.fixture(params=["fake", pytest.param("demo", marks=pytest.mark.slow)], scope="module")
def recognizer(request: pytest.FixtureRequest) -> Recognizer:
    """Both keep the same promises."""
    return FakeRecognizer() if request.param == "fake" else load("demo", 1)


def test_a_recognizer_forgets(recognizer: Recognizer, sound: FakeSound) -> None:
    """The same window gives the same words whatever was heard in between; whatever language or names are asked for."""
    window = sound.all[: int(recognizer.window_seconds * 0.5) * RATE].astype(np.float32) / 32768
    before = recognizer.recognize(window, "ru", ())
    other = recognizer.recognize(window[::-1].copy(), "zz", ("Лебедева",))
    assert recognizer.recognize(window, "ru", ()) == before
    assert all(part.language in ("ru", "en") for part in before + other)
    assert before
    assert before[0].language == "ru"


def test_a_recognizer_hears_nothing_in_silence(recognizer: Recognizer) -> None:
    """Silence, and a single sample, have no words."""
    assert recognizer.recognize(np.zeros(2 * RATE, np.float32), "ru", ()) == []
    assert recognizer.recognize(np.zeros(1, np.float32), "ru", ()) == []


def test_a_recognizer_says_who_it_is(recognizer: Recognizer) -> None:
    """A name, and a window long enough to be of use."""
    assert recognizer.name
    assert recognizer.window_seconds > 1


def test_words_lie_in_the_recording_and_progress_reaches_its_end(sound: FakeSound) -> None:
    """Progress never goes back and ends with the recording."""
    reached: list[float] = []
    made = transcribe(sound, FakeRecognizer(knows="only this"), OPTIONS, None, reached.append)
    assert reached == sorted(reached)
    assert reached[-1] == made.seconds == sound.seconds
    assert made.word_count > 30
    assert max(word.end for word in made.timed_words()) <= sound.seconds
    assert (made.made_by, made.notes["knows"]) == ("fake-1", "only this")


@pytest.mark.parametrize("stop", range(1, 9))
def test_stopped_after_any_window_nothing_is_heard_twice(sound: FakeSound, whole: Transcript, stop: int) -> None:
    """The resumed transcript equals the uninterrupted one, and every window was listened to once."""
    kept, first, second = FakeCheckpoints(), FakeRecognizer(), FakeRecognizer()
    windows = 0

    def until(at: float) -> None:
        nonlocal windows
        windows += at > 0
        if windows == stop:
            raise Stopped

    with pytest.raises(Stopped):
        transcribe(sound, first, OPTIONS, kept, until)
    assert first.heard == stop
    assert transcribe(sound, second, OPTIONS, kept, lambda at: None) == whole
    assert first.heard + second.heard == len(next(iter(kept.plans.values())))


@pytest.mark.parametrize(
    ("options", "recognizer"),
    [
        (replace(OPTIONS, language="en"), FakeRecognizer()),
        (replace(OPTIONS, hotwords=("Лебедева",)), FakeRecognizer()),
        (replace(OPTIONS, sound_digest="other"), FakeRecognizer()),
        (OPTIONS, FakeRecognizer(name="fake-2")),
        (OPTIONS, FakeRecognizer(window_seconds=5)),
    ],
)
def test_another_plan_starts_over(sound: FakeSound, options: Options, recognizer: FakeRecognizer) -> None:
    """No record of other options, another model or another recording is taken over."""
    kept = FakeCheckpoints()
    transcribe(sound, FakeRecognizer(), OPTIONS, kept, lambda at: None)
    transcribe(sound, recognizer, options, kept, lambda at: None)
    assert len(kept.plans) == 2
    assert recognizer.heard == len(kept.plans[list(kept.plans)[1]])


def test_an_engine_that_fails_says_where_and_keeps_what_it_heard(sound: FakeSound, whole: Transcript) -> None:
    """The error carries a second and no words; trying again goes on from there."""
    kept = FakeCheckpoints()
    with pytest.raises(RecognizerFailed) as failed:
        transcribe(sound, FakeRecognizer(fails_at=4), OPTIONS, kept, lambda at: None)
    assert 8 < failed.value.facts["second"] < 20
    again = FakeRecognizer()
    assert transcribe(sound, again, OPTIONS, kept, lambda at: None) == whole
    assert again.heard == len(next(iter(kept.plans.values()))) - 3


def test_a_recording_without_speech_is_told(sound: FakeSound) -> None:
    """Silence, which the recognizer need not hear, and voices of which it makes out no word: never an empty text."""

    class Deaf(FakeRecognizer):
        def recognize(self, *_: object) -> list[Heard]:
            self.heard += 1
            return [Heard((HeardWord(" Продолжение", 0, 1, 1), HeardWord(" следует...", 1, 2, 1)), "ru")]

    unasked, deaf = FakeRecognizer(), Deaf()
    for silent, recognizer in ((FakeSound(np.zeros(10 * RATE, np.int16)), unasked), (sound, deaf)):
        reached: list[float] = []
        with pytest.raises(NoSpeech):
            transcribe(silent, recognizer, OPTIONS, None, reached.append)
        assert reached[-1] == silent.seconds
    assert unasked.heard == 0
    assert deaf.heard > 0


def test_a_second_listening_hears_everything(sound: FakeSound) -> None:
    """Silence too, in shorter windows; each word in a window that does not cut it; kept records are taken over."""
    first, second, kept, told = FakeRecognizer(), FakeRecognizer(), FakeCheckpoints(), []
    quiet = FakeSound(np.zeros(10 * RATE, np.int16))
    assert [*heard_again(quiet, first, OPTIONS, None, told.append)] == [[]] * first.heard
    assert first.heard == 5
    assert told[-1] == 10.0
    found = [*heard_again(sound, second, OPTIONS, kept, lambda at: None)]
    assert [*heard_again(sound, FakeRecognizer(fails_at=1), OPTIONS, kept, lambda at: None)] == found
    middles = sorted((word.start + word.end) / 2 for window in found for part in window for word in part.words)
    assert middles[0] < 0.5
    assert sound.seconds - middles[-1] < 0.5
    assert max(later - earlier for earlier, later in pairwise(middles)) < 1.1  # half a second may be silent


def test_a_second_listening_believes_no_word_that_it_cuts(sound: FakeSound) -> None:
    """Its other window has heard all of it."""

    class Chops(FakeRecognizer):
        def recognize(self, samples: Samples, *_: object) -> list[Heard]:
            end = len(samples) / RATE
            return [Heard((HeardWord(" пер", 0.0, 0.2, 1), HeardWord(" последн", end - 0.2, end, 1)), "ru")]

    found = [*heard_again(sound, Chops(), OPTIONS, None, lambda at: None)]
    words = [[word.text for part in window for word in part.words] for window in found]
    assert words[0] == ["пер"]
    assert words[-1] == ["последн"]
    assert not any(words[1:-1])


def test_phantoms_are_left_out_and_counted(sound: FakeSound) -> None:
    """A credit between real segments goes, and the transcript says how many went."""

    class Haunted(FakeRecognizer):
        def recognize(self, *arguments: object) -> list[Heard]:
            words = (HeardWord(" Продолжение", 0, 1, 1), HeardWord(" следует...", 1, 2, 1))
            return [Heard(words, "ru"), Heard((HeardWord(" Да.", 2, 2.5, 1),), "ru")]

    made = transcribe(sound, Haunted(), OPTIONS, None, lambda at: None)
    assert {segment.text for segment in made.segments} == {"Да."}
    assert made.notes["phantoms"] == len(made.segments)


def test_names_that_were_given_stay_out_of_sight() -> None:
    """Options may be printed in a traceback or a log; names may not."""
    assert "Лебедева" not in repr(replace(OPTIONS, hotwords=("Лебедева",)))


@pytest.mark.slow
def test_killed_and_resumed_it_is_the_same_transcript(tmp_path: Path) -> None:
    """kill -9 in the middle of a window, twice, and a torn last record: the transcript is the uninterrupted one."""
    samples, kept = tmp_path / "samples.npy", tmp_path / "windows"
    np.save(samples, demo_sound("irina")[: 60 * RATE])
    here = Path(__file__).parent
    command = [sys.executable, str(here / "speech_child.py"), str(samples)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(here), str(here.parents[2])])}

    def finished(checkpoints: Path) -> dict[str, object]:
        done = subprocess.run([*command, str(checkpoints)], capture_output=True, check=True, env=environment)
        return json.loads(done.stdout.splitlines()[-1])

    def records() -> list[dict[str, object]]:
        return [json.loads(line) for line in kept.read_bytes().splitlines()] if kept.exists() else []

    for windows in (2, 3):
        before = len(records())
        with subprocess.Popen([*command, str(kept)], stdout=subprocess.PIPE, env=environment) as child:
            assert child.stdout is not None
            told = 0
            while told < before + windows:
                told += not child.stdout.readline().startswith(b"at 0.0\n")
            child.send_signal(signal.SIGKILL)
        assert child.returncode == -signal.SIGKILL
        assert len(records()) >= before + windows
    with kept.open("ab") as torn:
        torn.write(b'{"plan": "')
    resumed = finished(kept)
    assert len({record["plan"] for record in records()}) == 1
    assert [record["index"] for record in records()] == list(range(len(records())))
    assert len(records()) > 6
    assert resumed == finished(tmp_path / "unbroken")
