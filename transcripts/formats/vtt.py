"""WebVTT (W3C): one cue per segment, its number as the cue's id, the speaker as a voice tag."""

from __future__ import annotations

import html
import re

from transcripts.errors import MalformedTranscript
from transcripts.formats import clock
from transcripts.formats.cues import cues, segment, transcript
from transcripts.words import Segment, Transcript

_VOICE = re.compile(r"^<v(?:\.[^\s>]*)?\s([^<>]*)>(.*)$", re.DOTALL)
_STAMP = re.compile(r"<((?:\d+:)?\d\d:\d\d\.\d{3})>")
_TAG = re.compile(r"<[^<>]*>")


def write(written: Transcript) -> str:
    """The transcript as WebVTT. What was withheld stands in it as its mark."""
    blocks = [_block(number, part) for number, part in enumerate(written.segments, start=1)]
    return "\n\n".join(["WEBVTT", *blocks]) + "\n"


def read(text: str, language: str = "ru") -> Transcript:
    """A transcript from WebVTT. Raises MalformedTranscript."""
    if not text.lstrip("\ufeff").startswith("WEBVTT"):
        raise MalformedTranscript("no WebVTT header")
    segments = []
    for cue in cues(text):
        voice = _VOICE.match("\n".join(cue.lines))
        pieces = _pieces(cue.start, voice[2] if voice else "\n".join(cue.lines))
        speaker = _unescaped(voice[1]).strip() or None if voice else None
        found = segment(cue, pieces, language, speaker)
        if found is not None:
            segments.append(found)
    return transcript(segments, "import:vtt")


def _pieces(start: float, text: str) -> list[tuple[float, str]]:
    """The text between a cue's inner time stamps, which other programs set before words; without tags and escapes."""
    parts = _STAMP.split(text)
    starts = [start, *(clock.read(stamp) for stamp in parts[1::2])]
    return [(at, _unescaped(_TAG.sub("", part))) for at, part in zip(starts, parts[::2], strict=True)]


def _unescaped(text: str) -> str:
    try:
        return html.unescape(text)
    except ValueError:  # “&#” and thousands of digits
        raise MalformedTranscript("an escape that is no character") from None


def _block(number: int, part: Segment) -> str:
    times = f"{clock.written(part.start, '.')} --> {clock.written(part.end, '.')}"
    voice = f"<v {html.escape(part.speaker, quote=False)}>" if part.speaker else ""
    # Escaping also keeps “-->” out of the text, which would end the cue.
    return f"{number}\n{times}\n{voice}{html.escape(part.text, quote=False)}"
