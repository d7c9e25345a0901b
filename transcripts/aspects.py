"""Verbs and their aspect partners: whoever looks for "писать" may mean "написал", too.

The common pairs are ``config/aspect_pairs.txt``. Russian ones that are not there and differ by a suffix alone
("раскулачивать", "раскулачить") are known by their shape, if the dictionary has both with the aspects that they must
have; those that differ by a prefix only from the list. All this is for queries, so it can be switched off.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from transcripts.language import folded, is_verb
from transcripts.shipped import shipped

_SOFT = (
    ("ш", "с"), ("ш", "х"), ("жд", "д"), ("ж", "з"), ("ж", "д"), ("ж", "г"), ("ч", "т"), ("ч", "к"), ("щ", "ст"),
    ("щ", "ск"), ("щ", "т"), ("вл", "в"), ("бл", "б"), ("пл", "п"), ("мл", "м"), ("фл", "ф"),
)  # fmt: skip
"""How a stem may end in the imperfective, and in the perfective then."""
_LAST_VOWEL = re.compile(r"[оа](?=[^аеиоуыэюя]*$)")


_ROOTS = (
    "ывать/ыть", "евать/еть", "авать/ать", "бирать/брать", "дирать/драть", "зывать/звать", "рывать/рвать",
    "сылать/слать",
    "гонять/гнать", "мирать/мереть", "пирать/переть", "тирать/тереть", "нимать/нять", "чинать/чать", "жигать/жечь",
    "секать/сечь", "влекать/влечь", "кладывать/ложить", "лагать/ложить", "едать/есть", "ходить/йти", "водить/вести",
    "носить/нести", "возить/везти", "бегать/бежать", "летать/лететь", "езжать/ехать", "плывать/плыть", "ползать/ползти",
    "катывать/катить",
)  # fmt: skip
"""Ends that differ by more than a suffix."""


@dataclass(frozen=True, slots=True)
class _Suffix:
    """A way to tell the aspects apart by a suffix.

    ``stem`` is how the stem of the imperfective must end. Where it ``softens`` the perfective's may be harder; where it
    ``opens`` the last о of the perfective is а in the imperfective ("спросить", "спрашивать").
    """

    imperfective: str
    perfective: str
    stem: str = ""
    softens: bool = False
    opens: bool = True

    def perfectives(self, stem: str) -> Iterator[str]:
        hard = [stem.removesuffix(soft) + hard for soft, hard in _SOFT if self.softens and stem.endswith(soft)]
        for each in (stem, *hard):
            yield each + self.perfective
            if self.opens:
                yield _LAST_VOWEL.sub("о", each) + self.perfective

    def imperfectives(self, stem: str) -> Iterator[str]:
        soft = [stem.removesuffix(hard) + soft for soft, hard in _SOFT if self.softens and stem.endswith(hard)]
        for each in (stem, *soft):
            if re.search(f"(?:{self.stem})$", each):
                yield each + self.imperfective
                if self.opens:
                    yield _LAST_VOWEL.sub("а", each) + self.imperfective


_SUFFIXES = (
    _Suffix("ывать", "ать"),
    _Suffix("ивать", "ать", stem="[гкх]"),
    _Suffix("ивать", "ить", softens=True),
    _Suffix("ивать", "еть"),
    _Suffix("ивать", "ять"),
    _Suffix("ять", "ить", stem="[нлр]", softens=True, opens=False),
    _Suffix("ать", "ить", stem="[жшчщ]|жд", softens=True, opens=False),
    *(_Suffix(one, other, opens=False) for one, other in (pair.split("/") for pair in _ROOTS)),
)


def partners(lemma: str) -> tuple[str, ...]:
    """The other verbs of the pairs that a dictionary form (folded) is of; none for what is no verb."""
    return _listed().get(lemma) or _by_suffix(lemma)


@cache
def _listed() -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for line in shipped("aspect_pairs.txt").read_text(encoding="utf-8").splitlines():
        group = [folded(word) for word in line.partition("#")[0].split()]
        for verb in group:
            found.setdefault(verb, {}).update(dict.fromkeys(other for other in group if other != verb))
    return {verb: tuple(others) for verb, others in found.items()}


@lru_cache(maxsize=20_000)
def _by_suffix(verb: str) -> tuple[str, ...]:
    plain = verb.removesuffix("ся").removesuffix("сь")
    if not plain.endswith(("ть", "ти", "чь")):
        return ()
    if is_verb(verb, "impf"):
        found, aspect = {other for suffix in _SUFFIXES for other in _perfectives(suffix, plain)}, "perf"
    elif is_verb(verb, "perf"):
        found, aspect = {other for suffix in _SUFFIXES for other in _imperfectives(suffix, plain)}, "impf"
    else:
        return ()
    if plain != verb:
        found = {other + ("сь" if other.endswith("и") else "ся") for other in found}
    return tuple(sorted(other for other in found if is_verb(other, aspect)))


def _perfectives(suffix: _Suffix, verb: str) -> Iterator[str]:
    stem = verb.removesuffix(suffix.imperfective)
    if stem != verb and re.search(f".(?:{suffix.stem})$", stem):
        yield from suffix.perfectives(stem)


def _imperfectives(suffix: _Suffix, verb: str) -> Iterator[str]:
    stem = verb.removesuffix(suffix.perfective)
    if stem != verb:
        yield from suffix.imperfectives(stem)
