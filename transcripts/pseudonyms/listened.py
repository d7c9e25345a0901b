"""What people decided by ear about seconds of sound; what they decided about names is Decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

_SAME_PLACE = 1.0  # seconds by which the same sound may be found elsewhere when it is listened to again


@dataclass(frozen=True, slots=True)
class Cleared:
    """Somebody heard the masked sound at ``second`` and it does not name the person ``key``; who and when."""

    second: float
    key: str = field(repr=False)
    who: str
    when: str


@dataclass(frozen=True, slots=True)
class Listened:
    """Seconds (from, to) that people marked to be silenced, and findings of the verification that they cleared.

    ``turns`` (called as in ``Roster.turn``) that somebody heard, and found what stands there said there: who and when.
    """

    silenced: tuple[tuple[float, float], ...] = ()
    cleared: tuple[Cleared, ...] = ()
    turns: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def clears(self, second: float, key: str) -> bool:
        """Whether somebody listened there and did not hear the person ``key``."""
        return any(one.key == key and abs(one.second - second) <= _SAME_PLACE for one in self.cleared)

    def as_json(self) -> dict[str, Any]:
        """A plain object that ``from_json`` turns back into an equal value."""
        cleared = [[one.second, one.key, one.who, one.when] for one in self.cleared]
        turns = {turn: list(heard) for turn, heard in self.turns.items()}
        return {"silenced": [list(span) for span in self.silenced], "cleared": cleared, "turns": turns}

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Self:
        """What ``as_json`` wrote."""
        silenced = tuple((float(start), float(end)) for start, end in found["silenced"])
        turns = {turn: (who, when) for turn, (who, when) in found.get("turns", {}).items()}
        return cls(silenced, tuple(Cleared(*one) for one in found["cleared"]), turns)
