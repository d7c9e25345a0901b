"""Brings a catalogue's file to the present tables, in one transaction. Writes nothing to any log."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine

from archive.errors import NewerCatalogue

HEAD = "0006"
"""The newest migration in ``migrations/versions``; a test compares them."""


def migrate(reader: Engine, writer: Engine) -> None:
    """Several processes may do this at once: one migrates, the others wait and find it done.

    Raises NewerCatalogue.
    """
    with reader.begin() as connection:
        if _revision(connection) == HEAD:
            return
    with writer.begin() as connection:
        if _revision(connection) != HEAD:
            _upgrade(connection)


def _revision(connection: Connection) -> str | None:
    there = "SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'"
    if not connection.exec_driver_sql(there).scalar_one():
        return None
    revision: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return revision


def _upgrade(connection: Connection) -> None:
    with _silent("alembic"):  # its import has something to say, too
        _run_alembic(connection)


def _run_alembic(connection: Connection) -> None:
    # Most of a second to import and hardly ever needed.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config()
    folder = str(Path(__file__).parent / "migrations")
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as cause:
        raise NewerCatalogue from cause


@contextmanager
def _silent(name: str) -> Iterator[None]:
    logger = logging.getLogger(name)
    before = logger.propagate
    logger.propagate = False
    try:
        yield
    finally:
        logger.propagate = before
