"""Concealed people looked for again, without context and without a tagger: the net under the finders.

Used where a roster meets a text that it was not made from: a second pass, a title, what is still heard after masking.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from transcripts.names.keys import alike
from transcripts.names.lexicon import Facts, facts
from transcripts.names.marks import MARK
from transcripts.names.mention import IDENTIFIERS
from transcripts.names.people import Choice, Person, Roster

_WORD = re.compile(r"[^\W\d_]+(?:[-‑'’ʼ][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Found:
    """Code points ``start`` to ``end`` of a text that name a concealed person."""

    start: int
    end: int
    person: Person


class Net:
    """The concealed people of a roster, by key and by letters."""

    def __init__(self, roster: Roster, choices: Mapping[str, Choice]) -> None:
        concealed = [person for person in roster.people if person.is_concealed(choices)]
        # A form that a kept namesake bears as well cannot be told apart here; the roster's own mentions can.
        kept = {form for person in roster.people if not person.is_concealed(choices) for form in person.forms}
        protected = {form for person in concealed if person.protected for form in person.forms}
        self._kept = kept - protected
        self._by_key: dict[str, Person] = {}
        self._literal: list[tuple[re.Pattern[str], Person]] = []
        for person in concealed:
            self._add(person)

    def places(self, text: str, language: str) -> list[Found]:
        """Where the text names a concealed person, in order, none overlapping; marks are passed over."""
        blank = MARK.sub(lambda mark: " " * len(mark.group()), text)
        found = [Found(*match.span(), person) for pattern, person in self._literal for match in pattern.finditer(blank)]
        for match in _WORD.finditer(blank):
            person = self._named(match.group(), language)
            if person is not None:
                found.append(Found(*match.span(), person))
        return _apart(found)

    def heard(self, word: str, language: str) -> Person | None:
        """The concealed person a heard word names or sounds like; an ordinary word must be equal to the name."""
        found = next((self._sounding(match.group(), language) for match in _WORD.finditer(word)), None)
        return found or next((person for pattern, person in self._literal if pattern.search(word)), None)

    def _add(self, person: Person) -> None:
        for form in person.forms:
            letters = [re.escape(char) for char in form if char.isalnum()]
            if not _WORD.fullmatch(form) and len(letters) > 2:
                between = r"[\W_]{0,3}" if person.label in IDENTIFIERS else r"[\s\-–,]{0,3}"
                self._literal.append((re.compile(rf"(?<!\w){between.join(letters)}(?!\w)", re.IGNORECASE), person))
            elif _WORD.fullmatch(form):
                known = facts(form, "ru")
                self._by_key.setdefault(known.keys[-1] if known.likely_patronymic else known.keys[0], person)
        if ":" not in person.key:
            self._by_key[person.key] = person

    def _named(self, word: str, language: str) -> Person | None:
        known = facts(word, language)
        if word.islower() and known.everyday:
            return None
        return self._of(word, known)

    def _of(self, word: str, known: Facts) -> Person | None:
        if word.lower() in self._kept:
            return None
        own = known.keys[-1:] if known.likely_patronymic else known.keys
        return next((self._by_key[key] for key in own if key in self._by_key), None)

    def _sounding(self, word: str, language: str) -> Person | None:
        known = facts(word, language)
        same = self._of(word, known)
        if same is not None or known.ordinary or known.function or known.first or word.lower() in self._kept:
            return same
        return next((self._by_key[key] for key in self._by_key for own in known.keys if alike(key, own)), None)


def _apart(found: Sequence[Found]) -> list[Found]:
    """The finds in order; of those that overlap one that covers them all."""
    whole: list[Found] = []
    for one in sorted(found, key=lambda each: (each.start, -each.end)):
        if whole and one.start < whole[-1].end:
            last = whole[-1]
            whole[-1] = Found(last.start, max(last.end, one.end), last.person)
        else:
            whole.append(one)
    return whole
