"""Word vectors, and what kind of word a Russian word is by the words it is used among.

The vectors are Navec's, of 250,000 forms in news (https://github.com/natasha/navec, MIT), inside the natasha package.
The table that reads kinds out of them is config/names/kinds.npy, made by ``python -m transcripts.names.training`` from
words that the dictionary has of one kind only, with no labelled text; it also tells of forms no dictionary has.
"""

from __future__ import annotations

import gzip
import tarfile
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from transcripts.shipped import shipped

FILE = "kinds.npy"
KINDS = ("surname", "first", "patronymic", "place", "house", "living", "thing", "adjective", "verb", "small")
_VECTORS = "emb/navec_news_v1_1B_250K_300d_100q.tar"
Floats = NDArray[np.float32]


class Vectors:
    """The vectors of all words, each of a hundred parts that come from 256 of a kind."""

    def __init__(self, words: Sequence[str], file: IO[bytes]) -> None:
        self._numbers = _Numbers(words)
        rows, _, parts, centroids = np.frombuffer(file.read(16), np.uint32).tolist()
        self._codes = np.frombuffer(file.read(rows * parts), np.uint8).reshape(rows, parts)
        self._centroids = np.frombuffer(file.read(), np.float32).reshape(parts, centroids, -1)
        self._parts = np.arange(parts)

    def of(self, words: Sequence[str]) -> Floats:
        """The vectors of lower-case words, n x 300; that of “unknown” for those that are."""
        codes = self._codes[self._numbers.of(words)]
        found: Floats = self._centroids[self._parts, codes].reshape(len(words), -1)
        return found

    def __contains__(self, word: str) -> bool:
        return self._numbers.of([word]).item() != self._numbers.unknown


class _Numbers:
    """The number of each word, by its hash: a dictionary of 250,000 would take 30 MB."""

    def __init__(self, words: Sequence[str]) -> None:
        hashes = np.fromiter(map(hash, words), np.int64, len(words))
        self._order = hashes.argsort().astype(np.int32)
        self._hashes = hashes[self._order]
        self.unknown = words.index("<unk>")

    def of(self, words: Sequence[str]) -> NDArray[np.int32]:
        """The numbers of the words; that of “unknown” for those that are."""
        hashes = np.fromiter(map(hash, words), np.int64, len(words))
        at = np.minimum(np.searchsorted(self._hashes, hashes), len(self._hashes) - 1)
        numbers: NDArray[np.int32] = np.where(self._hashes[at] == hashes, self._order[at], self.unknown)
        return numbers


def kinds(word: str) -> Floats | None:
    """How likely a lower-case word is each of KINDS, 0 to 1; None for a word without a vector."""
    table, word = _table(), word.replace("ё", "е")  # which news seldom write, and then in names
    if table is None or word not in vectors():
        return None
    scores = directions(vectors().of([word]))[0] @ table[:-1] + table[-1]
    likely = np.exp(scores - scores.max())
    shares: Floats = likely / likely.sum()
    return shares


def directions(found: Floats) -> Floats:
    """Vectors of length one; rare words have longer ones."""
    scaled: Floats = found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-6)
    return scaled


@cache
def vectors() -> Vectors:
    """Navec's vectors, read at first use."""
    with tarfile.open(natasha_data() / _VECTORS) as found:
        return Vectors(vocabulary(), member(found, "pq.bin"))


def vocabulary() -> Sequence[str]:
    """The words in the order of their vectors."""
    with tarfile.open(natasha_data() / _VECTORS) as found:
        packed = gzip.decompress(member(found, "vocab.bin").read())
    count = int.from_bytes(packed[:4], "little")
    return packed[4 + 4 * count :].decode().split("\n")  # after the count, how often each word was seen


@cache
def natasha_data() -> Path:
    """Where natasha keeps its models, vectors and lists; its code is not imported."""
    spec = find_spec("natasha")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("natasha")
    return Path(spec.submodule_search_locations[0]) / "data"


def member(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    """A file of an archive."""
    found = archive.extractfile(name)
    if found is None:
        raise FileNotFoundError(name)
    return found


@cache
def _table() -> Floats | None:
    """A column for each kind, the last row is what is added."""
    path = shipped("names") / FILE
    if not path.is_file():
        return None
    table: Floats = np.load(path)
    return table
