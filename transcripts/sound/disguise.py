"""Another voice. This is a courtesy, not anonymity."""

from __future__ import annotations

import subprocess

import ffmpeg
import imageio_ffmpeg
import numpy as np

from transcripts.errors import SoundError, ToolMissing
from transcripts.sound.child import RATE
from transcripts.sound.flac import Samples


def disguised(samples: Samples, pitch: float = 0.8) -> Samples:
    """``samples`` (int16, 16 kHz) in a changed voice: pitch and formants times ``pitch``, length and times kept.

    It keeps a listener who does not know the voice from recognising it in the street. It does **not** make the
    speaker anonymous: the shift can be undone, and manner, pace and words stay. Whoever needs more than that must
    choose text only. All sound stays in memory (some 4 times ``samples``); nothing is written to a disk.
    Raises ToolMissing, SoundError.
    """
    if not len(samples):
        return samples
    stream = ffmpeg.input("pipe:0", format="s16le", ar=RATE, ac=1, protocol_whitelist="pipe")
    stream = stream.filter("rubberband", pitch=pitch, formant="shifted", pitchq="quality")
    stream = stream.output("pipe:1", format="s16le", ar=RATE, ac=1)
    try:
        tool = imageio_ffmpeg.get_ffmpeg_exe()
        command = stream.compile(cmd=tool)
        run = subprocess.run(command, input=samples.tobytes(), capture_output=True, check=True, cwd="/", env={})  # noqa: S603
    except (RuntimeError, FileNotFoundError) as cause:
        raise ToolMissing from cause
    except subprocess.CalledProcessError as cause:
        raise SoundError(f"ffmpeg ended with status {cause.returncode}") from None
    made = np.frombuffer(run.stdout[: len(run.stdout) & ~1], dtype="<i2")[: len(samples)]
    return np.pad(made, (0, len(samples) - len(made)))
