"""Which translations of a reviewed transcript may be released: those of turns that still say what was translated."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from transcripts.names import Choice, Roster
from transcripts.names.marks import MARK, number_of
from transcripts.pseudonyms import Find, Rendered, pseudonymise_translation
from transcripts.translation import Translation
from transcripts.words import Transcript

Renderings: TypeAlias = Mapping[str, Mapping[str, Sequence[str]]]
"""By language and turn: its translation, and the ``digest`` of the text that was translated."""


def digest(text: str) -> str:
    """What a turn's text is recognized by."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def turns_of(reviewed: Mapping[str, Any]) -> list[str]:
    """What the turns of a stored transcript are called, in order."""
    return list(reviewed.get("turns") or map(str, range(len(reviewed["segments"]))))


def current(renderings: Renderings, transcript: Transcript, turns: Sequence[str]) -> list[Translation]:
    """The translations of a reviewed transcript, in order of language; ``turns`` is what its segments are called.

    Where a turn was changed since, its translation may say what was struck out of it: it is left out until somebody has
    looked at it again. So is that of a turn that was cut, or put behind another.
    """
    made = []
    for language, found in sorted(renderings.items()):
        texts = {
            n: found[turn][0]
            for n, (turn, segment) in enumerate(zip(turns, transcript.segments, strict=True))
            if turn in found and found[turn][1] == digest(segment.text)
        }
        made.append(Translation.of(texts, language, transcript.segments))
    return made


def outdated(renderings: Renderings, transcript: Transcript, turns: Sequence[str], language: str) -> list[int]:
    """Indexes of the turns that were changed since they were translated."""
    found = renderings.get(language, {})
    return [
        n
        for n, (turn, segment) in enumerate(zip(turns, transcript.segments, strict=True))
        if turn in found and found[turn][1] != digest(segment.text)
    ]


def released(
    given: Iterable[Translation],
    transcript: Transcript,
    title: str,
    find: Find,
    known: tuple[Roster, Mapping[str, Choice]],
) -> Iterator[Rendered]:
    """The translations as others read them beside a released ``transcript``, under its ``title``.

    A number is one person in all that is read of an interview.
    """
    given = list(given)
    texts = (title, *(part.text for one in given for part in one.segments if part))
    last = max((number_of(found[0]) for text in texts for found in MARK.finditer(text)), default=0)
    for one in given:
        made = pseudonymise_translation(one, transcript, find, known, last)
        last = max((last, *(person.number for person in made.strangers)))
        yield made
