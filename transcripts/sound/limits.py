"""What an upload may be and cost. Values only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds for one upload; the child process that decodes it is held to them by the system.

    ``max_seconds`` of sound; ``max_memory`` bytes of address space; ``cpu_start`` seconds of processor time to open the
    file and ``cpu_hour`` more per hour of ``max_seconds`` to decode it; ``patience`` seconds without a word from the
    child before it is ended. ``tolerate_damage``: take what can be decoded of a damaged file instead of refusing it.
    """

    max_seconds: float = 43_200.0
    max_memory: int = 3 << 29
    cpu_start: int = 25
    cpu_hour: int = 60
    patience: float = 60.0
    tolerate_damage: bool = False


@dataclass(frozen=True, slots=True)
class SoundInfo:
    """What a file says about itself. ``seconds`` is None if it declares no length; ``tracks`` counts sound tracks."""

    seconds: float | None
    rate: int
    channels: int
    codec: str
    container: str
    tracks: int = 1


@dataclass(frozen=True, slots=True)
class Decoded:
    """What decoding a whole file gave.

    ``silent_seconds`` of ``seconds`` are silence put in where the file's own clock says that sound is missing.
    """

    seconds: float
    samples: int
    declared_seconds: float | None
    bad_packets: int
    silent_seconds: float = 0.0

    @property
    def expected_seconds(self) -> float:
        """What the file declares, or else what there is."""
        return self.seconds if self.declared_seconds is None else self.declared_seconds

    @property
    def heard_seconds(self) -> float:
        """Silence is part of some healthy files (a muted phone); beside packets that do not decode it is lost sound."""
        return self.seconds - (self.silent_seconds if self.bad_packets else 0.0)

    @property
    def is_whole(self) -> bool:
        """Whether no more than 1 s or 1 % (the larger) is missing, surplus or filled with silence."""
        return abs(self.expected_seconds - self.heard_seconds) <= max(1.0, self.expected_seconds / 100)

    @property
    def lost_seconds(self) -> float:
        """What could not be read, in seconds."""
        return max(0.0, self.expected_seconds - self.heard_seconds)
