"""What was pseudonymised, searched again: the text by the net, the masked sound by what is heard in it.

Hearing again is meant to err on the side of hearing names: recognizers split them ("Хмель ницкий"), run them into their
neighbours and misspell them. What it finds, a person listens to.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from transcripts.names.keys import Alikes, key
from transcripts.names.lexicon import facts
from transcripts.names.mention import IDENTIFIERS
from transcripts.names.people import Choice, Person, Roster
from transcripts.names.recur import Net
from transcripts.words import Segment, Transcript, Word

_SAME_MOMENT = 0.8  # seconds by which two recognitions of one word may differ
_NEAR = 0.7  # seconds between words that may be parts of one
_PARTS = (2, 3)  # how many words a name may be heard as
_SHORTEST = 4  # letters of a key that is looked for in joined and in longer words
_DIGITS = 5  # digits in a row that give a number away
_SPOKEN = 3  # words in a row that give a spoken number or address away


@dataclass(frozen=True, slots=True)
class Finding:
    """Seconds of the masked sound in which the person of that number may still be heard."""

    start: float
    end: float
    number: int


def second_pass(released: Transcript, roster: Roster, choices: Mapping[str, Choice]) -> list[tuple[float, int]]:
    """(second, person's number) of every concealed form that still stands in the text, cover names included."""
    net = Net(roster, choices)
    return [
        (segment.words[segment.words_in(found.start, found.end).start].start, found.person.number)
        for segment in released.segments
        for found in net.places(segment.text, segment.language)
    ]


def still_heard(
    heard: Iterable[Sequence[Segment]],
    roster: Roster,
    choices: Mapping[str, Choice],
    released: Transcript,
    quiet: Sequence[tuple[float, float]],
) -> list[Finding]:
    """Where a concealed person may still be heard, in order. ``heard`` is what was heard, window by window.

    Every word, every two and three that stand together, and the parts of long words are compared by spelling and by
    sound. A word of ``released`` that stays audible excuses one equal word of a window at its own moment, no more: the
    frost, not Зоя Мороз beside it. In ``quiet`` (``silences``) nothing is excused.
    """
    ear = _Ear(roster, choices)
    kept = sorted(_kept(released), key=lambda word: word.start)
    found = [
        Finding(min(word.start for word in words), max(word.end for word in words), person.number)
        for window in heard
        for words, person in _suspects(window, ear, kept, quiet)
    ]
    return _merged(found)


class _Ear:
    """The concealed people, by everything one may hear of them."""

    def __init__(self, roster: Roster, choices: Mapping[str, Choice]) -> None:
        self.net = Net(roster, choices)
        concealed = [person for person in roster.people if person.is_concealed(choices)]
        protected = {form for person in concealed if person.protected for form in person.forms}
        # What a kept namesake bears as well cannot be told apart by ear.
        self._kept = {form for one in roster.people if not one.is_concealed(choices) for form in one.forms} - protected
        self._keys: dict[str, Person] = {}
        self._digits: dict[str, Person] = {}
        self._spoken: dict[tuple[str, ...], Person] = {}
        for person in concealed:
            for form in person.forms:
                self._add(form, person)
        self._alikes = Alikes(self._keys)

    def named(self, word: str, language: str) -> Person | None:
        """Whom one word names, sounds like or holds."""
        return self.net.heard(word, language) or self._inside(_letters(word), language)

    def joined(self, words: Sequence[Word]) -> Person | None:
        """Whom words name that were heard apart."""
        together = "".join(_letters(word.text) for word in words)
        own = key(together)
        if together in self._kept or len(own) < _SHORTEST:
            return None
        return self._keys.get(own) or next((self._keys[one] for one in self._alikes.of(own)), None)

    def numbered(self, words: Sequence[Word]) -> Iterator[tuple[int, int, Person]]:
        """Which of ``words`` (from, up to) are a piece of somebody's number or address."""
        texts = [_letters(word.text) for word in words]
        for n in range(len(texts) - _SPOKEN + 1):
            person = self._spoken.get(tuple(texts[n : n + _SPOKEN]))
            if person is not None:
                yield n, n + _SPOKEN, person
        # Digits with the word each comes from; another word between them ends the row.
        row: list[tuple[str, int]] = []
        for n, text in enumerate([*texts, "."]):
            if text.isdigit():
                row += [(digit, n) for digit in text]
                continue
            for at in range(len(row) - _DIGITS + 1):
                person = self._digits.get("".join(digit for digit, _ in row[at : at + _DIGITS]))
                if person is not None:
                    yield row[at][1], row[at + _DIGITS - 1][1] + 1, person
            row = []

    def _add(self, form: str, person: Person) -> None:
        texts = [_letters(text) for text in form.split()]
        digits = "".join(char for char in form if char.isdigit())
        if person.label in IDENTIFIERS:
            for at in range(len(digits) - _DIGITS + 1):
                self._digits.setdefault(digits[at : at + _DIGITS], person)
            for at in range(len(texts) - _SPOKEN + 1):
                self._spoken.setdefault(tuple(texts[at : at + _SPOKEN]), person)
        elif form not in self._kept:
            own = key("".join(texts))
            if len(own) >= _SHORTEST:
                self._keys.setdefault(own, person)

    def _inside(self, word: str, language: str) -> Person | None:
        """Whom the beginning or the end of a long word names; words of the dictionary hold nobody."""
        if len(word) <= _SHORTEST + 1 or facts(word, language).ordinary:
            return None
        cuts = range(1, len(word))
        parts = (part for at in cuts for part in (word[:at], word[at:]) if len(part) > _SHORTEST)
        return next((self._keys[key(part)] for part in parts if key(part) in self._keys), None)


def _suspects(
    window: Sequence[Segment], ear: _Ear, kept: Sequence[Word], quiet: Sequence[tuple[float, float]]
) -> Iterator[tuple[Sequence[Word], Person]]:
    """Words of one window that may name somebody, and whom; those that were to be heard are none."""
    words = [word for segment in window for word in segment.words]
    language = window[0].language if window else ""
    excused = _excused(words, kept, quiet)
    for first, stop, person in _candidates(words, window, ear, language):
        if not excused.issuperset(range(first, stop)):
            yield words[first:stop], person


def _candidates(
    words: Sequence[Word], window: Sequence[Segment], ear: _Ear, language: str
) -> Iterator[tuple[int, int, Person]]:
    """Which words (from, up to) name or sound like whom."""
    at = 0
    for segment in window:
        for place in ear.net.places(segment.text, segment.language):
            touched = segment.words_in(place.start, place.end)
            yield at + touched.start, at + touched.stop, place.person
        at += len(segment.words)
    alone = {n: person for n, word in enumerate(words) if (person := ear.named(word.text, language))}
    yield from ((n, n + 1, person) for n, person in alone.items())
    for parts in _PARTS:
        for n in range(len(words) - parts + 1):
            run = words[n : n + parts]
            near = all(after.start - before.end <= _NEAR for before, after in pairwise(run))
            person = ear.joined(run) if near else None
            if person is not None and person not in [alone.get(at) for at in range(n, n + parts)]:
                yield n, n + parts, person
    yield from ear.numbered(words)


def _excused(words: Sequence[Word], kept: Sequence[Word], quiet: Sequence[tuple[float, float]]) -> set[int]:
    """Which of ``words`` were to be heard: each has a kept word of its own, equal to it and at its moment."""
    used: set[int] = set()
    excused = set()
    for n, word in enumerate(words):
        middle = (word.start + word.end) / 2
        if any(start < middle < end for start, end in quiet):
            continue  # nothing is to be heard here, whatever is kept beside it
        first = bisect_left(kept, word.start - _SAME_MOMENT, key=lambda one: one.start)
        last = bisect_right(kept, word.start + _SAME_MOMENT, key=lambda one: one.start)
        same = [at for at in range(first, last) if at not in used and _letters(kept[at].text) == _letters(word.text)]
        if same:
            used.add(min(same, key=lambda at: abs(kept[at].start - word.start)))
            excused.add(n)
    return excused


def _kept(released: Transcript) -> list[Word]:
    """The words of the released text under which the sound stays."""
    found = []
    for segment in released.segments:
        withheld = {n for span in segment.withheld for n in segment.words_in(span.start, span.end)}
        found += [word for n, word in enumerate(segment.words) if n not in withheld]
    return found


def _merged(found: Sequence[Finding]) -> list[Finding]:
    """Findings of one person that touch, or were made twice, as one."""
    merged: list[Finding] = []
    for one in sorted(found, key=lambda each: (each.number, each.start)):
        last = merged[-1] if merged else None
        if last is not None and last.number == one.number and one.start <= last.end + _NEAR:
            merged[-1] = Finding(last.start, max(last.end, one.end), last.number)
        else:
            merged.append(one)
    return sorted(merged, key=lambda each: each.start)


def _letters(word: str) -> str:
    return "".join(char for char in word.lower() if char.isalnum())
