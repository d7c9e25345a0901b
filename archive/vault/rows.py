"""Sealed rows: what the catalogue stores of a value, and the keyed digests it needs. Implements its port RowSealer."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from archive.catalogue.ports import Place, RowKey
from archive.policy import Layer
from archive.vault.cobblestone import Cipher
from archive.vault.keeper import Keeper
from archive.vault.sealed import Tier

_ROW: Final = b"golosa/row/v1\0"
_PAD: Final = 512
_ARCHIVES_OWN: Final = 255


class SealedRows:
    """One sealed JSON document per row, bound to its table, row, version and layer."""

    def __init__(self, keeper: Keeper, cipher: Cipher) -> None:
        self._keeper, self._cipher = keeper, cipher

    def seal(self, key: RowKey, place: Place, value: Mapping[str, Any]) -> bytes:
        """Raises KeyGone."""
        # A person may paste half a character (a lone surrogate). It must come back as it was, not stop the archive.
        text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        plain = text.encode("utf-8", "surrogatepass")
        padded = plain.ljust(-(-len(plain) // _PAD) * _PAD)  # spaces: JSON allows them at its end
        return self._cipher.seal(self._key(key), _context(key, place), padded)

    def open(self, key: RowKey, place: Place, sealed: bytes) -> dict[str, Any]:
        """Raises Tampered, KeyGone."""
        plain = self._cipher.unseal(self._key(key), _context(key, place), sealed)
        value: dict[str, Any] = json.loads(plain.decode("utf-8", "surrogatepass"))
        return value

    def handle(self, text: str) -> str:
        """A keyed digest, so that a stolen database does not tell who has an account by trying names."""
        return hmac.new(self._keeper.handle_key(), text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()

    def mac(self, data: bytes) -> bytes:
        """HMAC-SHA-256 under the audit key."""
        return hmac.new(self._keeper.audit_key(), data, hashlib.sha256).digest()

    def _key(self, key: RowKey) -> bytes:
        if key.interview is None or key.layer is None:
            return self._keeper.rows_key()
        return layer_key(self._keeper, key.interview, key.layer)


def layer_key(keeper: Keeper, interview: UUID, layer: Layer) -> bytes:
    """The key of an interview's layer; released and public share one, their tier in the context parts them."""
    if layer is Layer.PROTECTED:
        return keeper.protected_key(interview)
    return keeper.released_key(interview)


def _context(key: RowKey, place: Place) -> bytes:
    if (key.layer is None) != (key.interview is None):
        raise ValueError("a row is an interview's and of a layer, or neither")
    scope = _ARCHIVES_OWN if key.layer is None else Tier.of(key.layer)
    table = place.table.encode("ascii")
    # The table's name varies in length: the zero byte ends it, and all that follows is of fixed length, so two
    # different places cannot make the same bytes.
    if b"\0" in table:
        raise ValueError("not the name of a table")
    return _ROW + bytes([scope]) + table + b"\0" + place.row.bytes + place.version.to_bytes(8, "big")
