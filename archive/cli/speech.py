"""Speech without an archive: transcribing a file to standard output, and the models that do it."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from transcripts.errors import SpeechError
from transcripts.formats import WRITERS
from transcripts.sound import CanonicalSound, Limits, canonicalize
from transcripts.speech import Options, checked, fetch, here, load
from transcripts.speech import transcribe as listen

_LANGUAGES = ("ru", "uk", "en", "auto")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--model", default="small", show_default=True, help="A model's name, or a folder (with a slash in it).")
@click.option(
    "--language", type=click.Choice(_LANGUAGES), default="ru", show_default=True, help="What is spoken; auto: find out."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(sorted(WRITERS)),
    default="txt",
    show_default=True,
    help="txt to read; the others with times.",
)
@click.option("--threads", type=click.IntRange(min=0), default=0, help="0: all processors but one.")
@click.option("--what-can-be-read", is_flag=True, help="Go on with a damaged file; says how much is lost.")
def transcribe(file: Path, model: str, language: str, form: str, threads: int, what_can_be_read: bool) -> None:  # noqa: PLR0913, PLR0917  # one parameter an option
    """Transcribe a sound or video file to standard output. No archive is needed, and nothing is stored.

    --model demo is the bundled model; it knows only the demo's synthetic voices.
    """
    console = Console(stderr=True)
    recognizer = load(model, threads)  # before the decoding: a model that is missing is told at once
    if recognizer.knows:
        console.print(recognizer.knows, style="yellow", highlight=False)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    canonical = io.BytesIO()
    with file.open("rb") as source, Progress(*columns, TimeRemainingColumn(), console=console) as progress:
        reading = progress.add_task("Reading", total=1.0)
        done = canonicalize(
            source,
            canonical,
            Limits(tolerate_damage=what_can_be_read),
            lambda at, total: progress.update(reading, completed=at / total if total else 0.0),
        )
        progress.update(reading, completed=1.0)
        if not done.is_whole:
            console.print(f"The file is damaged: {done.lost_seconds:.0f} s could not be read.", style="yellow")
        sound = CanonicalSound(canonical)
        listening = progress.add_task("Listening", total=sound.seconds)
        options = Options(transcript_id="", language=None if language == "auto" else language)
        heard = listen(sound, recognizer, options, None, lambda at: progress.update(listening, completed=at))
    sys.stdout.write(WRITERS[form](heard))


@click.group()
def model() -> None:
    """Speech models on this machine."""


@model.command("fetch")
@click.argument("name")
def fetch_model(name: str) -> None:
    """Download a model of Whisper's, once.

    NAME is tiny, base, small, medium, large-v3 or large-v3-turbo: the larger, the better and the slower.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        bar = progress.add_task(f"Fetching {name}", total=None)
        fetch(name, lambda done, total: progress.update(bar, completed=done, total=total))
    click.echo(f"The model “{name}” is on this machine. Recordings that waited for it: “golosa retry --all”.")


@model.command("list")
def list_models() -> None:
    """List the models on this machine, and whether each is whole."""
    for name in here():
        try:
            found = checked(name)
        except SpeechError as error:
            click.echo(f"{name:<16} damaged: {error}")
        else:
            megabytes = sum(file.stat().st_size for file in found.folder.iterdir()) / 1e6
            click.echo(f"{name:<16} {megabytes:>7.0f} MB  {found.knows or ''}".rstrip())
