"""A whole recording: windows planned, each listened to alone, each kept before the next is begun.

Where it was interrupted, and how often, leaves no trace: the transcript is made from the windows' records alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from transcripts.errors import RecognizerFailed
from transcripts.speech.phantoms import is_phantom
from transcripts.speech.placing import placed
from transcripts.speech.recognizer import RATE, Recognizer, Sound, as_floats
from transcripts.speech.voice import voice
from transcripts.speech.windows import Window, windows
from transcripts.words import Segment, Transcript, Word

_SHORTER = 0.8
"""The share of its longest window that a second listening takes, so that it cuts elsewhere than the first."""

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
    ``sound_digest`` tells recordings apart in the plan; ``shorter_windows`` makes other windows than by default.
    """

    transcript_id: str
    language: str | None = None
    hotwords: Sequence[str] = field(default=(), repr=False)
    sound_digest: str = ""
    shorter_windows: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be listened to, and ``digest``: hexadecimal, the same if and only if the work would be the same."""

    windows: tuple[Window, ...]
    digest: str

    @classmethod
    def of(cls, sound: Sound, recognizer: Recognizer, options: Options, tick: Callable[[], None]) -> Plan:
        """Finds who speaks when; ``tick`` is called every five minutes of the recording."""
        longest = recognizer.window_seconds * (_SHORTER if options.shorter_windows else 1.0)
        cut = windows(voice(sound, tick), sound.samples, longest)
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
    """What is said in ``sound``. Raises RecognizerFailed; what ``progress`` raises stops the work and passes through.

    ``progress`` is given the seconds of the recording that are done.
    """
    plan = Plan.of(sound, recognizer, options, lambda: progress(0.0))
    records = []
    for window, record in zip(plan.windows, _records(sound, recognizer, options, checkpoints, plan), strict=True):
        records.append(record)
        progress(window.stop / RATE)
    progress(sound.seconds)
    return _written(records, sound, recognizer, options)


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
        segments=tuple(
            Segment(tuple(Word(*word) for word in found["words"]), found["language"])
            for record in records
            for found in record["segments"]
        ),
        seconds=sound.seconds,
        made_by=recognizer.name,
        notes=notes,
    )
