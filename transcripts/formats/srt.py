"""SubRip: one cue per segment; a speaker is written before a colon, and not read back from there."""

from __future__ import annotations

from transcripts.formats import clock
from transcripts.formats.cues import cues, segment, transcript
from transcripts.words import Segment, Transcript


def write(written: Transcript) -> str:
    """The transcript as SRT."""
    return "\n".join(_block(number, part) for number, part in enumerate(written.segments, start=1))


def read(text: str, language: str = "ru") -> Transcript:
    """A transcript from SRT. Raises MalformedTranscript."""
    found = (segment(cue, [(cue.start, " ".join(cue.lines))], language, None) for cue in cues(text))
    return transcript([part for part in found if part is not None], "import:srt")


def _block(number: int, part: Segment) -> str:
    times = f"{clock.written(part.start, ',')} --> {clock.written(part.end, ',')}"
    # SubRip has no escapes: an arrow in the text would be taken for a cue's times.
    said = part.text.replace("-->", "→")
    return f"{number}\n{times}\n{f'{part.speaker}: ' if part.speaker else ''}{said}\n"
