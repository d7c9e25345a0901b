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
