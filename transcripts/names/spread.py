"""From the mentions that are sure to all others of the same name: equal keys, sound-alikes, the narrator's list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from transcripts.names.document import Document, Token
from transcripts.names.keys import Alikes
from transcripts.names.mention import STRONG, Label, Mention
from transcripts.names.misheard import spellings

Spreader = Callable[[Document, Sequence[Mention]], Iterable[Mention]]

_RARE = 3.7  # Zipf


def same_name(document: Document, found: Sequence[Mention]) -> Iterator[Mention]:
    """Every other form of a surname that was found with good reason."""
    strong = _strong(found)
    for at in document.names:
        token = document.tokens[at]
        key = next((key for key in token.facts.keys if key in strong), None)
        if key is not None and len(key) >= 3 and not _is_counted(document, at) and _stands_as_name(token, strong[key]):
            yield _as(document.mention(at, "same-name", 0.44), key)


def sounds_alike(document: Document, found: Sequence[Mention]) -> Iterator[Mention]:
    """A misspelt or misheard form: one edit away from a surname that was found, and no ordinary word."""
    strong = Alikes(key for key in _strong(found) if len(key) >= 5)
    for at in document.names:
        token, known = document.tokens[at], document.tokens[at].facts
        small = token.cased and not token.capital and (known.known or known.latin)
        if known.ordinary or known.function or known.first or small or _is_counted(document, at):
            continue
        heard = known.keys if known.known else (*known.keys, *sorted(spellings(token.lower)))  # “Оленичего”
        keys = strong.of(*heard) if not known.known or known.surname or known.zipf < 2 else []
        if keys:
            yield _as(document.mention(at, "sounds-alike", 0.43), keys[0])


def particles(document: Document, found: Sequence[Mention]) -> Iterator[Mention]:
    """“Ле” of “Ле Пен”, “бин” of “бин Ладен”."""
    surnames = {(one.passage, one.start): one for one in found if one.label is Label.SURNAME}
    for at in range(len(document.tokens) - 2, -1, -1):
        token, after = document.tokens[at], document.tokens[at + 1]
        surname = surnames.get((after.passage, after.start))
        first = token.facts.latin and document.is_first_name(at)  # “Ben Katz”
        if surname is not None and token.lower in document.words(at).particles and not first:
            one = replace(surname, passage=token.passage, start=token.start, end=token.end, why="particle")
            surnames[token.passage, token.start] = one  # “van der Berg”
            yield one


def initials(document: Document, found: Sequence[Mention]) -> Iterator[Mention]:
    """The initial of the patronymic in “Кобзарь Д. С.” and “А. С. Пушкин”; that of the first name stays."""
    surnames = {(one.passage, one.start): one for one in found if one.label is Label.SURNAME}
    for at, token in enumerate(document.tokens):
        surname = surnames.get((token.passage, token.start))
        if surname is None or not token.cased:
            continue
        for first, second in ((at + 1, at + 3), (at - 4, at - 2)):
            if document.is_initial(first) and document.is_initial(second):
                letter = document.tokens[second]
                yield replace(surname, start=letter.start, end=letter.end, label=Label.PATRONYMIC, why="initial")


def false_starts(document: Document, found: Sequence[Mention]) -> Iterator[Mention]:
    """“Хме... Хмельницкий”, “Mc- McCarthy”: what was begun before a surname that was found."""
    surnames = {(one.passage, one.start): one for one in found if one.label is Label.SURNAME}
    for at, token in enumerate(document.tokens):
        surname = surnames.get((token.passage, token.start))
        begun = document.before_hesitation(at) if surname is not None else -1
        if surname is None or begun < 0 or document.tokens[begun].passage != token.passage:
            continue
        part, known = document.tokens[begun], document.facts(begun)
        broken_off = begun < at - 1 or not known.everyday
        if (
            broken_off
            and 1 < len(part.text) < len(token.text)
            and token.lower.startswith(part.lower)
            and not known.first
        ):
            yield replace(surname, start=part.start, end=part.end, why="false-start")


GUESSES: tuple[Spreader, ...] = (same_name, sounds_alike)
PARTS: tuple[Spreader, ...] = (particles, initials, false_starts)


def _strong(found: Sequence[Mention]) -> Counter[str]:
    """How often each surname was found by strong evidence."""
    return Counter(one.key for one in found if one.label is Label.SURNAME and one.sureness >= STRONG)


def _stands_as_name(token: Token, seen: int) -> bool:
    """An ordinary word is the name only with a capital; in lower-case text if it is rare or was found twice."""
    known = token.facts
    if known.place and not known.surname and token.tag == "LOC":
        return False
    if not known.everyday and not (known.latin and token.cased):
        return True
    return token.capital if token.cased else (seen > 1 or known.zipf < _RARE) and not known.function


def _is_counted(document: Document, at: int) -> bool:
    """“not a baker”, in text without capitals."""
    return document.facts(at).latin and not document.tokens[at].cased and document.text(at - 1) in ("a", "an")


def _as(mention: Mention, key: str) -> Mention:
    return replace(mention, key=key)
