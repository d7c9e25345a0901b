"""One's own account: language, password, second factors, recovery codes.

Whatever changes how somebody gets in asks for the password again, and ends the sessions elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from uuid import UUID

from archive.acts.accounts import fit_password
from archive.acts.signing_in import count_try, forgive, recovery_handle
from archive.catalogue import Account, Factors, Passkey
from archive.errors import BadInput
from archive.parts import Archive
from archive.policy import Act, Principal
from archive.vault import one_time, passkeys, passwords
from archive.vault.passkeys import Site

_MOST_PASSKEYS = 10


@dataclass(frozen=True, slots=True)
class Proof:
    """That it is the owner who asks: the password again. ``session`` is the one that goes on."""

    password: str = field(repr=False)
    session: UUID
    network: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """A secret for an authenticator app, and the address that it reads from a picture."""

    secret: str = field(repr=False)
    address: str = field(repr=False)


def set_language(house: Archive, who: Principal, language: str) -> None:
    """The language this person reads pages in. Raises Refused, BadInput."""
    house.require(Act.CHANGE_OWN_ACCOUNT, who)
    assert who.account is not None
    if language not in house.settings.archive.languages:
        raise BadInput("Choose a language from the list.", "language")
    with house.catalogue.writing() as ledger:
        ledger.accounts.save(replace(ledger.accounts.get(who.account), language=language))


def change_password(house: Archive, who: Principal, proof: Proof, new: str) -> None:
    """Another password; every other session ends. Raises BadInput, TooManyTries, Refused."""
    account = _proved(house, who, proof)
    changed = replace(account, password_hash=passwords.hashed(fit_password(new, "new_password"), house.password_cost))
    _save(house, changed, proof)


def offer_app(house: Archive, who: Principal, secret: str = "") -> Offer:
    """A new secret, or the one that was offered before. Nothing is stored until ``take_app``. Raises Refused."""
    house.require(Act.CHANGE_OWN_ACCOUNT, who)
    assert who.account is not None
    with house.catalogue.reading() as ledger:
        account = ledger.accounts.get(who.account)
    secret = secret if one_time.is_secret(secret) else one_time.new_secret()
    return Offer(secret, one_time.address(secret, account.name, house.settings.archive.name))


def take_app(house: Archive, who: Principal, proof: Proof, shown: tuple[str, str]) -> tuple[str, ...]:
    """The app with that (secret, code) is from now on asked for. Returns recovery codes if there were none yet.

    Raises BadInput, TooManyTries, Refused.
    """
    account = _proved(house, who, proof)
    secret, code = shown
    step = one_time.time_step(secret, code, house.now(), 0) if one_time.is_secret(secret) else None
    if step is None:
        raise BadInput("This is not the code that the app shows now.", "code")
    return _with_codes(house, account, replace(account.factors, totp=secret, totp_used=step), proof)


def drop_app(house: Archive, who: Principal, proof: Proof) -> None:
    """The app is no longer asked for. Raises BadInput, TooManyTries, Refused."""
    account = _proved(house, who, proof)
    _save(house, replace(account, factors=replace(account.factors, totp="", totp_used=0)), proof)


def offer_passkey(house: Archive, who: Principal, site: Site, challenge: bytes) -> str:
    """What the browser is asked for, as JSON. Raises Refused."""
    house.require(Act.CHANGE_OWN_ACCOUNT, who)
    assert who.account is not None
    with house.catalogue.reading() as ledger:
        account = ledger.accounts.get(who.account)
    known = [one.id for one in account.factors.passkeys]
    return passkeys.to_register(site, account.id, account.name, challenge, known)


def take_passkey(
    house: Archive, who: Principal, proof: Proof, made: tuple[Site, str, bytes], name: str
) -> tuple[str, ...]:
    """Stores the passkey that answered (site, answer, challenge). Returns recovery codes if there were none yet.

    Raises BadInput, NoPasskey, TooManyTries, Refused.
    """
    account = _proved(house, who, proof)
    name = " ".join(name.split())
    if not 1 <= len(name) <= 60 or not name.isprintable():
        raise BadInput("A passkey’s name has 1 to 60 characters.", "passkey_name")
    if len(account.factors.passkeys) >= _MOST_PASSKEYS:
        raise BadInput("There are {most} passkeys already: remove one first.", "passkey_name", most=_MOST_PASSKEYS)
    found = passkeys.registered(*made)
    key = Passkey(found.id, found.public_key, found.count, name, house.today())
    return _with_codes(house, account, replace(account.factors, passkeys=(*account.factors.passkeys, key)), proof)


def drop_passkey(house: Archive, who: Principal, proof: Proof, key: str) -> None:
    """That passkey opens nothing any more. Raises BadInput, TooManyTries, Refused."""
    account = _proved(house, who, proof)
    left = tuple(one for one in account.factors.passkeys if one.id != key)
    _save(house, replace(account, factors=replace(account.factors, passkeys=left)), proof)


def new_recovery_codes(house: Archive, who: Principal, proof: Proof) -> tuple[str, ...]:
    """Ten codes in place of those there were; they are shown this once. Raises BadInput, TooManyTries, Refused."""
    account = _proved(house, who, proof)
    return _with_codes(house, account, replace(account.factors, recovery=()), proof)


def _proved(house: Archive, who: Principal, proof: Proof) -> Account:
    """The account of whoever knows its password. Raises BadInput, TooManyTries, Refused."""
    house.require(Act.CHANGE_OWN_ACCOUNT, who)
    assert who.account is not None
    with house.catalogue.writing() as ledger:
        account = ledger.accounts.get(who.account)
        count_try(house, ledger, account.name, proof.network)
    if not passwords.matches(proof.password, account.password_hash):
        raise BadInput("This is not your password.", "password")
    with house.catalogue.writing() as ledger:
        forgive(house, ledger, account.name, proof.network)
    return account


def _with_codes(house: Archive, account: Account, factors: Factors, proof: Proof) -> tuple[str, ...]:
    codes = () if factors.recovery else one_time.recovery_codes()
    if codes:
        factors = replace(factors, recovery=tuple(recovery_handle(house, account.id, code) for code in codes))
    _save(house, replace(account, factors=factors), proof)
    return codes


def _save(house: Archive, account: Account, proof: Proof) -> None:
    """Raises Conflict if the account was changed since the password was compared."""
    with house.catalogue.writing() as ledger:
        ledger.accounts.save(account)
        ledger.sessions.remove_all(account.id, but=proof.session)
        ledger.audit.append(Act.CHANGE_OWN_ACCOUNT, account.id, account.id, house.now())
