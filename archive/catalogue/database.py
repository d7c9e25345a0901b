"""The file: how it is opened, what a transaction is, and which of our errors stands for which of SQLite's.

Two processes (web and worker) and their threads share it. Writers queue up with BEGIN IMMEDIATE, so a transaction that
began never has to give way to another; readers see the state they began with and never wait.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import TimeoutError as NoConnection

from archive.errors import ArchiveError, Busy, CatalogueError, Conflict, OutOfSpace, Tampered, Unknown

PATIENCE_SECONDS = 30.0

_PRAGMAS = (
    "foreign_keys = ON",
    "secure_delete = ON",  # what is deleted is overwritten, not only unlinked
    "temp_store = MEMORY",  # no sorting or VACUUM in a temporary file
    "synchronous = FULL",  # what was acknowledged survives a power cut
    "trusted_schema = OFF",
    "cell_size_check = ON",
)

_MEANINGS: dict[int, type[ArchiveError]] = {
    sqlite3.SQLITE_BUSY: Busy,
    sqlite3.SQLITE_LOCKED: Busy,
    sqlite3.SQLITE_FULL: OutOfSpace,
    sqlite3.SQLITE_CORRUPT: Tampered,
    sqlite3.SQLITE_NOTADB: Tampered,
    sqlite3.SQLITE_CONSTRAINT: Conflict,
}
"""By SQLite's primary result code (the low byte)."""


def engine(path: Path, *, begin: str, connections: int, read_only: bool = False) -> Engine:
    """Connections to the file whose transactions start with ``begin``.

    ``hide_parameters``: SQLAlchemy would quote bound values in its exceptions.
    """
    made = create_engine(
        URL.create("sqlite", database=str(path)),
        hide_parameters=True,
        poolclass=QueuePool,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=PATIENCE_SECONDS,
        connect_args={"timeout": PATIENCE_SECONDS, "isolation_level": None, "check_same_thread": False},
    )

    def configure(raw: sqlite3.Connection, _record: Any) -> None:
        for pragma in (*_PRAGMAS, *(("query_only = ON",) if read_only else ())):
            raw.execute(f"PRAGMA {pragma}")

    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    def translate(context: ExceptionContext) -> ArchiveError | None:
        found = context.original_exception
        return _meaning(found) if isinstance(found, sqlite3.Error) else None

    event.listen(made, "connect", configure)
    event.listen(made, "handle_error", translate)
    event.listen(made, "begin", start)
    return made


@contextmanager
def translated() -> Iterator[None]:
    """Turns the errors of connecting, and of connections used without SQLAlchemy, into the archive's."""
    try:
        yield
    except NoConnection as cause:
        raise Busy from cause
    except sqlite3.Error as cause:
        raise _meaning(cause) from cause


def make_file(path: Path) -> None:
    """An empty file in WAL mode that its owner alone may read; SQLite gives the files beside it the same mode.

    Several processes may do this at once. Changing the journal mode needs the file for itself and SQLite does not wait
    for that, so we do.
    """
    path.touch(mode=0o600)
    raw = sqlite3.connect(path, timeout=PATIENCE_SECONDS, isolation_level=None)
    try:
        _patiently(lambda: raw.execute("PRAGMA journal_mode = WAL").fetchone() == ("wal",))
    finally:
        raw.close()


def scrub(path: Path) -> None:
    """Rewrites the file without what was deleted, and empties the write-ahead log, where old pages live on.

    Raises Busy if others keep reading for longer than one waits.
    """
    raw = sqlite3.connect(path, timeout=PATIENCE_SECONDS, isolation_level=None)
    try:
        for pragma in _PRAGMAS:
            raw.execute(f"PRAGMA {pragma}")
        _truncate_log(raw)
        raw.execute("VACUUM")
        _truncate_log(raw)  # in WAL mode the vacuumed file is written through the log
    finally:
        raw.close()


def _truncate_log(raw: sqlite3.Connection) -> None:
    _patiently(lambda: raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)


def _patiently(attempt: Callable[[], bool]) -> None:
    """Until it succeeds; raises Busy when patience ends."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            if attempt():
                return
        except sqlite3.OperationalError as cause:
            if cause.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
        if time.monotonic() > until:
            raise Busy
        time.sleep(0.02)


def _meaning(cause: sqlite3.Error) -> ArchiveError:
    code = getattr(cause, "sqlite_errorcode", 0)  # none if Python’s own checks failed
    if code == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
        return Unknown("a row that another one refers to")
    # Readers too need a few pages beside the file, on a disk full to the brim; a quota is no “full” to SQLite.
    if code in (sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_WRITE):
        return OutOfSpace(f"sqlite {code}")
    return _MEANINGS.get(code & 0xFF, CatalogueError)(f"sqlite {code}")
