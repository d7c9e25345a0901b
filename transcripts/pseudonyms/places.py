"""Where in a text something is replaced, and by what: a roster and decisions applied to passages."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from transcripts.names.lexicon import LANGUAGES, guessed_language
from transcripts.names.marks import mark
from transcripts.names.mention import Mention, Passage
from transcripts.names.people import Choice, Decision, Roster
from transcripts.names.plain import plain
from transcripts.names.recur import Found, Net
from transcripts.pseudonyms.covers import Place, covered
from transcripts.words import Span


@dataclass(frozen=True, slots=True)
class Replacement:
    """Code points ``start`` to ``end`` of a text, who is concealed there, and what stands there instead."""

    start: int
    end: int
    label: str
    number: int
    text: str = field(repr=False)


def replacements(
    passages: Sequence[Passage],
    roster: Roster,
    choices: Mapping[str, Choice],
    withheld: Sequence[Sequence[Replacement]] = (),
    *,
    judged: bool = False,
) -> list[list[Replacement]]:
    """For each passage what is to be replaced, in order, none overlapping; ``withheld`` is so already and stays.

    ``judged``: the roster was made from these very passages (see ``Net``).
    """
    net = Net(roster, choices, judged=judged)
    mentioned = _mentioned(passages, roster)
    made = []
    for number, passage in enumerate(passages):
        there = list(withheld[number]) if withheld else []
        kept = [found for found in mentioned[number] if not found.person.is_concealed(choices)]
        named = [found for found in mentioned[number] if found.person.is_concealed(choices)]
        again = _clear_of(kept, net.places(passage.text, passage.language))
        whole = _clear_of(there, _whole(named + again, passage.text))
        taken = sorted([*(one.end for one in whole), *(one.end for one in there)])
        fresh = [_replacement(one, passage, choices, _edge(taken, one.start)) for one in whole]
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


def _edge(taken: Sequence[int], start: int) -> int:
    """Where what is replaced before ``start`` ends; ``taken`` are the ends of all, in order."""
    before = bisect_right(taken, start)
    return taken[before - 1] if before else 0


def _mentioned(passages: Sequence[Passage], roster: Roster) -> list[list[Found]]:
    """The roster's mentions by passage, as far as they still fit the text."""
    found: list[list[Found]] = [[] for _ in passages]
    for person in roster.people:
        for one in person.mentions:
            if one.passage < len(passages) and _as_read(passages[one.passage], one) in person.forms:
                found[one.passage].append(Found(one.start, one.end, person))
    return found


def _as_read(passage: Passage, mention: Mention) -> str:
    return plain(passage.text[mention.start : mention.end]).text.lower()


def _clear_of(others: Sequence[Found] | Sequence[Replacement], found: Sequence[Found]) -> list[Found]:
    """Those of ``found`` that touch none of ``others``, of which none overlap."""
    spans = sorted((one.start, one.end) for one in others)
    ends = [end for _, end in spans]

    def is_clear(one: Found) -> bool:
        after = bisect_right(ends, one.start)  # the first that ends beyond its start
        return after == len(spans) or spans[after][0] >= one.end

    return [one for one in found if is_clear(one)]


def _whole(found: Sequence[Found], text: str) -> list[Found]:
    """The finds in order; those that overlap, or stand together and are of one person, made one."""
    whole: list[Found] = []
    for one in sorted(found, key=lambda each: (each.start, -each.end)):
        last = whole[-1] if whole else None
        if last is not None and (one.start < last.end or _stand_together(last, one, text)):
            whole[-1] = replace(last, end=max(last.end, one.end))
        else:
            whole.append(one)
    return whole


def _stand_together(last: Found, one: Found, text: str) -> bool:
    """Parts of one person's name with nothing between them but the full stop of an initial."""
    gap = text[last.end : one.start].strip()
    initial = last.end - last.start == 1 and gap == "."
    return one.person.number == last.person.number and (not gap or initial)


def _replacement(found: Found, passage: Passage, choices: Mapping[str, Choice], edge: int) -> Replacement:
    person = found.person
    choice = choices.get(person.key)
    cover = " ".join(choice.cover.split()) if choice is not None and choice.decision is Decision.CONCEAL else ""
    language = passage.language if passage.language in LANGUAGES else guessed_language(passage.text)
    start, shown = found.start, mark(person.label, person.number, language)
    if cover:
        start, shown = covered(cover, Place(passage.text, language, found.start, found.end, person, edge))
    return Replacement(start, found.end, person.label.value, person.number, shown)
