"""Builders for tests: archives with real parts, short recordings of the demo's voices, interviews at a given stage."""

from __future__ import annotations

import io
import json
import os
import struct
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from uuid import UUID

import av

from archive import parts, worker
from archive.acts import approval, intake, review
from archive.cli.archive import read_consent
from archive.collection import MAIN, Grant
from archive.consent import Consent, Excerpts, Naming, Research, Terms, Voice
from archive.interview import Stage
from archive.parts import Archive
from archive.policy import Principal, Role
from archive.settings import from_mapping
from archive.vault import KdfCost
from transcripts.names import Choice, Decision
from transcripts.shipped import shipped

PASSPHRASE = "six words drawn by dice for tests"
CHEAP = KdfCost(iterations=1, lanes=1, memory_kib=64)

OPEN_TERMS = Terms(
    naming=Naming.FIRST_NAME,
    voice_for_research=Voice.OWN,
    voice_for_public=Voice.OWN,
    research=Research.YES,
    excerpts=Excerpts.ASK,
)


def granted(account: UUID) -> Grant:
    """Access to the main collection for longer than any test runs, with accepted terms."""
    return Grant(
        UUID(int=account.int + 1_000), account, MAIN, date(2999, 1, 1), None, date(2020, 1, 1), date(2020, 1, 1)
    )


INTERVIEWER = Principal(Role.INTERVIEWER, UUID(int=1))
ARCHIVIST = Principal(Role.ARCHIVIST, UUID(int=3))
HISTORIAN = Principal(Role.HISTORIAN, UUID(int=4), grants=(granted(UUID(int=4)),))
ADMIN = Principal(Role.ADMIN, UUID(int=5))


def settings_table(**tables: dict[str, object]) -> dict[str, dict[str, object]]:
    """Tables for an archive that hears with the bundled model and waits for nobody."""
    base: dict[str, dict[str, object]] = {
        "speech": {"model": "demo", "threads": 1},
        "worker": {"lease_seconds": 2, "poll_seconds": 0.1},
        "web": {"second_factor_for": []},
    }
    for name, table in tables.items():
        base[name] = {**base.get(name, {}), **table}
    return base


def archive_in(home: Path, **tables: dict[str, object]) -> Archive:
    """A new archive with real parts. The null cipher is allowed here and nowhere else."""
    settings = from_mapping(home, settings_table(**tables))
    parts.make(settings, PASSPHRASE, CHEAP)
    (home / "catalogue.db").touch(mode=0o600)
    (home / "catalogue.db").write_bytes(_empty_catalogue())
    (home / "golosa.toml").write_text(as_toml(settings_table(**tables)), encoding="utf-8")
    made = parts.unlock(settings, PASSPHRASE)
    made.password_cost = CHEAP
    return made


@cache
def _empty_catalogue() -> bytes:
    """The file of one, made once in a run: the migrations take longer than many a test, and no key is needed."""
    with tempfile.TemporaryDirectory() as folder:
        settings = from_mapping(Path(folder) / "home", {})
        parts.make(settings, PASSPHRASE, CHEAP)
        parts.unlock(settings, PASSPHRASE).close()
        return (settings.home / "catalogue.db").read_bytes()


def as_toml(tables: dict[str, dict[str, object]]) -> str:
    """The tables as TOML; JSON's numbers, strings and booleans are TOML's."""
    lines = []
    for name, table in tables.items():
        lines.append(f"[{name}]")
        lines += [f"{key} = {json.dumps(value)}" for key, value in table.items()]
    return "\n".join(lines) + "\n"


@cache  # made once in a run: coding takes half a second
def recording(name: str = "irina", stop: float = 30.0, start: float = 0.0, **tags: str) -> bytes:
    """Seconds ``start`` to ``stop`` of a demo interview as Ogg Opus, with the given tags in the file."""
    out = io.BytesIO()
    with av.open(str(shipped(f"demo/{name}.opus"))) as source, av.open(out, "w", format="ogg") as made:
        stream = made.add_stream("libopus", rate=48_000, layout="mono")
        made.metadata.update(tags)
        resampler = av.AudioResampler(format="flt", layout="mono", rate=48_000)
        for frame in source.decode(audio=0):
            if frame.time is not None and start <= frame.time < stop:
                frame.pts = None
                for piece in resampler.resample(frame):
                    made.mux(stream.encode(piece))
        made.mux(stream.encode(None))
    return out.getvalue()


def torn() -> bytes:
    """Twenty seconds with a hole: the middle of the file is noise, the length it declares is the old one."""
    whole = recording(stop=20)
    return whole[: len(whole) // 3] + bytes(len(whole) // 3) + whole[2 * len(whole) // 3 :]


def cut_off_wav() -> bytes:
    """The first 3 of 10 seconds; its header still counts all ten."""
    return quiet_wav(10)[: 44 + 2 * 48_000]


def quiet_wav(seconds: int) -> bytes:
    """Nobody speaks in it."""
    size = seconds * 32_000
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", size + 36, b"WAVE", b"fmt ", 16, 1, 1, 16_000, 32_000, 2, 16,
                       b"data", size)  # fmt: skip
    return head + b"\x10\x00" * (size // 2)


def golosa(*command: str, home: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command as a shell runs it, in a process of its own; with ``home`` on the archive there."""
    reading, writing = os.pipe()
    os.write(writing, PASSPHRASE.encode() + b"\n")
    os.close(writing)
    place = ["--home", str(home), "--passphrase-fd", str(reading)] if home else []
    try:
        return subprocess.run(
            [sys.executable, "-m", "archive", *command, *place],
            pass_fds=(reading,),
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        os.close(reading)


def consent(terms: Terms = OPEN_TERMS, protected: tuple[str, ...] = ("Лебедева",)) -> Consent:
    """Irina's consent."""
    return Consent(terms=terms, protected_names=protected, narrator="Ирина Сергеевна Лебедева")


def received(house: Archive, who: Principal = INTERVIEWER, sound: bytes | None = None, **form: object) -> UUID:
    """An interview at its first stage."""
    filled = replace(intake.IntakeForm(consent=consent(), file_name="Ирина Лебедева.opus"), **form)  # type: ignore[arg-type]
    return intake.receive(house, who, io.BytesIO(sound if sound is not None else recording()), filled).interview.id


def approved(house: Archive, id: UUID, who: Principal = INTERVIEWER) -> None:
    """Every proposal taken as it is made, and approved."""
    current = review.settled(house, who, id)
    choices = {
        person.key: Choice(
            Decision.CONCEAL if person.is_concealed(current.roster.proposed()) else Decision.PUBLIC_FIGURE
        )
        for person in current.roster.people
    }
    approval.approve(house, who, id, review.decide(house, who, id, choices, current.version))


def released(house: Archive, who: Principal = INTERVIEWER, sound: bytes | None = None, **form: object) -> UUID:
    """An interview that went all the way."""
    id = received(house, who, sound, **form)
    worker.work(house)
    approved(house, id, who)
    worker.work(house)
    assert stage(house, id) is Stage.RELEASED
    return id


def stage(house: Archive, id: UUID) -> Stage:
    """Where an interview is."""
    with house.catalogue.reading() as ledger:
        return ledger.interviews.get(id).stage


def demo_form(name: str) -> intake.IntakeForm:
    """The consent of a bundled demo interview."""
    return read_consent(shipped(f"demo/{name}.toml"))
