"""Accounts: invitations, signing in, sessions. Tokens are random and only their keyed digests are stored."""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID, uuid4

from archive.catalogue import Account
from archive.errors import ArchiveError, BadInput, Refused, Unknown
from archive.parts import Archive
from archive.policy import Act, Principal, Role
from archive.vault import passwords

INVITABLE = (Role.INTERVIEWER, Role.HISTORIAN, Role.ARCHIVIST, Role.ADMIN)
_SHORTEST_PASSWORD = 12


class WrongSignIn(ArchiveError):
    """Unknown name, wrong password, disabled account: one answer for all."""

    code = "wrong-sign-in"
    says = "Name or password is wrong, or the account is closed."


class TooManyTries(ArchiveError):
    """The account is closed to guesses for a while."""

    code = "too-many-tries"
    says = "Too many tries. Wait {seconds} s and try again."


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who a session token stands for."""

    principal: Principal
    account: Account


def invite(house: Archive, who: Principal, role: Role) -> str:
    """A one-time invitation's token. Raises Refused, BadInput."""
    house.require(Act.MANAGE_ACCOUNTS, who)
    if role not in INVITABLE:
        raise BadInput("Choose a role from the list.", "role")
    token = secrets.token_urlsafe(32)
    expires = house.now() + timedelta(hours=house.settings.web.invitation_hours)
    with house.catalogue.writing() as ledger:
        ledger.invitations.add(_handle(house, "invitation", token), role, expires)
        ledger.audit.append(Act.MANAGE_ACCOUNTS, who.account, None, house.now())
    return token


def accept(house: Archive, token: str, person: tuple[str, str], language: str) -> Account:
    """An account for (name, password) with the invitation's role. Raises BadInput, Unknown (token used or too old)."""
    name, password = unicodedata.normalize("NFC", person[0]).strip(), person[1]
    if not 2 <= len(name) <= 100 or any(unicodedata.category(char).startswith("C") for char in name):
        raise BadInput("A name has 2 to 100 characters.", "name")
    if not _SHORTEST_PASSWORD <= len(password) <= 1_000:
        raise BadInput("A password has at least {shortest} characters.", "password", shortest=_SHORTEST_PASSWORD)
    password_hash = passwords.hashed(password)
    with house.catalogue.writing() as ledger:
        role = ledger.invitations.take(_handle(house, "invitation", token), house.now())
        if role is None:  # asked first: who has no invitation must not learn which names are taken
            raise Unknown
        if ledger.accounts.by_handle(name) is not None:
            raise BadInput("This name is taken. Choose another one.", "name")  # rolls back: the invitation stays good
        account = ledger.accounts.add(Account(uuid4(), role, name, password_hash, language))
        ledger.audit.append(Act.SIGN_IN, account.id, None, house.now())
    return account


def sign_in(house: Archive, name: str, password: str) -> str:
    """A new session's token. Raises WrongSignIn, TooManyTries; takes as long for unknown names as for known ones."""
    name = unicodedata.normalize("NFC", name).strip()
    with house.catalogue.writing() as ledger:
        wait = ledger.throttle.failures(name, house.now()).wait
        if wait > timedelta(0):
            raise TooManyTries(seconds=int(wait.total_seconds()) + 1)
        # Counted before the slow comparison, so that guesses sent at once are counted too.
        ledger.throttle.note(name, house.now())
        account = ledger.accounts.by_handle(name)
    right = passwords.matches(password, account.password_hash if account else None)
    if account is None or not right or account.disabled:
        raise WrongSignIn
    token = secrets.token_urlsafe(32)
    with house.catalogue.writing() as ledger:
        ledger.throttle.clear(name)
        ledger.sessions.add(_handle(house, "session", token), account.id, house.now())
        ledger.audit.append(Act.SIGN_IN, account.id, None, house.now())
    return token


def signed_in(house: Archive, token: str) -> SignedIn | None:
    """Who the token stands for now, or None if it is unknown, idle for too long, too old or its account disabled."""
    now, handle = house.now(), _handle(house, "session", token)
    with house.catalogue.reading() as ledger:
        session = ledger.sessions.find(handle)
        if session is None:
            return None
        account = ledger.accounts.get(session.account)
    idle = now - session.seen > timedelta(minutes=house.settings.web.idle_minutes)
    old = now - session.created > timedelta(hours=house.settings.web.session_hours)
    if idle or old or account.disabled:
        with house.catalogue.writing() as ledger:
            ledger.sessions.remove(handle)
        return None
    if now - session.seen > timedelta(minutes=1):  # not at every request: each touch is a write
        with house.catalogue.writing() as ledger:
            ledger.sessions.touch(handle, now)
    return SignedIn(Principal(account.role, account.id), account)


def sign_out(house: Archive, token: str) -> None:
    """Ends the session; an unknown token is no error."""
    with house.catalogue.writing() as ledger:
        ledger.sessions.remove(_handle(house, "session", token))


def accounts(house: Archive, who: Principal) -> list[Account]:
    """Everybody with an account. Raises Refused."""
    house.require(Act.MANAGE_ACCOUNTS, who)
    with house.catalogue.reading() as ledger:
        return ledger.accounts.all()


def set_disabled(house: Archive, who: Principal, id: UUID, disabled: bool) -> None:
    """Closes or opens an account; closing ends its sessions at once. Raises Refused, Unknown."""
    house.require(Act.MANAGE_ACCOUNTS, who)
    if id == who.account:
        raise Refused("nobody closes their own account")
    with house.catalogue.writing() as ledger:
        ledger.accounts.save(replace(ledger.accounts.get(id), disabled=disabled))
        ledger.sessions.remove_all(id)
        ledger.audit.append(Act.MANAGE_ACCOUNTS, who.account, id, house.now())


def set_language(house: Archive, who: Principal, language: str) -> None:
    """The language this person reads pages in. Raises Refused, BadInput."""
    house.require(Act.SEE_OWN_ACCOUNT, who)
    assert who.account is not None
    if language not in house.settings.archive.languages:
        raise BadInput("Choose a language from the list.", "language")
    with house.catalogue.writing() as ledger:
        ledger.accounts.save(replace(ledger.accounts.get(who.account), language=language))


def _handle(house: Archive, purpose: str, token: str) -> str:
    """What is stored of a token: a keyed digest, another one for each purpose."""
    return house.vault.rows.handle(f"{purpose}:{token}")
