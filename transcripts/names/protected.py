"""The narrator's protected list: each entry wherever it occurs, in every form, diminutive and spelling."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from transcripts.names.document import Document, Token
from transcripts.names.identifiers import identifier_key
from transcripts.names.keys import alike
from transcripts.names.lexicon import LETTER, facts
from transcripts.names.lists import variants
from transcripts.names.mention import Label, Mention

_WORD = re.compile(r"[^\W\d_]+(?:[-‑'’ʼ][^\W\d_]+)*")
_SHORTEST_MISHEARD = 4  # letters of a key: with a known surname a mishearing is likelier than another word
_PARTICLE = 5.0  # Zipf: “ли”, “же” in lower-case text are not the surname Ли


@dataclass(frozen=True, slots=True)
class _Listed:
    """One word of the list: the keys it is found under, and what the mentions are called."""

    keys: frozenset[str]
    key: str
    label: Label
    misheard: bool


def protected_names(document: Document) -> Iterator[Mention]:
    """Mentions of everything on the list, with sureness 1."""
    for entry in document.protected:
        yield from _literal(document, entry)
    listed = _listed(document)
    if not listed:
        return
    for at, token in enumerate(document.tokens):
        beside = document.tokens[max(0, at - 1) : at] + document.tokens[at + 1 : at + 2]
        named = any(one.passage == token.passage and _is_part_of_name(one) for one in beside)
        if found := next((one for one in listed if _is(token, one, named)), None):
            yield Mention(
                token.passage,
                token.start,
                token.end,
                found.label,
                found.key,
                "protected",
                1.0,
                None if found.key.startswith("first:") else document.first_name_near(at),
            )


def _listed(document: Document) -> Sequence[_Listed]:
    language = document.passages[0].language if document.passages else "ru"
    words = {
        match.group().lower()
        for entry in document.protected
        if not _is_identifier(entry)
        for match in _WORD.finditer(entry)
    }
    return [_entry(word, language) for word in sorted(words) if len(word) > 1]


def _entry(word: str, language: str) -> _Listed:
    known = facts(word, language)
    if known.first:
        called = {word, known.lemma} | variants().get(known.lemma, frozenset()) | variants().get(word, frozenset())
        keys = frozenset(facts(name, language).keys[0] for name in called)
        return _Listed(keys, f"first:{min(keys)}", Label.SURNAME, misheard=False)
    if known.likely_patronymic:
        return _Listed(frozenset(known.keys[-1:]), f"patronymic:{known.keys[-1]}", Label.PATRONYMIC, misheard=True)
    # A known word has one lemma; of an unknown one we cannot tell which form the narrator wrote.
    keys = frozenset(known.keys[:1] if known.known else known.keys)
    return _Listed(keys, known.keys[0], Label.SURNAME, misheard=True)


def _is(token: Token, listed: _Listed, beside_name: bool) -> bool:
    known = token.facts
    if not known.keys:
        return False
    own = known.keys[-1:] if listed.label is Label.PATRONYMIC else known.keys
    if listed.keys.intersection(own):
        return beside_name or _stands_as_name(token)
    if not listed.misheard or known.ordinary or known.function or (known.first and known.known):
        return False
    return any(alike(key, one, _SHORTEST_MISHEARD) for key in listed.keys for one in own)


def _is_part_of_name(token: Token) -> bool:
    """A capitalised first name, patronymic or surname: recognizers write “вера Соколова”, too."""
    known = token.facts
    return token.capital and (known.first or known.patronymic or known.surname or known.surname_like)


def _stands_as_name(token: Token) -> bool:
    """An ordinary word without a capital is the name only in lower-case text, and not if it is a particle."""
    known = token.facts
    if token.capital or not known.everyday:
        return True
    return not token.cased and not (known.function and known.zipf >= _PARTICLE)


def _is_identifier(entry: str) -> bool:
    return any(char.isdigit() or char in "@/_" for char in entry) or not LETTER.search(entry)


def _literal(document: Document, entry: str) -> Iterator[Mention]:
    """An identifier: the same letters and digits, whatever stands between them."""
    signs = [re.escape(char) for char in entry if char.isalnum()]
    if not _is_identifier(entry) or len(signs) < 3:
        return
    pattern = re.compile(r"(?<!\w)" + r"[\W_]{0,3}".join(signs) + r"(?!\w)", re.IGNORECASE)
    label = _label(entry)
    for number, passage in enumerate(document.passages):
        for match in pattern.finditer(passage.text):
            yield Mention(number, *match.span(), label, identifier_key(label, entry), "protected", 1.0)


def _label(entry: str) -> Label:
    if "@" in entry[1:]:
        return Label.EMAIL
    digits = sum(map(str.isdigit, entry))
    return Label.PHONE if digits > len(entry) / 2 else Label.ADDRESS if digits and " " in entry else Label.HANDLE
