"""Numbers read out of running text, in digits and in words: groups, and the runs of groups in which people dictate.

“восемь девятьсот шестнадцать, сто... двадцать три” is one run of the groups 8, 916 and 123. What the runs mean is
said elsewhere. The words are config/names/numbers.toml; all languages at once, because narrators mix them.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import Any

from transcripts.names.identifiers.cues import cues
from transcripts.shipped import shipped

_TOKEN = re.compile(
    # Dates, years and times of day are nobody's number: as one token they end a run.
    r"(?P<time>(?<![\d.+()-])(?<!\d )(?:"
    r"(?:0?[1-9]|[12]\d|3[01])[. /](?:0?[1-9]|1[0-2])[. /](?:1[89]|20)\d\d|(?:0?[1-9]|[12]\d|3[01])\.(?:0[1-9]"
    r"|1[0-2])\.\d\d"
    r"|(?:19|20)\d\d-(?:0[1-9]|1[0-2])-\d\d|(?:1[5-9]|20)\d\d\s?[-–—]\s?(?:1[5-9]|20)\d\d|\d\d?:\d\d(?::\d\d)?"
    r")(?![\d-]))"
    r"|\d+|[^\W\d_]+(?:['’ʼ][^\W\d_]+)*|[^\w\s]|_"
)
_APOSTROPHES = str.maketrans("", "", "'’ʼ")
_BETWEEN_SIGNS = frozenset(',.-–—‑()…;:?"«»№#')
_COMMAS = frozenset(",;")
_MOST_BETWEEN = 14  # words and signs
_SLIP = re.compile(r"(?:дцат[ьи]|дцять|десят\w?|сят|сот|ст[аи])$")  # a number that was said or heard badly
_ORDINAL_ENDING = re.compile(r"(?:ый|ий|ій|ой|ого|его|ьего|ому|ему|ьему|ым|им|ом|ем|ая|ья|ую|ью|ое|ье|ые|ої|а|у|е|і)$")


@dataclass(frozen=True, slots=True)
class Group:
    """One number, code points ``start`` to ``end``. ``said``: in words. ``scale``: what may still be added is less."""

    start: int
    end: int
    digits: str = field(repr=False)
    said: bool
    scale: int = 1
    ordinal: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """Groups with nothing but hesitation and signs between. ``plus``: it is said to begin with one.

    ``thousands``: a thousand or more is said in words, as in sums and years.
    """

    start: int
    groups: tuple[Group, ...]
    plus: bool
    thousands: bool

    @property
    def end(self) -> int:
        return self.groups[-1].end

    @property
    def digits(self) -> str:
        return "".join(group.digits for group in self.groups)

    @property
    def said(self) -> bool:
        """Whether some of it is in words."""
        return any(group.said for group in self.groups)


@dataclass(frozen=True, slots=True)
class Reading:
    """All groups of a text in order, ordinal ones included; the runs that cardinal ones make; where each cue stands."""

    groups: list[Group]
    runs: list[Run]
    cues: Mapping[str, list[int]]


def read(text: str) -> Reading:
    """The text looked through once."""
    scanner = _Scanner()
    found: dict[str, list[int]] = defaultdict(list)
    for match in _TOKEN.finditer(text):
        kind, value, names = _token(match.group())
        if kind:
            getattr(scanner, kind)(match.start(), match.end(), value)
        elif scanner.open:
            scanner.finish()
        for name in names:
            found[name].append(match.start())
    scanner.finish()
    return Reading(scanner.all, scanner.runs, found)


class _Scanner:
    """Reads numbers from left to right and keeps the run that is open. One method for each kind of token."""

    def __init__(self) -> None:
        self.all: list[Group] = []
        self.runs: list[Run] = []
        self.open = False
        self._groups: list[Group] = []
        self._plus = -1
        self._thousands = False
        self._gap = 0  # words and signs since the last group
        self._apart = False  # a comma since
        self._times = 0
        self._times_at = 0

    def digits(self, start: int, end: int, value: str) -> None:
        """“916”."""
        self._add(Group(start, end, value, said=False))

    def cardinal(self, start: int, end: int, value: int) -> None:
        """“сорок”, or the “пять” that makes it 45."""
        last = self._last
        if last is not None and not self._times and 0 < value < last.scale:
            self._change(replace(last, end=end, digits=str(int(last.digits) + value), scale=_scale(value)))
        else:
            digits = str(value) * (self._times or 1)
            self._add(Group(self._times_at if self._times else start, end, digits, said=True, scale=_scale(value)))

    def plural(self, start: int, end: int, value: int) -> None:
        """“два нуля”."""
        last = self._last
        if last is not None and last.said and last.digits in ("2", "3", "4", "5"):
            self._change(replace(last, end=end, digits=str(value) * int(last.digits), scale=1))
        else:
            self.cardinal(start, end, value)

    def thousand(self, start: int, end: int, value: int) -> None:
        """“шестьсот тринадцать тысяч двести”: six digits."""
        last = self._last
        if last is None or len(last.digits) > 20:  # no sum, and more than Python may want to read as a number
            self._add(Group(start, end, str(value), said=True, scale=value))
        else:
            self._change(replace(last, end=end, digits=str(int(last.digits) * value), said=True, scale=value))
        self._thousands = self._thousands or value >= 1000

    def ordinal(self, start: int, end: int, value: int) -> None:
        """“пятого”: ends what it belongs to, and the run."""
        last = self._last
        if last is not None and 0 < value < last.scale:
            self.all[-1] = replace(last, end=end, digits=str(int(last.digits) + value), ordinal=True)
            self._groups.pop()
        else:
            self.all.append(Group(start, end, str(value), said=True, ordinal=True))
        self.finish()

    def repeat(self, start: int, end: int, value: int) -> None:
        """“double”."""
        self._times, self._times_at = value, start
        self.between(start, end, 0)

    def plus(self, start: int, end: int, value: int) -> None:
        """“плюс”: a number begins."""
        self.finish()
        self._plus, self.open = start, True

    def comma(self, start: int, end: int, value: int) -> None:
        """A number is at an end, a run is not."""
        self._apart = True
        self.between(start, end, value)

    def between(self, start: int, end: int, value: int) -> None:
        """A sign or a word of hesitation."""
        self._gap += 1
        if self._gap > _MOST_BETWEEN:
            self.finish()

    def finish(self) -> None:
        """Ends the run."""
        if self._groups:
            start = self._plus if self._plus >= 0 else self._groups[0].start
            self.runs.append(Run(start, tuple(self._groups), self._plus >= 0, self._thousands))
        self._groups, self._plus, self._thousands = [], -1, False
        self._gap, self._apart, self._times, self.open = 0, False, 0, False

    @property
    def _last(self) -> Group | None:
        return self._groups[-1] if self._groups and not self._apart else None

    def _add(self, group: Group) -> None:
        self.all.append(group)
        self._groups.append(group)
        self._gap, self._apart, self._times, self.open = 0, False, 0, True

    def _change(self, group: Group) -> None:
        self.all[-1] = self._groups[-1] = group
        self._gap = 0


def _scale(value: int) -> int:
    """Less than this may still be added: “двадцать” takes units, “сто” takes tens."""
    return 100 if value >= 100 else 10 if value >= 20 else 1


@lru_cache(maxsize=65536)
def _token(token: str) -> tuple[str, Any, tuple[str, ...]]:
    """Which method of the scanner a token is for, "" if none, and its value; and what it is a cue for."""
    if token.isdecimal():
        return "digits", token, ()
    if token in _BETWEEN_SIGNS:
        return "comma" if token in _COMMAS else "between", 0, ()
    lowered = plain(token)
    ordinals = _ordinals()
    ordinal = ordinals.get(lowered) or ordinals.get(_ORDINAL_ENDING.sub("", lowered))
    slip = ("between", 0) if _SLIP.search(lowered) else ("", 0)
    kind, value = _kinds().get(lowered) or (("ordinal", ordinal) if ordinal else slip)
    return kind, value, cues(token)


def plain(word: str) -> str:
    """As words stand in the lists."""
    return word.lower().translate(_APOSTROPHES).replace("ё", "е")


@cache
def _lists() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = tomllib.loads(shipped("names/numbers.toml").read_text(encoding="utf-8"))
    return found


@cache
def _kinds() -> dict[str, tuple[str, int]]:
    """What each word of the lists is, and its value; an earlier list wins."""
    found: dict[str, tuple[str, int]] = {}
    for kind, table in (
        ("cardinal", "cardinals"),
        ("plural", "plurals"),
        ("repeat", "repeats"),
        ("thousand", "thousands"),
    ):
        for value, words in _lists()[table].items():
            for word in words.split():
                found.setdefault(word, (kind, int(value)))
    found["+"] = ("plus", 0)
    for kind in ("plus", "between"):
        found |= {word: (kind, 0) for word in _lists()["words"][kind].split() if word not in found}
    return found


@cache
def _ordinals() -> dict[str, int]:
    return {stem: int(value) for value, stems in _lists()["ordinals"].items() for stem in stems.split()}


@cache
def months() -> str:
    """The months as alternatives of a regular expression."""
    return "(?:" + "|".join(sorted(_lists()["words"]["months"].split(), key=len, reverse=True)) + ")"
