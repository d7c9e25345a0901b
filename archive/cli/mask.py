"""golosa mask: conceal spans of time in a sound file. Works on files of one's own; no archive is needed."""

from __future__ import annotations

import io
import json
import math
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import click

from archive.errors import BadInput
from transcripts.sound import RATE, CanonicalSound, Limits, SoundForm, Tone, canonicalize, cuts, encode, masked

FORMS = {
    ".opus": SoundForm.OPUS,
    ".ogg": SoundForm.OPUS,
    ".flac": SoundForm.FLAC,
    ".wav": SoundForm.WAV,
    ".m4a": SoundForm.AAC,
}


@click.command()
@click.argument("sound", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--spans",
    "spans_file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
    help="Seconds to conceal: a JSON list of [start, end], or a line “start end” for each.",
)
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where the masked sound goes: .opus, .ogg, .flac, .wav or .m4a.",
)
@click.option("--pad", default=Tone().pad_seconds, show_default=True, help="Seconds concealed around each span.")
@click.option("--tone", "hz", default=Tone().hz, show_default=True, help="Pitch of the tone, in Hz.")
def mask(sound: Path, spans_file: Path, output: Path, pad: float, hz: float) -> None:
    """Put a tone over spans of time in a sound file.

    Nothing of the original is left there. The result is 16 kHz, mono, without tags. It is refused to write over SOUND
    itself.
    """
    form = FORMS.get(output.suffix.lower())
    if form is None:
        raise click.UsageError(f"The output must end in one of: {', '.join(FORMS)}.")
    if output.exists() and output.samefile(sound):
        raise click.UsageError("The output is the recording itself. Give it another name.")
    if not 0 <= pad < math.inf:
        raise click.UsageError("--pad cannot be less than 0.")
    if not 0 < hz < RATE / 2:
        raise click.UsageError(f"--tone must be between 0 and {RATE // 2}.")
    with click.open_file(str(spans_file), encoding="utf-8", errors="replace") as opened:
        spans = read_spans(opened.read())
    tone = Tone(hz=hz, pad_seconds=pad)
    cuts(spans, tone)
    try:
        _published(output, lambda out: _mask(sound, spans, tone, out, form))
    except OSError as error:
        raise BadInput("The masked sound could not be written: {reason}.", reason=str(error.strerror)) from error


def read_spans(text: str) -> list[tuple[float, float]]:
    """Spans in seconds from a JSON list of pairs, or from lines of two numbers. Raises BadInput."""
    try:
        if text.lstrip().startswith("["):
            return [(float(start), float(end)) for start, end in json.loads(text)]
        lines = (line.split() for line in text.splitlines() if line.strip())
        return [(float(start), float(end)) for start, end in lines]
    except (ValueError, TypeError, RecursionError) as error:
        raise BadInput(
            "The spans cannot be read: give a JSON list of [start, end] or a line “start end” for each, in seconds."
        ) from error


def _mask(sound: Path, spans: list[tuple[float, float]], tone: Tone, out: io.BufferedWriter, form: SoundForm) -> None:
    canonical = io.BytesIO()
    bare = not sys.stderr.isatty()  # then stderr is for errors alone
    with (
        sound.open("rb") as source,
        click.progressbar(length=1000, label="Reading", file=sys.stderr, hidden=bare) as bar,
    ):
        reached = 0

        def show(done: float, total: float | None) -> None:
            nonlocal reached
            step = int(1000 * min(1.0, done / total)) - reached if total else 0
            bar.update(step)
            reached += step

        canonicalize(source, canonical, Limits(), show)
    encode(masked(CanonicalSound(canonical).blocks(), spans, tone), out, form)


def _published(output: Path, write: Callable[[io.BufferedWriter], None]) -> None:
    """Writes beside ``output`` and puts it in place once whole; on failure nothing is left."""
    part = output.with_name(output.name + ".part")
    try:
        with part.open("wb") as out:
            write(out)
        os.replace(part, output)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()
