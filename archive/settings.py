"""Settings: read once at the top, frozen, everything wrong reported at once. Nothing else reads the environment."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any, get_type_hints

from archive.errors import BadSettings
from transcripts.shipped import shipped


@dataclass(frozen=True, slots=True)
class ArchiveSettings:
    name: str = "Golosa"
    languages: tuple[str, ...] = ("en", "ru")
    null_cipher: bool = False


@dataclass(frozen=True, slots=True)
class WebSettings:
    host: str = "127.0.0.1"
    port: int = 8000
    threads: int = 16
    idle_minutes: int = 30
    session_hours: int = 12
    invitation_hours: int = 72
    address: str = ""
    second_factor_for: tuple[str, ...] = ("archivist", "admin")
    shared_address: bool = False


@dataclass(frozen=True, slots=True)
class IntakeSettings:
    max_gigabytes: float = 4.0
    max_hours: float = 12.0
    upload_days: float = 7.0


@dataclass(frozen=True, slots=True)
class SpeechSettings:
    model: str = "small"
    language: str = "ru"
    threads: int = 0


@dataclass(frozen=True, slots=True)
class NamesSettings:
    public_figures: bool = True
    conceal_above: float = 0.2
    ask_above: float = 0.05


@dataclass(frozen=True, slots=True)
class ReviewSettings:
    signatures: int = 1


@dataclass(frozen=True, slots=True)
class MaskSettings:
    pad_seconds: float = 0.25
    tone_hz: float = 1000.0


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    lease_seconds: int = 60
    poll_seconds: float = 2.0


@dataclass(frozen=True, slots=True)
class SearchSettings:
    page_size: int = 10
    cache_megabytes: int = 64


@dataclass(frozen=True, slots=True)
class ReadingSettings:
    interviews_a_day: int = 20


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting of config/golosa.toml, and ``home``: the folder the archive lives in."""

    home: Path
    archive: ArchiveSettings = field(default_factory=ArchiveSettings)
    web: WebSettings = field(default_factory=WebSettings)
    intake: IntakeSettings = field(default_factory=IntakeSettings)
    speech: SpeechSettings = field(default_factory=SpeechSettings)
    names: NamesSettings = field(default_factory=NamesSettings)
    review: ReviewSettings = field(default_factory=ReviewSettings)
    mask: MaskSettings = field(default_factory=MaskSettings)
    worker: WorkerSettings = field(default_factory=WorkerSettings)
    search: SearchSettings = field(default_factory=SearchSettings)
    reading: ReadingSettings = field(default_factory=ReadingSettings)


def from_mapping(home: Path, found: Mapping[str, Any]) -> Settings:
    """Settings from tables as TOML gives them. Raises BadSettings with everything that is wrong."""
    tables = {item.name: item for item in fields(Settings) if item.name != "home"}
    problems = [f"unknown table [{name}]" for name in found if name not in tables]
    made: dict[str, Any] = {}
    for name in tables:
        kind = get_type_hints(Settings)[name]
        values, wrong = _table(kind, name, found.get(name, {}))
        problems += wrong
        made[name] = kind(**values)
    if problems:
        raise BadSettings(problems="; ".join(problems))
    return Settings(home=home, **made)


def load(home: Path) -> Settings:
    """The defaults of config/golosa.toml with what the archive's own golosa.toml changes."""
    own = home / "golosa.toml"
    try:
        shared_tables = tomllib.loads(shipped("golosa.toml").read_text(encoding="utf-8"))
        own_tables = tomllib.loads(own.read_text(encoding="utf-8")) if own.exists() else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as cause:
        raise BadSettings(problems=f"golosa.toml is not TOML ({cause})") from cause
    merged = dict(shared_tables)
    for name, table in own_tables.items():
        merged[name] = {**merged.get(name, {}), **table} if isinstance(table, dict) else table
    return from_mapping(home, merged)


def _table(kind: type, name: str, found: object) -> tuple[dict[str, Any], list[str]]:
    assert is_dataclass(kind)
    if not isinstance(found, Mapping):
        return {}, [f"[{name}] is not a table"]
    hints = get_type_hints(kind)
    values: dict[str, Any] = {}
    problems = []
    for key, value in found.items():
        if key not in hints:
            problems.append(f"unknown setting {name}.{key}")
        elif not _fits(hints[key], value):
            problems.append(f"{name}.{key} is of the wrong type")
        elif f"{name}.{key}" in CHOICES and not set(value) <= CHOICES[f"{name}.{key}"]:
            problems.append(f"{name}.{key} knows only {', '.join(sorted(CHOICES[f'{name}.{key}']))}")
        elif f"{name}.{key}" not in CHOICES and value == []:
            problems.append(f"{name}.{key} is empty")
        elif not _in_range(name, key, value):
            least, most = RANGES[f"{name}.{key}"]
            problems.append(f"{name}.{key} is not between {least:g} and {most:g}")
        else:
            values[key] = tuple(value) if isinstance(value, list) else hints[key](value)
    return values, problems


def _fits(kind: Any, value: object) -> bool:
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind == tuple[str, ...]:
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    return type(value) is kind


RANGES: dict[str, tuple[float, float]] = {
    "web.port": (1, 65_535),
    "web.threads": (1, 64),
    "web.idle_minutes": (1, 720),
    "web.session_hours": (1, 168),
    "web.invitation_hours": (1, 720),
    "intake.max_gigabytes": (0.001, 1_000),
    "intake.max_hours": (0.01, 100),
    "intake.upload_days": (0.01, 365),
    "speech.threads": (0, 1_024),
    # A threshold at or above the highest sureness would drop every mention, and with it the narrator's own list.
    "names.conceal_above": (0, 0.9),
    "names.ask_above": (0, 0.9),
    "review.signatures": (1, 2),
    "mask.pad_seconds": (0, 10),
    "mask.tone_hz": (50, 7_000),
    "worker.lease_seconds": (1, 3_600),
    "worker.poll_seconds": (0.01, 60),
    "search.page_size": (1, 200),
    "search.cache_megabytes": (1, 65_536),
    "reading.interviews_a_day": (0, 100_000),
}
"""Least and most of every number in the settings, both allowed; NaN is neither."""


CHOICES: dict[str, frozenset[str]] = {
    "web.second_factor_for": frozenset({"historian", "interviewer", "archivist", "admin"}),
}
"""What the words of a list may be; these lists may be empty."""


def _in_range(table: str, key: str, value: object) -> bool:
    allowed = RANGES.get(f"{table}.{key}")
    return allowed is None or (isinstance(value, int | float) and allowed[0] <= value <= allowed[1])


def names(settings: Settings) -> Iterator[str]:
    """Every setting as ``table.key``, for the test that each one is documented."""
    for table in fields(settings):
        value = getattr(settings, table.name)
        if is_dataclass(value):
            yield from (f"{table.name}.{item.name}" for item in fields(value))
