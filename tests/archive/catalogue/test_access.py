"""Collections and grants as the catalogue keeps them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest

from archive.catalogue import Account, Catalogue
from archive.collection import MAIN, Collection, Grant
from archive.errors import Unknown
from archive.policy import Role

DAY = date(2026, 11, 24)


def _grant(account: UUID, collection: UUID = MAIN) -> Grant:
    return Grant(uuid4(), account, collection, date(2027, 1, 1), None, DAY)


@pytest.fixture
def account(catalogue: Catalogue) -> Account:
    """A historian."""
    with catalogue.writing() as ledger:
        return ledger.accounts.add(Account(uuid4(), Role.HISTORIAN, "reader", "hash"))


def test_the_main_collection_is_always_there(catalogue: Catalogue) -> None:
    """Without a row, with one, and before the others."""
    with catalogue.writing() as ledger:
        assert ledger.collections.all() == [Collection(MAIN, "")]
        other = ledger.collections.put(Collection(uuid4(), "Ферганские письма"))
        main = ledger.collections.put(Collection(MAIN, "Эмиграция 2022"))
        assert ledger.collections.all() == [main, other]
        assert ledger.collections.get(other.id) == other
        renamed = ledger.collections.put(replace(other, name="Письма"))
        assert (renamed.version, ledger.collections.get(other.id).name) == (2, "Письма")
        with pytest.raises(Unknown):
            ledger.collections.get(uuid4())


def test_a_person_has_one_grant_to_a_collection(catalogue: Catalogue, account: Account) -> None:
    """A second one takes the place of the first, whose acceptance goes with it."""
    with catalogue.writing() as ledger:
        first = ledger.grants.put(replace(_grant(account.id), accepted_on=DAY))
        second = ledger.grants.put(_grant(account.id))
        ledger.grants.put(_grant(account.id, uuid4()))
        assert (second.id, second.accepted_on) == (first.id, None)
        assert len(ledger.grants.of(account.id)) == len(ledger.grants.all()) == 2
        ledger.grants.remove(first.id)
        assert len(ledger.grants.of(account.id)) == 1
        with pytest.raises(Unknown):
            ledger.grants.get(first.id)
        assert ledger.complete()


def test_a_grant_needs_an_account(catalogue: Catalogue) -> None:
    """Nobody cannot be granted anything."""
    with pytest.raises(Unknown), catalogue.writing() as ledger:
        ledger.grants.put(_grant(uuid4()))
