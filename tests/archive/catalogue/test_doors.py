"""Sessions, invitations and the throttle at the door."""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from archive.catalogue import Account, Catalogue, SessionRow
from archive.errors import Tampered, Unknown
from archive.policy import Role
from tests.archive.catalogue.catalogue_fakes import NOON

TOKEN, OTHER = "aa" * 32, "bb" * 32


@pytest.fixture
def account(catalogue: Catalogue) -> Account:
    """Somebody who can sign in."""
    with catalogue.writing() as ledger:
        return ledger.accounts.add(Account(uuid4(), Role.HISTORIAN, "reader", "hash"))


def session(token: str, account: UUID, created: datetime = NOON) -> SessionRow:
    """A session that begins."""
    return SessionRow(uuid4(), token, account, created, created, device="firefox linux")


def test_a_session_lives_from_sign_in_to_sign_out(catalogue: Catalogue, account: Account) -> None:
    """It is found by its token's hash, remembers its last use, and is gone afterwards."""
    later = NOON + timedelta(minutes=7)
    with catalogue.writing() as ledger:
        begun = session(TOKEN, account.id)
        ledger.sessions.add(begun)
        ledger.sessions.touch(TOKEN, later)
    with catalogue.reading() as ledger:
        assert ledger.sessions.find(TOKEN) == replace(begun, seen=later)
        assert ledger.sessions.find(OTHER) is None
    with catalogue.writing() as ledger:
        ledger.sessions.remove(TOKEN)
        assert ledger.sessions.find(TOKEN) is None


def test_all_sessions_of_an_account_end_together(catalogue: Catalogue, account: Account) -> None:
    """Another account's stay."""
    with catalogue.writing() as ledger:
        other = ledger.accounts.add(Account(uuid4(), Role.ADMIN, "admin", "hash"))
        for token, who in ((TOKEN, account), (OTHER, account), ("cc" * 32, other)):
            ledger.sessions.add(session(token, who.id))
        ledger.sessions.remove_all(account.id)
        assert [ledger.sessions.find(token) for token in (TOKEN, OTHER)] == [None, None]
        assert ledger.sessions.find("cc" * 32) is not None


def test_sessions_are_listed_and_ended_one_by_one(catalogue: Catalogue, account: Account) -> None:
    """The last used first; nobody ends another person's; all but one end together."""
    begun = [session(token, account.id) for token in (TOKEN, OTHER, "cc" * 32)]
    with catalogue.writing() as ledger:
        for one in begun:
            ledger.sessions.add(one)
        ledger.sessions.touch(OTHER, NOON + timedelta(minutes=1))
        assert ledger.sessions.of(account.id)[0].id == begun[1].id
        assert not ledger.sessions.remove_one(uuid4(), begun[0].id)
        assert ledger.sessions.remove_one(account.id, begun[0].id)
        ledger.sessions.remove_all(account.id, but=begun[2].id)
        assert [one.id for one in ledger.sessions.of(account.id)] == [begun[2].id]


def test_where_somebody_is_signed_in_is_not_told_to_a_thief(catalogue: Catalogue, account: Account, path: Path) -> None:
    """The device stands sealed, and a session moved to another account is noticed."""
    with catalogue.writing() as ledger:
        ledger.sessions.add(session(TOKEN, account.id))
        other = ledger.accounts.add(Account(uuid4(), Role.ADMIN, "admin", "hash"))
    catalogue.close()
    assert all(b"firefox" not in each.read_bytes() for each in path.parent.glob("catalogue.db*"))
    with contextlib.closing(sqlite3.connect(path)) as raw:
        raw.execute("UPDATE sessions SET account = ?", (other.id.hex,))
        raw.commit()
    with pytest.raises(Tampered), catalogue.reading() as ledger:
        ledger.sessions.find(TOKEN)


def test_ended_sessions_are_cleared_away(catalogue: Catalogue, account: Account) -> None:
    """Those begun or last used too long ago."""
    hour = timedelta(hours=1)
    with catalogue.writing() as ledger:
        for token, begun, used in (("1", -13, 0), ("2", -2, -2), ("3", -2, 0)):
            ledger.sessions.add(session(token, account.id, NOON + begun * hour))
            ledger.sessions.touch(token, NOON + used * hour)
        ledger.sessions.remove_older(NOON - 12 * hour, NOON - hour)
        assert [ledger.sessions.find(token) is not None for token in "123"] == [False, False, True]


def test_a_session_needs_an_account(catalogue: Catalogue) -> None:
    """Nobody cannot be signed in."""
    with pytest.raises(Unknown), catalogue.writing() as ledger:
        ledger.sessions.add(session(TOKEN, uuid4()))


def test_an_invitation_is_good_once_and_in_time(catalogue: Catalogue) -> None:
    """The second who takes it, and whoever comes at its very end, gets nothing."""
    end = NOON + timedelta(hours=72)
    with catalogue.writing() as ledger:
        ledger.invitations.add(TOKEN, Role.INTERVIEWER, end)
        ledger.invitations.add(OTHER, Role.ADMIN, end)
    with catalogue.writing() as ledger:
        assert ledger.invitations.take(TOKEN, end - timedelta(microseconds=1)) is Role.INTERVIEWER
    with catalogue.writing() as ledger:
        assert ledger.invitations.take(TOKEN, NOON) is None
        assert ledger.invitations.take(OTHER, end) is None
        assert ledger.invitations.take(OTHER, NOON) is None


def test_invitations_are_listed_and_taken_back(catalogue: Catalogue) -> None:
    """Only those that are still good; one that was taken back makes no account."""
    with catalogue.writing() as ledger:
        ledger.invitations.add(TOKEN, Role.HISTORIAN, NOON + timedelta(hours=72))
        ledger.invitations.add(OTHER, Role.ADMIN, NOON)
        assert [(one.token_hash, one.role) for one in ledger.invitations.all(NOON)] == [(TOKEN, Role.HISTORIAN)]
        assert ledger.invitations.remove(TOKEN)
        assert not ledger.invitations.remove(TOKEN)
        assert ledger.invitations.take(TOKEN, NOON) is None


def test_failed_sign_ins_wait_longer_and_longer(catalogue: Catalogue) -> None:
    """Five are free of waiting, the fifth costs a minute, then it doubles, up to an hour."""
    waits = []
    with catalogue.writing() as ledger:
        for _ in range(14):
            waits.append(ledger.throttle.note("Irina", NOON).wait / timedelta(minutes=1))
            assert ledger.throttle.failures(" IRINA", NOON).wait / timedelta(minutes=1) == waits[-1]
    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]


def test_a_guesser_gets_few_guesses_an_hour(catalogue: Catalogue) -> None:
    """Somebody who never stops trying: at most 25 guesses are looked at in any hour of six."""
    looked_at = []
    with catalogue.writing() as ledger:
        for second in range(0, 6 * 3600, 15):
            now = NOON + timedelta(seconds=second)
            if not ledger.throttle.failures("irina", now).wait:
                ledger.throttle.note("irina", now)
                looked_at.append(second)
    assert max(sum(first <= each < first + 3600 for each in looked_at) for first in looked_at) <= 25


def test_a_network_that_tries_every_name_gets_few_guesses_an_hour(catalogue: Catalogue) -> None:
    """Thousands of names, one network: at most 25 in any hour of six; what succeeded is given back; others go on."""
    looked_at = []
    with catalogue.writing() as ledger:
        for second in range(0, 6 * 3600, 15):
            now = NOON + timedelta(seconds=second)
            if not ledger.throttle.network_wait("10.0.0.0/24", now):
                ledger.throttle.note_network("10.0.0.0/24", now)
                looked_at.append(second)
        assert ledger.throttle.network_wait("10.0.1.0/24", NOON) == timedelta(0)
        for _ in range(100):
            ledger.throttle.note_network("10.0.2.0/24", NOON)
            ledger.throttle.note_network("10.0.2.0/24", NOON, -1)
        assert ledger.throttle.network_wait("10.0.2.0/24", NOON) == timedelta(0)
    assert max(sum(first <= each < first + 3600 for each in looked_at) for first in looked_at) <= 25


@pytest.mark.slow
def test_a_name_waits_sooner_while_many_of_one_address_fail(catalogue: Catalogue) -> None:
    """Thirty failures at once, or one every two minutes, are a busy hour; what succeeded counts for none."""
    with catalogue.writing() as ledger:
        for _ in range(100):
            ledger.throttle.note_shared(NOON)
            ledger.throttle.note_shared(NOON, -1)
        for _ in range(29):
            ledger.throttle.note_shared(NOON)
        assert not ledger.throttle.many_fail(NOON)
        for _ in range(10_000):
            ledger.throttle.note_shared(NOON)
        assert ledger.throttle.many_fail(NOON + timedelta(minutes=59))
        assert not ledger.throttle.many_fail(NOON + timedelta(hours=1, seconds=1))
        waits = []
        for _ in range(7):
            ledger.throttle.note("Irina", NOON)
            waits.append(ledger.throttle.failures("irina", NOON, strict=True).wait / timedelta(minutes=1))
    assert waits == [0, 8, 16, 32, 60, 60, 60]


def test_waiting_ends_and_failures_are_forgiven(catalogue: Catalogue) -> None:
    """By time, by a day without failures, by a success; and they are each user's own."""
    with catalogue.writing() as ledger:
        for _ in range(5):
            ledger.throttle.note("irina", NOON)
        assert ledger.throttle.failures("irina", NOON + timedelta(seconds=45)).wait == timedelta(seconds=15)
        assert ledger.throttle.failures("irina", NOON + timedelta(minutes=1)).wait == timedelta(0)
        assert ledger.throttle.failures("dmitry", NOON).count == 0
        assert ledger.throttle.failures("irina", NOON + timedelta(hours=23)).count == 5
        assert ledger.throttle.failures("irina", NOON + timedelta(days=1)).count == 0
        ledger.throttle.clear("irina")
        assert ledger.throttle.failures("irina", NOON).count == 0


def test_forgiven_failures_do_not_pile_up(catalogue: Catalogue, path: Path) -> None:
    """Names that were only tried are gone a day later."""
    with catalogue.writing() as ledger:
        for number in range(9):
            ledger.throttle.note(f"guess {number}", NOON)
        ledger.throttle.note("irina", NOON + timedelta(days=1))
    with contextlib.closing(sqlite3.connect(path)) as raw:
        assert raw.execute("SELECT count(*) FROM throttle").fetchone() == (1,)


def test_no_user_name_stands_in_the_file(catalogue: Catalogue, path: Path) -> None:
    """Neither an account's nor one that somebody only tried."""
    with catalogue.writing() as ledger:
        ledger.accounts.add(Account(uuid4(), Role.HISTORIAN, "Kanarejkina", "hash-of-kanarejkina"))
        ledger.throttle.note("Vorobjeva", NOON)
    catalogue.close()
    stored = b"".join(each.read_bytes() for each in path.parent.glob("catalogue.db*"))
    for name in ("kanarejkina", "vorobjeva"):
        assert name.encode() not in stored.lower()
