"""OpenAI's own engine as an extra (``pip install golosa[openai-whisper]``): the same weights at five times the cost.

For those who have a model only as ``.pt``, or want a second engine's opinion. Nothing is downloaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from transcripts.errors import EngineMissing, ModelDamaged, ModelMissing
from transcripts.speech.models import file_digest
from transcripts.speech.recognizer import RATE, Heard, HeardWord, Samples

_MARGIN = 0.4  # seconds, as for faster-whisper
_WINDOW = 30.0  # seconds; whisper.audio.CHUNK_LENGTH, which is one for all its models


class OpenAIWhisper:
    """A Recognizer over a model that ``whisper.load_model`` gave. For one thread at a time."""

    knows: str | None = None

    def __init__(self, engine: Any, name: str) -> None:
        self._engine = engine
        self.name = name
        self.window_seconds = _WINDOW - _MARGIN

    def recognize(self, samples: Samples, language: str | None, hotwords: Sequence[str]) -> list[Heard]:
        """See Recognizer."""
        found = self._engine.transcribe(
            samples,
            language=language,
            initial_prompt=", ".join(hotwords) or None,
            temperature=0.0,
            beam_size=5,
            condition_on_previous_text=False,
            word_timestamps=True,
            fp16=False,
            verbose=None,
        )
        longest = len(samples) / RATE
        return [
            Heard(
                tuple(
                    HeardWord(word["word"], float(word["start"]), min(float(word["end"]), longest), word["probability"])
                    for word in segment["words"]
                ),
                found["language"],
            )
            for segment in found["segments"]
        ]


def load(path: str, threads: int) -> OpenAIWhisper:
    """The model in a ``.pt`` file. Raises ModelMissing, EngineMissing, ModelDamaged."""
    file = Path(path).expanduser().resolve()
    if not file.is_file():
        raise ModelMissing(model=path)
    try:
        torch, whisper = import_module("torch"), import_module("whisper")
    except ImportError as cause:
        raise EngineMissing(engine="openai-whisper") from cause
    torch.set_num_threads(threads)
    try:
        engine = whisper.load_model(str(file), device="cpu")
    except (RuntimeError, EOFError, KeyError, OSError, ValueError) as cause:
        raise ModelDamaged(type(cause).__name__, model=path) from cause
    return OpenAIWhisper(engine, f"openai-whisper {file.stem}-{file_digest(file)[:12]}")
