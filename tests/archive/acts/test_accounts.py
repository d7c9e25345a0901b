"""Accounts: what a stranger can learn at the door."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.acts import accounts
from archive.errors import BadInput, Unknown
from archive.policy import OPERATOR, Role
from tests import make

PASSWORD = "four plain words here"


def test_who_has_no_invitation_learns_no_names(tmp_path: Path) -> None:
    """A taken name and a free one are answered alike; who is invited is told, and may choose another."""
    house = make.archive_in(tmp_path / "home")
    first, second = (accounts.invite(house, OPERATOR, Role.INTERVIEWER) for _ in range(2))
    accounts.accept(house, first, ("Анна", PASSWORD), "ru")

    for name in ("Анна", "Борис"):
        with pytest.raises(Unknown):
            accounts.accept(house, "guessed", (name, PASSWORD), "ru")
    with pytest.raises(BadInput):
        accounts.accept(house, second, ("Анна", PASSWORD), "ru")
    assert accounts.accept(house, second, ("Борис", PASSWORD), "ru").role is Role.INTERVIEWER
    house.close()
