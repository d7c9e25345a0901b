"""Whoever can write to the file but has no key: every change is noticed, at reading or by ``verify``."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from archive.catalogue import Account, Catalogue, Kind, Ledger, Paper, PaperKind, SavedSearch, SessionRow
from archive.catalogue.tables import metadata
from archive.collection import Collection, Grant
from archive.consent import Terms
from archive.errors import Tampered
from archive.interview import Event, advance
from archive.policy import Role
from tests.archive.catalogue.catalogue_fakes import (
    NOON,
    Sealing,
    a_blob,
    a_saved_passage,
    an_excerpt,
    permit,
    stored_interview,
)

SEALED = sorted(table.name for table in metadata.tables.values() if {"sealed", "id"} <= set(table.columns.keys()))


@contextmanager
def hostile(path: Path) -> Iterator[sqlite3.Connection]:
    """Somebody with the file and a copy of SQLite."""
    with closing(sqlite3.connect(path)) as raw, raw:
        yield raw


@pytest.fixture
def full(catalogue: Catalogue, sealing: Sealing) -> Catalogue:
    """Two rows at least in every sealed table, some of them changed since they were made."""
    for number in (1, 2):
        made = stored_interview(catalogue, sealing, accession=f"2026-000{number}")
        with catalogue.writing() as ledger:
            ledger.interviews.save(advance(made, Event.TRANSCRIBE))
            ledger.blobs.add(a_blob(made))
            for kind in (PaperKind.ROSTER, PaperKind.DECISIONS):
                paper = ledger.papers.put(permit(made), Paper.new(made.id, kind, {"a": number}), 0)
                ledger.papers.put(permit(made), replace(paper, content={"a": "later"}), 1)
            excerpt = ledger.excerpts.add(an_excerpt(made))
            ledger.excerpts.set_passage(excerpt.id, {"words": [number]})
            account = ledger.accounts.add(Account(uuid4(), Role.HISTORIAN, f"user {number}", "hash"))
            collection = ledger.collections.put(Collection(uuid4(), f"collection {number}"))
            ledger.grants.put(Grant(uuid4(), account.id, collection.id, NOON.date(), None, NOON.date()))
            ledger.notebook.keep(a_saved_passage(made, account))
            ledger.notebook.keep_search(SavedSearch(uuid4(), account.id, NOON.date(), f"завод {number}"))
            ledger.marks.put(f"mark-{number}", {"n": number})
            ledger.audit.append("receive", None, made.id, NOON)
    return catalogue


def _codes(catalogue: Catalogue) -> list[tuple[str, str]]:
    with catalogue.reading() as ledger:
        return [(found.table, found.code) for found in ledger.verify()]


def _noticed(catalogue: Catalogue) -> set[str]:
    """Tables with a row that does not open. A row under another interview's id asks for a key that never was."""
    return {table for table, code in _codes(catalogue) if code in {"tampered", "key-gone"}}


def test_an_untouched_catalogue_is_whole(full: Catalogue) -> None:
    """``verify`` finds nothing where there is nothing."""
    assert _codes(full) == []


def _flip(raw: sqlite3.Connection, table: str) -> None:
    sealed = bytearray(raw.execute(f"SELECT sealed FROM {table} ORDER BY seq LIMIT 1").fetchone()[0])
    sealed[len(sealed) // 2] ^= 1
    raw.execute(f"UPDATE {table} SET sealed = ? WHERE seq = (SELECT min(seq) FROM {table})", (bytes(sealed),))


def _cut(raw: sqlite3.Connection, table: str) -> None:
    raw.execute(f"UPDATE {table} SET sealed = substr(sealed, 1, length(sealed) - 1)")


def _empty(raw: sqlite3.Connection, table: str) -> None:
    raw.execute(f"UPDATE {table} SET sealed = x''")


def _move(raw: sqlite3.Connection, table: str) -> None:
    """The last row's content over the first row's."""
    raw.execute(
        f"UPDATE {table} SET (sealed, version) = (SELECT sealed, version FROM {table} ORDER BY seq DESC LIMIT 1) "
        f"WHERE seq = (SELECT min(seq) FROM {table})"
    )


def _renumber(raw: sqlite3.Connection, table: str) -> None:
    raw.execute(f"UPDATE {table} SET version = version + 1")


def _rename(raw: sqlite3.Connection, table: str) -> None:
    raw.execute(f"UPDATE {table} SET id = '{uuid4().hex}' WHERE seq = (SELECT min(seq) FROM {table})")


@pytest.mark.parametrize("harm", [_flip, _cut, _empty, _move, _renumber, _rename])
def test_a_sealed_row_that_was_touched_does_not_open(
    full: Catalogue, path: Path, harm: Callable[[sqlite3.Connection, str], None]
) -> None:
    """Changed, cut, emptied, moved to another row, given another version or id: ``verify`` names every such table."""
    with hostile(path) as raw:
        raw.execute("PRAGMA foreign_keys = OFF")
        for table in SEALED:
            harm(raw, table)
    assert _noticed(full) == set(SEALED)


def test_each_plain_column_is_bound_to_what_is_sealed(full: Catalogue, path: Path) -> None:
    """Whatever plain column of whatever sealed table is changed, its row does not open any more."""
    for table in SEALED:
        columns = metadata.tables[table].columns
        for name in set(columns.keys()) - {"sealed"}:
            with hostile(path) as raw:
                raw.execute("PRAGMA foreign_keys = OFF")
                before = raw.execute(f"SELECT {name} FROM {table} ORDER BY seq LIMIT 1").fetchone()[0]
                odd = _odd(str(columns[name].type), before)
                raw.execute(f"UPDATE {table} SET {name} = ? WHERE {name} = ?", (odd, before))
            assert table in _noticed(full), f"{table}.{name}"
            with hostile(path) as raw:
                raw.execute(f"UPDATE {table} SET {name} = ? WHERE {name} = ?", (before, odd))
    assert _codes(full) == []


def _odd(kind: str, before: Any) -> Any:
    """Another value of the column's type."""
    if kind == "INTEGER":
        return before + 40
    return {"CHAR(32)": uuid4().hex, "DATE": "1999-12-31"}.get(kind, "released")


@pytest.mark.parametrize("table", ["interviews", "excerpts"])
def test_a_tombstone_cannot_be_made_by_emptying_a_row(full: Catalogue, path: Path, table: str) -> None:
    """Without content, a row opens only if it was withdrawn; and then the register still misses it."""
    with hostile(path) as raw:
        raw.execute(f"UPDATE {table} SET sealed = NULL")
    assert (table, "tampered") in _codes(full)
    with hostile(path) as raw:
        raw.execute("UPDATE interviews SET sealed = NULL, stage = 'withdrawn', version = version + 1")
        raw.execute("UPDATE excerpts SET sealed = NULL, state = 'withdrawn', version = version + 1")
    assert _codes(full) == [("register", "rows-missing-or-put-back")]


@pytest.mark.parametrize("sealing", ["fake"], indirect=True)
@pytest.mark.parametrize("odd", ["x'ff'", "'no such thing'", "-1", "1e300", "''"])
def test_what_cannot_be_a_row_is_tampered(full: Catalogue, path: Path, odd: str) -> None:
    """SQLite keeps anything in any column: nonsense in one is damage, and no crash of whoever reads it."""
    for table in SEALED:
        for name in set(metadata.tables[table].columns.keys()) - {"seq"}:
            with hostile(path) as raw:
                raw.execute("PRAGMA foreign_keys = OFF")
                key, before = raw.execute(f"SELECT seq, {name} FROM {table} LIMIT 1").fetchone()
                raw.execute(f"UPDATE {table} SET {name} = {odd} WHERE seq = {key}")
            assert (table, "tampered") in _codes(full), f"{table}.{name}"
            with hostile(path) as raw:
                raw.execute(f"UPDATE {table} SET {name} = ? WHERE seq = {key}", (before,))
    assert _codes(full) == []


def test_a_stage_set_by_hand_releases_nothing(full: Catalogue, path: Path) -> None:
    """The stage that counts is the sealed one."""
    with hostile(path) as raw:
        raw.execute("UPDATE interviews SET stage = 'released'")
    with full.reading() as ledger, pytest.raises(Tampered):
        ledger.interviews.all()


@pytest.mark.parametrize("with_version", [False, True], ids=["content", "content-and-version"])
def test_an_older_version_put_back_is_noticed(full: Catalogue, path: Path, with_version: bool) -> None:
    """At once if only the content is old; by ``verify`` if the whole row is."""
    with full.reading() as ledger:
        interview = ledger.interviews.all()[0]
    with hostile(path) as raw:
        old = raw.execute("SELECT sealed, version FROM interviews WHERE id = ?", (interview.id.hex,)).fetchone()
    with full.writing() as ledger:
        ledger.interviews.save(replace(interview, terms=Terms()))
    with hostile(path) as raw:
        raw.execute("UPDATE interviews SET sealed = ? WHERE id = ?", (old[0], interview.id.hex))
        if with_version:
            raw.execute("UPDATE interviews SET version = ? WHERE id = ?", (old[1], interview.id.hex))
    expected = ("register", "rows-missing-or-put-back") if with_version else ("interviews", "tampered")
    assert _codes(full) == [expected]


@pytest.mark.parametrize("table", ["blobs", "papers", "passages", "accounts", "marks"])
def test_a_row_taken_away_is_noticed(full: Catalogue, path: Path, table: str) -> None:
    """Nothing that refers to it is left; still it is missed."""
    with hostile(path) as raw:
        raw.execute(f"DELETE FROM {table} WHERE seq = (SELECT max(seq) FROM {table})")
    assert ("register", "rows-missing-or-put-back") in _codes(full)


def test_the_newest_cannot_be_made_old(full: Catalogue, path: Path) -> None:
    """Swapping the order of two blobs would show the release before the last one."""
    with full.writing() as ledger:
        interview = ledger.interviews.all()[0]
        ledger.blobs.add(a_blob(interview))
    with hostile(path) as raw:
        raw.execute("UPDATE blobs SET seq = 100 - seq")
    with full.reading() as ledger, pytest.raises(Tampered):
        ledger.blobs.newest(interview.id, Kind.RECORDING)


def test_a_row_that_came_back_is_noticed(full: Catalogue, path: Path) -> None:
    """A paper that was removed, put back byte for byte."""
    with hostile(path) as raw:
        old = raw.execute("SELECT * FROM papers WHERE kind = 'decisions' LIMIT 1").fetchone()
    with full.writing() as ledger:
        for interview in ledger.interviews.all():
            ledger.papers.remove(interview.id, PaperKind.DECISIONS)
    assert _codes(full) == []
    with hostile(path) as raw:
        raw.execute(f"INSERT INTO papers VALUES ({','.join('?' * len(old))})", old)
    assert _codes(full) == [("register", "rows-missing-or-put-back")]


def test_a_register_taken_away_or_changed_is_noticed(full: Catalogue, path: Path) -> None:
    """The sum cannot be forged, nor started anew."""
    with hostile(path) as raw:
        raw.execute("UPDATE register SET version = version + 1")
    assert _codes(full) == [("register", "rows-missing-or-put-back")]
    with hostile(path) as raw:
        raw.execute("DELETE FROM register")
    assert _codes(full) == [("register", "rows-missing-or-put-back")]


def _doors(ledger: Ledger) -> Account:
    account = ledger.accounts.add(Account(uuid4(), Role.HISTORIAN, "reader", "hash"))
    ledger.sessions.add(SessionRow(uuid4(), "aa" * 32, account.id, NOON, NOON))
    ledger.invitations.add("bb" * 32, Role.HISTORIAN, NOON + timedelta(hours=1))
    return account


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE sessions SET account = (SELECT id FROM accounts WHERE role = 'admin')",
        "UPDATE sessions SET created = created + 3600000000",
        f"UPDATE sessions SET token_hash = '{'cc' * 32}'",
        "UPDATE sessions SET proof = x''",
    ],
)
def test_a_session_cannot_be_pointed_elsewhere(catalogue: Catalogue, path: Path, harm: str) -> None:
    """Not at another account, not at a later beginning, not at another token."""
    with catalogue.writing() as ledger:
        ledger.accounts.add(Account(uuid4(), Role.ADMIN, "admin", "hash"))
        _doors(ledger)
    with hostile(path) as raw:
        raw.execute(harm)
    for token in ("aa" * 32, "cc" * 32):
        with catalogue.reading() as ledger:
            try:
                assert ledger.sessions.find(token) is None
            except Tampered:
                break
    else:
        pytest.fail("nobody noticed")


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE invitations SET role = 'admin'",
        "UPDATE invitations SET expires = expires + 1",
        "UPDATE invitations SET proof = x'00'",
    ],
)
def test_an_invitation_cannot_be_raised(catalogue: Catalogue, path: Path, harm: str) -> None:
    """Neither to another role nor to a longer life."""
    with catalogue.writing() as ledger:
        _doors(ledger)
    with hostile(path) as raw:
        raw.execute(harm)
    with pytest.raises(Tampered), catalogue.writing() as ledger:
        ledger.invitations.take("bb" * 32, NOON)


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE resets SET account = (SELECT id FROM accounts WHERE role = 'admin')",
        "UPDATE resets SET expires = expires + 1",
        f"UPDATE resets SET token_hash = '{'dd' * 32}'",
    ],
)
def test_a_code_for_a_new_password_cannot_be_pointed_elsewhere(catalogue: Catalogue, path: Path, harm: str) -> None:
    """Not at another account, not at a longer life, not at a code that whoever has the file knows."""
    with catalogue.writing() as ledger:
        ledger.accounts.add(Account(uuid4(), Role.ADMIN, "admin", "hash"))
        ledger.resets.issue("bb" * 32, _doors(ledger).id, NOON + timedelta(hours=1))
    with hostile(path) as raw:
        raw.execute(harm)
    with pytest.raises(Tampered), catalogue.writing() as ledger:
        assert [ledger.resets.take(token, NOON) for token in ("bb" * 32, "dd" * 32)] == []


_AUDIT_HARM = [
    "UPDATE audit SET act = 'withdraw' WHERE seq = 2",
    "UPDATE audit SET at = at + 1 WHERE seq = 2",
    "UPDATE audit SET who = NULL WHERE seq = 2",
    "UPDATE audit SET subject = who WHERE seq = 2",
    "UPDATE audit SET mac = x'00' WHERE seq = 2",
    "DELETE FROM audit WHERE seq = 1",
    "DELETE FROM audit WHERE seq = 2",
    "DELETE FROM audit WHERE seq = 3",
    "DELETE FROM audit",
    "DELETE FROM marks WHERE name = 'audit-head'",
    "UPDATE audit SET seq = 9 - seq",
    "INSERT INTO audit SELECT 4, at, act, who, subject, mac FROM audit WHERE seq = 3",
]


@pytest.mark.parametrize("harm", _AUDIT_HARM)
def test_the_audit_log_cannot_be_rewritten(catalogue: Catalogue, path: Path, harm: str) -> None:
    """Changed, taken out, cut at its end, emptied, reordered, made longer: noticed."""
    with catalogue.writing() as ledger:
        for act in ("receive", "approve", "publish-excerpt"):
            ledger.audit.append(act, uuid4(), uuid4(), NOON)
        assert ledger.audit.verify()
        assert ledger.audit.head().startswith("3 ")
    with hostile(path) as raw:
        raw.execute(harm)
    with catalogue.reading() as ledger:
        assert not ledger.audit.verify()
        assert ("audit", None, "chain-broken") in [(d.table, d.row, d.code) for d in ledger.verify()]


def test_an_entry_of_another_past_does_not_fit(path: Path, sealing: Sealing) -> None:
    """Genuine, of the right number, but from before the file was put back to an older state: the next one tells."""

    def append(*acts: str) -> None:
        with closing(Catalogue.open(path, sealing.sealer)) as catalogue, catalogue.writing() as ledger:
            for act in acts:
                ledger.audit.append(act, None, None, NOON)

    append("receive", "approve")
    older = path.read_bytes()
    append("withdraw")
    with hostile(path) as raw:
        genuine = raw.execute("SELECT act, mac FROM audit WHERE seq = 3").fetchone()
    path.write_bytes(older)
    append("reopen", "approve")
    with closing(Catalogue.open(path, sealing.sealer)) as catalogue, catalogue.reading() as ledger:
        assert ledger.audit.verify()
    with hostile(path) as raw:
        raw.execute("UPDATE audit SET act = ?, mac = ? WHERE seq = 3", genuine)
    with closing(Catalogue.open(path, sealing.sealer)) as catalogue, catalogue.reading() as ledger:
        assert not ledger.audit.verify()


def test_the_audit_log_takes_codes_only(catalogue: Catalogue) -> None:
    """A name or a sentence cannot get in; what is refused is not quoted."""
    with catalogue.writing() as ledger:
        for text in ("Лебедева", "two words", "Irina", "", "a" * 41):
            with pytest.raises(ValueError, match="takes a code") as caught:
                ledger.audit.append(text, None, None, NOON)
            assert text not in str(caught.value).split() or not text
        entry = ledger.audit.append("receive", None, None, NOON)
    with catalogue.reading() as ledger:
        assert ledger.audit.all() == [entry]
        assert ledger.audit.verify()


def test_an_interview_is_opened_once_and_a_change_of_its_row_is_still_noticed(
    full: Catalogue, sealing: Sealing, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What lies there as it lay when it was opened is not opened again, except by ``verify``; all else is."""
    opened: list[str] = []
    genuine = sealing.sealer.open

    def counted(key: Any, place: Any, sealed: bytes) -> Any:
        opened.append(place.table)
        return genuine(key, place, sealed)

    monkeypatch.setattr(sealing.sealer, "open", counted)
    with closing(Catalogue.open(path, sealing.sealer)) as catalogue:
        for _ in range(3):
            with catalogue.reading() as ledger:
                assert len(ledger.interviews.all()) == 2
        assert opened.count("interviews") == 2
        assert _codes(catalogue) == []
        assert opened.count("interviews") == 4
        with hostile(path) as raw:
            _flip(raw, "interviews")
        with catalogue.reading() as ledger, pytest.raises(Tampered):
            ledger.interviews.all()


def test_nothing_of_a_withdrawn_interview_is_remembered(full: Catalogue) -> None:
    """Its row says so from the next transaction on, whoever had it in memory."""
    with full.reading() as ledger:
        first = ledger.interviews.all()[0]
    with full.writing() as ledger:
        ledger.forget(first.id)
    with full.reading() as ledger:
        assert {one.title for one in ledger.interviews.all() if one.id == first.id} == {""}
