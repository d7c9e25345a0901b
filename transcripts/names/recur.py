"""Concealed people looked for again, without context and without a tagger: the net under the finders.

Meant for text that a roster was not made from: a second pass, a title, what is still heard after masking. In the text
that it was made from the finders have looked at each word in its place; there the net is for what they cannot read.
It reads as people read: through stress marks, invisible characters, look-alike letters, words run together or cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from transcripts.names.forms import slavic
from transcripts.names.keys import Alikes
from transcripts.names.lexicon import CYRILLIC, Facts, facts, script_language
from transcripts.names.marks import MARK
from transcripts.names.mention import IDENTIFIERS
from transcripts.names.people import Choice, Person, Roster
from transcripts.names.plain import looks_cyrillic, plain

WORD = re.compile(r"[^\W\d_]+(?:[-‑'’ʼ][^\W\d_]+)*")
_PIECE = re.compile(r"[^\W\d_]+")
_HUMP = re.compile(r"(?<=[^\W\d_A-ZА-ЯЁІЇЄҐ])(?=[A-ZА-ЯЁІЇЄҐ])")
_CUT = re.compile(r"[\s\-–—‑.,…'’_]{1,3}")  # between the pieces of a word that was cut
_PIECES = 12  # of a word cut into letters
_BEFORE = re.compile(r"(?<!\w)([^\W\d_]+)\s+$")
_REACH = 40  # characters in which the word before a name begins
_LEADS = frozenset({"в", "во", "на", "из", "з", "із", "in", "at", "near"})
_PLACES = frozenset({"город", "село", "деревня", "посёлок", "река", "остров", "район", "область", "місто", "річка"})
_SEEN = 2.0  # Zipf from which a long word is one of its own: “Evansville”
_RARE = 3.0  # Zipf below which a word that no dictionary knows may be a name before anything else
_LONG = 5  # letters of a form that may be found inside another word
_CUT_LONG = 6  # letters of a form that is believed even if each of its pieces is a word: “сок олова”


@dataclass(frozen=True, slots=True)
class Found:
    """Code points ``start`` to ``end`` of a text that name a concealed person."""

    start: int
    end: int
    person: Person = field(repr=False)


class Net:
    """The concealed people of a roster, by key and by letters.

    ``judged``: the roster was made from the text that is searched. Then a suspicion (see ``Person.is_certain``) is no
    reason to suspect words that dictionaries know as something else; and what the finders took for the common word or
    the place that it also is, although they knew the name, stays.
    """

    def __init__(self, roster: Roster, choices: Mapping[str, Choice], *, judged: bool = False) -> None:
        concealed = [person for person in roster.people if person.is_concealed(choices)]
        concealed.sort(
            key=lambda person: not person.is_certain(choices)
        )  # what two may be called is of the certain one
        self._judged = judged
        self._certain = {person.number for person in concealed if not judged or person.is_certain(choices)}
        # A form that a kept namesake bears as well cannot be told apart here; the roster's own mentions can.
        kept = {form for person in roster.people if not person.is_concealed(choices) for form in person.forms}
        protected = {form for person in concealed if person.protected for form in person.forms}
        self._kept = kept - protected
        self._by_key: dict[str, Person] = {}
        self._by_form: dict[str, Person] = {}
        self._literal: list[tuple[re.Pattern[str], Person]] = []
        inflected: dict[str, Person] = {}
        for person in concealed:
            self._add(person, inflected)
        self._by_form = inflected | self._by_form
        for form in self._kept:
            self._by_form.pop(form, None)
        self._alikes = Alikes(self._by_key)
        self._longest = max(map(len, self._by_form), default=0)

    def places(self, text: str, language: str) -> list[Found]:
        """Where the text names a concealed person, in order, none overlapping; marks are passed over."""
        read = plain(text)
        blank = MARK.sub(lambda mark: " " * len(mark.group()), read.text)
        found = [Found(*match.span(), person) for pattern, person in self._literal for match in pattern.finditer(blank)]
        for match in WORD.finditer(blank):
            person = self._named(match.group(), language) or self._run_together(match.group(), language)
            if person is not None and not (self._judged and self._is_settled(blank, match, person, language)):
                found.append(Found(*match.span(), person))
        found += (one for one in self._cut(blank, language) if one.person.number in self._certain)
        return _apart([Found(*read.span(one.start, one.end), one.person) for one in found])

    def heard(self, word: str, language: str) -> Person | None:
        """The concealed person a heard word names or sounds like; an ordinary word must be equal to the name."""
        read = plain(word).text
        found = next((self._sounding(match.group(), language) for match in WORD.finditer(read)), None)
        return found or next((person for pattern, person in self._literal if pattern.search(read)), None)

    def _add(self, person: Person, inflected: dict[str, Person]) -> None:
        for form in person.forms:
            letters = [re.escape(char) for char in form if char.isalnum()]
            if not WORD.fullmatch(form) and len(letters) > 2:
                between = r"[\W_]{0,3}" if person.label in IDENTIFIERS else r"[\s\-–,]{0,3}"
                self._literal.append((re.compile(rf"(?<!\w){between.join(letters)}(?!\w)", re.IGNORECASE), person))
            elif WORD.fullmatch(form) and len(form) > 1:  # an initial is somebody's in its place only
                known = facts(form, "ru")
                self._by_key.setdefault(known.keys[-1] if known.likely_patronymic else known.keys[0], person)
                self._by_form.setdefault(form, person)
                for other in _inflected(form):
                    inflected.setdefault(other, person)
        for name in person.names:
            if ":" not in name:
                self._by_key.setdefault(name, person)

    def _is_settled(self, text: str, match: re.Match[str], person: Person, language: str) -> bool:
        """Whether the finders, who have seen this very word, were right to pass it over."""
        word = match.group()
        known = facts(word, language)
        if person.number in self._certain:
            is_place = known.place and _follows_place(text, match.start(), language)
            return is_place or (known.ordinary and word.islower())
        is_other = known.place or known.first or known.everyday
        is_name = (
            known.likely_surname or (known.surname and not known.ordinary) or (not known.known and known.zipf < _RARE)
        )
        return is_other or not is_name or word.lower() not in self._by_form

    def _named(self, word: str, language: str) -> Person | None:
        known = facts(word, language)
        if word.islower() and known.everyday:
            return None
        found = self._of(word, known)
        double = looks_cyrillic(word) if found is None and not CYRILLIC.search(word) else ""
        return self._by_form.get(double.lower()) if double else found

    def _of(self, word: str, known: Facts) -> Person | None:
        if word.lower() in self._kept:
            return None
        own = known.keys[-1:] if known.likely_patronymic else known.keys
        return self._by_form.get(word.lower()) or next((self._by_key[key] for key in own if key in self._by_key), None)

    def _run_together(self, word: str, language: str) -> Person | None:
        """“вчераЛебедева”, “клебедеву”: a form inside a longer word that no dictionary knows."""
        humps = _HUMP.split(word)
        if len(humps) > 1:
            found = next((person for hump in humps if (person := self._named(hump, language))), None)
            if found is not None:
                return found
        lowered = word.lower()
        known = facts(word, language)
        if len(lowered) <= _LONG or lowered in self._kept or known.known or known.zipf >= _SEEN:
            return None
        for at in range(1, len(lowered)):
            for form, rest in ((lowered[at:], lowered[:at]), (lowered[:at], lowered[at:])):
                if len(form) >= _LONG and form in self._by_form and _is_word(rest, language):
                    return self._by_form[form]
        return None

    def _cut(self, text: str, language: str) -> Iterator[Found]:
        """“Лебе-дева”, “Лебе дева”, “Л Е Б Е Д Е В”: forms in several pieces."""
        pieces = list(_PIECE.finditer(text))
        for first, piece in enumerate(pieces):
            joined, edge = piece.group().lower(), piece.end()
            if joined in self._by_form:
                continue  # whole by itself: “лебедевым, и” is no “лебедевыми”
            for n in range(first + 1, min(first + _PIECES, len(pieces))):
                if not _CUT.fullmatch(text, edge, pieces[n].start()) or len(joined) > self._longest:
                    break
                joined, edge = joined + pieces[n].group().lower(), pieces[n].end()
                person = self._by_form.get(joined)
                parts = [one.group() for one in pieces[first : n + 1]]
                if person is not None and (len(joined) >= _CUT_LONG or _is_cut(parts, language)):
                    yield Found(piece.start(), edge, person)

    def _sounding(self, word: str, language: str) -> Person | None:
        known = facts(word, language)
        same = self._of(word, known)
        if same is not None or known.ordinary or known.function or known.first or word.lower() in self._kept:
            return same
        return next((self._by_key[key] for key in self._alikes.of(*known.keys)), None)


def _inflected(form: str) -> Iterator[str]:
    """All grammatical forms of a surname or patronymic, in lower case."""
    if CYRILLIC.search(form):
        parses = slavic(script_language(form, "ru")).parses(form)
        named = next((parse for parse in parses if "Surn" in parse.tag or "Patr" in parse.tag), parses[0])
        yield from (one.word for one in named.lexeme)


def _follows_place(text: str, start: int, language: str) -> bool:
    """Whether a word before ``start`` leads to a place: “на Тверской”, “из города Волжского”."""
    before = _BEFORE.search(text, max(0, start - _REACH), start)
    if before is None:
        return False
    word = before.group(1).lower()
    known = facts(word, language)
    return word in _LEADS or known.memorial or known.lemma in _PLACES


def _is_word(letters: str, language: str) -> bool:
    """Whether what is left beside a form is a word: a preposition, a first name, anything a dictionary has."""
    known = facts(letters, language)
    return known.first or (known.known and (len(letters) > 2 or known.function))


def _is_cut(parts: Sequence[str], language: str) -> bool:
    """Whether pieces are no words of their own."""
    return all(len(part) == 1 or not facts(part, language).known for part in parts)


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
