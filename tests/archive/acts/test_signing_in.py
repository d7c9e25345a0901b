"""At the door: guesses, second factors, sessions. What a thief of a password, a code or a cookie can do with it."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from archive.acts import accounts, own_account, signing_in
from archive.acts.own_account import Proof
from archive.acts.signing_in import Door, SignedIn, TooManyTries, WrongFactor, WrongSignIn
from archive.catalogue import Factors
from archive.errors import BadInput, Refused, Unknown
from archive.parts import Archive
from archive.policy import OPERATOR, Act, Role
from archive.vault import one_time, passwords
from tests import make

PASSWORD = "four plain words here"
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


class House:
    """An archive whose clock the test turns, with one person in it."""

    def __init__(self, home: Path, **web: object) -> None:
        self.archive: Archive = make.archive_in(home, web=web)
        self.now = NOON
        self.archive.now = lambda: self.now
        self.person = self.account("anna", Role.ARCHIVIST)

    def account(self, name: str, role: Role) -> UUID:
        """Somebody, with a password that is cheap to compare."""
        return accounts.accept(self.archive, accounts.invite(self.archive, OPERATOR, role), (name, PASSWORD), "en").id

    def enter(self, name: str = "anna") -> SignedIn:
        """Signs in with the password alone."""
        found = signing_in.signed_in(self.archive, signing_in.sign_in(self.archive, name, PASSWORD).token)
        assert found is not None
        return found

    def with_app(self) -> str:
        """Sets an app up; its secret."""
        here, secret = self.enter(), one_time.new_secret()
        shown = (secret, one_time.code_at(secret, self.now))
        own_account.take_app(self.archive, here.principal, Proof(PASSWORD, here.session.id), shown)
        self.now += timedelta(minutes=2)
        return secret

    def factors(self) -> Factors:
        """What the person has."""
        with self.archive.catalogue.reading() as ledger:
            return ledger.accounts.get(self.person).factors


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """An archive with one archivist."""
    made = House(tmp_path / "home")
    yield made
    made.archive.close()


def test_a_thousand_guesses_at_one_name_are_hardly_looked_at(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """An hour of guesses at one account, each from another network: 25 at most are compared with anything."""
    assert _looked_at(house, monkeypatch, lambda number: ("anna", f"10.{number // 256}.{number % 256}.0/24")) <= 25


def test_a_thousand_guesses_of_one_network_are_hardly_looked_at(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """An hour of guesses from one network, each at another name: 25 at most are compared with anything."""
    assert _looked_at(house, monkeypatch, lambda number: (f"guess {number}", "10.0.0.0/24")) <= 25


@pytest.mark.slow
def test_who_shares_an_address_with_a_guesser_is_not_locked_out(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """An onion service: a thousand guesses at as many names, all from one address; who knows theirs gets in."""
    with monkeypatch.context() as quick:
        _looked_at(house, quick, lambda number: (f"guess {number}", ""))
    assert signing_in.sign_in(house.archive, "anna", PASSWORD, Door()).complete
    with pytest.raises(WrongSignIn):
        signing_in.sign_in(house.archive, "anna", "a slip of the finger", Door())
    assert signing_in.sign_in(house.archive, "anna", PASSWORD, Door()).complete


@pytest.mark.slow
def test_a_guesser_who_shares_an_address_gets_few_guesses_at_each_name(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten names, a hundred guesses each in an hour: once many fail, six of one name are compared with anything."""
    _looked_at(house, monkeypatch, lambda number: (f"nobody {number}", ""))
    assert _looked_at(house, monkeypatch, lambda number: (f"known {number % 10}", "")) <= 60


def _looked_at(house: House, monkeypatch: pytest.MonkeyPatch, guess: Callable[[int], tuple[str, str]]) -> int:
    compared = []
    monkeypatch.setattr(passwords, "matches", lambda *given: bool(compared.append(given)))
    for number in range(1_000):
        name, network = guess(number)
        with pytest.raises((WrongSignIn, TooManyTries)):
            signing_in.sign_in(house.archive, name, "a guess", Door(network))
        house.now += timedelta(seconds=3.6)
    return len(compared)


@pytest.mark.slow
def test_unknown_names_take_as_long_as_known_ones(house: House) -> None:
    """The medians of a wrong password’s and an unknown name’s processor time differ by less than 5 %."""
    with house.archive.catalogue.writing() as ledger:
        account = ledger.accounts.get(house.person)
        ledger.accounts.save(replace(account, password_hash=passwords.hashed(PASSWORD, passwords.COST)))
    spent: dict[str, list[float]] = {"anna": [], "nobody": []}
    for _ in range(11):
        for name, times in spent.items():
            house.now += timedelta(hours=2)
            began = time.thread_time()
            with pytest.raises(WrongSignIn):
                signing_in.sign_in(house.archive, name, "a guess", Door("10.0.0.0/24"))
            times.append(time.thread_time() - began)
    known, unknown = (statistics.median(times) for times in spent.values())
    assert abs(known - unknown) / known < 0.05, (known, unknown)


def test_a_password_alone_does_not_enter_where_there_is_an_app(house: House) -> None:
    """Half a session is none: not for pages, not for lists; the code makes another token of it."""
    secret = house.with_app()
    half = signing_in.sign_in(house.archive, "anna", PASSWORD)
    assert not half.complete
    assert signing_in.signed_in(house.archive, half.token) is None
    assert signing_in.waits_for_code(house.archive, half.token)
    entry = signing_in.show_code(house.archive, half.token, one_time.code_at(secret, house.now))
    assert entry.complete
    assert entry.token != half.token
    assert signing_in.signed_in(house.archive, entry.token) is not None
    assert not signing_in.waits_for_code(house.archive, half.token)


def test_half_a_session_does_not_wait_for_long(house: House) -> None:
    """Ten minutes after the password it is worth nothing, with the right code either."""
    secret = house.with_app()
    half = signing_in.sign_in(house.archive, "anna", PASSWORD)
    house.now += timedelta(minutes=11)
    with pytest.raises(WrongSignIn):
        signing_in.show_code(house.archive, half.token, one_time.code_at(secret, house.now))


@pytest.mark.parametrize("spelt", ["{}", " {} ", "{0:.3} {0:.3}", "{}\u00a0"])
def test_a_code_works_once_however_it_is_spelt(house: House, spelt: str) -> None:
    """Overheard and typed again within its half minute it is refused, spaces or not; the next one is good."""
    secret = house.with_app()
    code = one_time.code_at(secret, house.now)
    signing_in.show_code(house.archive, signing_in.sign_in(house.archive, "anna", PASSWORD).token, code)
    half = signing_in.sign_in(house.archive, "anna", PASSWORD)
    with pytest.raises(WrongFactor):
        signing_in.show_code(house.archive, half.token, spelt.format(code))
    house.now += timedelta(seconds=30)
    assert signing_in.show_code(house.archive, half.token, one_time.code_at(secret, house.now)).complete


def test_the_code_that_set_an_app_up_does_not_sign_in(house: House) -> None:
    """Whoever looked over the shoulder then has nothing."""
    here, secret = house.enter(), one_time.new_secret()
    code = one_time.code_at(secret, house.now)
    own_account.take_app(house.archive, here.principal, Proof(PASSWORD, here.session.id), (secret, code))
    half = signing_in.sign_in(house.archive, "anna", PASSWORD)
    with pytest.raises(WrongFactor):
        signing_in.show_code(house.archive, half.token, code)


def test_guesses_at_codes_are_counted_with_those_at_passwords(house: House) -> None:
    """Knowing the password buys no guesses: five wrong tries, and the account waits."""
    house.with_app()
    looked_at = 0
    for _ in range(100):
        try:
            half = signing_in.sign_in(house.archive, "anna", PASSWORD)
            signing_in.show_code(house.archive, half.token, "000000")
        except WrongFactor:
            looked_at += 1
        except TooManyTries:
            pass
        house.now += timedelta(seconds=36)
    assert looked_at <= 12


def test_a_recovery_code_stands_in_for_the_app_once(house: House) -> None:
    """Typed with or without hyphens, in capitals; then it is gone, and the others are still good."""
    here, secret = house.enter(), one_time.new_secret()
    shown = (secret, one_time.code_at(secret, house.now))
    codes = own_account.take_app(house.archive, here.principal, Proof(PASSWORD, here.session.id), shown)
    assert len(set(codes)) == 10
    for code in (codes[0].upper(), codes[1].replace("-", " ")):
        half = signing_in.sign_in(house.archive, "anna", PASSWORD)
        assert signing_in.show_code(house.archive, half.token, code).complete
    half = signing_in.sign_in(house.archive, "anna", PASSWORD)
    with pytest.raises(WrongFactor):
        signing_in.show_code(house.archive, half.token, codes[0])
    assert len(house.factors().recovery) == 8


def test_recovery_codes_are_shown_once_and_stand_nowhere(house: House) -> None:
    """The catalogue holds none of them, in any spelling; new ones end the old ones."""
    secret = house.with_app()
    half = signing_in.sign_in(house.archive, "anna", PASSWORD)
    entry = signing_in.show_code(house.archive, half.token, one_time.code_at(secret, house.now))
    here = signing_in.signed_in(house.archive, entry.token)
    assert here is not None
    before = house.factors().recovery
    codes = own_account.new_recovery_codes(house.archive, here.principal, Proof(PASSWORD, here.session.id))
    assert not set(before) & set(house.factors().recovery)
    stored = b"".join(path.read_bytes() for path in house.archive.settings.home.glob("catalogue.db*"))
    assert not any(code.encode() in stored or one_time.plain(code).encode() in stored for code in codes)
    assert secret.encode() not in stored


def test_whoever_changes_the_way_in_shows_the_password_again(house: House) -> None:
    """A cookie that was stolen changes nothing: each act asks, and tries are counted."""
    here = house.enter()
    wrong = Proof("not the password", here.session.id)
    who, house_ = here.principal, house.archive
    acts: tuple[Callable[[], object], ...] = (
        lambda: own_account.change_password(house_, who, wrong, "another four words"),
        lambda: own_account.take_app(house_, who, wrong, (one_time.new_secret(), "000000")),
        lambda: own_account.drop_app(house_, who, wrong),
        lambda: own_account.drop_passkey(house_, who, wrong, "x"),
        lambda: own_account.new_recovery_codes(house_, who, wrong),
    )
    for act in acts:
        with pytest.raises(BadInput):
            act()
    with pytest.raises(TooManyTries):
        acts[0]()
    assert house.factors() == Factors()


def test_a_new_password_signs_out_everywhere_else(house: House) -> None:
    """The session that changed it goes on; the others, and the old password, end."""
    tokens = [signing_in.sign_in(house.archive, "anna", PASSWORD).token for _ in range(3)]
    here = signing_in.signed_in(house.archive, tokens[0])
    assert here is not None
    own_account.change_password(house.archive, here.principal, Proof(PASSWORD, here.session.id), "another four words")
    assert [signing_in.signed_in(house.archive, token) is not None for token in tokens] == [True, False, False]
    with pytest.raises(WrongSignIn):
        signing_in.sign_in(house.archive, "anna", PASSWORD)
    assert signing_in.sign_in(house.archive, "anna", "another four words").complete


def test_sessions_are_listed_by_device_and_ended_one_or_all(house: House) -> None:
    """Each shows when and where; nobody ends another's."""
    doors = (Door(device="Firefox, Linux"), Door(device="Safari, iPhone"), Door(device="Chrome, Windows"))
    tokens = [signing_in.sign_in(house.archive, "anna", PASSWORD, door).token for door in doors]
    here = signing_in.signed_in(house.archive, tokens[0])
    assert here is not None
    found = {one.device: one for one in signing_in.sessions(house.archive, here.principal)}
    assert set(found) == {door.device for door in doors}
    house.account("boris", Role.HISTORIAN)
    with pytest.raises(Unknown):
        signing_in.end_session(house.archive, house.enter("boris").principal, found["Safari, iPhone"].id)
    signing_in.end_session(house.archive, here.principal, found["Safari, iPhone"].id)
    assert signing_in.signed_in(house.archive, tokens[1]) is None
    signing_in.end_other_sessions(house.archive, here.principal, here.session.id)
    assert [signing_in.signed_in(house.archive, token) is not None for token in tokens] == [True, False, False]


def test_lost_factors_are_reset_by_an_admin_who_sees_none(house: House) -> None:
    """Sessions end, the password stays; nobody resets their own this way, and archivists reset nobody's."""
    house.with_app()
    house.account("ada", Role.ADMIN)
    admin = house.enter("ada").principal
    accounts.reset_factors(house.archive, admin, house.person)
    assert house.factors() == Factors()
    assert signing_in.sign_in(house.archive, "anna", PASSWORD).complete
    for who in (admin, house.enter().principal):
        with pytest.raises(Refused):
            accounts.reset_factors(house.archive, who, who.account or uuid4())


def test_a_role_that_needs_a_factor_sees_nothing_before_it_has_one(tmp_path: Path) -> None:
    """Signed in it is nobody's archivist; with an app it is, and when the app is dropped it is not any more."""
    house = House(tmp_path / "home", second_factor_for=["archivist"])
    here = house.enter()
    assert (here.principal.role, here.account.role) == (Role.ENROLLING, Role.ARCHIVIST)
    secret = house.with_app()
    half = signing_in.sign_in(house.archive, "anna", PASSWORD)
    entry = signing_in.show_code(house.archive, half.token, one_time.code_at(secret, house.now))
    now = signing_in.signed_in(house.archive, entry.token)
    assert now is not None
    assert now.principal.role is Role.ARCHIVIST
    own_account.drop_app(house.archive, now.principal, Proof(PASSWORD, now.session.id))
    after = signing_in.signed_in(house.archive, entry.token)
    assert after is not None
    assert after.principal.role is Role.ENROLLING
    house.archive.close()


def test_an_invitation_ends_after_72_hours_or_when_it_is_taken_back(house: House) -> None:
    """It is listed until then; used, taken back or too old it makes no account."""
    house.account("ada", Role.ADMIN)
    admin = house.enter("ada").principal
    tokens = [accounts.invite(house.archive, admin, Role.HISTORIAN) for _ in range(3)]
    listed = accounts.invitations(house.archive, admin)
    assert [one.role for one in listed] == [Role.HISTORIAN] * 3
    assert {one.expires for one in listed} == {NOON + timedelta(hours=72)}
    accounts.accept(house.archive, tokens[0], ("used", PASSWORD), "en")
    left = accounts.invitations(house.archive, admin)
    accounts.take_invitation_back(house.archive, admin, left[0].token_hash)
    assert len(accounts.invitations(house.archive, admin)) == 1
    house.now += timedelta(hours=72)
    for token in tokens:
        with pytest.raises(Unknown):
            accounts.accept(house.archive, token, ("late", PASSWORD), "en")


def test_who_forgot_the_password_sets_another_with_a_code_that_an_admin_issued(house: House) -> None:
    """Once, within 72 hours; the old password holds until then, afterwards it is wrong and every session has ended."""
    house.account("ada", Role.ADMIN)
    admin, old = house.enter("ada").principal, signing_in.sign_in(house.archive, "anna", PASSWORD).token
    void, code = (accounts.offer_password(house.archive, admin, house.person) for _ in range(2))
    assert accounts.offered_passwords(house.archive, admin) == {house.person: NOON + timedelta(hours=72)}
    assert signing_in.signed_in(house.archive, old) is not None
    for wrong in (void, "guessed", ""):
        with pytest.raises(Unknown):
            accounts.set_password(house.archive, wrong, "another four plain words")
    with pytest.raises(BadInput):
        accounts.set_password(house.archive, code, "short")
    accounts.set_password(house.archive, code, "another four plain words")
    assert signing_in.signed_in(house.archive, old) is None
    assert signing_in.sign_in(house.archive, "anna", "another four plain words").complete
    with pytest.raises(WrongSignIn):
        signing_in.sign_in(house.archive, "anna", PASSWORD)
    with pytest.raises(Unknown):
        accounts.set_password(house.archive, code, "a third one of four words")
    with house.archive.catalogue.reading() as ledger:
        told = [(entry.act, entry.who, entry.subject) for entry in ledger.audit.all()]
    assert (Act.MANAGE_ACCOUNTS, admin.account, house.person) in told
    assert (Act.CHANGE_OWN_ACCOUNT, house.person, house.person) in told


def test_a_new_password_leaves_second_factors_and_opens_no_closed_account(house: House) -> None:
    """Whoever gets hold of the code, the one who issued it included, still stands before the second factor."""
    house.with_app()
    house.account("ada", Role.ADMIN)
    admin = house.enter("ada").principal
    before = house.factors()
    accounts.set_password(house.archive, accounts.offer_password(house.archive, admin, house.person), PASSWORD + "!")
    assert house.factors() == before
    assert not signing_in.sign_in(house.archive, "anna", PASSWORD + "!").complete
    code = accounts.offer_password(house.archive, admin, house.person)
    accounts.set_disabled(house.archive, admin, house.person, True)
    with pytest.raises(Refused):
        accounts.offer_password(house.archive, admin, house.person)
    accounts.set_disabled(house.archive, admin, house.person, False)
    with pytest.raises(Unknown):
        accounts.set_password(house.archive, code, PASSWORD + "?")


@pytest.mark.parametrize("how", ["taken back", "too old"])
def test_a_code_for_a_new_password_ends(house: House, how: str) -> None:
    """After 72 hours, or when an administrator thinks better of it."""
    house.account("ada", Role.ADMIN)
    admin = house.enter("ada").principal
    code = accounts.offer_password(house.archive, admin, house.person)
    if how == "too old":
        house.now += timedelta(hours=72)
        assert accounts.offered_passwords(house.archive, house.enter("ada").principal) == {}
    else:
        accounts.take_password_back(house.archive, admin, house.person)
        with pytest.raises(Unknown):
            accounts.take_password_back(house.archive, admin, house.person)
    with pytest.raises(Unknown):
        accounts.set_password(house.archive, code, "another four plain words")


def test_only_administrators_offer_new_passwords_and_not_their_own(house: House) -> None:
    """Theirs they change with the old one; who has lost that asks another administrator, or whoever has the machine."""
    house.account("ada", Role.ADMIN)
    for who in (house.enter("ada").principal, house.enter().principal):
        with pytest.raises(Refused):
            accounts.offer_password(house.archive, who, who.account or uuid4())
    assert accounts.offer_password(house.archive, OPERATOR, house.person)


def test_guesses_that_are_counted_do_not_keep_out_who_was_let_in_again(house: House) -> None:
    """Tries under the name are forgotten with the old password."""
    house.account("ada", Role.ADMIN)
    admin = house.enter("ada").principal
    for _ in range(6):
        with pytest.raises((WrongSignIn, TooManyTries)):
            signing_in.sign_in(house.archive, "anna", "a wrong password")
    accounts.set_password(house.archive, accounts.offer_password(house.archive, admin, house.person), PASSWORD)
    assert signing_in.sign_in(house.archive, "anna", PASSWORD).complete
