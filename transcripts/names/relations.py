"""Who somebody is to the narrator, as far as it is said beside the name. A closed list: config/names/relations.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache

from transcripts.names.forms import slavic
from transcripts.names.lexicon import CYRILLIC, script_language
from transcripts.shipped import shipped

NARRATOR = "narrator"
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*|[,.!?…:;—–-]")
_REACH = 6  # words before a name that are looked at
_BREAKS = frozenset(".!?…:;")
_I_AM = re.compile(
    r"\b(?:меня\s+зовут|моё\s+имя|мене\s+звати|мене\s+звуть|my\s+name\s+is|i\s+am|i[’']m)[\s,:—–-]*$", re.IGNORECASE
)


def relation(before: str, after: str, language: str, cases: frozenset[str]) -> str:
    """The code of who bears a name that stands between ``before`` and ``after`` in the given cases; "" if unsaid.

    “Сестра моей жены Вера” is a sister of the wife, an in-law; “жена моего брата Павла” speaks of the brother: the
    word that agrees with the name counts.
    """
    if _I_AM.search(before):
        return NARRATOR
    words = [match.group().lower() for match in _WORD.finditer(before)][-_REACH:]
    code = _nearest(words, language, cases)
    return code or _following([match.group().lower() for match in _WORD.finditer(after)][:3], language)


@cache
def codes() -> tuple[str, ...]:
    """Every code there is."""
    return (NARRATOR, *_listed())


def _nearest(words: Sequence[str], language: str, cases: frozenset[str]) -> str:
    """The code of the last kinship word that agrees with the name, unless it is somebody else's kin."""
    between = 0
    for n in range(len(words) - 1, -1, -1):
        code = _code(words[n], language)
        if code:
            around = {*words[max(0, n - 2) : n], *words[n + 1 : n + 2]}
            if around & _words("others"):
                return ""
            if _agrees(words[n], language, cases):
                return _of_kin(code, words[n + 1 :], language)
        elif words[n] in _BREAKS or (words[n] not in _words("mine") and words[n] != ","):
            between += 1
        if between > 1 or words[n] in _BREAKS:
            return ""
    return ""


def _of_kin(code: str, rest: Sequence[str], language: str) -> str:
    """“Сестра моей жены”: somebody's relative is a relative by marriage; “друг отца” stays a friend."""
    kin = {"wife", "husband", "brother", "sister", "son", "daughter", "in-law"}
    if code in ("mother", "father", "brother", "sister", "wife", "husband", "son", "daughter"):
        return "in-law" if any(_code(word, language) in kin for word in rest) else code
    return code


def _following(words: Sequence[str], language: str) -> str:
    """“Павел Сорока, мой брат”."""
    if len(words) < 3 or words[0] not in (",", "—", "–", "-") or words[1] not in _words("mine"):
        return ""
    return _code(words[2], language)


def _agrees(word: str, language: str, cases: frozenset[str]) -> bool:
    if not CYRILLIC.search(word) or not cases:
        return True
    parses = slavic(script_language(word, language)).parses(word)
    nouns = [parse for parse in parses if parse.tag.POS in ("NOUN", "ADJF") and parse.tag.number != "plur"]
    return any(str(parse.tag.case) in cases for parse in nouns)


def _code(word: str, language: str) -> str:
    found = _by_word()
    if word in found or not CYRILLIC.search(word):
        return found.get(word.removesuffix("s"), found.get(word, ""))
    parses = slavic(script_language(word, language)).parses(word)
    return next((found[parse.normal_form] for parse in parses if parse.normal_form in found), "")


@cache
def _listed() -> Mapping[str, str]:
    return _read()["relations"]


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(_read()["words"][name].split())


@cache
def _by_word() -> Mapping[str, str]:
    return {word: code for code, words in _listed().items() for word in words.split()}


def _read() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(shipped("names/relations.toml").read_text(encoding="utf-8"))
