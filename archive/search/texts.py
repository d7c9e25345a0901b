"""An interview's passages as one file, any of them read without the others: what the rows of an answer are cut from.

count u32le | count + 1 rows: begins at u64le, start f32le, end f32le, first segment u32le | passages as JSON
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from archive.errors import Tampered
from archive.search.passages import Passage, passages
from transcripts.words import Segment, Transcript

_ROW = np.dtype([("at", "<u8"), ("start", "<f4"), ("end", "<f4"), ("segment", "<u4")])
_NOBODY = UUID(int=0)


class Seekable(Protocol):
    """What the file is read from."""

    def seek(self, offset: int, whence: int = 0, /) -> int: ...
    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Text:
    """One passage: its segments, the first of which is the interview's ``first_segment``-th."""

    number: int
    first_segment: int
    segments: tuple[Segment, ...]

    @property
    def start(self) -> float:
        """Seconds."""
        return self.segments[0].start

    @property
    def end(self) -> float:
        """Seconds."""
        return max(segment.end for segment in self.segments)


def packed(transcript: Transcript) -> bytes:
    """The file of a released transcript, its passages cut as the index has them."""
    cut = passages(_NOBODY, transcript)
    bodies = [_body(transcript.segments[one.first_segment : one.last_segment + 1]) for one in cut]
    rows = np.zeros(len(cut) + 1, _ROW)
    rows["at"] = np.cumsum([4 + rows.nbytes, *map(len, bodies)])
    rows["start"][:-1] = [one.start for one in cut]
    rows["end"][:-1] = [one.end for one in cut]
    rows["segment"][:-1] = [one.first_segment for one in cut]
    return b"".join((len(cut).to_bytes(4, "little"), rows.tobytes(), *bodies))


class Texts:
    """Such a file, open for reading. Raises Tampered where it is none."""

    def __init__(self, file: Seekable) -> None:
        self._file = file
        count = int.from_bytes(self._read(0, 4), "little")
        self._rows: NDArray[Any] = np.frombuffer(self._read(4, (count + 1) * _ROW.itemsize), _ROW)

    @classmethod
    def of(cls, transcript: Transcript) -> Texts:
        """The same of a transcript that has no such file: of a release older than these files are."""
        return cls(io.BytesIO(packed(transcript)))

    def __len__(self) -> int:
        return len(self._rows) - 1

    def starts(self, numbers: Sequence[int]) -> dict[int, float]:
        """The seconds at which these passages begin, by number; numbers beyond the last are left out."""
        known = [number for number in numbers if number < len(self)]
        return {
            number: round(float(second), 2) for number, second in zip(known, self._rows["start"][known], strict=True)
        }

    def text(self, number: int) -> Text | None:
        """One passage, or None if there are not so many."""
        if not 0 <= number < len(self):
            return None
        at, until = (int(self._rows["at"][place]) for place in (number, number + 1))
        found = json.loads(self._read(at, until - at))
        segments = Transcript.from_json({**_EMPTY, "segments": found}).segments
        return Text(number, int(self._rows["segment"][number]), segments)

    def passage(self, interview: UUID, number: int) -> Passage | None:
        """The passage as the index was given it, or None."""
        found = self.text(number)
        if found is None:
            return None
        return Passage(
            id=f"{interview}:{number}",
            interview=interview,
            text=" ".join(segment.text for segment in found.segments),
            language=found.segments[0].language,
            speaker=found.segments[0].speaker,
            start=found.start,
            end=found.end,
            first_segment=found.first_segment,
            last_segment=found.first_segment + len(found.segments) - 1,
        )

    def _read(self, at: int, size: int) -> bytes:
        self._file.seek(at)
        found = self._file.read(size)
        if len(found) != size:
            raise Tampered("a file of passages ends too early")
        return found


_EMPTY: dict[str, Any] = {"id": "", "parent": None, "made_by": "", "seconds": 0.0, "notes": {}}


def _body(segments: Sequence[Segment]) -> bytes:
    found = Transcript("", tuple(segments), 0.0, "").as_json()["segments"]
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()
