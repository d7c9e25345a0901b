"""Collections, and who may read which: granted by an archivist until a day, open once its holder accepted the terms."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID, uuid4

from archive.catalogue import Account
from archive.collection import Collection, Grant
from archive.errors import BadInput, Refused
from archive.interview import Interview
from archive.parts import Archive, even_if_full
from archive.policy import Act, Principal, Role, allows

GRANTABLE = (Role.HISTORIAN, Role.INTERVIEWER)
"""Roles that read other people's interviews by grant only."""
_LONGEST_DAYS = 5 * 366


@dataclass(frozen=True, slots=True)
class Held:
    """A grant, to which collection, and whether it opens anything today."""

    grant: Grant
    collection: Collection
    holds: bool


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who reads by grant, and what they hold."""

    account: Account
    held: tuple[Held, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """All collections, who may read which, and the interviews that can be put elsewhere."""

    collections: tuple[Collection, ...]
    readers: tuple[Reader, ...]
    interviews: tuple[Interview, ...]


def overview(house: Archive, who: Principal) -> Overview:
    """What an archivist grants by. Raises Refused."""
    house.require(Act.SEE_ACCESS, who)
    with house.catalogue.reading() as ledger:
        collections = {one.id: one for one in ledger.collections.all()}
        accounts = [one for one in ledger.accounts.all() if one.role in GRANTABLE and not one.disabled]
        grants = ledger.grants.all()
        interviews = ledger.interviews.all()
    return Overview(
        tuple(collections.values()),
        tuple(
            Reader(one, tuple(_held(house, grant, collections) for grant in grants if grant.account == one.id))
            for one in accounts
        ),
        tuple(one for one in interviews if allows(Act.PLACE, house.case(who, one))),
    )


def name_collection(house: Archive, who: Principal, name: str, id: UUID | None = None) -> Collection:
    """A new collection, or another name for one. Raises BadInput, Refused, Unknown."""
    house.require(Act.GRANT_ACCESS, who)
    name = " ".join(name.split())
    if not 2 <= len(name) <= 100 or not name.isprintable():
        raise BadInput("A collection’s name has 2 to 100 characters.", "name")
    with house.catalogue.writing() as ledger:
        if any(one.name.casefold() == name.casefold() and one.id != id for one in ledger.collections.all()):
            raise BadInput("This name is taken. Choose another one.", "name")
        known = ledger.collections.get(id) if id else Collection(uuid4(), name)
        made = ledger.collections.put(replace(known, name=name))
        ledger.audit.append(Act.GRANT_ACCESS, who.account, made.id, house.now())
    return made


def grant(house: Archive, who: Principal, account: UUID, collection: UUID, until: date) -> Grant:
    """Access of a person to a collection up to and including that day, in place of what they had to it.

    It opens nothing until they have accepted the terms. Raises BadInput, Refused, Unknown.
    """
    house.require(Act.GRANT_ACCESS, who)
    days = (until - house.today()).days
    if not 0 <= days <= _LONGEST_DAYS:
        raise BadInput("Choose a day from today on, five years ahead at the most.", "until")
    with house.catalogue.writing() as ledger:
        if ledger.accounts.get(account).role not in GRANTABLE:
            raise BadInput("Choose a person from the list.", "account")
        known = ledger.collections.get(collection)
        made = ledger.grants.put(Grant(uuid4(), account, known.id, until, who.account, house.today()))
        ledger.audit.append(Act.GRANT_ACCESS, who.account, made.id, house.now())
    return made


@even_if_full
def take_grant_back(house: Archive, who: Principal, id: UUID) -> None:
    """It opens nothing from the next request on. Raises Refused, Unknown."""
    house.require(Act.GRANT_ACCESS, who)
    with house.catalogue.writing() as ledger:
        ledger.grants.get(id)
        ledger.grants.remove(id)
        ledger.audit.append(Act.GRANT_ACCESS, who.account, id, house.now())


def place(house: Archive, who: Principal, id: UUID, collection: UUID) -> None:
    """Puts an interview into a collection: whoever was granted that one reads it. Raises Refused, Unknown."""
    with house.catalogue.writing() as ledger:
        interview = ledger.interviews.get(id)
        house.require(Act.PLACE, who, interview)
        known = ledger.collections.get(collection)
        ledger.interviews.save(replace(interview, collection=known.id))
        ledger.audit.append(Act.PLACE, who.account, id, house.now())


def own(house: Archive, who: Principal) -> list[Held]:
    """What this person was granted. Raises Refused."""
    house.require(Act.SEE_OWN_ACCOUNT, who)
    with house.catalogue.reading() as ledger:
        collections = {one.id: one for one in ledger.collections.all()}
    return [_held(house, one, collections) for one in who.grants if one.collection in collections]


def accept_terms(house: Archive, who: Principal, id: UUID) -> None:
    """The holder of a grant accepts the terms of use today. Raises Refused (also for another person's), Unknown."""
    house.require(Act.CHANGE_OWN_ACCOUNT, who)
    with house.catalogue.writing() as ledger:
        found = ledger.grants.get(id)
        if found.account != who.account:
            raise Refused("another person's grant")
        ledger.grants.put(replace(found, accepted_on=found.accepted_on or house.today()))
        ledger.audit.append(Act.CHANGE_OWN_ACCOUNT, who.account, id, house.now())


def _held(house: Archive, grant: Grant, collections: dict[UUID, Collection]) -> Held:
    return Held(grant, collections[grant.collection], grant.holds(house.today()))
