"""The neural tagger of persons, places and organisations (Slovnet with Navec vectors, Russian), loaded at first use.

Its files come inside the natasha package; natasha itself is never imported, because that would load pymorphy2.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from navec import Navec
from slovnet import NER


@cache
def _model() -> Any:
    spec = find_spec("natasha")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("natasha")
    data = Path(spec.submodule_search_locations[0]) / "data"
    tagger = NER.load(str(data / "model" / "slovnet_ner_news_v1.tar"))
    return tagger.navec(Navec.load(str(data / "emb" / "navec_news_v1_1B_250K_300d_100q.tar"))).infer


def tags(pieces: Sequence[Sequence[str]]) -> list[list[str]]:
    """For each piece (words of at most about 60 tokens) "PER", "LOC", "ORG" or "" of every word."""
    infer = _model()
    found: list[list[str]] = [[] for _ in pieces]
    # Pieces of about one length share a batch: the encoder pads each batch to its longest.
    order = sorted((n for n, piece in enumerate(pieces) if piece), key=lambda n: len(pieces[n]))
    inputs = infer.encoder([list(pieces[n]) for n in order])
    for n, marks in zip(order, infer.decoder(infer.process(inputs)), strict=True):
        found[n] = [mark[2:] for mark in marks]
    return found
