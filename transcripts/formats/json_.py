"""Our own JSON: everything a transcript holds, words with their times included."""

from __future__ import annotations

import json

from transcripts.errors import MalformedTranscript
from transcripts.words import Transcript


def write(written: Transcript) -> str:
    """The transcript as one JSON object."""
    return json.dumps(written.as_json(), ensure_ascii=False, indent=1) + "\n"


def read(text: str, language: str = "ru") -> Transcript:
    """A transcript from what ``write`` gave; ``language`` is in it. Raises MalformedTranscript."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as cause:
        raise MalformedTranscript("not JSON") from cause
    if not isinstance(found, dict):
        raise MalformedTranscript("not a JSON object")
    return Transcript.from_json(found)
