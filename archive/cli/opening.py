"""What every command that needs an archive shares: which folder, which passphrase, and letting go afterwards."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

import click

from archive import parts
from archive.catalogue import Job, JobState
from archive.i18n import preferred, say_code
from archive.parts import Archive
from archive.settings import Settings, load
from archive.vault.hardening import harden

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Place:
    """Where an archive is, and where its passphrase comes from: a terminal, or an inherited file descriptor."""

    home: Path
    passphrase_fd: int | None
    known: str | None = field(default=None, repr=False)

    @classmethod
    def given(cls, home: Path, passphrase: str) -> Self:
        """A place whose passphrase was asked for already."""
        return cls(home, None, passphrase)

    def settings(self) -> Settings:
        """Raises BadSettings."""
        return load(self.home)

    def passphrase(self, *, new: bool = False) -> str:
        """Never from an argument or the environment: those can be read by others on the machine."""
        if self.known is not None:
            return self.known
        if self.passphrase_fd is not None:
            try:
                with os.fdopen(os.dup(self.passphrase_fd), encoding="utf-8") as source:
                    return source.readline().rstrip("\n")
            except (OSError, UnicodeDecodeError) as cause:
                raise click.UsageError("No passphrase can be read from this file descriptor.") from cause
        if not sys.stdin.isatty():
            raise click.UsageError("No terminal to ask for the passphrase: pass it with --passphrase-fd N.")
        text: str = click.prompt("Passphrase", hide_input=True, confirmation_prompt=new, err=True)
        return text

    @contextmanager
    def unlocked(self) -> Iterator[Archive]:
        """The archive, unlocked. Raises NoArchive, WrongPassphrase, BadSettings."""
        house = parts.unlock(self.settings(), self.passphrase())
        try:
            yield house
        finally:
            house.close()


def tell_failures(house: Archive, jobs: list[Job]) -> None:
    """A line on stderr for each job that failed, and exit status 1; nothing if all went well."""
    failed = [job for job in jobs if job.state is JobState.FAILED]
    for job in failed:
        with house.catalogue.reading() as ledger:
            accession = ledger.interviews.get(job.interview).accession
        click.echo(f"{accession}: {say_code(job.code or '', job.facts, preferred(os.environ))}", err=True)
    if failed:
        raise click.exceptions.Exit(1)


def in_archive(command: Callable[Concatenate[Place, P], R]) -> Callable[..., R]:
    """Gives a command --home and --passphrase-fd, and the Place they name as its first argument."""

    @click.option(
        "--home",
        type=click.Path(file_okay=False, path_type=Path),
        default=Path("golosa-archive"),
        show_default=True,
        envvar="GOLOSA_HOME",
        show_envvar=True,
        help="The archive's folder.",
    )
    @click.option(
        "--passphrase-fd", type=int, metavar="N", help="Read the passphrase from this file descriptor, not a terminal."
    )
    @wraps(command)
    def with_place(home: Path, passphrase_fd: int | None, **arguments: Any) -> R:
        harden()  # before the passphrase is in memory
        return command(Place(home, passphrase_fd), **arguments)  # type: ignore[call-arg]  # click gives the rest by name

    return with_place
