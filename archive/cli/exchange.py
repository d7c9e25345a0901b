"""Interchange from the command line."""

from __future__ import annotations

from typing import BinaryIO

import click

from archive.acts import changes, research, translating, worklist
from archive.acts.translating import LONGEST_FILE, LayBeside
from archive.cli.opening import Place, in_archive
from archive.policy import OPERATOR
from transcripts.formats import WRITERS
from transcripts.names.lexicon import LANGUAGES


@click.command()
@click.argument("interview")
@click.option(
    "--format", "form", type=click.Choice(sorted(WRITERS)), required=True, help="txt to read; the others with times."
)
@click.option("--language", default="", help="The translation into this language (ru, uk, en) instead of the original.")
@in_archive
def export(place: Place, interview: str, form: str, language: str) -> None:
    """Print an interview's released transcript. INTERVIEW is its accession number or id."""
    with place.unlocked() as house:
        found = worklist.find(house, OPERATOR, interview)
        click.echo(WRITERS[form](research.export(house, OPERATOR, found.id, language)), nl=False)


@click.command()
@click.argument("interview")
@click.argument("file", type=click.File("rb"))
@click.option("--language", type=click.Choice(sorted(LANGUAGES)), required=True, help="What it is translated into.")
@in_archive
def translate(place: Place, interview: str, file: BinaryIO, language: str) -> None:
    """Lay a translation beside an interview in review.

    INTERVIEW is its accession number or id. FILE is WebVTT, SRT or JSON with times, or “-” for standard input; it takes
    the place of what lies there in that language. Others read it once the interview was approved with it; names in it
    are concealed by the same decisions.
    """
    with place.unlocked() as house:
        found = worklist.find(house, OPERATOR, interview)
        translating.may_write(house, OPERATOR, found.id)
        given = LayBeside.of(file.read(LONGEST_FILE + 1), language)
        changes.make(house, OPERATOR, found.id, given, translating.sheet(house, OPERATOR, found.id).version)
        (told,) = (one for one in translating.sheet(house, OPERATOR, found.id).progress if one.language == language)
        click.echo(f"{found.accession}  {told.done} of {told.turns} turns have a translation")
