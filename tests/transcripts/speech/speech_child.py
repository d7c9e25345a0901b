"""A process to be killed: transcribes the samples in a file with the demo model, checkpoints in another file.

``python speech_child.py SAMPLES.npy CHECKPOINTS``; prints a line per window and the transcript as JSON at the end.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

from tests.fakes import FakeSound
from tests.transcripts.speech.listening import FileCheckpoints
from transcripts.speech import Options, load, transcribe


def main() -> None:
    sound = FakeSound(np.load(sys.argv[1]))
    options = Options(transcript_id="t", language="ru", sound_digest="demo")
    kept = FileCheckpoints(Path(sys.argv[2]))
    made = transcribe(sound, load("demo", 1), options, kept, lambda second: print("at", second, flush=True))
    print(json.dumps(made.as_json()))


if __name__ == "__main__":
    main()
