"""golosa mask: conceal spans of time in a sound file. Works on files of one's own; no archive is needed."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from archive.errors import BadInput
from transcripts.sound import RATE, Limits, SoundForm, Tone, cuts, encode, masked, streamed

FORMS = {
    ".opus": SoundForm.OPUS,
    ".ogg": SoundForm.OPUS,
    ".flac": SoundForm.FLAC,
    ".wav": SoundForm.WAV,
    ".m4a": SoundForm.AAC,
    ".mp3": SoundForm.MP3,
}


@click.command()
@click.argument("sound", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--spans",
    "spans_file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
    help="Seconds to conceal: JSON, CSV with columns start and end, or a line “start end” for each. “-”: stdin.",
)
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where the masked sound goes: .opus, .ogg, .flac, .wav, .m4a or .mp3.",
)
@click.option("--force", is_flag=True, help="Write over the output if it is there already.")
@click.option("--pad", default=Tone().pad_seconds, show_default=True, help="Seconds concealed around each span.")
@click.option("--tone", "hz", default=Tone().hz, show_default=True, help="Pitch of the tone, in Hz.")
def mask(sound: Path, spans_file: Path, output: Path, force: bool, **made: float) -> None:
    """Put a tone over spans of time in a sound file.

    Nothing of the original is left there, the length stays the same. Of a video the sound is taken. The result is
    16 kHz, mono, without tags. It is refused to write over SOUND itself.

    Spans are seconds: JSON as [[1.5, 2.25], ...] or [{"start": 1.5, "end": 2.25}, ...]; CSV whose first line names
    the columns start and end (others are passed over); or a line "1.5 2.25" for each.
    """
    form = FORMS.get(output.suffix.lower())
    if form is None:
        raise click.UsageError(f"The output must end in one of: {', '.join(FORMS)}.")
    if output.exists() and output.samefile(sound):
        raise click.UsageError("The output is the recording itself. Give it another name.")
    if output.exists() and not force:
        raise click.UsageError("The output is there already. Give it another name, or --force to write over it.")
    pad, hz = made["pad"], made["hz"]
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
    """Spans in seconds from JSON, CSV with a line of names, or lines of two numbers. Raises BadInput."""
    try:
        if text.lstrip("\ufeff").lstrip()[:1] in ("[", "{"):
            found = json.loads(text.lstrip("\ufeff"))
            return [_pair(one) for one in (found["spans"] if isinstance(found, dict) else found)]
        lines = [line for line in text.lstrip("\ufeff").splitlines() if line.strip()]
        if lines and "start" in lines[0].lower():
            mark = next((mark for mark in ("\t", ";") if mark in lines[0]), ",")
            rows = csv.DictReader(lines[1:], [name.strip().lower() for name in lines[0].split(mark)], delimiter=mark)
            return [_pair(row) for row in rows]
        pairs = (line.replace(",", " ").replace(";", " ").split() for line in lines)
        return [(float(start), float(end)) for start, end in pairs]
    except (ValueError, TypeError, KeyError, RecursionError, csv.Error) as error:
        raise BadInput(
            "The spans cannot be read: give JSON, CSV with columns start and end, or a line “start end” for each,"
            " in seconds."
        ) from error


def _pair(found: Any) -> tuple[float, float]:
    start, end = (found["start"], found["end"]) if isinstance(found, dict) else found
    return float(start), float(end)


def _mask(sound: Path, spans: list[tuple[float, float]], tone: Tone, out: io.BufferedWriter, form: SoundForm) -> None:
    """Decodes, masks and codes block by block: a recording of any length in the same memory."""
    bare = not sys.stderr.isatty()  # then stderr is for errors alone
    with (
        sound.open("rb") as source,
        click.progressbar(length=1000, label="Masking", file=sys.stderr, hidden=bare) as bar,
    ):
        reached = 0

        def show(done: float, total: float | None) -> None:
            nonlocal reached
            step = int(1000 * min(1.0, done / total)) - reached if total else 0
            bar.update(step)
            reached += step

        seconds = encode(masked(streamed(source, Limits(), show), spans, tone), out, form)
    late = next((number for number, (start, _) in enumerate(spans, start=1) if start >= seconds), None)
    if late is not None:
        raise BadInput(
            "Span {number} begins after the recording’s end, at {seconds:.1f} s. Are these the spans of another file?",
            "spans",
            number=late,
            seconds=seconds,
        )


def _published(output: Path, write: Callable[[io.BufferedWriter], None]) -> None:
    """Writes beside ``output`` and puts it in place once whole; on failure nothing is left."""
    part = output.with_name(f".{output.name}.{os.getpid()}.part")
    try:
        with part.open("xb") as out:
            write(out)
            out.flush()
            os.fsync(out.fileno())
        os.replace(part, output)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()
