"""Times as subtitle files write them, and as people read them."""

from __future__ import annotations

import re

from transcripts.errors import MalformedTranscript

_TIME = re.compile(r"(?:(\d{1,3}):)?([0-5]?\d):([0-5]\d)[.,](\d{3})")


def written(seconds: float, point: str) -> str:
    """``01:02:03.456`` with the given decimal point; rounded to milliseconds."""
    milliseconds = round(seconds * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}{point}{rest % 1000:03}"


def timecode(seconds: float) -> str:
    """``12:04``, or ``1:12:04`` after the first hour: where to listen, cut to whole seconds."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def read(text: str) -> float:
    """Seconds. Raises MalformedTranscript."""
    match = _TIME.fullmatch(text.strip())
    if match is None:
        raise MalformedTranscript("a time that is not one")
    hours, minutes, seconds, milliseconds = (int(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds + milliseconds / 1000
