"""A translation pseudonymised like the transcript it stands beside, by the same decisions.

Who is named in it is found anew, and is whoever the roster knows by that name; strangers are concealed unless somebody
decided otherwise. What the translator knew only by its cover stays as it is, as the cover it is. And each turn is
compared with the released one: whoever is concealed there is looked for here by sound as well, because every translator
spells a name another way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from transcripts.names.keys import spelled_keys
from transcripts.names.lexicon import facts
from transcripts.names.marks import MARK, mark, number_of
from transcripts.names.mention import IDENTIFIERS, STRONG, Label, Mention, Passage
from transcripts.names.people import Choice, Person, Roster
from transcripts.names.plain import plain
from transcripts.names.recur import WORD, Net
from transcripts.pseudonyms.places import Replacement, filled, replacements
from transcripts.pseudonyms.titles import Find, named_here
from transcripts.translation import Translation, rendering
from transcripts.words import Segment, Transcript

_STRANGER = "translation/"
_INTO = re.compile(r"[@_/]$|[^\W_][.\-]$")  # before a word that is a piece of an address: “@irina.”
_ON = re.compile(r"[@_/]|\.\w")
_PLURAL = re.compile(r"(?<=..)s['’]?$")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A translation as others may read it.

    ``fewer``: indexes of the turns in whose original somebody is concealed who is not concealed in the translation:
    “he” for a name, or a name that nothing found. ``left``: those in which a second pass still finds a name.
    ``strangers`` are named in the translation alone; those of the numbers ``kept`` stay. What is decided about them is
    kept under their ``stranger_key``, which nobody in the transcript can have.
    """

    translation: Translation
    strangers: tuple[Person, ...] = field(repr=False)
    kept: frozenset[int]
    fewer: tuple[int, ...]
    left: tuple[int, ...]


def pseudonymise_translation(
    translation: Translation,
    released: Transcript,
    find: Find,
    known: tuple[Roster, Mapping[str, Choice]],
    beyond: int = 0,
) -> Rendered:
    """The translation with every concealed name replaced. ``released`` is the transcript after the same decisions.

    ``find`` is a detector's, with the narrator's list. Strangers have numbers ``beyond`` one that others have already.
    """
    roster, choices = known
    turns = [n for n, one in enumerate(translation.segments) if one is not None]
    spoken = [one for one in translation.segments if one is not None]
    passages = [Passage(one.text, one.language) for one in spoken]
    covers = _covers(roster, choices)
    left_by_translator = [_already(passage, roster, covers) for passage in passages]
    found, already = _told_apart(_found(passages, left_by_translator, find), left_by_translator)
    held = {person.key: choices[person.key] for person in roster.people if person.key in choices}
    merged, decided = named_here(passages, found, roster, held, beyond)
    strangers = _strangers(merged, roster)
    decided |= {one.key: choices[stranger_key(one)] for one in strangers if stranger_key(one) in choices}
    merged = _with_suspects(merged, passages, [released.segments[n] for n in turns], decided)
    places = replacements(passages, merged, decided, already)
    made = {n: _filled(one, here) for n, one, here in zip(turns, spoken, places, strict=True)}
    left = _left(Net(merged, decided), Net(roster, decided))
    return Rendered(
        translation=replace(translation, segments=tuple(map(made.get, range(len(translation.segments))))),
        strangers=strangers,
        kept=frozenset(one.number for one in strangers if not one.is_concealed(decided)),
        fewer=tuple(n for n, one in made.items() if _numbers(released.segments[n]) - _numbers(one)),
        left=tuple(n for n, one in made.items() if left(one)),
    )


def stranger_key(person: Person) -> str:
    """The key of a decision about somebody who is named in a translation alone. See ``is_strangers``."""
    return f"{_STRANGER}{person.key}"


def is_strangers(key: str) -> bool:
    """Whether a decision is about such a person."""
    return key.startswith(_STRANGER)


def _strangers(merged: Roster, roster: Roster) -> tuple[Person, ...]:
    known = {person.number for person in roster.people}
    return tuple(person for person in merged.people if person.number not in known)


@dataclass(frozen=True, slots=True)
class _Covers:
    """The people who have a cover, by what its words are recognized by in any script."""

    people: Mapping[str, Person] = field(repr=False)

    def places(self, passage: Passage) -> Iterator[tuple[int, int, Person]]:
        """Where covers stand."""
        for word in WORD.finditer(passage.text):
            person = next((self.people[key] for key in spelled_keys(word.group()) if key in self.people), None)
            if person is not None and not word.group().islower() and not _is_in_identifier(passage.text, *word.span()):
                yield *word.span(), person


def _covers(roster: Roster, choices: Mapping[str, Choice]) -> _Covers:
    found: dict[str, Person] = {}
    for person in roster.people:
        choice = choices.get(person.key)
        if choice is None or not person.is_concealed(choices) or person.label in IDENTIFIERS:
            continue
        for word in WORD.findall(choice.cover):
            if not facts(word, "ru").first:  # a first name is nobody's alone
                found |= {key: person for key in spelled_keys(word)}
    return _Covers(found)


def _already(passage: Passage, roster: Roster, covers: _Covers) -> list[Replacement]:
    """What the translator left concealed: marks, put into the translation's language, and covers."""
    labels = {person.number: person.label for person in roster.people}
    made = []
    for found in MARK.finditer(passage.text):
        number = number_of(found[0])
        label = labels.get(number, Label.SURNAME)
        made.append(Replacement(*found.span(), label.value, number, mark(label, number, passage.language)))
    for start, end, person in covers.places(passage):
        if not _touches((start, end), made):
            made.append(Replacement(start, end, person.label.value, person.number, passage.text[start:end]))
    return sorted(made, key=lambda one: one.start)


def _found(passages: Sequence[Passage], already: Sequence[Sequence[Replacement]], find: Find) -> list[Mention]:
    """Everybody whom finders find, read in three ways where something is concealed already; none overlap.

    As it stands; with words in place of marks, so that “12 [name-3] Street” is an address; and with full stops in place
    of marks and covers, so that in “Smirnov [name-3]” nobody takes Smirnov for the first name of somebody concealed.
    """
    touched = [n for n, there in enumerate(already) if there]
    if not touched:
        return list(find(passages))
    found: dict[int, list[Mention]] = {}
    for one in find(passages):
        found.setdefault(one.passage, []).append(one)
    as_words = find([_with(passages[n], already[n], "A{:a<{}}", marks_only=True) for n in touched])
    as_stops = find([_with(passages[n], already[n], ".{: <{}}") for n in touched])
    for one in (*(one for one in as_words if one.label in IDENTIFIERS), *as_stops):
        moved = replace(one, passage=touched[one.passage])
        here = found.setdefault(moved.passage, [])
        others = [other for other in here if _overlap(other, moved)]
        if not others or (moved.label in IDENTIFIERS and not any(other.label in IDENTIFIERS for other in others)):
            here[:] = [*(other for other in here if other not in others), moved]
    return sorted((one for here in found.values() for one in here), key=lambda one: one.place)


def _overlap(one: Mention, other: Mention) -> bool:
    return one.start < other.end and other.start < one.end


def _with(passage: Passage, already: Sequence[Replacement], stands: str, *, marks_only: bool = False) -> Passage:
    """The passage with something as long in place of what is concealed there already."""
    text = passage.text
    for one in already:
        length = one.end - one.start
        if length > 1 and (not marks_only or MARK.fullmatch(text, one.start, one.end)):
            text = text[: one.start] + stands.format("", length - 1) + text[one.end :]
    return replace(passage, text=text)


def _is_in_identifier(text: str, start: int, end: int) -> bool:
    """Whether a word is a piece of an address of the network or of a user's name."""
    return bool(_INTO.search(text, max(0, start - 2), start) or _ON.match(text, end))


def _told_apart(
    found: Sequence[Mention], already: Sequence[Sequence[Replacement]]
) -> tuple[list[Mention], list[list[Replacement]]]:
    """What finders found and what was concealed already, none of one touching one of the other.

    A cover may be a word of an address, or a part of somebody's double name: what is found there is more than it.
    """
    more = [
        one
        for one in found
        if one.label in IDENTIFIERS or not any(_holds(there, one) for there in already[one.passage])
    ]
    spans: dict[int, list[tuple[int, int]]] = {}
    for one in more:
        spans.setdefault(one.passage, []).append((one.start, one.end))
    kept = [
        [one for one in there if not any(start < one.end and one.start < end for start, end in spans.get(n, ()))]
        for n, there in enumerate(already)
    ]
    return more, kept


def _holds(there: Replacement, one: Mention) -> bool:
    """Whether a find is no more than the cover that it was made of, or touches a mark, which is part of no name."""
    if MARK.fullmatch(there.text):
        return there.start < one.end and one.start < there.end
    return there.start <= one.start and one.end <= there.end


def _left(everybody: Net, known: Net) -> Callable[[Segment], bool]:
    """Whether a name is left in a segment: anybody's beside the covers, that of somebody in the text anywhere."""

    def check(made: Segment) -> bool:
        spans = [(span.start, span.end) for span in made.withheld]
        beside = (
            one
            for one in everybody.places(made.text, made.language)
            if not any(start <= one.start and one.end <= end for start, end in spans)
        )
        return any(True for _ in beside) or bool(known.places(made.text, made.language))

    return check


def _touches(span: tuple[int, int], others: Sequence[Replacement]) -> bool:
    return any(one.start < span[1] and span[0] < one.end for one in others)


def _with_suspects(
    roster: Roster, passages: Sequence[Passage], turns: Sequence[Segment], decided: Mapping[str, Choice]
) -> Roster:
    """The roster with whatever in a passage sounds like somebody who is concealed in its turn."""

    @cache
    def net(numbers: frozenset[int]) -> Net:
        people = (one for one in roster.people if one.number in numbers or not one.is_concealed(decided))
        return Net(Roster(tuple(people)), decided)

    more: dict[int, list[tuple[Mention, str]]] = {}
    for n, (passage, turn) in enumerate(zip(passages, turns, strict=True)):
        read = plain(passage.text)
        for word in WORD.finditer(read.text) if turn.withheld else ():
            here = net(_numbers(turn))
            bare = _PLURAL.sub("", word.group())  # “the Lis” are the family Ли
            person = here.heard(word.group(), passage.language) or here.heard(bare, passage.language)
            if person is not None and not word.group().islower():
                place = read.span(*word.span())
                mention = Mention(n, *place, person.label, person.key, "sound", STRONG)
                more.setdefault(person.number, []).append((mention, word.group().lower()))
    return replace(roster, people=tuple(_named_so(one, more.get(one.number, ())) for one in roster.people))


def _named_so(person: Person, more: Sequence[tuple[Mention, str]]) -> Person:
    mentions, forms = [one for one, _ in more], [form for _, form in more]
    return replace(
        person,
        mentions=tuple(sorted((*person.mentions, *mentions), key=lambda one: one.place)),
        forms=tuple(dict.fromkeys((*person.forms, *forms))),
    )


def _filled(segment: Segment, places: Sequence[Replacement]) -> Segment:
    text, spans = filled(segment.text, places)
    made = rendering(text, segment.language, segment)
    assert made is not None
    assert made.text == text
    return replace(made, withheld=spans)


def _numbers(segment: Segment) -> frozenset[int]:
    return frozenset(span.number for span in segment.withheld)
