"""Public figures (config/public_figures.toml): which mentions are of them and which are of a private namesake.

Unsure means private. What is kept stays a mention, with why="public-figure", so that a reviewer sees it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import cache
from pathlib import Path
from typing import Self

from transcripts.errors import BadNames
from transcripts.names.document import Document
from transcripts.names.lexicon import facts, script_language
from transcripts.names.lists import variants
from transcripts.names.mention import Label, Mention
from transcripts.shipped import shipped

PUBLIC_FIGURE = "public-figure"
_BREATH = 6  # tokens within which one figure vouches for another


@dataclass(frozen=True, slots=True)
class Figure:
    """First names and patronymic as keys. ``common``: many people bear the surname; ``street``: of street signs."""

    first: frozenset[str]
    patronymic: str
    common: bool
    street: bool


class _Says(Enum):
    PRIVATE = auto()
    FIGURE = auto()
    STREET = auto()
    NOTHING = auto()


@dataclass(frozen=True, slots=True)
class PublicFigures:
    """Figures by the key of their surname."""

    by_key: Mapping[str, tuple[Figure, ...]]

    @classmethod
    def load(cls, path: Path) -> Self:
        """Reads the list. Raises BadNames if it is not one."""
        try:
            found = tomllib.loads(path.read_text(encoding="utf-8"))
            entries = [(line, group) for group in ("figures", "namesakes", "streets") for line in found.get(group, [])]
            made: dict[str, tuple[Figure, ...]] = {}
            for line, group in entries:
                for key, figure in _figures(line, group):
                    made[key] = (*made.get(key, ()), figure)
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, AttributeError, IndexError) as cause:
            raise BadNames("the list of public figures") from cause
        return cls(made)

    def kept(self, document: Document, mentions: Sequence[Mention]) -> list[Mention]:
        """The mentions, those of a figure under a key and a ``why`` of their own."""
        places = {(token.passage, token.start): at for at, token in enumerate(document.tokens)}
        candidates = {
            places[mention.passage, mention.start]: mention
            for mention in mentions
            if mention.key in self.by_key and mention.why != "protected" and (mention.passage, mention.start) in places
        }
        says = {at: self._says(document, at, mention) for at, mention in candidates.items()}
        private = {candidates[at].key for at, said in says.items() if said is _Says.PRIVATE}
        vouched = {candidates[at].key for at, said in says.items() if said is _Says.FIGURE}
        # The figures whom nobody is named after stand for themselves, and for those beside them.
        alone = {
            at
            for at, mention in candidates.items()
            if mention.key not in private and (mention.key in vouched or self.is_rare(mention.key))
        }
        kept = {at for at, said in says.items() if said in (_Says.FIGURE, _Says.STREET)}
        kept |= {at for at in alone if says[at] is _Says.NOTHING}
        company = {
            at
            for at, said in says.items()
            if said is _Says.NOTHING
            and candidates[at].key not in private
            and not all(figure.street for figure in self.by_key[candidates[at].key])
            and any(0 < abs(at - other) <= _BREATH for other in kept)
        }
        return list(_marked(document, mentions, {candidates[at].place for at in kept | company}))

    def is_rare(self, key: str) -> bool:
        """Whether the surname alone says who is meant."""
        return any(not figure.common and not figure.street for figure in self.by_key[key])

    def _says(self, document: Document, at: int, mention: Mention) -> _Says:
        """What stands beside the surname says about who is meant."""
        figures = [figure for figure in self.by_key[mention.key] if not figure.street]
        head = _head(document, at)
        led = document.facts(head - 1)
        if led.memorial or (led.name_word and document.text(head - 1) in ("имени", "им", "імені")):
            return _Says.STREET
        # “мой тесть, Леонид Кравчук” as well.
        if led.title or (document.text(head - 1) == "," and document.facts(head - 2).title):
            return _Says.PRIVATE
        if mention.first_name is not None:
            fits = any(facts_key(mention.first_name) in figure.first for figure in figures)
            return _Says.FIGURE if fits else _Says.PRIVATE
        if head < at and not any(_initials_fit(document, head, figure) for figure in figures):
            return _Says.PRIVATE
        return _Says.FIGURE if figures and (head < at or led.public_title) else _Says.NOTHING


@cache
def _shipped() -> PublicFigures:
    return PublicFigures.load(shipped("public_figures.toml"))


def well_known(document: Document) -> Iterator[Mention]:
    """Surnames that a whole country knows: found even bare, “Gorbachev”, whoever bears them and whether kept or not."""
    known = _shipped()
    for at in document.names:
        token = document.tokens[at]
        named = token.capital if token.cased else not token.facts.everyday
        named = named and not (token.facts.latin and token.facts.first)  # “Gary”
        if named and token.facts.keys[0] in known.by_key and known.is_rare(token.facts.keys[0]):
            yield document.mention(at, "well-known", 0.4)


def facts_key(name: str) -> str:
    """The key of a first name, the likeliest."""
    known = facts(name, script_language(name, "ru"))
    return known.keys[0] if known.keys else ""


def _figures(line: str, group: str) -> Iterator[tuple[str, Figure]]:
    *before, surname = line.split()
    first = before[0].lower().split("|") if before else []
    called = {name for one in first for name in {one} | variants().get(one, frozenset())}
    patronymic = facts_key(before[1].lower()) if len(before) > 1 else ""
    figure = Figure(frozenset(map(facts_key, called)), patronymic, group == "namesakes", group == "streets")
    for key in {facts_key(one) for one in surname.lower().split("|")}:
        yield key, figure


def _head(document: Document, at: int) -> int:
    """Where the name begins: the first name, patronymic or initials before the surname."""
    head = at
    while head > 0:
        before = document.facts(head - 1)
        if before.likely_patronymic or document.is_first_name(head - 1):
            head -= 1
        elif document.text(head - 1) == "." and len(document.text(head - 2)) == 1 and document.text(head - 2).isalpha():
            head -= 2
        else:
            break
    return head


def _initials_fit(document: Document, head: int, figure: Figure) -> bool:
    """Whether the first initial can be the figure's; keys fold letters, so this errs towards private only on vowels."""
    initial = facts_key(document.text(head)) or document.text(head)
    return not figure.first or any(name.startswith(initial) for name in figure.first)


def _marked(document: Document, mentions: Sequence[Mention], kept: set[tuple[int, int, int]]) -> Iterator[Mention]:
    """The mentions with those at ``kept`` marked, and the patronymics that stand before them."""
    figure_starts = {(passage, start) for passage, start, _ in kept}
    for mention, after in zip(mentions, [*mentions[1:], None], strict=False):
        own = mention.place in kept
        beside = (
            after is not None
            and mention.label is Label.PATRONYMIC
            and mention.why != "protected"
            and (after.passage, after.start) in figure_starts
            and mention.passage == after.passage
            and not document.passages[mention.passage].text[mention.end : after.start].strip()
        )
        if own or beside:
            key = mention.key if own else after.key if after else ""
            yield replace(mention, key=f"public:{key}", why=PUBLIC_FIGURE)
        else:
            yield mention
