"""What the tests of speech share: the demo's sound and words, counting errors, checkpoints in a file."""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from transcripts.shipped import shipped
from transcripts.sound import CanonicalSound, Limits, canonicalize


@cache
def demo_sound(name: str) -> npt.NDArray[np.int16]:
    """A demo interview's samples, decoded as the archive does."""
    canonical = io.BytesIO()
    with shipped(f"demo/{name}.opus").open("rb") as source:
        canonicalize(source, canonical, Limits(), lambda done, total: None)
    return np.concatenate(list(CanonicalSound(canonical).blocks()))


def demo_words(name: str) -> list[tuple[str, float]]:
    """What is really said in it: words without case and punctuation, and the second each begins."""
    turns = json.loads(shipped(f"demo/{name}.json").read_text(encoding="utf-8"))
    return [(word, said["start"]) for turn in turns for said in turn["words"] for word in plain(said["w"])]


def plain(text: str) -> list[str]:
    """Words without case and punctuation."""
    return re.findall(r"\w+", text.lower().replace("ё", "е"))


def errors(said: list[str], heard: list[str]) -> float:
    """Word error rate: Levenshtein's distance in words over the number of words said."""
    row = list(range(len(heard) + 1))
    for number, word in enumerate(said, start=1):
        diagonal, row[0] = row[0], number
        for at, other in enumerate(heard, start=1):
            diagonal, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, diagonal + (word != other))
    return row[-1] / len(said)


class FileCheckpoints:
    """One JSON line per window, on the disk before the next window is begun. A torn last line is cut off."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def done(self, plan: str) -> Mapping[int, Mapping[str, Any]]:
        if not self.path.exists():
            return {}
        whole = self.path.read_bytes().rpartition(b"\n")
        self.path.write_bytes(whole[0] + whole[1])
        kept = [json.loads(line) for line in whole[0].splitlines()]
        return {one["index"]: one["record"] for one in kept if one["plan"] == plan}

    def add(self, plan: str, index: int, record: Mapping[str, Any]) -> None:
        with self.path.open("a", encoding="utf-8") as out:
            out.write(json.dumps({"plan": plan, "index": index, "record": record}) + "\n")
            out.flush()
            os.fsync(out.fileno())
