"""The protected list as a recognizer takes it: names in the nominative, as many as fit beside what it listens to.

A recognizer that has been told a surname spells it as we know it, and the finders find it. The words are secret: they
go into the recognizer's memory and into the digest of its plan, nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from transcripts.names.lexicon import LETTER, Slavic, lexicon, script_language

_LONGEST = 400
"""Letters of all words together: Whisper reads 223 tokens of hints, a Cyrillic token has about two letters."""


def hotwords(protected: Sequence[str], language: str | None) -> tuple[str, ...]:
    """Names of the list in the nominative, first come first served, none twice; numbers and addresses are left out."""
    made: dict[str, None] = {}
    room = _LONGEST
    for entry in protected:
        if any(char.isdigit() or char in "@/_" for char in entry) or not LETTER.search(entry):
            continue
        name = " ".join(_nominative(entry.split(), language or "ru"))
        if name not in made and len(name) <= room:
            made[name] = None
            room -= len(name) + 2
    return tuple(made)


def _nominative(words: Sequence[str], language: str) -> list[str]:
    """First name, patronymic and surname in their first case and of one gender; other words as they are."""
    found = [_named(word, language) for word in words]
    # The reading that all words share: “Соколову” after “Веру” is a woman's.
    shared = next((one for one in found[0] if all(_same(one, parses) for parses in found)), None)
    made = []
    for word, parses in zip(words, found, strict=True):
        meant = _same(shared, parses) if shared is not None else next(iter(parses), None)
        plain = None if meant is None or any(one.tag.case == "nomn" for one in parses) else meant.inflect({"nomn"})
        made.append(str(plain.word).title() if plain is not None else word)
    return made


def _named(word: str, language: str) -> list[Any]:
    """The readings of a word as a name."""
    dictionary = lexicon(script_language(word, language))
    if not isinstance(dictionary, Slavic) or "-" in word:
        return []
    return [parse for parse in dictionary.parses(word.lower()) if {"Surn", "Name", "Patr"} & set(parse.tag.grammemes)]


def _same(one: Any, parses: Sequence[Any]) -> Any:
    """The reading that agrees with another in case, gender and number."""
    wanted = (one.tag.case, one.tag.gender, one.tag.number)
    return next((other for other in parses if (other.tag.case, other.tag.gender, other.tag.number) == wanted), None)
