"""Where the words of a query stand in a text that is shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archive.search.analysis import Placed, placed
from archive.search.query import Leaf, Phrase, Prefix, Query, Word


def highlights(query: Query, text: str, language: str) -> list[tuple[int, int]]:
    """The code points of every word that the query may have been answered by, in order; unwanted words are not."""
    words = list(placed(text, language))
    marked = {index for leaf in query.wanted() for index in _marked(leaf, words)}
    return [(words[index].token.start, words[index].token.end) for index in sorted(marked)]


def _marked(leaf: Leaf, words: Sequence[Placed]) -> Iterator[int]:
    if not isinstance(leaf, Phrase):
        yield from (index for index, word in enumerate(words) if _is(leaf, word))
        return
    length = len(leaf.words)
    for first in range(len(words) - length + 1):
        row = words[first : first + length]
        in_a_row = row[-1].position - row[0].position == length - 1
        if in_a_row and all(_is(part, word) for part, word in zip(leaf.words, row, strict=True)):
            yield from range(first, first + length)


def _is(leaf: Word | Prefix, word: Placed) -> bool:
    if isinstance(leaf, Prefix) and any(key.startswith(leaf.start) for key in word.keys):
        return True
    return not set(leaf.keys).isdisjoint(word.keys)
