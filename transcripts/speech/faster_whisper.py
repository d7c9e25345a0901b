"""The default engine: faster-whisper, int8 on the processor, one window at a time, always the same answer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from transcripts.errors import ModelDamaged
from transcripts.speech.models import Model
from transcripts.speech.recognizer import Heard, HeardWord, Samples

_MARGIN = 0.4
"""Seconds that a window stays below the model's own: the engine's time stamps end before its last frames."""

_LOOP = 2.4
"""Above this compression ratio Whisper's authors take a text for one phrase said again and again."""

_ALWAYS = {
    "beam_size": 5,
    # Sampling makes runs differ, and earlier text carries its errors on: each window is heard alone and greedily.
    "temperature": 0.0,
    "condition_on_previous_text": False,
    "word_timestamps": True,
}
_WITHOUT_LOOPS = {"no_repeat_ngram_size": 5, "repetition_penalty": 1.1}


class FasterWhisper:
    """A Recognizer over a model in CTranslate2's form. For one thread at a time."""

    def __init__(self, engine: Any, name: str, model: Model) -> None:
        """``engine`` is a faster_whisper.WhisperModel."""
        self._engine = engine
        self._model = model
        self.name = name
        # Never a constant, and never passed to transcribe(), which would keep it for good: models differ.
        self.window_seconds = engine.feature_extractor.chunk_length - _MARGIN
        self.knows = model.knows

    def recognize(self, samples: Samples, language: str | None, hotwords: Sequence[str]) -> list[Heard]:
        """See Recognizer."""
        options = dict(_ALWAYS, language=self._known(language))
        if hotwords and self._model.takes_hotwords:
            options["hotwords"] = ", ".join(hotwords)
        segments, language = self._heard(samples, options)
        if any(segment.compression_ratio > _LOOP for segment in segments):
            segments, language = self._heard(samples, options | _WITHOUT_LOOPS)
        return [Heard(tuple(_words(segment.words or ())), language) for segment in segments]

    def _heard(self, samples: Samples, options: dict[str, Any]) -> tuple[list[Any], str]:
        segments, info = self._engine.transcribe(samples, **options)
        return list(segments), info.language

    def _known(self, language: str | None) -> str | None:
        """``language`` if the model has a token for it; the engine fails on others."""
        known = language and self._engine.hf_tokenizer.token_to_id(f"<|{language}|>") is not None
        return language if known else None


def load(model: Model, name: str, threads: int) -> FasterWhisper:
    """The model, loaded. ``name`` is what the settings call it. Raises ModelDamaged.

    The network is out of reach by construction: the folder was checked, and its absolute path is all the engine gets.
    No environment variable is set to that end, which would outlive this call.
    """
    # A second and 150 MB: not for commands and pages that never listen.
    from faster_whisper import WhisperModel  # noqa: PLC0415

    try:
        engine = WhisperModel(
            str(model.folder), device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True
        )
    except Exception as cause:  # the tokenizer's library raises no narrower class
        raise ModelDamaged(type(cause).__name__, model=name) from cause
    if engine.model.is_multilingual and not json.loads((model.folder / "config.json").read_bytes()).get("lang_ids"):
        # Would fail with an IndexError at the first recording whose language is to be found out.
        raise ModelDamaged("config.json has no lang_ids", model=name)
    return FasterWhisper(engine, f"faster-whisper {_short(name)}-{model.digest[:12]} int8", model)


def _words(words: Iterable[Any]) -> list[HeardWord]:
    return [HeardWord(word.word, word.start, word.end, word.probability) for word in words]


def _short(name: str) -> str:
    """A path's last part: who reads a transcript needs no folder of this machine."""
    return name.rstrip("/").rsplit("/", 1)[-1] or "model"
