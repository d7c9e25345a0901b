"""Keys: who opens what, that destroyed means gone, and that no mistake destroys a key."""

from __future__ import annotations

import json
import os
import pickle
import stat
from pathlib import Path

import pytest

from archive.errors import ArchiveExists, BadSettings, KeyGone, NoArchive, Tampered, WrongPassphrase
from archive.policy import Layer
from archive.vault import KdfCost, KeysInProcess, MemoryStore, Vault
from tests.archive.vault.vault_house import CHEAP, House, permit


def test_only_the_passphrase_unlocks(tmp_path: Path) -> None:
    """A wrong one says so, opens nothing and changes nothing."""
    folder = tmp_path / "keys"
    made = KeysInProcess.create(folder, "шесть слов", CHEAP)
    before = (folder / "slots.json").read_bytes()
    for wrong in ("", "Шесть слов", "шесть слов ", "six words"):
        with pytest.raises(WrongPassphrase):
            KeysInProcess.unlock(folder, wrong)
    assert (folder / "slots.json").read_bytes() == before
    assert KeysInProcess.unlock(folder, "шесть слов").rows_key() == made.rows_key()


def test_a_root_key_is_never_replaced(tmp_path: Path) -> None:
    """Creating twice would lose everything; it is refused."""
    folder = tmp_path / "keys"
    KeysInProcess.create(folder, "words", CHEAP)
    before = (folder / "slots.json").read_bytes()
    with pytest.raises(ArchiveExists):
        KeysInProcess.create(folder, "words", CHEAP)
    assert (folder / "slots.json").read_bytes() == before
    with pytest.raises(NoArchive):
        KeysInProcess.unlock(tmp_path / "nowhere", "words")


def test_a_changed_passphrase_keeps_the_keys(tmp_path: Path) -> None:
    """The new one opens, the old one does not, and all that was sealed stays open."""
    house = House(tmp_path)
    blob = house.put(house.interview(), b"kept")
    with pytest.raises(WrongPassphrase):
        KeysInProcess.change_passphrase(tmp_path / "keys", "wrong", "new")
    KeysInProcess.change_passphrase(tmp_path / "keys", "words", "new")
    with pytest.raises(WrongPassphrase):
        KeysInProcess.unlock(tmp_path / "keys", "words")
    keeper = KeysInProcess.unlock(tmp_path / "keys", "new")
    with Vault(keeper, house.store, tmp_path / "spool").open(permit(blob.interview), blob) as reader:
        assert reader.read() == b"kept"


@pytest.mark.parametrize(
    "change",
    [
        {"iterations": 2},
        {"memory_kib": 65},
        {"lanes": 2},
        {"salt": "00" * 16},
        {"name": "argon2i"},
    ],
)
def test_a_slot_whose_costs_were_changed_opens_nothing(tmp_path: Path, change: dict[str, object]) -> None:
    """Costs and salt are authenticated with the root key."""
    KeysInProcess.create(tmp_path, "words", CHEAP)
    path = tmp_path / "slots.json"
    found = json.loads(path.read_text())
    found["slots"][0]["kdf"].update(change)
    path.write_text(json.dumps(found))
    with pytest.raises(WrongPassphrase):
        KeysInProcess.unlock(tmp_path, "words")


@pytest.mark.parametrize(
    ("field", "value"),
    [("memory_kib", 1 << 40), ("iterations", 10**9), ("lanes", 0), ("memory_kib", 1), ("salt", "00"), ("salt", 5)],
)
def test_a_slot_cannot_make_us_work_for_ever(tmp_path: Path, field: str, value: object) -> None:
    """Costs beyond reason are refused before anything is computed."""
    KeysInProcess.create(tmp_path, "words", CHEAP)
    path = tmp_path / "slots.json"
    found = json.loads(path.read_text())
    found["slots"][0]["kdf"][field] = value
    path.write_text(json.dumps(found))
    with pytest.raises(Tampered):
        KeysInProcess.unlock(tmp_path, "words")


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"format":"golosa/slots/v1"}', '{"format":"x","slots":[]}'])
def test_slots_that_are_no_slots_are_refused(tmp_path: Path, text: str) -> None:
    """Whatever lies there instead is named as damage, not as a wrong passphrase."""
    (tmp_path / "slots.json").write_text(text)
    with pytest.raises(Tampered):
        KeysInProcess.unlock(tmp_path, "words")


def test_every_interview_and_layer_has_a_key_of_its_own(house: House) -> None:
    """And nobody has any of another."""
    interviews = [house.interview() for _ in range(5)]
    found = {house.keeper.protected_key(one) for one in interviews}
    found |= {house.keeper.released_key(one) for one in interviews}
    assert len(found) == 10
    again = KeysInProcess.unlock(house.home / "keys", "words")
    assert {again.protected_key(one) for one in interviews} < found


def test_a_key_is_made_once(house: House) -> None:
    """Making it again would throw away the only key to what is there; it is refused and the old one stays."""
    interview = house.interview()
    before = house.keeper.protected_key(interview)
    with pytest.raises(FileExistsError):
        house.keeper.make_interview_keys(interview)
    assert house.keeper.protected_key(interview) == before


def test_destroyed_is_gone_for_every_process_at_once(house: House) -> None:
    """One that has used the key before does not go on using it, and the others' keys stay."""
    interview, other = house.interview(), house.interview()
    elsewhere = KeysInProcess.unlock(house.home / "keys", "words")
    paths = list((house.home / "keys").rglob(f"{interview}.*"))
    assert len(paths) == 2
    for keeper in (house.keeper, elsewhere):
        keeper.protected_key(interview)
        keeper.released_key(interview)
    house.keeper.destroy(interview)
    house.keeper.destroy(interview)
    for keeper in (house.keeper, elsewhere):
        for ask in (keeper.protected_key, keeper.released_key):
            with pytest.raises(KeyGone):
                ask(interview)
    assert not any(path.exists() for path in paths)
    assert elsewhere.protected_key(other) == house.keeper.protected_key(other)


def test_a_wrap_is_overwritten_before_it_is_removed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Removing a name alone would leave the bytes on the disk."""
    interview = house.interview()
    path = house.home / "keys" / "open" / f"{interview}.ok"
    (house.home / "kept").hardlink_to(path)
    before = path.read_bytes()
    house.keeper.destroy(interview)
    after = (house.home / "kept").read_bytes()
    assert len(after) == len(before)
    assert sum(a == b for a, b in zip(before, after, strict=True)) < 20


def test_a_wrap_put_back_or_exchanged_does_not_open_another_interview(house: House) -> None:
    """Who can write to the disk cannot make one interview's key pass for another's."""
    one, two = house.interview(), house.interview()
    for folder, ending, ask in (
        ("open", "ok", house.keeper.protected_key),
        ("released", "rk", house.keeper.released_key),
    ):
        paths = [house.home / "keys" / folder / f"{interview}.{ending}" for interview in (one, two)]
        assert ask(one) != ask(two)
        paths[0].write_bytes(paths[1].read_bytes())
        os.utime(paths[0], (1, 1))  # written in the same tick of the clock, it would look untouched
        with pytest.raises(Tampered):
            ask(one)
    protected = house.home / "keys" / "open" / f"{two}.ok"
    released = house.home / "keys" / "released" / f"{two}.rk"
    released.write_bytes(protected.read_bytes())
    with pytest.raises(Tampered):
        house.keeper.released_key(two)


def test_keys_lie_in_no_file_and_in_no_pickle(house: House) -> None:
    """What the folder holds is for its owner only, and no key is in it in clear or in hex."""
    interview = house.interview()
    secrets = [
        house.keeper.protected_key(interview),
        house.keeper.released_key(interview),
        *house.keeper._derived.values(),
    ]
    for path in (house.home / "keys").rglob("*"):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600)
        if path.is_file():
            data = path.read_bytes()
            assert not any(secret in data or secret.hex().encode() in data for secret in secrets)
    with pytest.raises(TypeError):
        pickle.dumps(house.keeper)
    assert not any(secret.hex() in repr(vars(house.vault)) for secret in secrets)


def test_no_setting_turns_a_real_archive_into_plaintext(tmp_path: Path) -> None:
    """The null cipher stands only over keys that were made cheaply, as tests do."""
    honest = KeysInProcess.create(tmp_path / "honest", "words", KdfCost(iterations=1, lanes=4, memory_kib=64 * 1024))
    assert KeysInProcess.unlock(tmp_path / "honest", "words").honest
    with pytest.raises(BadSettings):
        Vault(honest, MemoryStore(), tmp_path / "spool", null_cipher=True)
    cheap = KeysInProcess.create(tmp_path / "cheap", "words", CHEAP)
    vault, store = Vault(cheap, MemoryStore(), tmp_path / "spool", null_cipher=True), MemoryStore()
    vault = Vault(cheap, store, tmp_path / "spool", null_cipher=True)
    house = House.__new__(House)
    house.vault, house.keeper = vault, cheap
    interview = house.interview()
    blob = house.put(interview, b"in the clear", Layer.RELEASED)
    assert house.get(blob) == b"in the clear"
    assert b"in the clear" in store.open(interview, blob.id).pread(1000, 0)


def test_the_default_cost_is_the_one_that_was_measured() -> None:
    """A cheaper default would be a decision, not a slip."""
    assert KdfCost() == KdfCost(iterations=3, lanes=4, memory_kib=256 * 1024)
    assert KdfCost().honest
    assert not CHEAP.honest
