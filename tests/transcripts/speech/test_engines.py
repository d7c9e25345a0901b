"""What is asked of the engines, and what is made of their answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from transcripts.speech.faster_whisper import FasterWhisper
from transcripts.speech.models import Model
from transcripts.speech.openai_whisper import OpenAIWhisper

SECOND = np.zeros(16_000, np.float32)


class FasterEngine:
    """Answers like faster_whisper.WhisperModel, and remembers what it was asked."""

    def __init__(self, *ratios: float, chunk: int = 30) -> None:
        self.ratios = list(ratios) or [1.0]
        self.asked: list[dict[str, Any]] = []
        self.feature_extractor = SimpleNamespace(chunk_length=chunk)
        self.hf_tokenizer = SimpleNamespace(token_to_id=lambda token: 1 if token in ("<|ru|>", "<|en|>") else None)

    def transcribe(self, samples: np.ndarray, **options: Any) -> tuple[Iterator[Any], Any]:
        self.asked.append(options)
        word = SimpleNamespace(word=" да", start=0.1, end=0.2, probability=0.9)
        ratio = self.ratios.pop(0)
        segments = [
            SimpleNamespace(words=[word], compression_ratio=ratio),
            SimpleNamespace(words=None, compression_ratio=1),
        ]
        return iter(segments), SimpleNamespace(language=options["language"] or "uk")


def faster(engine: FasterEngine, **facts: Any) -> FasterWhisper:
    return FasterWhisper(engine, "fw", Model(Path("nowhere"), "00", **facts))


def test_the_window_is_the_models_own() -> None:
    """Thirty seconds for Whisper's weights, eight for the demo's: neither is written in the code."""
    assert faster(FasterEngine()).window_seconds == pytest.approx(29.6)
    assert faster(FasterEngine(chunk=8)).window_seconds == pytest.approx(7.6)


def test_windows_are_heard_alone_without_chance_and_with_times() -> None:
    """Earlier text, sampling and the engine's own cutting would make a resumed run another one."""
    engine = FasterEngine()
    heard = faster(engine).recognize(SECOND, "ru", ())
    asked = engine.asked[0]
    assert asked["condition_on_previous_text"] is False
    assert asked["temperature"] == 0.0
    assert asked["word_timestamps"] is True
    assert asked["beam_size"] == 5
    assert not {"chunk_length", "vad_filter", "hotwords"} & set(asked)
    assert [(part.text, part.language) for part in heard] == [("да", "ru"), ("", "ru")]


@pytest.mark.parametrize(("asked", "passed"), [("ru", "ru"), ("uk", None), ("nonsense", None), (None, None)])
def test_a_language_the_model_has_no_token_for_is_left_to_it(asked: str | None, passed: str | None) -> None:
    """The engine would fail on it; what it then took the speech for is said."""
    engine = FasterEngine()
    heard = faster(engine).recognize(SECOND, asked, ())
    assert engine.asked[0]["language"] == passed
    assert heard[0].language == passed or "uk"


def test_a_loop_is_heard_again_without_repeats() -> None:
    """One phrase over and over: a second try, no third, and no chance in it."""
    engine = FasterEngine(9.0, 9.0)
    faster(engine).recognize(SECOND, "ru", ())
    assert len(engine.asked) == 2
    assert engine.asked[1]["no_repeat_ngram_size"] > 0
    assert engine.asked[1]["temperature"] == 0.0


def test_names_are_given_only_to_models_that_learned_to_use_them() -> None:
    """The demo's would write them down whether they were said or not."""
    willing, other = FasterEngine(), FasterEngine()
    faster(willing).recognize(SECOND, "ru", ("Лебедева", "Громов"))
    faster(other, takes_hotwords=False).recognize(SECOND, "ru", ("Лебедева",))
    assert willing.asked[0]["hotwords"] == "Лебедева, Громов"
    assert "hotwords" not in other.asked[0]


def test_openais_answers_are_understood() -> None:
    """Dictionaries instead of objects, numpy's numbers, times beyond the end of the window."""
    asked: dict[str, Any] = {}

    def transcribe(samples: np.ndarray, **options: Any) -> dict[str, Any]:
        asked.update(options)
        word = {"word": " да", "start": np.float64(0.5), "end": np.float64(29.9), "probability": 0.5}
        return {"language": "ru", "segments": [{"words": [word]}, {"words": []}]}

    recognizer = OpenAIWhisper(SimpleNamespace(transcribe=transcribe), "ow")
    heard = recognizer.recognize(SECOND, "ru", ("Громов",))
    word = heard[0].words[0]
    assert (word.text, word.start, word.end, heard[0].language) == (" да", 0.5, 1.0, "ru")
    assert heard[1].words == ()
    assert (asked["initial_prompt"], asked["condition_on_previous_text"], asked["temperature"]) == (
        "Громов",
        False,
        0.0,
    )
    assert recognizer.window_seconds < 30
