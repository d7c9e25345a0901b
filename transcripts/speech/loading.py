"""From a model's name in the settings to a recognizer."""

from __future__ import annotations

import os

from transcripts.speech import faster_whisper, openai_whisper
from transcripts.speech.models import checked
from transcripts.speech.recognizer import Recognizer


def load(model: str, threads: int = 0) -> Recognizer:
    """The recognizer for “demo”, a fetched model's name, a model's folder, or a ``.pt`` file of OpenAI's.

    A path has a slash in it. ``threads`` 0: all processors but one. Never touches the network, and tells within a
    second when there is nothing to load. Raises ModelMissing, ModelDamaged, EngineMissing.
    """
    threads = threads or max(1, len(os.sched_getaffinity(0)) - 1)
    if model.endswith(".pt"):
        return openai_whisper.load(model, threads)
    return faster_whisper.load(checked(model), model, threads)
