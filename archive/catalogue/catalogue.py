"""The catalogue: one SQLite file, its two kinds of transaction, its upkeep."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from archive.catalogue import database
from archive.catalogue.ledger import Ledger
from archive.catalogue.migrate import migrate
from archive.catalogue.ports import RowSealer
from archive.catalogue.shelf import Opened

_READERS = 8


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Catalogue:
    """One per process; its threads may share it."""

    def __init__(self, path: Path, sealer: RowSealer, clock: Callable[[], datetime] = _utc_now) -> None:
        self._path = path
        self._sealer = sealer
        self._clock = clock
        self._opened = Opened()
        self._writer = database.engine(path, begin="BEGIN IMMEDIATE", connections=1)
        self._reader = database.engine(path, begin="BEGIN", connections=_READERS, read_only=True)

    @classmethod
    def open(cls, path: Path, sealer: RowSealer, clock: Callable[[], datetime] = _utc_now) -> Catalogue:
        """The catalogue in that file, made or migrated where needed.

        Raises NewerCatalogue, Tampered (not a catalogue, or damaged), Busy, OutOfSpace.
        """
        with database.translated():
            database.make_file(path)
            made = cls(path, sealer, clock)
            migrate(made._reader, made._writer)
        return made

    @contextmanager
    def writing(self) -> Iterator[Ledger]:
        """A transaction that may change things: committed at the end of the block, rolled back if it raises.

        One at a time among all threads and processes, so keep it short and never begin another inside: others wait
        up to half a minute, then get Busy.
        """
        with self._transaction(self._writer) as ledger:
            yield ledger
            ledger.close()

    @contextmanager
    def reading(self) -> Iterator[Ledger]:
        """A transaction that sees one state of things from beginning to end. A change in it raises CatalogueError."""
        with self._transaction(self._reader) as ledger:
            yield ledger

    def scrub(self) -> None:
        """Take what was deleted out of the file and its log. Not within a transaction; raises Busy, OutOfSpace."""
        self._reader.dispose()
        with database.translated():
            database.scrub(self._path)

    def close(self) -> None:
        """Let go of the file."""
        self._reader.dispose()
        self._writer.dispose()

    @contextmanager
    def _transaction(self, engine: Engine) -> Iterator[Ledger]:
        with database.translated(), engine.begin() as connection:
            yield Ledger(connection, self._sealer, self._opened, self._clock)
