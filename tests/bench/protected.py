"""Measures the protected list: ``python tests/bench/protected.py [--all] [--show N]`` prints one line of JSON.

For every document of the development sets the narrator is taken to have listed each surname once: in the first form it
has there, in a form drawn at random, or only as a woman's, a man's or a family's. Figures are per cent of surname
mentions found. ``alone``: by the list without any other finder. ``false``: the list of another document, over a text
that has none of those names; words it conceals in a thousand that are nobody's surname.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transcripts.names import Detector, Passage, PublicFigures
from transcripts.names.document import Document
from transcripts.names.keys import alike
from transcripts.names.lexicon import Slavic, facts, lexicon
from transcripts.names.mention import Label
from transcripts.names.protected import protected_names
from transcripts.shipped import shipped

SETS = Path(__file__).resolve().parent.parent.parent.parent / "shared" / "data" / "names"
KINDS = ("", ".asr", ".spoken", ".asr_spoken")
WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Told:
    """A document of a set: its surname mentions by person, as far as their letters tell who is who."""

    text: str
    language: str
    people: tuple[tuple[tuple[int, int], ...], ...]

    def forms(self, person: int) -> list[str]:
        """How a person's surname is written, in order."""
        return [self.text[start:end] for start, end in self.people[person]]


def told(name: str, language: str) -> list[Told]:
    """The documents of a set in one language that name anybody. ``name`` without variant decides who is who."""
    base, _, _ = name.partition(".")
    clean, heard = _read(name if "translit" in name else base), _read(name)
    return [
        Told(other["text"], language, _people(one, other))
        for one, other in zip(clean, heard, strict=True)
        if one["lang"] == language and any(span["label"] == "surname" for span in one["spans"])
    ]


def _read(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (SETS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def _people(clean: dict[str, Any], heard: dict[str, Any]) -> tuple[tuple[tuple[int, int], ...], ...]:
    """Surname spans of ``heard``, put together by the keys that the same spans have in ``clean``."""
    right = [span for span in clean["spans"] if span["label"] == "surname"]
    there = [span for span in heard["spans"] if span["label"] == "surname"]
    people: list[tuple[set[str], list[tuple[int, int]]]] = []
    for span, other in zip(right, there, strict=True):
        form = clean["text"][span["start"] : span["end"]]
        keys = set(facts(form, clean["lang"]).keys) if form.isalpha() else {form}
        known = next((one for one in people if one[0] & keys), None)
        if known is None:
            people.append((keys, [(other["start"], other["end"])]))
        else:
            known[0].update(keys)
            known[1].append((other["start"], other["end"]))
    return tuple(tuple(spans) for _, spans in people)


Choose = Callable[[Sequence[str], str], str]


def first(forms: Sequence[str], language: str) -> str:
    """The form it has first."""
    return forms[0]


def drawn(forms: Sequence[str], language: str) -> str:
    """Any of its forms, the same at every run."""
    return random.Random("|".join(forms)).choice(forms)


def inflected(*grammemes: str) -> Choose:
    """A chooser of the nominative of one gender or of the family; of the first form where dictionaries know none."""

    def choose(forms: Sequence[str], language: str) -> str:
        dictionary = lexicon(language)
        if not isinstance(dictionary, Slavic):
            return forms[0]
        for parse in dictionary.parses(forms[0].lower()):
            made = parse.inflect({"nomn", *grammemes}) if "Surn" in parse.tag else None
            if made is not None:
                return str(made.word).title()
        return forms[0]

    return choose


CHOICES: dict[str, Choose] = {
    "first": first,
    "drawn": drawn,
    "woman": inflected("femn", "sing"),
    "man": inflected("masc", "sing"),
    "family": inflected("plur"),
}


def listed(document: Told, choose: Choose) -> list[str]:
    """What the narrator wrote down."""
    return [choose(document.forms(person), document.language) for person in range(len(document.people))]


def share(documents: Sequence[Told], lists: Sequence[Sequence[str]], find: Any, show: int) -> float:
    """Per cent of the surname mentions that are covered whole."""
    total = hit = 0
    for document, names in zip(documents, lists, strict=True):
        covered = _covered(document, find(document, names))
        for person, spans in enumerate(document.people):
            for start, end in spans:
                total += 1
                whole = all(at in covered for at in range(start, end) if document.text[at].isalnum())
                hit += whole
                if not whole and show > 0:
                    context = document.text[max(0, start - 40) : end + 30].replace("\n", " ")
                    print(f"  {names[person]} -> {document.text[start:end]}: {context}", file=sys.stderr)
    return round(100 * hit / total, 2)


def false(documents: Sequence[Told], choose: Choose, show: int) -> float:
    """Words in a thousand that somebody else's list conceals, and nothing else would."""
    words = wrong = 0
    for number, document in enumerate(documents):
        own = {key for form in _all_forms(document) for key in facts(form, document.language).keys}
        others = [name for step in (1, 2) for name in listed(documents[(number + step) % len(documents)], choose)]
        foreign = [
            name
            for name in others
            if not any(alike(key, one, 4) for key in facts(name, document.language).keys for one in own)
        ]
        named = {at for spans in document.people for start, end in spans for at in range(start, end)}
        covered = _covered(document, by_list(document, foreign)) - named
        for match in WORD.finditer(document.text):
            words += 1
            if match.start() in covered:
                wrong += 1
                if show > 0:
                    context = document.text[max(0, match.start() - 40) : match.end() + 30].replace("\n", " ")
                    print(f"  false: {match.group()}: {context}", file=sys.stderr)
    return round(1000 * wrong / words, 2)


def _all_forms(document: Told) -> Iterator[str]:
    for person in range(len(document.people)):
        yield from document.forms(person)


def _covered(document: Told, mentions: Sequence[Any]) -> set[int]:
    return {at for one in mentions for at in range(one.start, one.end) if one.label in set(Label)}


def by_list(document: Told, names: Sequence[str]) -> list[Any]:
    """What the list alone finds."""
    return list(protected_names(Document([Passage(document.text, document.language)], names)))


def by_all(detector: Detector) -> Any:
    """What all finders and the list conceal together."""

    def find(document: Told, names: Sequence[str]) -> list[Any]:
        found = detector.find([Passage(document.text, document.language)], names)
        return [one for one in found if one.why != "public-figure"]

    return find


def measured(everything: bool, show: int) -> dict[str, Any]:
    """All figures; ``everything`` adds the large sets, by the list alone."""
    detector = Detector(PublicFigures.load(shipped("public_figures.toml")))
    found: dict[str, Any] = {"bench": "protected list", "unit": "% found; false in 1,000 words"}
    sets = [("interviews_handmade", language) for language in ("ru", "en", "uk")]
    large = [("factrueval", "ru"), ("taiga", "ru"), ("uk_parlamint", "uk"), ("en_gum", "en")] if everything else []
    for name, language in (*sets, *large):
        clean = told(name, language)
        for kind in KINDS:
            documents = told(name + kind, language)
            for how, choose in CHOICES.items():
                if (how != "first" and name not in dict(sets)) or (language == "en" and how not in ("first", "drawn")):
                    continue
                names = [listed(document, choose) for document in clean]
                label = f"{name}{kind} {language}, {how}"
                _says(label, show)
                found[f"{label}, alone"] = share(documents, names, by_list, show)
                if name in dict(sets):
                    found[label] = share(documents, names, by_all(detector), 0)
            _says(f"{name}{kind} {language}, false", show)
            found[f"{name}{kind} {language}, false"] = false(documents, first, show)
    return found


def _says(label: str, show: int) -> None:
    if show:
        print(label, file=sys.stderr)


def main() -> None:
    """Prints the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--all", action="store_true", help="the large sets too")
    options.add_argument("--show", type=int, default=0, help="what is missed or wrong, on stderr")
    given = options.parse_args()
    print(json.dumps(measured(given.all, given.show), ensure_ascii=False))


if __name__ == "__main__":
    main()
