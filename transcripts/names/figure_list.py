"""The list of public figures (config/public_figures.toml) as it is read: who they are, how they are called.

Which mentions are of them is decided in transcripts/names/figures.py.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from transcripts.errors import BadFigures
from transcripts.names.keys import key
from transcripts.names.lexicon import CYRILLIC, Slavic, facts, lexicon
from transcripts.names.lists import variants

GROUPS = ("figures", "namesakes", "streets")
_LINE = re.compile(r"line (\d+)")
_WORD = re.compile(r"[^\W\d_]+(?:[-‑'’ʼ.][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Figure:
    """First names, patronymics and offices as keys. ``gender``: "masc", "femn" or "" where the name does not tell.

    ``common``: many people bear the surname; ``street``: known from street signs and things only.
    """

    first: frozenset[str]
    patronymics: frozenset[str]
    roles: frozenset[str]
    gender: str
    common: bool
    street: bool


@cache
def read(path: Path) -> Mapping[str, tuple[Figure, ...]]:
    """The figures by the key of their surname. Raises BadFigures, which names the line."""
    try:
        text = path.read_text(encoding="utf-8")
        found = tomllib.loads(text)
    except UnicodeDecodeError as cause:
        raise BadFigures(line=path.read_bytes()[: cause.start].count(b"\n") + 1) from cause
    except tomllib.TOMLDecodeError as cause:
        at = _LINE.search(str(cause))
        raise BadFigures(line=int(at[1]) if at else text.count("\n") + 1) from cause
    if unknown := next((name for name in found if name not in GROUPS or not isinstance(found[name], str)), None):
        raise BadFigures(line=next((n for n, line in _lines(text) if line.startswith(unknown)), 1))
    numbers = {line: n for n, line in _lines(text)}
    made: dict[str, list[Figure]] = defaultdict(list)
    for group in GROUPS:
        for _, line in filter(lambda numbered: numbered[1], _lines(found.get(group, ""))):
            for surname, figure in _figures(line, group, numbers.get(line, 1)):
                made[surname].append(figure)
    return {surname: tuple(figures) for surname, figures in made.items()}


def surname_key(word: str) -> str:
    """The key under which a surname stands in the list; halves of a double one do not count."""
    return key(word) if re.search("[-‑]", word) else name_key(word)


def name_key(name: str) -> str:
    """The likeliest key of a name."""
    if not CYRILLIC.search(name):
        return key(name)  # without the English dictionaries, which few archives need
    return facts(name, "ru").keys[0]


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """What each line says, without its comment, and its number from 1."""
    for number, line in enumerate(text.splitlines(), start=1):
        yield number, line.partition("#")[0].strip()


def _figures(line: str, group: str, number: int) -> Iterator[tuple[str, Figure]]:
    """The figure of a line under each spelling of the surname."""
    name, latin, role = (*line.split(";"), "", "")[:3]
    words, others = name.lower().split(), latin.lower().split()
    street = group == "streets"
    if line.count(";") > 2 or not 1 <= len(words) <= 3 or (len(words) == 1 and not street) or not _are_words(words):
        raise BadFigures(line=number)
    first = {one for word in (words[:-1][:1] + others[:-1][:1]) for one in word.split("|")}
    called = {one for name in first for one in {name} | variants().get(name, frozenset())}
    figure = Figure(
        first=frozenset(map(name_key, called)),
        patronymics=frozenset(facts(one, "ru").keys[-1] for one in (words[1].split("|") if len(words) == 3 else ())),
        roles=frozenset(key(facts(word, "ru").lemma) for word in _WORD.findall(role.lower())),
        gender=_gender(words),
        common=group == "namesakes",
        street=street,
    )
    spelled = words[-1].split("|") + [one for word in others[-1:] for one in word.split("|")]
    for surname in {surname_key(one) for one in spelled} - {""}:
        yield surname, figure


def _are_words(words: list[str]) -> bool:
    return all(_WORD.fullmatch(one) for word in words for one in word.split("|"))


def _gender(words: list[str]) -> str:
    """By the patronymic, or else by the first name."""
    if len(words) == 3:
        return "femn" if words[1].split("|")[0].endswith("на") else "masc"
    dictionary = lexicon("ru")
    assert isinstance(dictionary, Slavic)
    named = [parse.tag for parse in dictionary.parses(words[0].split("|")[0]) if "Name" in parse.tag]
    return str(named[0].gender or "") if named and len(words) > 1 else ""
