"""What the finders of identifiers read: all passages as one text, because the end of a turn often cuts a number."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate

from transcripts.names.identifiers.spoken import Group, Reading, Run, read
from transcripts.names.marks import MARK
from transcripts.names.mention import Label, Passage

_SPACE = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class Find:
    """Code points ``start`` to ``end`` of the joined text. ``why`` and ``sureness`` as in Mention."""

    start: int
    end: int
    label: Label
    why: str = ""
    sureness: float = 0.9
    key: str = field(default="", repr=False)


class Speech:
    """The passages, a line break between. ``text``: marks blanked; all texts here have the same offsets."""

    def __init__(self, passages: Sequence[Passage], protected: Sequence[str] = ()) -> None:
        joined = "\n".join(passage.text for passage in passages)
        self.text = MARK.sub(lambda mark: "\0" * len(mark.group()), joined) if "[" in joined else joined
        self.protected = tuple(protected)
        self._starts = [0, *accumulate(len(passage.text) + 1 for passage in passages)]

    @cached_property
    def lower(self) -> str:
        """The text in lower case; the few letters that would become two stay as they are."""
        lowered = self.text.lower()
        if len(lowered) == len(self.text):
            return lowered
        return "".join(low if len(low := char.lower()) == 1 else char for char in self.text)

    @cached_property
    def figures(self) -> str:
        """The text in lower case, numbers in words overwritten with nines, ordinal ones with eights: “дом 9999”."""
        parts, edge = [], 0
        for group in self.groups:
            if group.said:
                digit = "8" if group.ordinal else "9"
                parts += [self.lower[edge : group.start], digit * (group.end - group.start)]
                edge = group.end
        return "".join([*parts, self.lower[edge:]])

    @property
    def groups(self) -> Sequence[Group]:
        """All numbers, ordinal ones included."""
        return self._reading.groups

    @property
    def runs(self) -> Sequence[Run]:
        """Numbers with nothing but hesitation between."""
        return self._reading.runs

    def around(self, cue: str, before: int, after: int) -> Iterator[tuple[int, int]]:
        """The stretches of text around each cue; "number" is one as well. Those that touch are joined."""
        places = (group.start for group in self.groups) if cue == "number" else iter(self._reading.cues.get(cue, ()))
        start = end = -1
        for place in places:
            if place - before > end:
                if end >= 0:
                    yield start, self._whole(end)
                start = max(0, place - before)
            end = place + after
        if end >= 0:
            yield start, self._whole(end)

    def search(
        self, pattern: re.Pattern[str], text: str, cue: str, width: tuple[int, int] = (60, 80)
    ) -> Iterator[re.Match[str]]:
        """The matches of a pattern in ``text``, one of the texts here, around a cue."""
        for start, end in self.around(cue, *width):
            yield from pattern.finditer(text, start, end)

    def before(self, at: int, width: int = 60) -> str:
        """What stands before a place, in lower case."""
        return self.lower[max(0, at - width) : at]

    def after(self, at: int, width: int = 30) -> str:
        """What stands after a place, in lower case."""
        return self.lower[at : at + width]

    def split(self, find: Find) -> Iterator[tuple[int, int, int]]:
        """The find as (passage, start, end) in each passage that it touches, white space trimmed."""
        first = bisect_right(self._starts, find.start) - 1
        last = bisect_right(self._starts, find.end - 1) - 1
        for number in range(first, last + 1):
            low = max(find.start, self._starts[number])
            high = min(find.end, self._starts[number + 1] - 1)
            piece = self.text[low:high]
            low += len(piece) - len(piece.lstrip())
            high -= len(piece) - len(piece.rstrip())
            if low < high:
                yield number, low - self._starts[number], high - self._starts[number]

    @cached_property
    def _reading(self) -> Reading:
        return read(self.text)

    def _whole(self, at: int) -> int:
        """The end of the word that is at a place."""
        found = _SPACE.search(self.text, at)
        return found.start() if found else len(self.text)
