"""The worker's tidying: what ended by itself does not lie about."""

from __future__ import annotations

import contextlib
import sqlite3
from datetime import timedelta
from pathlib import Path

from archive import worker
from archive.acts import accounts, signing_in
from archive.policy import OPERATOR, Role
from tests import make


def test_sessions_that_ended_leave_no_row(home: Path) -> None:
    """Who was signed in when is nobody's business later; a session that still lasts is left alone."""
    house = make.archive_in(home)
    accounts.accept(house, accounts.invite(house, OPERATOR, Role.HISTORIAN), ("anna", "four plain words here"), "en")
    began = house.now()
    signing_in.sign_in(house, "anna", "four plain words here")
    house.now = lambda: began + timedelta(minutes=house.settings.web.idle_minutes + 1)
    lasting = signing_in.sign_in(house, "anna", "four plain words here").token
    worker.tidy(house)
    with contextlib.closing(sqlite3.connect(home / "catalogue.db")) as file:
        assert file.execute("SELECT count(*) FROM sessions").fetchall() == [(1,)]
    assert signing_in.signed_in(house, lasting) is not None
    house.close()
