"""Sealed rows and keyed digests, through the port that the catalogue sees."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.catalogue.ports import ROWS, Place, RowKey, RowSealer
from archive.errors import KeyGone, Tampered
from archive.policy import Layer
from tests.archive.vault.vault_house import House

TEXT = st.text(st.characters(exclude_categories=()), max_size=40)  # lone surrogates included: people paste them
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)
PLACE = Place("interviews", uuid4(), 3)


@given(value=st.dictionaries(TEXT, JSON, max_size=5))
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_json_comes_back_as_it_was(house: House, value: dict[str, Any]) -> None:
    """And its ciphertext tells its length to within 512 bytes only."""
    sealer: RowSealer = house.vault.rows
    sealed = sealer.seal(ROWS, PLACE, value)
    assert sealer.open(ROWS, PLACE, sealed) == value
    assert (len(sealed) - 56 - 16 * (len(sealed) // 16400 + 1)) % 512 == 0


def test_rows_of_an_interview_go_with_its_keys(house: House) -> None:
    """Each layer under its own key; after destruction only the archive's own rows open."""
    interview, rows = house.interview(), house.vault.rows
    sealed = {layer: rows.seal(RowKey(layer, interview), PLACE, {"layer": layer}) for layer in Layer}
    own = rows.seal(ROWS, PLACE, {"own": True})
    for layer, one in sealed.items():
        assert rows.open(RowKey(layer, interview), PLACE, one) == {"layer": layer}
        for other in [RowKey(other, interview) for other in Layer if other is not layer] + [ROWS]:
            with pytest.raises(Tampered):
                rows.open(other, PLACE, one)
    house.keeper.destroy(interview)
    for layer, one in sealed.items():
        with pytest.raises(KeyGone):
            rows.open(RowKey(layer, interview), PLACE, one)
        with pytest.raises(KeyGone):
            rows.seal(RowKey(layer, interview), PLACE, {})
    assert rows.open(ROWS, PLACE, own) == {"own": True}


def test_every_flipped_bit_of_a_row_is_noticed(house: House) -> None:
    """All of them: a row is short enough to try."""
    sealed = house.vault.rows.seal(ROWS, PLACE, {"name": "Ирина"})
    assert "Ирина".encode() not in sealed
    for at in range(len(sealed) * 8):
        changed = bytearray(sealed)
        changed[at // 8] ^= 1 << at % 8
        with pytest.raises(Tampered):
            house.vault.rows.open(ROWS, PLACE, bytes(changed))
    for cut in (0, 1, 55, 56, 72, len(sealed) - 1):
        with pytest.raises(Tampered):
            house.vault.rows.open(ROWS, PLACE, sealed[:cut])


def test_places_cannot_run_into_each_other(house: House) -> None:
    """A table's name ends where it ends: no other place makes the same context."""
    with pytest.raises(ValueError, match="table"):
        house.vault.rows.seal(ROWS, Place("a\0b", PLACE.row, 1), {})
    with pytest.raises(OverflowError):
        house.vault.rows.seal(ROWS, PLACE._replace(version=-1), {})
    with pytest.raises(ValueError, match="layer"):
        house.vault.rows.seal(RowKey(Layer.PUBLIC, None), PLACE, {})


def test_errors_show_nothing_of_the_value(house: House) -> None:
    """What cannot be stored is refused without being quoted."""
    for value in ({"Лебедева": date(2026, 1, 1)}, {"Лебедева": float("nan")}):
        with pytest.raises((TypeError, ValueError)) as caught:
            house.vault.rows.seal(ROWS, PLACE, value)
        assert "Лебедева" not in str(caught.value)


def test_handles_and_macs_are_keyed(house: House, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Equal within an archive, different from plain hashes and from every other archive's."""
    other = House(tmp_path_factory.mktemp("other"))
    mine, theirs = house.vault.rows, other.vault.rows
    assert mine.handle("anna") == mine.handle("anna")
    assert len({mine.handle("anna"), mine.handle("Anna"), theirs.handle("anna"), mine.mac(b"anna").hex()}) == 4
    assert mine.mac(b"a") == mine.mac(b"a") != theirs.mac(b"a")
    assert (len(mine.handle("x")), len(mine.mac(b"x"))) == (64, 32)
