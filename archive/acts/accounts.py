"""Other people's accounts: inviting, closing, erasing, a way back for who lost factors or forgot a password.

Of a token only a keyed digest is stored.
"""

from __future__ import annotations

import secrets
import unicodedata
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from archive.acts.signing_in import count_network
from archive.catalogue import Account, AuditEntry, Factors, InvitationRow
from archive.errors import BadInput, Busy, OutOfSpace, Refused, Unknown
from archive.parts import Archive, even_if_full
from archive.policy import Act, Principal, Role
from archive.vault import passwords

INVITABLE = (Role.INTERVIEWER, Role.HISTORIAN, Role.ARCHIVIST, Role.ADMIN)
_SHORTEST_PASSWORD = 12


def invite(house: Archive, who: Principal, role: Role) -> str:
    """A one-time invitation's token. Raises Refused, BadInput."""
    house.require(Act.MANAGE_ACCOUNTS, who)
    if role not in INVITABLE:
        raise BadInput("Choose a role from the list.", "role")
    token = secrets.token_urlsafe(32)
    expires = house.now() + timedelta(hours=house.settings.web.invitation_hours)
    with house.catalogue.writing() as ledger:
        ledger.invitations.add(_handle(house, token), role, expires)
        ledger.audit.append(Act.MANAGE_ACCOUNTS, who.account, None, house.now())
    return token


def accept(house: Archive, token: str, person: tuple[str, str], language: str, network: str = "") -> Account:
    """An account for (name, password) with the invitation's role.

    Raises BadInput, Unknown (token used or too old), TooManyTries (from that network).
    """
    name, password = unicodedata.normalize("NFC", person[0]).strip(), person[1]
    if not 2 <= len(name) <= 100 or any(unicodedata.category(char).startswith("C") for char in name):
        raise BadInput("A name has 2 to 100 characters.", "name")
    fit_password(password)
    if network:  # a slow digest for everybody who asks would be a way to keep the machine busy
        with house.catalogue.writing() as ledger:
            count_network(house, ledger, network)
    password_hash = passwords.hashed(password, house.password_cost)
    with house.catalogue.writing() as ledger:
        role = ledger.invitations.take(_handle(house, token), house.now())
        if role is None:  # asked first: who has no invitation must not learn which names are taken
            raise Unknown
        if ledger.accounts.by_handle(name) is not None:
            raise BadInput("This name is taken. Choose another one.", "name")  # rolls back: the invitation stays good
        account = ledger.accounts.add(Account(uuid4(), role, name, password_hash, language))
        ledger.audit.append(Act.SIGN_IN, account.id, None, house.now())
    return account


def accounts(house: Archive, who: Principal) -> list[Account]:
    """Everybody with an account. Raises Refused."""
    house.require(Act.SEE_ACCOUNTS, who)
    with house.catalogue.reading() as ledger:
        return ledger.accounts.all()


def invitations(house: Archive, who: Principal) -> list[InvitationRow]:
    """Those that nobody has taken up yet and still can. Raises Refused."""
    house.require(Act.SEE_ACCOUNTS, who)
    with house.catalogue.reading() as ledger:
        return ledger.invitations.all(house.now())


def take_invitation_back(house: Archive, who: Principal, token_hash: str) -> None:
    """It makes no account any more. Raises Refused, Unknown."""
    house.require(Act.MANAGE_ACCOUNTS, who)
    with house.catalogue.writing() as ledger:
        if not ledger.invitations.remove(token_hash):
            raise Unknown
        ledger.audit.append(Act.MANAGE_ACCOUNTS, who.account, None, house.now())


@even_if_full
def set_disabled(house: Archive, who: Principal, id: UUID, disabled: bool) -> None:
    """Closes or opens an account; closing ends its sessions at once. Raises Refused (also for one that was erased),
    Unknown.
    """
    house.require(Act.MANAGE_ACCOUNTS, who)
    if id == who.account:
        raise Refused("nobody closes their own account")
    with house.catalogue.writing() as ledger:
        account = ledger.accounts.get(id)
        if account.erased:
            raise Refused("an erased account stays closed")
        ledger.accounts.save(replace(account, disabled=disabled))
        ledger.sessions.remove_all(id)
        ledger.resets.remove(id)
        ledger.audit.append(Act.MANAGE_ACCOUNTS, who.account, id, house.now())


@even_if_full
def erase(house: Archive, who: Principal, id: UUID) -> None:
    """What a closed account held goes for good: name, password, factors, grants, notebook. Raises Refused, Unknown.

    Its row stays, since the audit log refers to it, and opens nothing. Raises BadInput for an account that is open:
    closing comes first, and can be taken back.
    """
    house.require(Act.MANAGE_ACCOUNTS, who)
    with house.catalogue.writing() as ledger:
        account = ledger.accounts.get(id)
        if not account.disabled:
            raise BadInput("Close the account first.", "account")
        for held in ledger.grants.of(id):
            ledger.grants.remove(held.id)
        ledger.notebook.burn(id)
        ledger.accounts.save(replace(account, name=f"† {id}", password_hash="", factors=Factors()))
        ledger.audit.append(Act.MANAGE_ACCOUNTS, who.account, id, house.now())
    with suppress(Busy, OutOfSpace):  # what was deleted is overwritten already, but for the log of the last writes
        house.catalogue.scrub()


@even_if_full
def reset_factors(house: Archive, who: Principal, id: UUID) -> None:
    """Takes an app, passkeys and recovery codes that somebody has lost off their account, and ends its sessions.

    The password stays; a role that asks for a second factor asks for a new one. Raises Refused, Unknown.
    """
    house.require(Act.MANAGE_ACCOUNTS, who)
    if id == who.account:
        raise Refused("nobody resets their own factors here")
    with house.catalogue.writing() as ledger:
        ledger.accounts.save(replace(ledger.accounts.get(id), factors=Factors()))
        ledger.sessions.remove_all(id)
        ledger.audit.append(Act.MANAGE_ACCOUNTS, who.account, id, house.now())


def offer_password(house: Archive, who: Principal, id: UUID) -> str:
    """A one-time code with which somebody who forgot the password of that account sets another; an earlier one is void.

    Until it is used nothing changes: who asks for it in another's name locks nobody out. Raises Refused (also for an
    account that is closed), Unknown.
    """
    house.require(Act.MANAGE_ACCOUNTS, who)
    if id == who.account:
        raise Refused("nobody resets their own password here")
    token = secrets.token_urlsafe(32)
    expires = house.now() + timedelta(hours=house.settings.web.invitation_hours)
    with house.catalogue.writing() as ledger:
        if ledger.accounts.get(id).disabled:
            raise Refused("a closed account has no password to set")
        ledger.resets.issue(_reset_handle(house, token), id, expires)
        ledger.audit.append(Act.MANAGE_ACCOUNTS, who.account, id, house.now())
    return token


def offered_passwords(house: Archive, who: Principal) -> dict[UUID, datetime]:
    """Accounts whose password can be set anew, and how long. Raises Refused."""
    house.require(Act.SEE_ACCOUNTS, who)
    with house.catalogue.reading() as ledger:
        return ledger.resets.open(house.now())


def take_password_back(house: Archive, who: Principal, id: UUID) -> None:
    """The code that was issued for that account sets no password any more. Raises Refused, Unknown."""
    house.require(Act.MANAGE_ACCOUNTS, who)
    with house.catalogue.writing() as ledger:
        if not ledger.resets.remove(id):
            raise Unknown
        ledger.audit.append(Act.MANAGE_ACCOUNTS, who.account, id, house.now())


def set_password(house: Archive, token: str, password: str, network: str = "") -> Account:
    """Another password for the account that the code is for; its sessions end, its second factors stay.

    Raises BadInput, Unknown (the code was used, is too old, the account is closed), TooManyTries (from that network).
    """
    fit_password(password)
    if network:
        with house.catalogue.writing() as ledger:
            count_network(house, ledger, network)
    password_hash = passwords.hashed(password, house.password_cost)
    with house.catalogue.writing() as ledger:
        id = ledger.resets.take(_reset_handle(house, token), house.now())
        if id is None:
            raise Unknown
        account = ledger.accounts.save(replace(ledger.accounts.get(id), password_hash=password_hash))
        ledger.sessions.remove_all(id)
        ledger.throttle.clear(account.name)  # somebody else's guesses, or their own
        ledger.audit.append(Act.CHANGE_OWN_ACCOUNT, id, id, house.now())
    return account


def log(house: Archive, who: Principal, newest: int = 500) -> list[AuditEntry]:
    """The newest entries of the audit log, newest first: codes and ids. Raises Refused."""
    house.require(Act.SEE_LOG, who)
    with house.catalogue.reading() as ledger:
        return ledger.audit.all()[: -newest - 1 : -1]


def fit_password(password: str, field: str = "password") -> str:
    """The password, if it may be one. Raises BadInput."""
    if not _SHORTEST_PASSWORD <= len(password) <= 1_000:
        raise BadInput("A password has at least {shortest} characters.", field, shortest=_SHORTEST_PASSWORD)
    return password


def _handle(house: Archive, token: str) -> str:
    """What is stored of an invitation's token: a keyed digest."""
    return house.vault.rows.handle(f"invitation:{token}")


def _reset_handle(house: Archive, token: str) -> str:
    return house.vault.rows.handle(f"reset:{token}")
