"""Making an archive and filling it without the web: init, ingest, status, retry, invite."""

from __future__ import annotations

import json
import os
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import click

from archive import parts
from archive.acts import accounts, intake, worklist
from archive.acts.worklist import WorkItem
from archive.catalogue import JobState
from archive.cli.opening import Place, in_archive, tell_failures
from archive.consent import Consent, Terms
from archive.errors import BadInput
from archive.i18n import preferred, say, say_code
from archive.policy import OPERATOR, Role
from archive.worker import work
from transcripts.errors import SoundError

_SHORTEST_PASSPHRASE = 20


@click.command()
@in_archive
def init(place: Place) -> None:
    """Make a new archive.

    Its passphrase opens everything in it: take six or more words drawn by dice, write them on paper, and keep the paper
    away from the machine. Nobody can restore a lost one.
    """
    passphrase = place.passphrase(new=True)
    if len(passphrase) < _SHORTEST_PASSPHRASE:
        raise BadInput("Take a passphrase of at least {shortest} characters.", shortest=_SHORTEST_PASSPHRASE)
    parts.make(place.settings(), passphrase)
    click.echo("The archive is made. Next: “golosa invite admin”, then “golosa serve”.")


@click.command()
@click.argument("role", type=click.Choice([role.value for role in accounts.INVITABLE]))
@in_archive
def invite(place: Place, role: str) -> None:
    """Print a one-time link for making an account.

    ROLE is what its owner may do: a historian searches and reads, an interviewer uploads and decides about names, an
    archivist does that for all interviews and publishes, an admin sees no content.
    """
    with place.unlocked() as house:
        token = accounts.invite(house, OPERATOR, Role(role))
        web = house.settings.web
        address = web.address.rstrip("/") or f"http://{web.host}:{web.port}"
        click.echo(f"{address}/invitation#{token}")


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--consent",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What the narrator agreed to, as a TOML file.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line per file.")
@click.option("--run", is_flag=True, help="Do the machine's work at once instead of leaving it to the worker.")
@click.option("--what-can-be-read", is_flag=True, help="Take damaged files too: there is no better copy of them.")
@in_archive
def ingest(  # noqa: PLR0913, PLR0917  # one parameter an option
    place: Place, files: tuple[Path, ...], consent: Path, as_json: bool, run: bool, what_can_be_read: bool
) -> None:
    """Receive recordings without the web.

    config/demo/irina.toml shows every line that the file of a consent can have. What is left out takes the most
    restrictive choice. Of several files those that are no recordings are told by their place in the order given; the
    others are received.
    """
    form = replace(read_consent(consent, place.settings().speech.language), even_damaged=what_can_be_read)
    refused = False
    with place.unlocked() as house:
        for number, file in enumerate(files, 1):
            try:
                with file.open("rb") as source:
                    receipt = intake.receive(house, OPERATOR, source, replace(form, file_name=file.name))
            except SoundError as error:  # the others are received all the same
                refused = True
                which = f"{number}/{len(files)}: " if len(files) > 1 else ""
                click.echo(which + say(error, preferred(os.environ)), err=True)
                continue
            told = {"id": receipt.interview.accession, "sha256": receipt.sha256, "bytes": receipt.length}
            click.echo(json.dumps(told) if as_json else f"{told['id']}  received and verified, {told['bytes']} bytes")
        if run:
            tell_failures(house, work(house))
    if refused:
        raise click.exceptions.Exit(1)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line per interview.")
@in_archive
def status(place: Place, as_json: bool) -> None:
    """List the interviews, their stages and their jobs."""
    with place.unlocked() as house:
        for row in worklist.interviews(house, OPERATOR):
            job = row.job
            told = {
                "id": row.interview.accession,
                "stage": row.interview.stage,
                "job": job.state if job else None,
                "progress": round(job.progress, 3) if job else None,
                "problem": job.code if job else None,
                "lost_seconds": row.interview.lost_seconds,
            }
            click.echo(json.dumps(told) if as_json else _line(row))


def _line(row: WorkItem) -> str:
    """An interview, its stage and its job for a person's eyes."""
    shown = [row.interview.accession, str(row.interview.stage)]
    if (job := row.job) is not None:
        shown.append(str(job.state))
        if job.state is JobState.RUNNING:
            shown.append(f"{job.progress:.0%}")
        if job.state is JobState.FAILED:
            shown.append(say_code(job.code or "", job.facts, preferred(os.environ)))
    if row.interview.lost_seconds is not None:
        shown.append(f"damaged: {row.interview.lost_seconds:.0f} s could not be read")
    return "  ".join(shown)


@click.command()
@click.argument("interview", required=False)
@click.option("--all", "everything", is_flag=True, help="Try again every interview whose work has failed.")
@click.option("--what-can-be-read", is_flag=True, help="Go on with a damaged recording; says how much is lost.")
@in_archive
def retry(place: Place, interview: str | None, everything: bool, what_can_be_read: bool) -> None:
    """Try again what stopped. INTERVIEW is its accession number or id."""
    if (interview is None) is not everything or (everything and what_can_be_read):
        raise click.UsageError("Name one interview, or give --all alone.")
    with place.unlocked() as house:
        if interview is None:
            rows = worklist.interviews(house, OPERATOR)
            chosen = [row.interview for row in rows if row.job is not None and row.job.state is JobState.FAILED]
        else:
            chosen = [worklist.find(house, OPERATOR, interview)]
        for found in chosen:
            if what_can_be_read:
                lost = worklist.take_damaged(house, OPERATOR, found.id)
                click.echo(f"{found.accession}  goes on with what can be read: {lost:.0f} s are lost")
            else:
                worklist.retry(house, OPERATOR, found.id)
                click.echo(f"{found.accession}  waits for the worker")


def read_consent(path: Path, language: str = "ru") -> intake.IntakeForm:
    """The form in a TOML file; ``language`` where it names none. Raises BadInput and says which line is wrong.

    A value of the wrong type is refused, never read as something else: ``spoken = "yes"`` is not silently a no.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as cause:
        raise BadInput("The consent file is not TOML.", "consent") from cause
    terms = found.pop("terms", {})
    known = {"title", "language", "recorded_on", "notes", "narrator", "protected_names", "given_on", "spoken"}
    known |= {"places", "themes", "left_in"}
    if unknown := sorted(set(found) - known):
        raise BadInput("The consent file has lines that are not known: {names}", "consent", names=", ".join(unknown))
    return intake.IntakeForm(
        consent=Consent(
            terms=_terms(terms),
            protected_names=tuple(_texts(found.get("protected_names", []))),
            narrator=_text(found, "narrator"),
            given_on=_day(found.get("given_on")),
            spoken=_yes(found, "spoken"),
        ),
        title=_text(found, "title"),
        language=_text(found, "language", language),
        recorded_on=_day(found.get("recorded_on")),
        places=tuple(_listed(found, "places")),
        themes=tuple(_listed(found, "themes")),
        left_in=_year(found.get("left_in")),
        notes=_text(found, "notes"),
    )


def _terms(found: object) -> Terms:
    if not isinstance(found, dict):
        raise BadInput("The consent file has a choice that does not exist: {name}", "terms", name="terms")
    defaults = Terms().as_json()
    if unknown := sorted(set(found) - set(defaults)):
        raise BadInput("The consent file has lines that are not known: {names}", "terms", names=", ".join(unknown))
    plain = {key: value.isoformat() if isinstance(value, date) else value for key, value in found.items()}
    for key, value in plain.items():
        try:
            # “embargo_until = false” is not the same as no embargo; no choice is called “-”.
            Terms.from_json({**defaults, key: value if isinstance(value, str) and value else "-"})
        except BadInput:
            pass  # it does not go with the defaults: whether it goes with the other choices is asked below
        except ValueError as cause:
            raise BadInput("The consent file has a choice that does not exist: {name}", "terms", name=key) from cause
    return Terms.from_json({**defaults, **plain})


def _text(found: dict[str, Any], key: str, otherwise: str = "") -> str:
    value = found.get(key, otherwise)
    if not isinstance(value, str):
        raise BadInput("In the consent file, put this in quotes: {name}", key, name=key)
    return value


def _yes(found: dict[str, Any], key: str) -> bool:
    value = found.get(key, False)
    if not isinstance(value, bool):
        raise BadInput("In the consent file, write true or false, without quotes: {name}", key, name=key)
    return value


def _texts(found: object) -> list[str]:
    if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
        raise BadInput("The protected list is a list of names in quotes.", "protected_names")
    return found


def _listed(found: dict[str, Any], key: str) -> list[str]:
    values = found.get(key, [])
    if not isinstance(values, list) or not all(isinstance(item, str) for item in values):
        raise BadInput("In the consent file, write a list of texts in quotes: {name}", key, name=key)
    return [" ".join(item.split()) for item in values if item.split()]


def _year(found: object) -> int | None:
    if found is not None and type(found) is not int:
        raise BadInput("Write the year with four figures, like 1991.", "left_in")
    return found


def _day(found: object) -> date | None:
    if found is not None and type(found) is not date:
        raise BadInput("Write dates like 2024-05-14, without quotes.", "date")
    return found
