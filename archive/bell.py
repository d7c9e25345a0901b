"""The wake-up between the web and the worker, and the only importer of Huey.

The catalogue's jobs are the truth; a lost ring costs at most one polling interval. What lies in the queue is the name
of the one task and a job's id, as JSON: Huey's own pickles would run whatever somebody wrote into the file.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from huey import SqliteHuey
from huey.registry import Message
from huey.serializer import Serializer


class Bell(Protocol):
    """Rung after a job was committed; heard by any one worker."""

    def ring(self, job: UUID) -> None: ...

    def wait(self, seconds: float) -> None:
        """Returns at the first ring, or after ``seconds``."""


class _JsonOnly(Serializer):  # type: ignore[misc]  # Huey ships no types
    def _serialize(self, data: Message) -> bytes:
        return json.dumps(list(data)).encode()

    def _deserialize(self, data: bytes) -> Message:
        return Message(*json.loads(data))


class HueyBell:
    """A bell over Huey's SQLite storage; RedisHuey takes its place when several machines share the work."""

    def __init__(self, path: Path) -> None:
        self._huey = SqliteHuey("golosa", filename=str(path), results=False, serializer=_JsonOnly())
        self._look = self._huey.task(name="look")(_look)

    def ring(self, job: UUID) -> None:
        """Leave word that this job waits."""
        self._look(str(job))

    def wait(self, seconds: float) -> None:
        """Take one word off the queue, looking four times a second."""
        until = time.monotonic() + seconds
        while self._huey.dequeue() is None and (left := until - time.monotonic()) > 0:
            time.sleep(min(0.25, left))


def _look(_job: str) -> Any:
    """What a ring asks for; the worker looks into the catalogue itself."""
