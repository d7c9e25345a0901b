"""Frozen values of one kind, kept as the sealed rows of one table. All that is sealed or opened goes through here.

The whole value is in the sealed document. The plain columns beside it are for finding rows only, and are compared with
the document at every reading: changing a stage in the database does not release an interview.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, delete, func, insert, select, update
from sqlalchemy.sql.dml import ReturningDelete

from archive.catalogue.ports import Place, RowKey, RowSealer
from archive.catalogue.register import Register
from archive.catalogue.shapes import from_document, to_document
from archive.catalogue.values import Damage
from archive.errors import Conflict, KeyGone, Tampered, Unknown


class _Kept(Protocol):
    @property
    def id(self) -> UUID: ...


class _Versioned(Protocol):
    @property
    def id(self) -> UUID: ...
    @property
    def version(self) -> int: ...


V = TypeVar("V", bound=_Kept)

_OWN = frozenset({"seq", "id", "version", "sealed"})


class Opened:
    """Values opened before, each with its row: a row that is the same to the byte need not be opened again."""

    def __init__(self, most: int = 100_000) -> None:
        """``most`` of them (some 3 KB each): an archive with more interviews than that opens all at every search."""
        self._most = most
        self._known: dict[tuple[str, UUID], tuple[Row[Any], Any]] = {}

    def get(self, table: str, row: Row[Any]) -> Any:
        """The value of just this row; None if another one stood there, or none that was opened."""
        known = self._known.get((table, row.id))
        return known[1] if known is not None and known[0] == row else None

    def put(self, table: str, row: Row[Any], value: Any) -> None:
        """In place of what was known of that id."""
        if len(self._known) >= self._most:
            self._known.clear()
        self._known[table, row.id] = row, value

    def forget(self, table: str, id: UUID) -> None:
        """Nothing of it stays in memory."""
        self._known.pop((table, id), None)


@dataclass(frozen=True, slots=True)
class Transaction:
    """What the shelves of one transaction share; ``opened`` is shared by all transactions."""

    connection: Connection
    sealer: RowSealer
    register: Register
    opened: Opened


@dataclass(frozen=True, slots=True)
class Kept(Generic[V]):
    """How one kind is kept: its table, its class, whose key it lies under, and plain columns that are not its fields.

    ``key`` and ``beside`` are asked of a value and of a row alike: fields and plain columns have the same names. Of a
    kind that is ``remembered`` the process keeps what it opened: every search goes over all interviews.
    """

    table: Table
    kind: type[V]
    key: Callable[[Any], RowKey]
    beside: Callable[[RowSealer, V], dict[str, str]] = lambda _sealer, _value: {}
    tombstone: Callable[[Row[Any]], V | None] = lambda _row: None
    remembered: bool = False


class Shelf(Generic[V]):
    """The rows of one kind within one transaction."""

    def __init__(self, transaction: Transaction, how: Kept[V]) -> None:
        self._transaction = transaction
        self._how = how
        self._name = how.table.name
        self._columns = [column.name for column in how.table.columns if column.name not in _OWN]

    def insert(self, value: V) -> V:
        """Store a new value, as version 1."""
        value = _at_version(value, 1)
        place, table = self._place(value.id, 1), self._how.table
        seq = self._transaction.connection.execute(select(func.coalesce(func.max(table.c.seq), 0) + 1)).scalar_one()
        row = {"seq": seq, "id": value.id, "version": 1, **self._plain(value), "sealed": self._seal(value, place, seq)}
        self._transaction.connection.execute(insert(table).values(row))
        self._transaction.register.enter(place)
        return value

    def update(self, value: V) -> V:
        """Store a changed value if nobody else stored one since it was read.

        Returns it with its new version. Raises Conflict, Unknown.
        """
        read_at: int = value.version  # type: ignore[attr-defined]  # only versioned kinds come here
        value = _at_version(value, read_at + 1)
        place, table = self._place(value.id, read_at + 1), self._how.table
        there = self._rows(select(table.c.seq, table.c.version).where(table.c.id == value.id))
        if not there:
            raise Unknown(f"{self._name} {value.id}")
        if there[0].version != read_at:  # no race: whoever writes is alone from BEGIN on
            raise Conflict(f"{self._name} {value.id}")
        row = {"version": place.version, **self._plain(value), "sealed": self._seal(value, place, there[0].seq)}
        self._transaction.connection.execute(update(table).where(table.c.id == value.id).values(row))
        self._transaction.register.strike(self._place(value.id, read_at))
        self._transaction.register.enter(place)
        return value

    def get(self, row: UUID) -> V:
        """One value. Raises Unknown, Tampered, KeyGone."""
        found = self.first(self._how.table.c.id == row)
        if found is None:
            raise Unknown(f"{self._name} {row}")
        return found

    def first(self, *where: ColumnElement[bool]) -> V | None:
        """The newest value that fits."""
        table = self._how.table
        rows = self._rows(select(table).where(*where).order_by(table.c.seq.desc()).limit(1))
        return self._open(rows[0]) if rows else None

    def standing(self, *where: ColumnElement[bool]) -> Place | None:
        """Where the newest value that fits stands, unopened: a transcript takes a while to open."""
        table = self._how.table
        rows = self._rows(select(table.c.id, table.c.version).where(*where).order_by(table.c.seq.desc()).limit(1))
        return self._place(rows[0].id, rows[0].version) if rows else None

    def all(self, *where: ColumnElement[bool], newest_first: bool = True) -> list[V]:
        """Every value that fits."""
        order = self._how.table.c.seq
        wanted = select(self._how.table).where(*where).order_by(order.desc() if newest_first else order)
        return [self._open(row) for row in self._rows(wanted)]

    def remove(self, *where: ColumnElement[bool]) -> None:
        """Delete every row that fits, unopened: its key may be gone."""
        table = self._how.table
        for row in self._rows(delete(table).where(*where).returning(table.c.id, table.c.version)):
            self._transaction.register.strike(self._place(row.id, row.version))

    def blank(self, *where: ColumnElement[bool], **plain: str) -> None:
        """Keep the rows that fit without their content, with these plain columns instead."""
        table = self._how.table
        full = select(table.c.id, table.c.version).where(*where, table.c.sealed.is_not(None))
        for row in self._rows(full):
            blanked = update(table).where(table.c.id == row.id)
            self._transaction.connection.execute(blanked.values(version=row.version + 1, sealed=None, **plain))
            self._transaction.register.strike(self._place(row.id, row.version))
            self._transaction.register.enter(self._place(row.id, row.version + 1))

    def places(self) -> Iterator[Place]:
        """Where every row stands. Raises Tampered if one cannot be told."""
        table = self._how.table
        for row in self._rows(select(table.c.id, table.c.version)):
            yield self._place(row.id, row.version)

    def damage(self) -> Iterator[Damage]:
        """Every row that does not open; the table itself if it holds what cannot be a row of it."""
        try:
            rows = self._rows(select(self._how.table))
        except Tampered as found:
            yield Damage(self._name, None, found.code)
            return
        for row in rows:
            try:
                self._opened_anew(row)
            except (Tampered, KeyGone) as found:
                yield Damage(self._name, row.id, found.code)

    def _rows(self, statement: Select[Any] | ReturningDelete[Any]) -> Sequence[Row[Any]]:
        """What the database answers. An id or a day that is none was not written by us."""
        try:
            return self._transaction.connection.execute(statement).all()
        except (ValueError, TypeError, AttributeError):
            pass  # what these say quotes the column
        raise Tampered(f"{self._name} holds a malformed row")

    def _open(self, row: Row[Any]) -> V:
        if not self._how.remembered:
            return self._opened_anew(row)
        opened = self._transaction.opened
        known: V | None = opened.get(self._name, row)
        if known is None:
            opened.forget(self._name, row.id)
            known = self._opened_anew(row)
            opened.put(self._name, row, known)
        return known

    def _opened_anew(self, row: Row[Any]) -> V:
        tombstone = self._how.tombstone(row)
        if tombstone is not None:
            return tombstone
        if not isinstance(row.sealed, bytes):
            raise Tampered(f"{self._name} {row.id} has no content")
        document = self._transaction.sealer.open(self._how.key(row), self._place(row.id, row.version), row.sealed)
        value = from_document(self._how.kind, document)
        stands = {"id": value.id, "seq": document.get("seq"), **self._plain(value)}
        if any(getattr(row, name) != found for name, found in stands.items()):
            raise Tampered(f"{self._name} {row.id} is not what its plain columns say")
        return value

    def _seal(self, value: V, place: Place, seq: int) -> bytes:
        """With its place in the order, on which it depends what is the newest."""
        return self._transaction.sealer.seal(self._how.key(value), place, to_document(value) | {"seq": seq})

    def _plain(self, value: V) -> dict[str, Any]:
        """The plain columns that a value must stand under."""
        beside = self._how.beside(self._transaction.sealer, value)
        return {name: beside[name] if name in beside else getattr(value, name) for name in self._columns}

    def _place(self, row: UUID, version: int) -> Place:
        if not isinstance(version, int) or version < 1:  # a column of SQLite holds whatever was put there
            raise Tampered(f"{self._name} {row} has no version")
        return Place(self._name, row, version)


def _at_version(value: V, version: int) -> V:
    return replace(value, version=version) if hasattr(value, "version") else value  # type: ignore[type-var]
