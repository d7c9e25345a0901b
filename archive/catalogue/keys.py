"""Under whose key a row lies, asked of a value and of a row alike."""

from __future__ import annotations

from typing import Any

from archive.catalogue.ports import ROWS, RowKey
from archive.policy import Layer


def under_released(thing: Any) -> RowKey:
    """The key of a row that lies in its interview's released layer."""
    return RowKey(Layer.RELEASED, thing.interview)


def under_protected(thing: Any) -> RowKey:
    """The key of a row that lies in its interview's protected layer."""
    return RowKey(Layer.PROTECTED, thing.interview)


def under_rows(_thing: Any) -> RowKey:
    """The archive's own key."""
    return ROWS
