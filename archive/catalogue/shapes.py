"""Frozen values to plain JSON documents and back: the form in which they are sealed.

Knows str, int, float, bool, None, UUID, date, datetime, enums, mappings, ``X | None`` and dataclasses of these. A field
that is missing in an older document takes its default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from archive.errors import BadInput, Tampered

V = TypeVar("V")


def to_document(value: Any) -> dict[str, Any]:
    """The fields of a dataclass instance as JSON values."""
    return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}


def from_document(kind: type[V], document: Mapping[str, Any]) -> V:
    """The value again. Raises Tampered if the document is not one of that kind; nothing of it is in the message."""
    try:
        value: V = _build(kind, document)
    except (KeyError, TypeError, ValueError, BadInput):
        pass  # what these say may quote the document: it must not ride along, not even as a suppressed cause
    else:
        return value
    raise Tampered(f"a sealed document is not a {kind.__name__}")


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return to_document(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):  # datetime is one too
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _build(kind: Any, document: Mapping[str, Any]) -> Any:
    hints = get_type_hints(kind)
    names = [item.name for item in fields(kind) if item.name in document]
    return kind(**{name: _made(hints[name], document[name]) for name in names})


def _made(hint: Any, found: Any) -> Any:
    if get_origin(hint) in (Union, UnionType):
        hint = next(kind for kind in get_args(hint) if kind is not type(None))
        return None if found is None else _made(hint, found)
    if is_dataclass(hint):
        return _build(hint, found)
    if hint in (date, datetime):
        return hint.fromisoformat(found)
    if isinstance(hint, type) and issubclass(hint, UUID | Enum):
        return hint(found)
    return found
