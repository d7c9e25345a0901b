"""Transcripts as others write and read them: one module per format, put into two tables here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from transcripts.formats import json_, srt, text, vtt
from transcripts.words import Transcript

WRITERS: Mapping[str, Callable[[Transcript], str]] = {
    "json": json_.write,
    "srt": srt.write,
    "txt": text.write,
    "vtt": vtt.write,
}

READERS: Mapping[str, Callable[[str, str], Transcript]] = {
    "json": json_.read,
    "srt": srt.read,
    "vtt": vtt.read,
}
"""Text and the language of its words in; raise MalformedTranscript."""
