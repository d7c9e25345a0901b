"""Interchange from the command line."""

from __future__ import annotations

import click

from archive.acts import research, worklist
from archive.cli.opening import Place, in_archive
from archive.policy import OPERATOR
from transcripts.formats import WRITERS


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
