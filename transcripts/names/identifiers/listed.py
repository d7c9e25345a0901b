"""Identifiers on the narrator's list, in digits, in words and in any grouping; and the key that makes them equal."""

from __future__ import annotations

import re
from collections.abc import Iterator

from transcripts.names.identifiers.speech import Find, Speech
from transcripts.names.identifiers.spoken import read
from transcripts.names.keys import sound
from transcripts.names.lexicon import LETTER
from transcripts.names.mention import Label
from transcripts.names.schemes import cyrillic

_WORD = re.compile(r"[^\W_]+")
_NATIONAL = 10  # digits of a telephone that are the same with and without the code of the country
_SHORTEST = 4  # digits; a shorter entry would conceal half of all numbers
_SHORTEST_HANDLE = 5


def listed(speech: Speech) -> Iterator[Find]:
    """Every place of the text that says an entry of the list."""
    for entry in speech.protected:
        digits = "".join(group.digits for group in read(entry).groups)
        if len(digits) >= _SHORTEST and len(digits) * 2 >= sum(map(str.isalnum, entry)) - _said(entry):
            yield from _numbers(speech, digits)
        elif "@" in entry or "_" in entry or "/" in entry:
            yield from _handles(speech, entry)


def identifier_key(label: Label, text: str) -> str:
    """Equal for one identifier however it is grouped, cased or said."""
    plain = _digits_for_words(text)
    signs = "".join(char for char in plain.lower() if char.isalnum())
    if label is Label.PHONE:
        digits = "".join(filter(str.isdigit, signs))
        signs = digits[-_NATIONAL:] if len(digits) > _NATIONAL else digits
    return f"{label}:{signs}"


def _digits_for_words(text: str) -> str:
    parts, edge = [], 0
    for group in read(text).groups:
        if group.said:
            parts += [text[edge : group.start], group.digits]
            edge = group.end
    return "".join([*parts, text[edge:]])


def _said(entry: str) -> int:
    """How many letters of an entry are number words."""
    return sum(group.end - group.start for group in read(entry).groups if group.said)


def _numbers(speech: Speech, digits: str) -> Iterator[Find]:
    """Runs that hold the digits, or the telephone without the code of its country."""
    wanted = digits[-_NATIONAL:] if len(digits) in (11, 12) else digits
    for run in speech.runs:
        if wanted in run.digits:
            key = f"{Label.PHONE}:{wanted}"
            yield Find(run.start, run.end, Label.PHONE, "protected", 1.0, key)


def _handles(speech: Speech, entry: str) -> Iterator[Find]:
    """The last part of a link or a handle as one word, in either alphabet."""
    name = re.split(r"[@/]", entry.strip().strip("@/"))[0 if "@" in entry.strip("@") else -1]
    parts = LETTER.findall(name)
    if len(parts) < _SHORTEST_HANDLE:
        return
    wanted = _folded(name)
    for match in _WORD.finditer(speech.lower):
        if _folded(match.group()) == wanted:
            yield Find(*match.span(), Label.HANDLE, "protected", 1.0)


def _folded(word: str) -> str:
    return sound(cyrillic("".join(char for char in word.lower() if char.isalnum())))
