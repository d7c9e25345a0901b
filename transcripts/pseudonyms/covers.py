"""Cover names, put into the grammatical form of what they stand for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from transcripts.names.lexicon import Slavic, lexicon


def inflected(cover: str, form: str, language: str) -> str:
    """The cover name in the case of the form it stands for, where dictionaries know it; else as it was written."""
    if not cover or language not in ("ru", "uk"):
        return cover
    parses = _slavic(language).parses(form.rsplit(maxsplit=1)[-1].lower())
    return " ".join(_like(word, parses, language) for word in cover.split())


def _like(word: str, forms: Sequence[Any], language: str) -> str:
    """A word in the nominative put into the case and number of the likeliest of ``forms`` that is of its gender."""
    parses = [parse for parse in _slavic(language).parses(word.lower()) if parse.tag.case == "nomn"]
    own = next((parse for parse in parses if _is_name(parse)), parses[0] if parses else None)
    named = [form for form in forms if _is_name(form)] or list(forms)
    if own is None or not named:
        return word
    target = next((form for form in named if form.tag.gender == own.tag.gender), named[0]).tag
    made = own.inflect({one for one in (target.case, "plur" if target.number == "plur" else None) if one})
    if made is None:
        return word
    return str(made.word).capitalize() if word[0].isupper() else str(made.word)


def _is_name(parse: Any) -> bool:
    return any(mark in parse.tag for mark in ("Surn", "Name", "Patr"))


def _slavic(language: str) -> Slavic:
    found = lexicon(language)
    assert isinstance(found, Slavic)
    return found
