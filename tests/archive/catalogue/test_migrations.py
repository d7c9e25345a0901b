"""Archives of earlier versions, rows in every table they had: upgraded, everything in them reads and can be changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from alembic import command
from alembic.config import Config

import archive.catalogue
from archive.catalogue import (
    Account,
    Blob,
    Catalogue,
    Ledger,
    Paper,
    PaperKind,
    Place,
    RowKey,
    RowSealer,
    SavedSearch,
    SessionRow,
)
from archive.catalogue.migrate import HEAD
from archive.catalogue.tables import metadata
from archive.collection import Collection, Grant
from archive.excerpt import Excerpt, ExcerptState
from archive.interview import Event, Interview, advance
from archive.policy import Role
from tests.archive.catalogue.catalogue_fakes import (
    NOON,
    Sealing,
    a_blob,
    a_saved_passage,
    an_excerpt,
    an_interview,
    permit,
)

REVISIONS = ("0001", "0002", "0003", "0004", "0005")
"""Every schema that an archive may still have; the newest one is what the other tests use."""

_LATER_FIELDS = {
    "interviews": {"narrator", "lost_seconds", "collection", "places", "themes", "left_in"},
    "accounts": {"factors"},
}
"""What documents did not hold when there was only the first schema."""


_OLD_SESSION = "token_hash, account, created, seen, proof"


class OldSealer:
    """Seals documents as the first version did, without what was thought of later."""

    def __init__(self, sealer: RowSealer) -> None:
        self._sealer = sealer

    def seal(self, key: RowKey, place: Place, value: Mapping[str, Any]) -> bytes:
        later = _LATER_FIELDS.get(place.table, set())
        assert later <= value.keys() or not later
        return self._sealer.seal(key, place, {name: one for name, one in value.items() if name not in later})

    def open(self, key: RowKey, place: Place, sealed: bytes) -> dict[str, Any]:
        return self._sealer.open(key, place, sealed)

    def handle(self, text: str) -> str:
        return self._sealer.handle(text)

    def mac(self, data: bytes) -> bytes:
        return self._sealer.mac(data)


@dataclass
class Kept:
    """What was stored, as it was handed back."""

    interview: Interview
    account: Account
    blob: Blob | None = None
    paper: Paper | None = None
    excerpt: Excerpt | None = None
    collection: Collection | None = None


def _blobs(ledger: Ledger, kept: Kept) -> None:
    kept.blob = a_blob(kept.interview)
    ledger.blobs.add(kept.blob)


def _papers(ledger: Ledger, kept: Kept) -> None:
    new = Paper.new(kept.interview.id, PaperKind.DECISIONS, {"choices": {}, "extra": ["Самара"]})
    kept.paper = ledger.papers.put(permit(kept.interview), new, 0)


def _excerpts(ledger: Ledger, kept: Kept) -> None:
    kept.excerpt = ledger.excerpts.add(an_excerpt(kept.interview))


def _passages(ledger: Ledger, kept: Kept) -> None:
    assert kept.excerpt is not None
    kept.excerpt = ledger.excerpts.save(replace(kept.excerpt, state=ExcerptState.PUBLISHED))
    ledger.excerpts.set_passage(kept.excerpt.id, {"words": ["чемодан"]})


def _grants(ledger: Ledger, kept: Kept) -> None:
    kept.collection = ledger.collections.put(Collection(uuid4(), "Ремёсла"))
    ledger.grants.put(Grant(uuid4(), kept.account.id, kept.collection.id, NOON.date(), None, NOON.date()))


FILL: dict[str, Callable[[Ledger, Kept], object]] = {
    "blobs": _blobs,
    "papers": _papers,
    "excerpts": _excerpts,
    "passages": _passages,
    "marks": lambda ledger, _: ledger.marks.put("index", {"generation": 7}),
    "jobs": lambda ledger, kept: ledger.jobs.enqueue(kept.interview.id, "transcribed"),
    "invitations": lambda ledger, _: ledger.invitations.add("bb" * 32, Role.HISTORIAN, NOON + timedelta(hours=72)),
    "throttle": lambda ledger, _: [ledger.throttle.note("boris", NOON) for _ in range(6)],
    "audit": lambda ledger, kept: ledger.audit.append("receive", kept.account.id, kept.interview.id, NOON),
    "receipts": lambda ledger, kept: ledger.receipts.issue("cc" * 32, kept.interview.id, NOON),
    "visits": lambda ledger, kept: ledger.visits.add("dd" * 32, kept.interview.id, NOON),
    "grants": _grants,
    "saved_passages": lambda ledger, kept: ledger.notebook.keep(a_saved_passage(kept.interview, kept.account)),
    "saved_searches": lambda ledger, kept: ledger.notebook.keep_search(
        SavedSearch(uuid4(), kept.account.id, NOON.date(), "завод")
    ),
    "resets": lambda ledger, kept: ledger.resets.issue("ee" * 32, kept.account.id, NOON + timedelta(hours=72)),
    "sessions": lambda ledger, kept: ledger.sessions.add(SessionRow(uuid4(), "aa" * 32, kept.account.id, NOON, NOON)),
}
"""How a table gets a row; interviews, accounts, collections and the register get theirs on the way."""


def made_by(revision: str, path: Path, sealing: Sealing) -> Kept:
    """The file as that version left it, with rows in every table it had."""
    catalogue = Catalogue(path, OldSealer(sealing.sealer) if revision == "0001" else sealing.sealer)
    path.touch()
    with catalogue._writer.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(Path(archive.catalogue.__file__).parent / "migrations"))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    tables = [name for name in FILL if name in rows(path)]
    interview, account = an_interview(), Account(uuid4(), Role.HISTORIAN, "Анна", "hash", "ru")
    sealing.make(interview.id)
    with catalogue.writing() as ledger:
        kept = Kept(ledger.interviews.add(interview), ledger.accounts.add(account))
        for table in tables:
            if table != "sessions" or revision >= "0003":
                FILL[table](ledger, kept)
    if revision < "0003":
        with closing(sqlite3.connect(path)) as raw, raw:  # as sessions were before they could be told apart
            values = ("aa" * 32, account.id.hex, 0, 0, b"proof")
            raw.execute(
                "INSERT INTO sessions (token_hash, account, created, seen, proof) VALUES (?, ?, ?, ?, ?)", values
            )
    catalogue.close()
    return kept


def rows(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Every table of the file, by columns."""
    with closing(sqlite3.connect(path)) as raw:
        raw.row_factory = sqlite3.Row
        names = [row["name"] for row in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {name: [dict(row) for row in raw.execute(f"SELECT * FROM {name}")] for name in names}
    del found["alembic_version"]
    return found


@pytest.fixture(params=REVISIONS)
def old(request: pytest.FixtureRequest, path: Path, sealing: Sealing) -> tuple[str, Kept]:
    """A file of that revision."""
    return request.param, made_by(request.param, path, sealing)


@pytest.fixture
def upgraded(old: tuple[str, Kept], path: Path, sealing: Sealing) -> Iterator[tuple[Catalogue, Kept]]:
    """The same file, opened by this version."""
    assert all(rows(path).values()), "a table without a row"
    made = Catalogue.open(path, sealing.sealer, lambda: NOON)
    yield made, old[1]
    made.close()


def test_every_table_is_filled_in_this_test() -> None:
    """A new table gets its row here, and its revision stands in the list."""
    assert set(metadata.tables) == {*FILL, "interviews", "accounts", "collections", "register"}
    assert int(HEAD) == int(REVISIONS[-1]) + 1


def test_an_upgrade_changes_no_row(old: tuple[str, Kept], path: Path, sealing: Sealing) -> None:
    """Byte for byte what it was; only sessions of a time when they could not be told apart are ended."""
    before = rows(path)
    Catalogue.open(path, sealing.sealer).close()
    after = rows(path)
    assert set(after) == set(metadata.tables)
    for table, there in before.items():
        ended = table == "sessions" and old[0] < "0003"
        assert after[table] == ([] if ended else there), table


def test_everything_in_an_older_archive_is_read(upgraded: tuple[Catalogue, Kept]) -> None:
    """Each row by its own way, what was not known then by its default, and the register misses none."""
    catalogue, kept = upgraded
    with catalogue.reading() as ledger:
        assert ledger.verify() == []
        assert ledger.interviews.all() == [kept.interview]
        assert ledger.accounts.by_handle("анна") == kept.account
        assert ledger.blobs.of(kept.interview.id) == [kept.blob]
        assert ledger.papers.parts(permit(kept.interview), kept.interview.id, PaperKind.DECISIONS) == [kept.paper]
        assert kept.excerpt is not None
        assert ledger.excerpts.get(kept.excerpt.id) == kept.excerpt
        assert ledger.excerpts.passage(kept.excerpt.id) == {"words": ["чемодан"]}
        assert ledger.marks.get("index") == {"generation": 7}
        job = ledger.jobs.of(kept.interview.id)
        assert job is not None
        assert job.step == "transcribed"
        assert [one.role for one in ledger.invitations.all(NOON)] == [Role.HISTORIAN]
        assert ledger.throttle.failures("Boris", NOON).count == 6
        assert [(entry.act, entry.who, entry.subject) for entry in ledger.audit.all()] == [
            ("receive", kept.account.id, kept.interview.id)
        ]
        assert ledger.grants.of(kept.account.id) == () or kept.collection is not None


def test_everything_in_an_older_archive_can_be_changed(upgraded: tuple[Catalogue, Kept]) -> None:
    """What was sealed without later fields is sealed with them, and the tables that were added take rows."""
    catalogue, kept = upgraded
    with catalogue.writing() as ledger:
        saved = ledger.interviews.save(replace(advance(kept.interview, Event.TRANSCRIBE), themes=("завод",)))
        account = ledger.accounts.save(replace(kept.account, language="en"))
        for table in ("receipts", "visits", "grants", "saved_passages", "saved_searches", "resets"):
            if table != "visits" or ledger.visits.find("dd" * 32) is None:
                FILL[table](ledger, kept)
        assert ledger.invitations.take("bb" * 32, NOON) is Role.HISTORIAN
        ledger.audit.append("approve", None, kept.interview.id, NOON)
    with catalogue.reading() as ledger:
        assert ledger.verify() == []
        assert ledger.interviews.get(saved.id) == saved
        assert ledger.accounts.get(account.id) == account
        assert ledger.grants.of(account.id)
