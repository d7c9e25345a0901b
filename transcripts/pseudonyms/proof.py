"""What was pseudonymised, searched again: the text by the net, the masked sound by what is heard in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from transcripts.names.lexicon import facts
from transcripts.names.people import Choice, Roster
from transcripts.names.recur import Net
from transcripts.words import Transcript, Word

# Seconds by which two recognitions of one word may differ.
_SAME_MOMENT = 1.5


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


def _is_expected(word: Word, expected: Sequence[Word], strict: bool, language: str) -> bool:
    """Whether a word was meant to stay audible."""
    if strict:
        known = facts(word.text.strip('.,!?…»«"()-'), language)
        return word.text.islower() and known.everyday
    lowered = _letters(word.text)
    return any(_letters(one.text) == lowered and abs(one.start - word.start) <= _SAME_MOMENT for one in expected)


def _letters(word: str) -> str:
    return "".join(char for char in word.lower() if char.isalnum())
