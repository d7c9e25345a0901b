"""What a roster was not made from, through the same door as the transcript: a title, a line of context."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from transcripts.errors import NameInTitle
from transcripts.names.grouping import group, may_be_same
from transcripts.names.mention import Mention, Passage
from transcripts.names.people import Choice, Person, Roster
from transcripts.names.recur import Net
from transcripts.pseudonyms.places import filled, replacements

Find: TypeAlias = Callable[[Sequence[Passage]], list[Mention]]


def conceal_text(
    text: str,
    language: str,
    find: Find,
    roster: Roster | None = None,
    choices: Mapping[str, Choice] | None = None,
) -> str:
    """A title or a line of context without the names that ``roster`` and ``choices``, or the finders, conceal.

    Raises NameInTitle if a second pass over the result finds one: a cover name that is somebody's.

    ``find`` is a detector's, with the narrator's list if there is one: a title may be the only place that names them.
    """
    passages = [Passage(text, language)]
    merged, decided = named_here(passages, find(passages), roster or Roster(), choices or {})
    made = filled(text, replacements(passages, merged, decided)[0])[0]
    if Net(merged, decided).places(made, language):
        raise NameInTitle
    return made


def named_here(
    passages: Sequence[Passage],
    found: Sequence[Mention],
    known: Roster,
    choices: Mapping[str, Choice],
    beyond: int = 0,
) -> tuple[Roster, dict[str, Choice]]:
    """Everybody who is ``known`` or was ``found`` in other passages, and what is decided; about strangers, as proposed.

    The mentions of the roster are those in the passages. Strangers have numbers greater than ``beyond``.
    """
    merged, news = _merged(known, group(found, passages), choices, beyond)
    return merged, {**news.proposed(), **choices}


def _merged(known: Roster, here: Roster, choices: Mapping[str, Choice], beyond: int = 0) -> tuple[Roster, Roster]:
    """Everybody of both, under their numbers in ``known``; and those who are only here, numbered after them."""
    owners = {person.key: _known_as(person, known, choices) for person in here.people}
    old = []
    for person in known.people:
        found = [one for one in here.people if owners[one.key] == person.key]
        mentions = tuple(mention for one in found for mention in one.mentions)
        forms = (*person.forms, *(form for one in found for form in one.forms))
        old.append(replace(person, mentions=mentions, forms=forms))
    last = max(beyond, max((person.number for person in old), default=0))
    unknown = [person for person in here.people if owners[person.key] is None]
    news = tuple(replace(person, number=last + n) for n, person in enumerate(unknown, start=1))
    return Roster((*old, *news)), Roster(news)


def _known_as(person: Person, known: Roster, choices: Mapping[str, Choice]) -> str | None:
    """The key of the person in ``known`` who is named here; of several that fit, one who is concealed."""
    fitting = [one for one in known.people if one.key == person.key] or [
        one for one in known.people if may_be_same(one, person)
    ]
    concealed = [one for one in fitting if one.is_concealed(choices)]
    return next((one.key for one in concealed or fitting), None)
