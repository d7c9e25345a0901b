"""What the catalogue asks of whoever seals its rows. The vault implements it; tests bring a fake.

The catalogue sees ciphertext and plain ids only: it never holds a key.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from archive.policy import Layer


class RowKey(NamedTuple):
    """Whose key a row lies under: one interview's layer, or with ``None, None`` the archive's own (``ROWS``)."""

    layer: Layer | None
    interview: UUID | None


ROWS = RowKey(None, None)
"""The archive's own rows: accounts, marks. Withdrawal of an interview does not touch them."""


class Place(NamedTuple):
    """Where a sealed value stands. It is authenticated with the value, so a ciphertext moved to another table, row or
    version does not open."""

    table: str
    row: UUID
    version: int


class RowSealer(Protocol):
    """Seals and opens the values of rows, and computes the archive's keyed digests."""

    def seal(self, key: RowKey, place: Place, value: Mapping[str, Any]) -> bytes:
        """``value`` as canonical JSON, padded to a multiple of 512 bytes, sealed for ``place``.

        Raises KeyGone if the interview's key was destroyed or never made.
        """
        ...

    def open(self, key: RowKey, place: Place, sealed: bytes) -> dict[str, Any]:
        """What ``seal`` was given. Raises Tampered (changed, moved, another key) and KeyGone."""
        ...

    def handle(self, text: str) -> str:
        """A keyed digest in lower-case hex, 64 digits: equal texts give equal handles, the text cannot be had back.

        Nothing is folded or stripped here; a caller who wants ``Anna`` to equal ``anna`` folds first.
        """
        ...

    def mac(self, data: bytes) -> bytes:
        """32 bytes over ``data`` under the audit key, for the chain of audit entries. Compare in constant time."""
        ...
