"""Whether a cover name would give somebody away: it is, or sounds like, a name that must not be heard."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from transcripts.names.keys import alike
from transcripts.names.lexicon import facts
from transcripts.names.lists import variants
from transcripts.names.people import Roster
from transcripts.names.plain import plain
from transcripts.names.recur import WORD, Net

_SHORTEST = 4  # letters of a key within which one may differ


def clashes(cover: str, roster: Roster, protected: Sequence[str], language: str) -> bool:
    """Whether a word of the cover is like a name of the interview, kept or concealed, or one of the narrator's list."""
    net = Net(roster, {})  # nobody decided: everybody counts
    shown = plain(cover).text.title()
    if net.places(shown, language) or any(net.heard(word, language) for word in WORD.findall(shown)):
        return True
    listed = {key for entry in protected for key in _keys(entry, language)}
    own = {key for word in WORD.findall(shown) for key in facts(word, language).keys}
    return any(alike(one, other, _SHORTEST) for one in own for other in listed)


def _keys(entry: str, language: str) -> Iterable[str]:
    """The keys of each word of an entry, and of all that the same first name may be."""
    for word in WORD.findall(plain(entry).text.lower()):
        for name in {word, *variants().get(word, ())}:
            yield from facts(name, language).keys
