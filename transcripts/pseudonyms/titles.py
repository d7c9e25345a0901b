"""A title or a line of context through the same door as the transcript."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from transcripts.names.mention import Mention, Passage
from transcripts.names.people import Choice, Roster, group
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

    ``find`` is a detector's, with the narrator's list if there is one: a title may be the only place that names them.
    """
    known = roster or Roster()
    passages = [Passage(text, language)]
    here = group(find(passages), passages)
    merged, news = _merged(known, here)
    decided = {**news.proposed(), **(choices or {})}
    return filled(text, replacements(passages, merged, decided)[0])[0]


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
