"""Plain text: a line per segment, a speaker before a colon, nothing of times."""

from __future__ import annotations

from transcripts.words import Transcript


def write(written: Transcript) -> str:
    """The words alone."""
    lines = (f"{part.speaker}: {part.text}" if part.speaker else part.text for part in written.segments)
    return "".join(f"{line}\n" for line in lines)
