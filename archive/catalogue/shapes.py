"""Frozen values to plain JSON documents and back: the form in which they are sealed.

Knows str, int, float, bool, None, UUID, date, datetime, enums, mappings, ``X | None``, ``tuple[X, ...]`` and
dataclasses of these. A field that is missing in an older document takes its default.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
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
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, UUID) else value


def _build(kind: Any, document: Mapping[str, Any]) -> Any:
    return kind(**{name: read(document[name]) for name, read in _readers(kind).items() if name in document})


@cache  # types only, of which there are a dozen: reading the annotations takes longer than all the rest
def _readers(kind: Any) -> dict[str, Callable[[Any], Any]]:
    hints = get_type_hints(kind)
    return {item.name: _reader(hints[item.name]) for item in fields(kind)}


def _reader(hint: Any) -> Callable[[Any], Any]:
    """What makes a field of that type from its JSON value."""
    if get_origin(hint) in (Union, UnionType):
        inner = _reader(next(kind for kind in get_args(hint) if kind is not type(None)))
        return lambda found: None if found is None else inner(found)
    if get_origin(hint) is tuple:
        each = _reader(get_args(hint)[0])
        return lambda found: tuple(each(item) for item in found)
    if is_dataclass(hint):
        return lambda found: _build(hint, found)
    if hint in (date, datetime):
        read: Callable[[Any], Any] = hint.fromisoformat
        return read
    return hint if isinstance(hint, type) and issubclass(hint, UUID | Enum) else _as_it_is


def _as_it_is(found: Any) -> Any:
    return found
