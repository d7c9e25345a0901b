"""Who is named in a text that is being corrected: at once as far as known names go, and found anew in the whole.

Finding names takes seconds in a long interview. Until it is done the roster says that it is ``stale``, and nothing can
be approved; what is concealed never depends on it alone, see transcripts/pseudonyms.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from archive.acts.cells import Text
from archive.catalogue import Ledger, Paper, PaperKind
from archive.consent import Consent
from archive.errors import Conflict, Unknown
from archive.parts import Archive
from archive.policy import Act, Permit, Principal
from transcripts.errors import OldRoster
from transcripts.names import Decision, Decisions, Mention, Passage, Person, Roster, as_decided, group
from transcripts.names.plain import plain
from transcripts.words import Transcript

STALE, RENEWED = "stale", "renewed"
_OLD: Final = {**Roster().as_json(), STALE: True, "old": True}
"""Stands for the people of a review that an older version kept."""


def people(house: Archive, transcript: Transcript, listed: Sequence[str]) -> Roster:
    """Everybody who is named, and whatever is ``listed``: see ``protected``."""
    passages = [Passage(segment.text, segment.language) for segment in transcript.segments]
    found = house.detector.find(passages, listed)
    return group(found, passages, house.settings.names.conceal_above)


def protected(house: Archive, permit: Permit, selected: Sequence[str]) -> list[str]:
    """The narrator's list with what reviewers selected."""
    assert permit.interview is not None
    with house.catalogue.reading() as ledger:
        paper = ledger.papers.get(permit, permit.interview, PaperKind.CONSENT)
    if paper is None:
        raise Unknown
    return [*Consent.from_json(paper.content).concealed_names, *selected]


def stored(people: Mapping[str, Any], decided: Mapping[str, Any]) -> tuple[Mapping[str, Any], Roster, Decisions]:
    """A review's roster as it is kept, and with its decisions as reviewers see both.

    One that was kept in an older form is empty and stale: nothing can be approved until everybody was found anew.
    """
    try:
        return people, *as_decided(people, decided)
    except OldRoster:
        return _OLD, Roster(), Decisions.from_json(decided)


def renewed(ledger: Ledger, permit: Permit, id: UUID) -> tuple[int, int] | None:
    """How many decisions were carried over and how many were not, if everybody was found anew for an old review."""
    paper = ledger.papers.get(permit, id, PaperKind.ROSTER)
    told = paper.content.get(RENEWED) if paper else None
    return (told[0], told[1]) if told else None


def settle(house: Archive, who: Principal, id: UUID) -> bool:
    """Finds everybody anew if something was changed since; whether it still has to be done, because of a newer change.

    Raises Refused, Unknown.
    """
    with house.catalogue.reading() as ledger:
        permit = house.require(Act.DECIDE, who, ledger.interviews.get(id))
        papers = {kind: ledger.papers.get(permit, id, kind) for kind in _READ}
    text, there, decided = (papers[kind] for kind in _READ)
    if text is None or there is None or decided is None:
        raise Unknown
    content, old, decisions = stored(there.content, decided.content)
    if not content.get(STALE):
        return False
    listed = protected(house, permit, decisions.selected)
    found = people(house, Transcript.from_json(text.content), listed).numbered_like(old)
    made = {PaperKind.ROSTER: {**content, **found.as_json(), STALE: False}}
    if content.get("old"):
        made = _renewed(found, decisions)
    try:
        with house.catalogue.writing() as ledger:
            now = ledger.papers.get(permit, id, PaperKind.DECISIONS)
            if now is None or now.version != decided.version:
                return True
            versions = {PaperKind.ROSTER: there.version, PaperKind.DECISIONS: now.version}
            for kind, value in made.items():
                ledger.papers.put(permit, Paper.new(id, kind, value), versions[kind])
    except Conflict:
        return True
    return False


def _renewed(found: Roster, decisions: Decisions) -> dict[PaperKind, dict[str, Any]]:
    """The papers of an old review whose people were ``found`` anew.

    Only decisions to conceal are carried over: under the same key somebody else may be meant now, and must not be kept.
    """
    keys = {person.key for person in found.people}
    held = {
        key: choice for key, choice in decisions.choices.items() if key in keys and choice.decision is Decision.CONCEAL
    }
    lost = len(decisions.choices) - len(held) + len(decisions.joined) + len(decisions.parted)
    after = Decisions(held, decisions.selected)
    roster = {**found.as_json(), RENEWED: [len(held), lost]}
    return {PaperKind.ROSTER: roster, PaperKind.DECISIONS: after.as_json()}


_READ = (PaperKind.REVIEWED, PaperKind.ROSTER, PaperKind.DECISIONS)


def carried(content: Mapping[str, Any], text: Text, changed: Iterable[str]) -> dict[str, Any]:
    """The stored roster of a text whose turns ``changed``: known names stand where they are written now."""
    roster = Roster.from_json(content)
    places = {turn: place for place, turn in enumerate(text.turns)}
    anew = set(changed)
    here = {place: text.at(place).text for turn, place in places.items() if turn in anew}
    before = _named_in(roster, anew)
    mentions = {place: list(_known(said, before, roster.people)) for place, said in here.items()}
    moved = tuple(_moved(person, roster, places, anew, mentions) for person in roster.people)
    return {**content, **Roster(moved, tuple(text.turns)).as_json(), STALE: True}


def _named_in(roster: Roster, turns: set[str]) -> list[Person]:
    return [person for person in roster.people if any(roster.turn(one.passage) in turns for one in person.mentions)]


def _known(said: str, before: Sequence[Person], everybody: Sequence[Person]) -> Iterator[tuple[int, int, Person]]:
    """Where forms of people stand in a turn: of those who were named there before, then of all others."""
    read = plain(said)
    taken = [False] * len(read.text)
    for person in (*before, *everybody):
        for form in sorted(person.forms, key=len, reverse=True):
            for match in re.finditer(rf"(?<!\w){re.escape(form)}(?!\w)", read.text, re.IGNORECASE):
                if not any(taken[match.start() : match.end()]):
                    taken[match.start() : match.end()] = [True] * len(match.group())
                    yield *read.span(*match.span()), person


def _moved(
    person: Person,
    roster: Roster,
    places: Mapping[str, int],
    anew: set[str],
    found: Mapping[int, Sequence[tuple[int, int, Person]]],
) -> Person:
    """The person with mentions where they are now; the reasons stay those of the first one."""
    kept = [
        replace(one, passage=places[turn])
        for one in person.mentions
        if (turn := roster.turn(one.passage)) in places and turn not in anew
    ]
    made: list[Mention] = [
        replace(person.mentions[0], passage=place, start=start, end=end)
        for place, there in found.items()
        for start, end, who in there
        if who.key == person.key and person.mentions
    ]
    return replace(person, mentions=tuple(sorted((*kept, *made), key=lambda one: one.place)))
