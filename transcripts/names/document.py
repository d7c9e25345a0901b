"""Passages cut into tokens, with everything the finders ask about a token worked out once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate

from transcripts.names import ner
from transcripts.names.lexicon import LETTER, NO_WORD, Facts, Words, facts, word_lists
from transcripts.names.marks import MARK
from transcripts.names.mention import Label, Mention, Passage

_TOKEN = re.compile(MARK.pattern + r"|[^\W\d_]+(?:[-‑'’ʼ][^\W\d_]+)*|\d+|[^\w\s]|_")
_SENTENCE_ENDS = frozenset(".!?…")
_OPENERS = frozenset('.!?…«“"—–-:(„')
_PIECE = 60  # tokens the tagger sees at once
# A text is lower-case where fewer of its letters than this are capitals. Whisper changes its habit in mid-recording,
# hence a window: this many pieces on each side.
_CAPITALS = 0.006
_WINDOW = 2
_COMMON = 4.0  # Zipf
_HOPS = 10  # tokens of hesitation between a first name and a surname

Readings = Mapping[int, tuple[ner.Reading, int]]  # by token: the reading of its piece, and its place in there


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or sign. ``tag`` is "PER", "LOC", "ORG" or "". ``cased``: capitals mean something here."""

    text: str = field(repr=False)
    passage: int
    start: int
    end: int
    facts: Facts = field(repr=False)
    cased: bool
    tag: str = ""

    @property
    def lower(self) -> str:
        return self.text.lower()

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()


class Document:
    """The tokens of several passages in one row. ``protected`` is the narrator's list, as it was written."""

    def __init__(self, passages: Sequence[Passage], protected: Sequence[str] = ()) -> None:
        self.passages = tuple(passages)
        self.protected = tuple(protected)
        self.tokens, self.readings = _tokens(self.passages)

    @cached_property
    def names(self) -> tuple[int, ...]:
        """Indexes of the words that could be a name: three letters or more, no mark of something withheld."""
        return tuple(n for n, token in enumerate(self.tokens) if token.facts is not NO_WORD and len(token.text) > 2)

    @cached_property
    def lower_words(self) -> frozenset[str]:
        """Words that stand without a capital where capitals mean something."""
        return frozenset(token.text for token in self.tokens if token.cased and token.text.islower())

    def facts(self, at: int) -> Facts:
        """What is known of a token; of nothing beyond the edges."""
        return self.tokens[at].facts if 0 <= at < len(self.tokens) else NO_WORD

    def text(self, at: int) -> str:
        """A token's letters in lower case; empty beyond the edges."""
        return self.tokens[at].lower if 0 <= at < len(self.tokens) else ""

    def words(self, at: int) -> Words:
        """The lists of the language of a token's passage."""
        return word_lists(self.passages[self.tokens[at].passage].language)

    def starts_sentence(self, at: int) -> bool:
        """Whether a capital here proves nothing."""
        token = self.tokens[at]
        before = self.tokens[at - 1] if at else None
        return before is None or before.text in _OPENERS or before.passage != token.passage

    def before_hesitation(self, at: int) -> int:
        """The token before this one, fillers, dots and commas skipped; -1 if there is none."""
        fillers = self.words(at).fillers
        first = at - 1
        for n in range(first, max(-1, first - _HOPS), -1):
            ends = self.tokens[n].text == "." and "." not in (self.text(n - 1), self.text(n + 1))
            if ends or (self.tokens[n].text not in ".…-–—," and self.tokens[n].lower not in fillers):
                return n
        return -1

    def is_first_name(self, at: int) -> bool:
        return self.facts(at).first and (not self.tokens[at].cased or self.tokens[at].capital)

    def agrees(self, at: int, before: int) -> bool:
        """Whether an ordinary word that is also a surname stands in the case of the name or title before it."""
        known = self.facts(at)
        return known.listed and not known.title and bool(known.cases & self.facts(before).cases)

    def is_initial(self, at: int) -> bool:
        """Whether a capital with a full stop after it stands here."""
        letter = self.tokens[at].text if 0 <= at < len(self.tokens) else ""
        return len(letter) == 1 and letter.isupper() and self.text(at + 1) == "."

    def is_person(self, at: int) -> bool:
        """Whether the tagger calls a word a person and it is written like a name."""
        token = self.tokens[at] if 0 <= at < len(self.tokens) else None
        return token is not None and token.tag == "PER" and (token.capital or not token.cased) and token.text.isalpha()

    def is_name_like(self, at: int) -> bool:
        """Whether a capitalised word that is no verb or the like stands here."""
        known = self.facts(at)
        return known is not NO_WORD and self.tokens[at].capital and not known.function and not known.place

    def first_name_near(self, at: int) -> str | None:
        """The first name that stands with the surname at a token, in lower case."""
        before = at - 1
        if self.facts(before).likely_patronymic:
            before -= 1
        for n in (before, at + 1, at + 2 if self.text(at + 1) == "," else -1):
            if n >= 0 and n < len(self.tokens) and self.is_first_name(n):
                return self.tokens[n].lower
        return None

    def mention(self, at: int, why: str, sureness: float, label: Label = Label.SURNAME) -> Mention:
        """A mention that is one token."""
        token = self.tokens[at]
        keys = token.facts.keys or ("",)
        patronymic = label is Label.PATRONYMIC
        return Mention(
            token.passage,
            token.start,
            token.end,
            label,
            f"patronymic:{keys[-1]}" if patronymic else keys[0],
            why,
            sureness,
            self.first_name_near(at),
        )


def _tokens(passages: Sequence[Passage]) -> tuple[tuple[Token, ...], tuple[Readings, Readings]]:
    """All tokens with facts, case regime and tags, and what the tagger read."""
    raw = [
        (number, match.group(), match.start(), match.end())
        for number, passage in enumerate(passages)
        for match in _TOKEN.finditer(passage.text)
    ]
    pieces = list(_pieces(raw))
    cased = _case_regimes(raw, pieces)
    tokens: list[Token] = []
    for piece, is_cased in zip(pieces, cased, strict=True):
        for number, text, start, end in raw[piece.start : piece.stop]:
            found = NO_WORD if MARK.match(text) else facts(text, passages[number].language)
            tokens.append(Token(text, number, start, end, found, is_cased))
    return _tagged(tokens, pieces, passages)


def _pieces(raw: Sequence[tuple[int, str, int, int]]) -> Iterator[range]:
    """Token ranges that end with a sentence, a passage or at the tagger's limit."""
    start = 0
    for n, (number, text, _, _) in enumerate(raw):
        last = n + 1 == len(raw) or raw[n + 1][0] != number
        size = n + 1 - start
        if last or size >= _PIECE or (text in _SENTENCE_ENDS and size > 3):
            yield range(start, n + 1)
            start = n + 1


def _case_regimes(raw: Sequence[tuple[int, str, int, int]], pieces: Sequence[range]) -> list[bool]:
    """For each piece whether the text around it uses capitals."""
    letters = [sum(map(len, (raw[n][1] for n in piece if LETTER.match(raw[n][1])))) for piece in pieces]
    capitals = [sum(char.isupper() for n in piece for char in raw[n][1]) for piece in pieces]
    all_letters, all_capitals = ([0, *accumulate(counts)] for counts in (letters, capitals))
    regimes = []
    for n in range(len(pieces)):
        low, high = max(0, n - _WINDOW), min(len(pieces), n + _WINDOW + 1)
        around = all_letters[high] - all_letters[low]
        regimes.append(all_capitals[high] - all_capitals[low] >= _CAPITALS * around if around else True)
    return regimes


def _tagged(
    tokens: list[Token], pieces: Sequence[range], passages: Sequence[Passage]
) -> tuple[tuple[Token, ...], tuple[Readings, Readings]]:
    """The tokens with the tags of the Russian tagger; other languages stay without."""
    russian = [piece for piece in pieces if _is_russian(tokens, piece, passages)]
    lower = [piece for piece in russian if not tokens[piece.start].cased]
    first = _read(russian, [[_truecased(tokens[n]) for n in piece] for piece in russian])
    second = _read(lower, [[_capitalised(tokens[n]) for n in piece] for piece in lower])
    tagged = tuple(
        Token(one.text, one.passage, one.start, one.end, one.facts, one.cased, first[n][0].tags[first[n][1]])
        if n in first
        else one
        for n, one in enumerate(tokens)
    )
    return tagged, (first, second)


def _read(pieces: Sequence[range], texts: Sequence[Sequence[str]]) -> Readings:
    readings = ner.read(texts)
    return {n: (reading, n - piece.start) for piece, reading in zip(pieces, readings, strict=True) for n in piece}


def _is_russian(tokens: Sequence[Token], piece: range, passages: Sequence[Passage]) -> bool:
    language = passages[tokens[piece.start].passage].language
    return language not in ("uk", "en")


def _truecased(token: Token) -> str:
    """How the word would be written in edited text, which is all that the tagger has seen."""
    known = token.facts
    if token.cased or known is NO_WORD or not token.text[0].islower():
        return token.text
    name = known.likely_surname or known.likely_patronymic or known.likely_place
    rare_name = known.surname and not known.ordinary
    unknown_name = not known.known and known.surname_like
    name = name and (known.zipf < _COMMON or not known.ordinary)  # “мороз” is the weather more often than a person
    is_name = known.first or name or rare_name or unknown_name
    return token.text[0].upper() + token.text[1:] if is_name or (known.latin and known.zipf < 2) else token.text


def _capitalised(token: Token) -> str:
    """With a capital for every word that could be a name at all."""
    known = token.facts
    name = known.first or known.surname or known.patronymic or known.place or not known.known
    return token.text.title() if name and known is not NO_WORD and not known.function else token.text
