"""The neural tagger of persons, places and organisations (Slovnet's weights over Navec's vectors, Russian).

Both lie inside the natasha package, whose code is never imported: it would load pymorphy2. Nor is slovnet's: it pads
sentences and copies windows, at a tenth of the speed, and tells its decision only, where the finders need how sure it
was of each word and what it saw (https://github.com/natasha/slovnet, MIT).
"""

from __future__ import annotations

import gzip
import json
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import Any

import numpy as np

from transcripts.names.shapes import shape
from transcripts.names.vectors import Floats, Vectors, member, natasha_data, vectors

TAGS = ("PER", "LOC", "ORG")
_MODEL = "model/slovnet_ner_news_v1.tar"
SEEN = 64  # figures in what the network sees in a word
_ROWS = 2048  # tokens in one multiplication


@dataclass(frozen=True, slots=True)
class Reading:
    """What the network makes of the n words of a piece.

    ``tags``: "PER", "LOC", "ORG" or "" of each; ``person``: n x 2, how likely the word begins, how likely it goes on
    with the name of a person, 0 to 1; ``seen``: n x SEEN, its last layer.
    """

    tags: tuple[str, ...]
    person: Floats
    seen: Floats


def read(pieces: Sequence[Sequence[str]]) -> list[Reading]:
    """A reading of each piece: words of about a sentence, none without words."""
    if not pieces:
        return []
    network = _network()
    order = sorted(range(len(pieces)), key=lambda n: len(pieces[n]))
    found: dict[int, Reading] = {}
    for batch in _batches(order, pieces):
        seen = network.seen([pieces[n] for n in batch])
        likely = network.likely([network.scores(one) for one in seen])
        found |= {n: _reading(network, one, how) for n, one, how in zip(batch, seen, likely, strict=True)}
    return [found[n] for n in range(len(pieces))]


def _batches(order: Sequence[int], pieces: Sequence[Sequence[str]]) -> Iterator[list[int]]:
    """Pieces of about one length together, _ROWS words at the most."""
    batch: list[int] = []
    for n in order:
        if batch and (len(batch) + 1) * len(pieces[n]) > _ROWS:
            yield batch
            batch = []
        batch.append(n)
    if batch:
        yield batch


def _reading(network: _Network, seen: Floats, likely: Floats) -> Reading:
    kinds = np.stack([likely[:, network.tag_ids[tag]].sum(axis=1) for tag in ("", *TAGS)])
    return Reading(tuple(("", *TAGS)[n] for n in kinds.argmax(axis=0)), likely[:, network.tag_ids["PER"]], seen)


class _Network:
    """Three convolutions over the vectors of three neighbouring words, and a linear-chain CRF over their scores."""

    def __init__(self, arrays: Sequence[Floats], vocabularies: dict[str, list[str]], words: Vectors) -> None:
        self._words = words
        self._shapes = {name: n for n, name in enumerate(vocabularies["shape"])}
        tags = vocabularies["tag"]
        self.tag_ids = {tag: [tags.index(f"B-{tag}"), tags.index(f"I-{tag}")] for tag in TAGS}
        self.tag_ids[""] = [tags.index("O")]
        self._shape_vectors = arrays[0]
        self._layers = [_Layer(arrays[n : n + 6]) for n in (1, 7, 13)]
        self._weights, self._bias, self._transitions = arrays[19:22]

    def seen(self, pieces: Sequence[Sequence[str]]) -> list[Floats]:
        """The last layer for each word of each piece. All pieces lie in one row, with an empty word between them."""
        words = [word for piece in pieces for word in (*piece, "")]
        gaps = np.array([not word for word in words])
        row = self._described(words)
        for layer in self._layers:
            row[gaps] = 0
            row = layer(row)
        starts = [0, *accumulate(len(piece) + 1 for piece in pieces)]
        return [row[start : start + len(piece)] for start, piece in zip(starts, pieces, strict=False)]

    def scores(self, seen: Floats) -> Floats:
        """How well each tag fits each word alone."""
        fits: Floats = seen @ self._weights + self._bias
        return fits

    def likely(self, scores: Sequence[Floats]) -> list[Floats]:
        """How likely each tag is for each word (forward-backward), all pieces at once, the shorter ones filled up."""
        longest = max(map(len, scores))
        forward = np.zeros((longest, len(scores), len(self._transitions)), np.float32)
        for n, one in enumerate(scores):
            forward[: len(one), n] = one
        backward = np.zeros_like(forward)
        inside = np.arange(longest)[:, None] < np.array([len(one) for one in scores])
        for at in range(longest - 2, -1, -1):
            ahead = forward[at + 1] + backward[at + 1]
            backward[at] = np.where(inside[at + 1][:, None], _log_sum(self._transitions[None] + ahead[:, None], 2), 0)
        for at in range(1, longest):
            forward[at] += _log_sum(forward[at - 1][:, :, None] + self._transitions[None], 1)
        total = forward + backward
        total = np.exp(total - total.max(axis=2, keepdims=True))
        total /= total.sum(axis=2, keepdims=True)
        return [total[: len(one), n] for n, one in enumerate(scores)]

    def _described(self, words: Sequence[str]) -> Floats:
        spelled = self._words.of([word.lower() for word in words])
        return np.concatenate([spelled, self._shape_vectors[[self._shapes[shape(word)] for word in words]]], axis=1)


class _Layer:
    """A convolution over three words, its negative results cut off, and the normalisation learnt for it."""

    def __init__(self, arrays: Sequence[Floats]) -> None:
        weight, self._bias, scale, shift, mean, deviation = arrays
        self._before, self._here, self._after = (np.ascontiguousarray(weight[:, :, n].T) for n in range(3))
        self._scale = scale / deviation
        self._shift = shift - mean * self._scale

    def __call__(self, row: Floats) -> Floats:
        out = row @ self._here
        out[1:] += row[:-1] @ self._before
        out[:-1] += row[1:] @ self._after
        out += self._bias
        np.maximum(out, 0, out=out)
        out *= self._scale
        out += self._shift
        return out


def _log_sum(terms: Floats, axis: int) -> Floats:
    top = terms.max(axis=axis, keepdims=True)
    total: Floats = np.log(np.exp(terms - top).sum(axis=axis)) + top.squeeze(axis)
    return total


@cache
def _network() -> _Network:
    with tarfile.open(natasha_data() / _MODEL) as model:
        made = json.load(member(model, "model.json"))
        shapes = dict(_arrays(made))
        arrays = [
            np.frombuffer(member(model, f"arrays/{n}.bin").read(), np.float32).reshape(form)
            for n, form in sorted(shapes.items())
        ]
    vocabularies = {name: _vocabulary(name) for name in ("shape", "tag")}
    return _Network(arrays, vocabularies, vectors())


def _vocabulary(name: str) -> list[str]:
    with tarfile.open(natasha_data() / _MODEL) as model:
        return gzip.decompress(member(model, f"vocabs/{name}.gz").read()).decode().splitlines()


def _arrays(made: Any) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Number and shape of every array of the model, wherever it is used."""
    if not isinstance(made, (dict, list)):
        return
    if isinstance(made, dict) and isinstance(made.get("array"), int):
        yield made["array"], tuple(made["shape"])
    for part in made.values() if isinstance(made, dict) else made:
        yield from _arrays(part)
