"""Which rows there are, and at which version, as one sealed sum: so that a row taken away or put back is noticed.

A sealed row proves that it belongs to its place and version; it cannot prove that a newer one is not missing. So each
transaction adds the MAC of every row it leaves and subtracts the MAC of every row it replaces or removes, modulo
2**256, and seals the sum (MSet-Add-Hash of Clarke et al., "Incremental multiset hash functions", ASIACRYPT 2003).
Not noticed: the whole file put back to an older state. Only a copy of the audit head kept elsewhere shows that.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from archive.catalogue.ports import ROWS, Place, RowSealer
from archive.catalogue.tables import register
from archive.errors import Tampered

_MODULUS = 1 << 256
_NOWHERE = UUID(int=0)


class Register:
    """The sum as this transaction sees it; read at the first change, written once before the commit."""

    def __init__(self, connection: Connection, sealer: RowSealer) -> None:
        self._connection = connection
        self._sealer = sealer
        self._change = 0

    def enter(self, place: Place) -> None:
        """A row stands there now."""
        self._change += self._weight(place)

    def strike(self, place: Place) -> None:
        """That row, at that version, stands there no more."""
        self._change -= self._weight(place)

    def write(self) -> None:
        """Seal the new sum, if anything changed. Raises Tampered if the old one does not open."""
        if not self._change % _MODULUS:
            return
        version, total = self._stored()
        total = (total + self._change) % _MODULUS
        place = Place("register", _NOWHERE, version + 1)
        values = {"version": version + 1, "sealed": self._sealer.seal(ROWS, place, {"sum": f"{total:064x}"})}
        self._connection.execute(update(register).values(values) if version else insert(register).values(values))
        self._change = 0

    def agrees(self, places: set[Place]) -> bool:
        """Whether exactly these rows stand in the catalogue."""
        try:
            _, total = self._stored()
        except Tampered:
            return False
        return (total + self._change - sum(map(self._weight, places))) % _MODULUS == 0

    def _stored(self) -> tuple[int, int]:
        row = self._connection.execute(select(register)).one_or_none()
        if row is None:
            return 0, 0
        found = self._sealer.open(ROWS, Place("register", _NOWHERE, row.version), row.sealed)
        return row.version, int(found["sum"], 16)

    def _weight(self, place: Place) -> int:
        """A keyed value nobody without the key can aim at."""
        label = b"golosa/register/v1\0" + place.table.encode() + b"\0" + place.row.bytes
        return int.from_bytes(self._sealer.mac(label + place.version.to_bytes(8, "big")), "big")
