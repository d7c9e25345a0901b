"""Years by their last two figures: "93-й год", "в сорок первом", for 1917 to 1999 and 2010 to 2029.

Only where it can hardly be anything else: an ordinal before the word for a year, figures before "году", or a masculine
ordinal right after "в" ("в 93-м"; from 22 on, because of centuries). Not "41-й" alone, which may be a regiment, nor "41
год", which is an age. "22-й" may be of either century, and is found by both years.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from archive.search.analysis import exact_key, with_ending
from archive.search.query import Node, Word
from transcripts.language import lemmas
from transcripts.numerals import in_words, is_ordinal, locative, value

Keys: TypeAlias = tuple[str, ...]
"""Any of these keys."""

_SPANS = (range(1917, 2000), range(2010, 2030))
_CENTURIES = 21  # "в 21-м" is said of them, too
_YEAR = (*lemmas("год", None), *lemmas("рік", None))
_IN_THE_YEAR = ("году", "році")
_OF_THE_YEAR = (*_IN_THE_YEAR, "года", "року")
"""After "22-го" or "десятого" it is a year; "десятый год" may also be how long something lasts."""
_IN = ("в", "во", "у")
_LOCATIVE = ("м", "ом", "му", "ому")
_ENDINGS = (*_LOCATIVE, "й", "ый", "ой", "ий", "ій", "го", "ого")


def said(year: int, after_in: bool = False) -> Iterator[tuple[Keys, ...]]:
    """The rows in which a year is said for short; with ``after_in`` their "в" stands there already."""
    if not any(year in span for span in _SPANS):
        return
    short, ways = year % 100, in_words(year % 100, ordinal=True)
    follows = _YEAR if year in _SPANS[0] else tuple(map(exact_key, _OF_THE_YEAR))
    for way in ways:
        yield (*map(any_of, way), follows)
    yield tuple(f"{short}-{ending}" for ending in _ENDINGS), follows
    yield (str(short),), tuple(map(exact_key, _IN_THE_YEAR))
    if short > _CENTURIES:
        before = () if after_in else (_IN,)
        yield (*before, tuple(f"{short}-{ending}" for ending in _LOCATIVE))
        for *tens, (last,) in ways:
            yield (*before, *map(any_of, tens), (exact_key(locative(last)),))


@dataclass(frozen=True, slots=True)
class ShortYear:
    """A year as it is typed for short: ``before`` it stands "в" or nothing, then so many words of the ``number``, then
    the word for a year or nothing; which ``years`` that may be.
    """

    before: int
    number: int
    after: int
    short: int
    years: tuple[int, ...]

    def __len__(self) -> int:
        return self.before + self.number + self.after


def typed(terms: Sequence[Node], place: int) -> ShortYear | None:
    """What is typed from there on, if it is a year for short."""
    before = int(is_in(terms[place]))
    number, short, after_in = _ordinal(terms, place + before)
    after = int(is_year(terms, place + before + number))
    certain = not after or _word(terms, place + before + number) in _OF_THE_YEAR
    if not number or not (after or (before and after_in and short > _CENTURIES)):
        return None
    spans = _SPANS if certain else _SPANS[:1]
    years = tuple(year for span in spans for year in span if year % 100 == short)
    return ShortYear(before, number, after, short, years) if years else None


def is_in(term: Node) -> bool:
    """Whether it is the preposition."""
    return _word([term], 0) in _IN


def is_year(terms: Sequence[Node], place: int) -> bool:
    """Whether the word for a year stands there."""
    return not set(_YEAR).isdisjoint(lemmas(_word(terms, place), None))


def any_of(forms: Sequence[str]) -> Keys:
    """The keys of any of these dictionary forms."""
    return tuple(dict.fromkeys(key for form in forms for key in lemmas(form, None)))


def _ordinal(terms: Sequence[Node], place: int) -> tuple[int, int, bool]:
    """How many words say an ordinal of two figures there, or figures before "году"; which; whether as after "в"."""
    first, second = _word(terms, place), _word(terms, place + 1)
    base, _, ending = with_ending(first).partition("-")
    if ending in _ENDINGS:
        return 1, int(base), ending in _LOCATIVE
    if first.isdecimal() and len(first) == 2 and second in _IN_THE_YEAR:
        return 1, int(first), False
    for words in ([first, second], [first]):
        forms = [lemmas(word, None) for word in words]
        number = value(forms)
        if number is not None and 10 <= number <= 99 and is_ordinal(forms):
            return len(words), number, words[-1].endswith(("ом", "ем", "ому"))
    return 0, 0, False


def _word(terms: Sequence[Node], place: int) -> str:
    """The word there, in small letters; "" for anything that is not a word in all its forms."""
    term = terms[place] if place < len(terms) else None
    return term.text.lower() if isinstance(term, Word) and not term.exact else ""
