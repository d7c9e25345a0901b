"""At the door: signing in with a password and a second factor or with a passkey, and the sessions that follow.

Tokens are random and only their keyed digests are stored. Whoever tries too often waits, known name or not.
"""

from __future__ import annotations

import secrets
import unicodedata
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from archive.catalogue import Account, Ledger, SessionRow
from archive.errors import ArchiveError, OutOfSpace, Unknown
from archive.parts import Archive, even_if_full
from archive.policy import Act, Principal, Role
from archive.vault import one_time, passkeys, passwords
from archive.vault.passkeys import NoPasskey, Site, Verified

_HALF_WAY = timedelta(minutes=10)  # between the password and the second factor


class WrongSignIn(ArchiveError):
    """Unknown name, wrong password, disabled account: one answer for all."""

    code = "wrong-sign-in"
    says = "Name or password is wrong, or the account is closed."


class WrongFactor(ArchiveError):
    """No code of the app, or one that was used already; no recovery code that is left."""

    code = "wrong-factor"
    says = "This code is wrong or was used already. Wait for the next one and type that."


class TooManyTries(ArchiveError):
    """The account or the network is closed to guesses for a while."""

    code = "too-many-tries"
    says = "Too many tries. Wait {seconds} s and try again."


@dataclass(frozen=True, slots=True)
class Door:
    """Where somebody signs in: the network that tries are counted for, the device in two words.

    "" is where many come from one address: see ``Throttle``.
    """

    network: str = ""
    device: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A new session's token. If it is not ``complete``, it only lets its holder show the second factor."""

    token: str
    complete: bool


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who a session token stands for."""

    principal: Principal
    account: Account
    session: SessionRow


def sign_in(house: Archive, name: str, password: str, door: Door | None = None) -> Entry:
    """A new session. Raises WrongSignIn, TooManyTries; takes as long for unknown names as for known ones."""
    door, name = door or Door(), unicodedata.normalize("NFC", name).strip()
    with house.catalogue.writing() as ledger:
        count_try(house, ledger, name, door.network)  # before the slow comparison: guesses sent at once count too
        account = ledger.accounts.by_handle(name)
    right = passwords.matches(password, account.password_hash if account else None)
    if account is None or not right or account.disabled:
        raise WrongSignIn
    with house.catalogue.writing() as ledger:
        if account.factors.any:  # not forgiven yet: who knows a password must not get free guesses at codes
            return _begin(house, ledger, account, door, complete=False)
        forgive(house, ledger, name, door.network)
        return _begin(house, ledger, account, door)


def show_code(house: Archive, token: str, code: str, door: Door | None = None) -> Entry:
    """A complete session for one that waits for the second factor, with another token.

    ``code`` is the app's or a recovery code; neither works twice. Raises WrongFactor, WrongSignIn (nobody waits under
    that token any more), TooManyTries.
    """
    door = door or Door()
    with house.catalogue.writing() as ledger:
        account = _half_way(house, ledger, token)
        if account is None:
            raise WrongSignIn
        count_try(house, ledger, account.name, door.network)
        proved = _used_up(house, account, code)
        entry = None
        if proved is not None:
            forgive(house, ledger, account.name, door.network)
            ledger.sessions.remove(_handle(house, token))
            entry = _begin(house, ledger, ledger.accounts.save(proved), door)
    if entry is None:  # raised here and not above: the try that was counted must stay counted
        raise WrongFactor
    return entry


def waits_for_code(house: Archive, token: str) -> bool:
    """Whether the holder of this token has shown a password and not yet the second factor."""
    with house.catalogue.reading() as ledger:
        return _half_way(house, ledger, token) is not None


def show_passkey(house: Archive, site: Site, answer: str, challenge: bytes, door: Door | None = None) -> Entry:
    """A complete session for whoever holds the passkey that answered. Raises NoPasskey."""
    id, key_id = passkeys.owner(answer)
    with house.catalogue.writing() as ledger:
        try:
            account = ledger.accounts.get(id)
        except Unknown:
            raise NoPasskey from None
        key = next((one for one in account.factors.passkeys if one.id == key_id), None)
        if key is None or account.disabled:
            raise NoPasskey
        count = passkeys.signed(site, answer, challenge, Verified(key.id, key.public_key, key.count))
        others = tuple(replace(one, count=count) if one is key else one for one in account.factors.passkeys)
        proved = ledger.accounts.save(replace(account, factors=replace(account.factors, passkeys=others)))
        return _begin(house, ledger, proved, door or Door())


def signed_in(house: Archive, token: str) -> SignedIn | None:
    """Who the token stands for now; None if it is unknown, incomplete, too old, idle, or its account is closed."""
    now, handle = house.now(), _handle(house, token)
    with house.catalogue.reading() as ledger:
        session = ledger.sessions.find(handle)
        if session is None or not session.complete:
            return None
        account = ledger.accounts.get(session.account)
        grants = ledger.grants.of(account.id) if account.role in {Role.HISTORIAN, Role.INTERVIEWER} else ()
    if _has_ended(house, session, now) or account.disabled:
        with suppress(OutOfSpace), house.catalogue.writing() as ledger:
            ledger.sessions.remove(handle)
        return None
    if now - session.seen > timedelta(minutes=1):  # not at every request: each touch is a write
        with suppress(OutOfSpace), house.catalogue.writing() as ledger:
            ledger.sessions.touch(handle, now)
    enrolling = account.role in house.settings.web.second_factor_for and not account.factors.any
    role = Role.ENROLLING if enrolling else account.role
    return SignedIn(Principal(role, account.id, grants=grants), account, session)


@even_if_full
def sign_out(house: Archive, token: str) -> None:
    """Ends the session; an unknown token is no error."""
    with house.catalogue.writing() as ledger:
        ledger.sessions.remove(_handle(house, token))


def sessions(house: Archive, who: Principal) -> list[SessionRow]:
    """Where this person is signed in, last used first. Raises Refused."""
    house.require(Act.SEE_OWN_ACCOUNT, who)
    assert who.account is not None
    with house.catalogue.reading() as ledger:
        found = ledger.sessions.of(who.account)
    return [session for session in found if session.complete and not _has_ended(house, session, house.now())]


def end_session(house: Archive, who: Principal, session: UUID) -> None:
    """Signs this person out there. Raises Refused, Unknown (no session of theirs)."""
    house.require(Act.CHANGE_OWN_ACCOUNT, who)
    assert who.account is not None
    with house.catalogue.writing() as ledger:
        if not ledger.sessions.remove_one(who.account, session):
            raise Unknown
        ledger.audit.append(Act.CHANGE_OWN_ACCOUNT, who.account, who.account, house.now())


def end_other_sessions(house: Archive, who: Principal, but: UUID) -> None:
    """Signs this person out everywhere else. Raises Refused."""
    house.require(Act.CHANGE_OWN_ACCOUNT, who)
    assert who.account is not None
    with house.catalogue.writing() as ledger:
        ledger.sessions.remove_all(who.account, but)
        ledger.audit.append(Act.CHANGE_OWN_ACCOUNT, who.account, who.account, house.now())


def count_try(house: Archive, ledger: Ledger, name: str, network: str) -> None:
    """Counts a try under that name and from that network. Raises TooManyTries if it may not even be looked at."""
    now = house.now()
    strict = not network and ledger.throttle.many_fail(now)
    wait = ledger.throttle.failures(name, now, strict=strict).wait
    if wait > timedelta(0):
        raise TooManyTries(seconds=int(wait.total_seconds()) + 1)
    if network:
        count_network(house, ledger, network)
    else:
        ledger.throttle.note_shared(now)
    ledger.throttle.note(name, now)


def count_network(house: Archive, ledger: Ledger, network: str) -> None:
    """Counts a try from that network. Raises TooManyTries if it may not even be looked at."""
    wait = ledger.throttle.network_wait(network, house.now())
    if wait > timedelta(0):
        raise TooManyTries(seconds=int(wait.total_seconds()) + 1)
    ledger.throttle.note_network(network, house.now())


def forgive(house: Archive, ledger: Ledger, name: str, network: str) -> None:
    """The try succeeded: what was counted under that name is forgotten, and the network gets this one back."""
    ledger.throttle.clear(name)
    if network:
        ledger.throttle.note_network(network, house.now(), -1)
    else:
        ledger.throttle.note_shared(house.now(), -1)


def _begin(house: Archive, ledger: Ledger, account: Account, door: Door, *, complete: bool = True) -> Entry:
    now, web = house.now(), house.settings.web
    token = secrets.token_urlsafe(32)
    session = SessionRow(uuid4(), _handle(house, token), account.id, now, now, complete, door.device)
    ledger.sessions.remove_older(now - timedelta(hours=web.session_hours), now - timedelta(minutes=web.idle_minutes))
    ledger.sessions.add(session)
    if complete:
        ledger.audit.append(Act.SIGN_IN, account.id, None, now)
    return Entry(token, complete)


def _half_way(house: Archive, ledger: Ledger, token: str) -> Account | None:
    session = ledger.sessions.find(_handle(house, token))
    if session is None or session.complete or house.now() - session.created > _HALF_WAY:
        return None
    account = ledger.accounts.get(session.account)
    return None if account.disabled else account


def _used_up(house: Archive, account: Account, code: str) -> Account | None:
    """The account after that code was used; None if it is no good."""
    factors = account.factors
    if factors.totp:
        step = one_time.time_step(factors.totp, code, house.now(), factors.totp_used)
        if step is not None:
            return replace(account, factors=replace(factors, totp_used=step))
    written = recovery_handle(house, account.id, code)
    if written in factors.recovery:
        left = tuple(one for one in factors.recovery if one != written)
        return replace(account, factors=replace(factors, recovery=left))
    return None


def recovery_handle(house: Archive, account: UUID, code: str) -> str:
    """What is stored of a recovery code: a digest under a key that is not in the catalogue, of 58 random bits."""
    return house.vault.rows.handle(f"recovery:{account}:{one_time.plain(code)}")


def _has_ended(house: Archive, session: SessionRow, now: datetime) -> bool:
    idle = now - session.seen > timedelta(minutes=house.settings.web.idle_minutes)
    return idle or now - session.created > timedelta(hours=house.settings.web.session_hours)


def _handle(house: Archive, token: str) -> str:
    """What is stored of a token: a keyed digest."""
    return house.vault.rows.handle(f"session:{token}")
