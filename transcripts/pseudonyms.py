"""Decisions applied to text: the released transcript, and the spans of sound that must fall silent.

What is unsure or undecided is concealed, what is protected always. Times never move: only the words under a concealed
mention change, and what replaces them bears their joined time. The finding itself is in transcripts/names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias
from uuid import uuid4

from transcripts.names.lexicon import LANGUAGES, Slavic, facts, guessed_language, lexicon
from transcripts.names.marks import mark
from transcripts.names.mention import Mention, Passage
from transcripts.names.people import Choice, Decision, Roster, group
from transcripts.names.recur import Found, Net
from transcripts.words import Segment, Span, Transcript, Word, joined

Find: TypeAlias = Callable[[Sequence[Passage]], list[Mention]]

MADE_BY = "pseudonyms"
# Seconds. A surname cannot be said in less; a recognizer that gives less has not found where it is.
_SHORTEST_NAME = 0.1
_SHORTEST_WORD = 0.04
# Seconds by which two recognitions of one word may differ.
_SAME_MOMENT = 1.5
_NEUTRAL_SPEAKER = re.compile(
    r"S\d+|(?:speaker|voice|narrator|interviewer|спикер|голос|рассказчик|рассказчица|интервьюер)?[ _-]?\d*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Released:
    """A pseudonymised transcript and, in seconds, what must not be heard."""

    transcript: Transcript
    silences: list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Replacement:
    """Code points ``start`` to ``end`` of a text, who is concealed there, and what stands there instead."""

    start: int
    end: int
    label: str
    number: int
    text: str = field(repr=False)


def pseudonymise(transcript: Transcript, roster: Roster, choices: Mapping[str, Choice]) -> Released:
    """The transcript with every concealed mention replaced by its cover or mark.

    ``choices`` by ``Person.key``. The roster's passages are the transcript's segments; mentions that no longer fit the
    text are looked for again by form, so that a stale roster conceals too much rather than too little. Doing it again
    to the result changes nothing.
    """
    passages = [Passage(segment.text, segment.language) for segment in transcript.segments]
    speakers = _neutral_speakers(transcript)
    segments = tuple(
        replace(_reworded(segment, here), speaker=speakers.get(segment.speaker or ""))
        for segment, here in zip(
            transcript.segments, replacements(passages, roster, choices, _withheld(transcript)), strict=True
        )
    )
    if transcript.made_by == MADE_BY and segments == transcript.segments:
        return Released(transcript, silences(transcript))
    # Notes may hold hot words and file names: they stay behind.
    released = replace(transcript, id=str(uuid4()), parent=transcript.id, segments=segments, made_by=MADE_BY, notes={})
    return Released(released, silences(released))


def replacements(
    passages: Sequence[Passage],
    roster: Roster,
    choices: Mapping[str, Choice],
    withheld: Sequence[Sequence[Replacement]] = (),
) -> list[list[Replacement]]:
    """For each passage what is to be replaced, in order, none overlapping; ``withheld`` is so already and stays."""
    net = Net(roster, choices)
    mentioned = _mentioned(passages, roster)
    made = []
    for number, passage in enumerate(passages):
        there = list(withheld[number]) if withheld else []
        kept = [found for found in mentioned[number] if not found.person.is_concealed(choices)]
        named = [found for found in mentioned[number] if found.person.is_concealed(choices)]
        again = [found for found in net.places(passage.text, passage.language) if not _touches(found, kept)]
        whole = [found for found in _whole(named + again, passage.text) if not _touches(found, there)]
        fresh = [_replacement(found, passage, choices) for found in whole]
        made.append(sorted([*there, *fresh], key=lambda one: one.start))
    return made


def filled(text: str, places: Sequence[Replacement]) -> tuple[str, tuple[Span, ...]]:
    """The text with the replacements made, and where they stand in it."""
    parts, spans, edge, length = [], [], 0, 0
    for place in places:
        before = text[edge : place.start]
        length += len(before)
        spans.append(Span(length, length + len(place.text), place.label, place.number))
        parts += [before, place.text]
        length += len(place.text)
        edge = place.end
    return "".join([*parts, text[edge:]]), tuple(spans)


def conceal_text(
    text: str,
    language: str,
    find: Find,
    roster: Roster | None = None,
    choices: Mapping[str, Choice] | None = None,
) -> str:
    """A title or a line of context without the names that ``roster`` and ``choices``, or the finders, conceal.

    ``find`` is a detector's, with the narrator's list if there is one: a title may be the only place that names them.
    """
    known = roster or Roster()
    passages = [Passage(text, language)]
    here = group(find(passages), passages)
    merged, news = _merged(known, here)
    decided = {**news.proposed(), **(choices or {})}
    return filled(text, replacements(passages, merged, decided)[0])[0]


def silences(transcript: Transcript) -> list[tuple[float, float]]:
    """The time of everything withheld, in seconds, in order, none touching.

    A word without a trustworthy place is silenced together with its neighbours: its sound is most likely in theirs.
    """
    words = list(transcript.timed_words())
    spans = []
    at = 0
    for segment in transcript.segments:
        for span in segment.withheld:
            touched = segment.words_in(span.start, span.end)
            spans.append(_audible(words, range(at + touched.start, at + touched.stop), transcript.seconds))
        at += len(segment.words)
    return joined(spans)


def second_pass(released: Transcript, roster: Roster, choices: Mapping[str, Choice]) -> list[tuple[float, int]]:
    """(second, person's number) of every concealed form that still stands in the text, cover names included."""
    net = Net(roster, choices)
    return [
        (segment.words[segment.words_in(found.start, found.end).start].start, found.person.number)
        for segment in released.segments
        for found in net.places(segment.text, segment.language)
    ]


def still_heard(
    heard: Transcript, roster: Roster, choices: Mapping[str, Choice], released: Transcript | None = None
) -> list[tuple[float, int]]:
    """(second, person's number) of every heard word that names or sounds like a concealed person.

    With ``released`` given, a word that stands there at the same moment is expected to be heard: the frost, not Зоя
    Мороз. Without it an ordinary word in lower case counts as ordinary.
    """
    net = Net(roster, choices)
    expected = list(released.timed_words()) if released else []
    found = []
    for segment in heard.segments:
        for word in segment.words:
            person = net.heard(word.text, segment.language)
            if person is not None and not _is_expected(word, expected, released is None, segment.language):
                found.append((word.start, person.number))
    return found


def _merged(known: Roster, here: Roster) -> tuple[Roster, Roster]:
    """Everybody of both, under their numbers in ``known``; and those who are only here, numbered after them."""
    found = {person.key: person for person in here.people}
    old = [
        replace(
            person,
            mentions=found[person.key].mentions if person.key in found else (),
            forms=(*person.forms, *(found[person.key].forms if person.key in found else ())),
        )
        for person in known.people
    ]
    keys = {person.key for person in known.people}
    unknown = [person for person in here.people if person.key not in keys]
    news = tuple(replace(person, number=len(old) + n) for n, person in enumerate(unknown, start=1))
    return Roster((*old, *news)), Roster(news)


def _mentioned(passages: Sequence[Passage], roster: Roster) -> list[list[Found]]:
    """The roster's mentions by passage, as far as they still fit the text."""
    found: list[list[Found]] = [[] for _ in passages]
    for person in roster.people:
        for one in person.mentions:
            if one.passage < len(passages) and passages[one.passage].text[one.start : one.end].lower() in person.forms:
                found[one.passage].append(Found(one.start, one.end, person))
    return found


def _touches(found: Found, others: Sequence[Found] | Sequence[Replacement]) -> bool:
    return any(found.start < other.end and other.start < found.end for other in others)


def _whole(found: Sequence[Found], text: str) -> list[Found]:
    """The finds in order; those that overlap, or stand together and are of one person, made one."""
    whole: list[Found] = []
    for one in sorted(found, key=lambda each: (each.start, -each.end)):
        last = whole[-1] if whole else None
        same = last is not None and one.person.number == last.person.number and not text[last.end : one.start].strip()
        if last is not None and (one.start < last.end or same):
            whole[-1] = replace(last, end=max(last.end, one.end))
        else:
            whole.append(one)
    return whole


def _replacement(found: Found, passage: Passage, choices: Mapping[str, Choice]) -> Replacement:
    person = found.person
    choice = choices.get(person.key)
    cover = " ".join(choice.cover.split()) if choice is not None and choice.decision is Decision.CONCEAL else ""
    language = passage.language if passage.language in LANGUAGES else guessed_language(passage.text)
    shown = inflected(cover, passage.text[found.start : found.end], language) or mark(
        person.label, person.number, language
    )
    return Replacement(found.start, found.end, person.label.value, person.number, shown)


def inflected(cover: str, form: str, language: str) -> str:
    """The cover name in the case of the form it stands for, where dictionaries know it; else as it was written."""
    if not cover or language not in ("ru", "uk"):
        return cover
    parses = _slavic(language).parses(form.rsplit(maxsplit=1)[-1].lower())
    return " ".join(_like(word, parses, language) for word in cover.split())


def _like(word: str, forms: Sequence[Any], language: str) -> str:
    """A word in the nominative put into the case and number of the likeliest of ``forms`` that is of its gender."""
    parses = [parse for parse in _slavic(language).parses(word.lower()) if parse.tag.case == "nomn"]
    own = next((parse for parse in parses if _is_name(parse)), parses[0] if parses else None)
    named = [form for form in forms if _is_name(form)] or list(forms)
    if own is None or not named:
        return word
    target = next((form for form in named if form.tag.gender == own.tag.gender), named[0]).tag
    made = own.inflect({one for one in (target.case, "plur" if target.number == "plur" else None) if one})
    if made is None:
        return word
    return str(made.word).capitalize() if word[0].isupper() else str(made.word)


def _is_name(parse: Any) -> bool:
    return any(mark in parse.tag for mark in ("Surn", "Name", "Patr"))


def _slavic(language: str) -> Slavic:
    found = lexicon(language)
    assert isinstance(found, Slavic)
    return found


def _withheld(transcript: Transcript) -> list[list[Replacement]]:
    """What a transcript conceals already, as replacements that change nothing."""
    return [
        [
            Replacement(span.start, span.end, span.label, span.number, segment.text[span.start : span.end])
            for span in segment.withheld
        ]
        for segment in transcript.segments
    ]


def _reworded(segment: Segment, places: Sequence[Replacement]) -> Segment:
    """The segment with the replacements made. Words that share a replacement share the time of all they replace."""
    if not places:
        return segment
    text, spans = filled(segment.text, places)
    words: list[Word] = []
    edge = 0
    for touched, here in _clusters(segment, places):
        words += segment.words[edge : touched.start]
        old = segment.words[touched.start : touched.stop]
        base = segment.offsets[touched.start]
        piece = segment.text[base : segment.offsets[touched.stop - 1] + len(old[-1].text)]
        moved = [replace(place, start=place.start - base, end=place.end - base) for place in here]
        words += [Word(new, *_time(old), min(word.sureness for word in old)) for new in filled(piece, moved)[0].split()]
        edge = touched.stop
    made = replace(segment, words=(*words, *segment.words[edge:]), withheld=spans)
    assert made.text == text
    return made


def _time(words: Sequence[Word]) -> tuple[float, float]:
    """The joined time of words that are replaced together; none at all if the first or last of them has no place.

    The place of its neighbour must not vouch for a surname: as a word without a place all of it takes the words around
    into the silence.
    """
    start = min(word.start for word in words)
    placed = _is_placed(words[0]) and _is_placed(words[-1])
    return start, max(word.end for word in words) if placed else start


def _clusters(segment: Segment, places: Sequence[Replacement]) -> Iterator[tuple[range, list[Replacement]]]:
    """Runs of words that the replacements touch, those that share a word together."""
    touched = range(0)
    here: list[Replacement] = []
    for place in places:
        words = segment.words_in(place.start, place.end)
        if here and words.start >= touched.stop:
            yield touched, here
            here = []
        touched = range(touched.start if here else words.start, words.stop)
        here = [*here, place]
    if here:
        yield touched, here


def _audible(words: Sequence[Word], at: range, seconds: float) -> tuple[float, float]:
    """From when to when the words ``at`` may be heard."""
    start, end = words[at.start].start, max(words[n].end for n in at)
    if end - start >= _SHORTEST_NAME:
        return start, end
    before = next((words[n] for n in range(at.start - 1, -1, -1) if _is_placed(words[n])), None)
    after = next((words[n] for n in range(at.stop, len(words)) if _is_placed(words[n])), None)
    last = max(seconds, end, *(word.end for word in words[at.stop :]), 0.0)
    return min(start, before.start if before else 0.0), max(end, after.end if after else last)


def _is_placed(word: Word) -> bool:
    return word.end - word.start >= _SHORTEST_WORD


def _is_expected(word: Word, expected: Sequence[Word], strict: bool, language: str) -> bool:
    """Whether a word was meant to stay audible."""
    if strict:
        known = facts(word.text.strip('.,!?…»«"()-'), language)
        return word.text.islower() and known.everyday
    lowered = _letters(word.text)
    return any(_letters(one.text) == lowered and abs(one.start - word.start) <= _SAME_MOMENT for one in expected)


def _letters(word: str) -> str:
    return "".join(char for char in word.lower() if char.isalnum())


def _neutral_speakers(transcript: Transcript) -> dict[str, str | None]:
    """Labels of speakers as others may see them: a label that could be a name becomes S1, S2, … by first appearance."""
    labels = dict.fromkeys(segment.speaker for segment in transcript.segments if segment.speaker)
    neutral = {label for label in labels if _NEUTRAL_SPEAKER.fullmatch(label)}
    free = (f"S{n}" for n in range(1, len(labels) + len(neutral) + 1) if f"S{n}" not in neutral)
    return {label: label if label in neutral else next(free) for label in labels}
