"""Labelled texts: as they are read, as a recognizer would write them, and with other people's surnames."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

IDENTIFIERS = frozenset({"phone", "email", "handle", "document", "address"})


@dataclass(frozen=True, slots=True)
class Span:
    """Code points ``start`` to ``end`` (exclusive); ``label`` as in the sets."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Sample:
    """A text, its language and what is named in it, in order."""

    id: str
    language: str
    text: str
    spans: tuple[Span, ...]


def read(path: Path) -> list[Sample]:
    """The samples of a set: lines of JSON with id, lang, text and spans."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [_sample(json.loads(line)) for line in lines if line.strip()]


def rewritten(sample: Sample, pieces: Iterable[tuple[int, int, str]]) -> Sample:
    """The sample with parts of its text replaced: (start, end, new text), in order. The spans move along."""
    text = ""
    at = 0
    places = list(range(len(sample.text) + 1))
    for start, end, new in pieces:
        text += sample.text[at:start]
        places[at : start + 1] = range(len(text) - (start - at), len(text) + 1)
        for n in range(start, end):
            places[n] = len(text) + min(n - start, len(new))
        text += new
        at = end
    places[at:] = range(len(text), len(text) + len(sample.text) - at + 1)
    text += sample.text[at:]
    spans = (replace(one, start=places[one.start], end=places[one.end]) for one in sample.spans)
    return replace(sample, text=text, spans=tuple(one for one in spans if one.end > one.start))


def spoken(sample: Sample) -> Sample:
    """In small letters and without punctuation, as some recognizers write; identifiers keep theirs."""
    return rewritten(sample, _spoken(sample))


def _spoken(sample: Sample) -> Iterator[tuple[int, int, str]]:
    kept = {n for span in sample.spans if span.label in IDENTIFIERS for n in range(span.start, span.end)}
    text = f" {sample.text} "
    blank = True  # whether the text written so far ends with a space
    for n, char in enumerate(sample.text):
        joins = text[n].isalnum() and text[n + 2].isalnum()
        if char.isalnum() or n in kept or (char in "-'’ʼ" and joins):
            new = char.lower()[:1]
        else:
            new = " " if (char.isspace() or joins) and not blank else ""
        blank = new == " " or (not new and blank)
        if new != char:
            yield n, n + 1, new


def _sample(found: dict[str, object]) -> Sample:
    spans = found["spans"]
    assert isinstance(spans, list)
    ordered = sorted((Span(one["start"], one["end"], one["label"]) for one in spans), key=lambda one: one.start)
    return Sample(str(found["id"]), str(found["lang"]), str(found["text"]), tuple(ordered))
