"""A whole recording: windows planned, each listened to alone, each kept before the next is begun.

Where it was interrupted, and how often, leaves no trace: the transcript is made from the windows' records alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from transcripts.errors import NoSpeech, RecognizerFailed
from transcripts.speech.phantoms import is_phantom
from transcripts.speech.placing import placed
from transcripts.speech.recognizer import RATE, Recognizer, Sound, as_floats
from transcripts.speech.voice import voice
from transcripts.speech.windows import Window, overlapping, windows
from transcripts.words import Segment, Transcript, Word

_SHORTER = 0.8
"""The share of its longest window that a second listening takes, so that it cuts elsewhere than the first."""

_OVERLAP = 1.2
"""Seconds that two windows of a second listening share: a name that one of them cuts is whole in the other."""

_EDGE = 0.35
"""Seconds from a cut within which the middle of a word is not believed: the other window has heard all of it."""

_ENGINE_ERRORS = (RuntimeError, ValueError, LookupError, MemoryError)
"""What engines raise in the middle of their work."""


class Checkpoints(Protocol):
    """Keeps one record per window, each a JSON object, for as long as the work lasts."""

    def done(self, plan: str) -> Mapping[int, Mapping[str, Any]]:
        """Records of exactly this plan, by window. Records of another plan are of no use and may be dropped."""
        ...

    def add(self, plan: str, index: int, record: Mapping[str, Any]) -> None:
        """Keeps the record of one window so that a kill right after cannot lose it."""
        ...


@dataclass(frozen=True, slots=True)
class Options:
    """What is asked of one listening.

    ``language`` None: the recognizer decides, window by window. ``hotwords`` are names that may occur, and secret.
    ``sound_digest`` tells recordings apart in the plan.
    """

    transcript_id: str
    language: str | None = None
    hotwords: Sequence[str] = field(default=(), repr=False)
    sound_digest: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be listened to, and ``digest``: hexadecimal, the same if and only if the work would be the same."""

    windows: tuple[Window, ...]
    digest: str

    @classmethod
    def of(cls, sound: Sound, recognizer: Recognizer, options: Options, cut: Sequence[Window]) -> Plan:
        """The plan to listen to ``sound`` in the windows of ``cut``."""
        facts = {
            "version": 1,
            "recognizer": recognizer.name,
            "sound": [options.sound_digest, sound.samples],
            "language": options.language,
            "hotwords": list(options.hotwords),
            "windows": [[window.start, window.stop] for window in cut],
        }
        return cls(tuple(cut), hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest())


def transcribe(
    sound: Sound,
    recognizer: Recognizer,
    options: Options,
    checkpoints: Checkpoints | None,
    progress: Callable[[float], None],
) -> Transcript:
    """What is said in ``sound``. Raises RecognizerFailed, and NoSpeech if nothing is; what ``progress`` raises stops
    the work and passes through.

    ``progress`` is given the seconds of the recording that are done.
    """
    cut = windows(voice(sound, lambda: progress(0.0)), sound.samples, recognizer.window_seconds)
    plan = Plan.of(sound, recognizer, options, cut)
    records = []
    for window, record in zip(plan.windows, _records(sound, recognizer, options, checkpoints, plan), strict=True):
        records.append(record)
        progress(window.stop / RATE)
    progress(sound.seconds)
    if not any(record["segments"] for record in records):
        raise NoSpeech
    return _written(records, sound, recognizer, options)


def heard_again(
    sound: Sound,
    recognizer: Recognizer,
    options: Options,
    checkpoints: Checkpoints | None,
    progress: Callable[[float], None],
) -> Iterator[list[Segment]]:
    """What is said in each window of a second listening that differs from the first, and raises as ``transcribe``.

    All of the recording is listened to, also where nobody seems to speak, in windows that are shorter and overlap.
    """
    cut = overlapping(sound.samples, recognizer.window_seconds * _SHORTER, _OVERLAP)
    plan = Plan.of(sound, recognizer, options, cut)
    for window, record in zip(plan.windows, _records(sound, recognizer, options, checkpoints, plan), strict=True):
        yield [Segment(words, part.language) for part in _segments(record) if (words := _whole(part, window, sound))]
        progress(window.stop / RATE)


def _whole(segment: Segment, window: Window, sound: Sound) -> tuple[Word, ...]:
    """The words of a window that it does not cut."""
    first = window.start / RATE + _EDGE if window.start else 0.0
    last = window.stop / RATE - _EDGE if window.stop < sound.samples else sound.seconds
    return tuple(word for word in segment.words if first <= (word.start + word.end) / 2 <= last)


def _records(
    sound: Sound, recognizer: Recognizer, options: Options, checkpoints: Checkpoints | None, plan: Plan
) -> Iterator[Mapping[str, Any]]:
    """One record per window: kept ones as they are, the others listened to and kept."""
    done = checkpoints.done(plan.digest) if checkpoints else {}
    for index, window in enumerate(plan.windows):
        record = done.get(index)
        if record is None:
            record = _listened(sound, recognizer, options, window)
            if checkpoints:
                checkpoints.add(plan.digest, index, record)
        yield record


def _listened(sound: Sound, recognizer: Recognizer, options: Options, window: Window) -> Mapping[str, Any]:
    samples = as_floats(sound.read(window.start, window.stop))
    try:
        heard = recognizer.recognize(samples, options.language, options.hotwords)
    except _ENGINE_ERRORS as cause:
        raise RecognizerFailed(second=window.start / RATE) from cause
    real = [part for part in heard if not is_phantom(part.text)]
    return {
        "segments": [
            {"language": segment.language, "words": [[w.text, w.start, w.end, w.sureness] for w in segment.words]}
            for segment in placed(real, window)
        ],
        "phantoms": len(heard) - len(real),
    }


def _written(
    records: Sequence[Mapping[str, Any]], sound: Sound, recognizer: Recognizer, options: Options
) -> Transcript:
    notes: dict[str, Any] = {"phantoms": sum(record["phantoms"] for record in records)}
    if recognizer.knows:
        notes["knows"] = recognizer.knows
    return Transcript(
        id=options.transcript_id,
        segments=tuple(segment for record in records for segment in _segments(record)),
        seconds=sound.seconds,
        made_by=recognizer.name,
        notes=notes,
    )


def _segments(record: Mapping[str, Any]) -> list[Segment]:
    return [Segment(tuple(Word(*word) for word in one["words"]), one["language"]) for one in record["segments"]]
