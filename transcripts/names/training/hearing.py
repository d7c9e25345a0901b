"""How a recognizer mishears a Russian or Ukrainian surname: one rule of sound, somewhere in the word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from transcripts.names.training.samples import Sample, rewritten

_MISHEARD = 0.75  # of all surnames, each time anew
_TWICE = 0.3  # of these
_VOWELS = "аеёиоуыэюяіїє"
_WORD = re.compile(r"\w{4,}")

# Unstressed vowels, the soft sign, devoicing, clusters: what stands for what inside a word.
_SOUNDS = (
    *(("о", "а"), ("а", "о"), ("е", "и"), ("и", "е"), ("я", "е"), ("ё", "е"), ("э", "е"), ("ь", "")),
    *(("л(?=[нкмбч])", "ль"), ("щ", "ш"), ("[тд]с", "ц")),
    *((f"{voiced}(?=[кпстфшхцч])", mute) for voiced, mute in zip("бвгджз", "пфктшс", strict=True)),
    *((f"{letter}{letter}", letter) for letter in "лнстмрпкф"),
    *((f"(?<=[{_VOWELS}]){letter}(?=[{_VOWELS}])", letter * 2) for letter in "лнстмрпкф"),
)
_ENDS = (
    *(("ова$", "ого"), ("ого$", "ова"), ("ева$", "его"), ("ов$", "оф"), ("ин$", "ен")),
    *(("ский$", "скии"), ("ский$", "ской"), ("ской$", "ский")),
)
_RULES = [(re.compile(rule), new) for rule, new in (*_SOUNDS, *_ENDS)]


def misheard_word(word: str, chance: Random) -> str:
    """The word with one plausible error; its case stays. A word to which no rule applies loses a letter."""
    lower = word.lower()
    errors = sorted(_errors(lower)) or [(n, n + 1, "") for n in range(1, max(1, len(lower) - 1))]
    start, end, new = chance.choice(errors) if errors else (0, 0, "")
    heard = lower[:start] + new + lower[end:]
    return heard.upper() if len(word) > 1 and word.isupper() else heard.title() if word[:1].isupper() else heard


def misheard(sample: Sample, chance: Random) -> Sample:
    """The sample with most of its surnames misheard, each mention on its own."""
    return rewritten(sample, _misheard(sample, chance))


def _misheard(sample: Sample, chance: Random) -> Iterator[tuple[int, int, str]]:
    for span in sample.spans:
        match = _WORD.search(sample.text, span.start, span.end)
        if span.label == "surname" and match and chance.random() < _MISHEARD:
            word = misheard_word(match.group(), chance)
            yield *match.span(), misheard_word(word, chance) if chance.random() < _TWICE else word


def _errors(lower: str) -> Iterator[tuple[int, int, str]]:
    """Where a rule applies: not in the last two letters, which tell the case, except by the rules for ends."""
    for number, (rule, new) in enumerate(_RULES):
        for match in rule.finditer(lower):
            in_end = number >= len(_SOUNDS)
            if in_end or match.start() < max(2, len(lower) - 2):
                yield *match.span(), new
