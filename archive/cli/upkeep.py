"""Looking after an archive: verify, withdraw, doctor."""

from __future__ import annotations

import dataclasses
import json

import click

from archive.acts import fixity, health, worklist
from archive.acts import withdraw as withdrawing
from archive.cli.opening import Place, in_archive
from archive.policy import OPERATOR
from archive.vault import hardening


@click.command()
@in_archive
def verify(place: Place) -> None:
    """Check that every stored file is whole and unchanged.

    All of them are read and authenticated; exit status 1 if one was changed, cut or swapped.
    """
    with place.unlocked() as house:
        report = fixity.verify(house, OPERATOR)
    for finding in report.damaged:
        click.echo(f"damaged: {finding}", err=True)
    click.echo(
        f"{report.files} files of {report.interviews} interviews and all rows read, {len(report.damaged)} damaged"
    )
    if report.damaged:
        raise click.exceptions.Exit(1)


@click.command()
@click.argument("interview")
@click.confirmation_option(
    prompt="This cannot be undone. Withdraw the interview for good?", help="Do not ask whether you are sure."
)
@in_archive
def withdraw(place: Place, interview: str) -> None:
    """Take an interview out of the archive for good. INTERVIEW is its accession number or id."""
    with place.unlocked() as house:
        done = withdrawing.withdraw(house, OPERATOR, worklist.find(house, OPERATOR, interview).id)
    click.echo(f"{done.accession} withdrawn on {done.on}: closed, keys destroyed, {done.files} files removed.")
    if done.finished:
        click.echo("Its words are out of the index and its rows out of the catalogue.")
    else:
        click.echo("The archive is busy or its disk is full: the worker takes out the last sealed remains.")
        click.echo("“golosa doctor” counts what is not finished; “golosa worker --once” finishes it where none runs.")
    click.echo("Copies that others have downloaded or printed, and old backups, cannot be reached from here.")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@in_archive
def doctor(place: Place, as_json: bool) -> None:
    """Show how the archive does, in numbers without content."""
    with place.unlocked() as house:
        found = dataclasses.asdict(health.health(house, OPERATOR))
    if hardening.swaps_in_clear():
        click.echo(
            "The swap is not encrypted: keys and testimony can reach the disk. Encrypt it or turn it off.", err=True
        )
    if as_json:
        click.echo(json.dumps(found))
        return
    for name, value in found.items():
        told = ", ".join(f"{key} {count}" for key, count in value.items()) if isinstance(value, dict) else value
        click.echo(f"{name.replace('_', ' ')}: {told}")
