"""Speech: a recording's sound in, a transcript with times out. Who listens is exchangeable; how is decided here.

Importing this loads no engine: that happens in ``load`` and at the first window.
"""

from transcripts.speech.fetching import fetch
from transcripts.speech.loading import load
from transcripts.speech.models import REPOSITORIES, Model, checked, here, models_folder
from transcripts.speech.recognizer import RATE, Heard, HeardWord, Recognizer, Samples, Sound
from transcripts.speech.transcription import Checkpoints, Options, heard_again, transcribe

__all__ = [
    "RATE",
    "REPOSITORIES",
    "Checkpoints",
    "Heard",
    "HeardWord",
    "Model",
    "Options",
    "Recognizer",
    "Samples",
    "Sound",
    "checked",
    "fetch",
    "heard_again",
    "here",
    "load",
    "models_folder",
    "transcribe",
]
