"""Words in a row that may be a name in Latin letters, cut out of a text: what the rules in english.py look at.

A run has no decision in it; it ends where a name must: at a line, a place, an office, a word that is only a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from transcripts.names.document import Document
from transcripts.names.lexicon import Facts
from transcripts.names.lists import phrases

_HESITATIONS = frozenset({"uh", "um", "er", "erm", "uhm"})
_ABBREVIATIONS = frozenset(re.findall(r"\w+", "mr mrs ms dr prof sen rep gov gen col lt sgt capt maj rev hon fr"))
# Frequencies (Zipf) below which a word without a list is a name rather than a word: a capital alone must be rarer
# (“reznik” 1.7, “obergruber” 0) than one beside a first name.
RARE = 2.7
UNCOMMON = 3.4
WORD = 4.2  # what no list of surnames has and is more frequent is a word: “Garden”, not “Reagan”
_SELDOM = 4.0  # excess of uses from which a word in lower-case text is no surname: “chase” 3.1, “ice” 4.8
ARTICLES = ("a", "an", "the")
_DETERMINERS = (*ARTICLES, "my", "your", "his", "her", "our", "their", "this", "that", "any", "no", "some", "every")
_INFLECTED = re.compile("(?:ed|ing|ly|ness|ment|tion|able|ous|ful|less|ism|ists?|ity|al|ive)$")
_MISTERS = ("mr", "mister", "mrs", "ms", "miss")
_COMMON = 5.5  # Zipf from which nobody is meant: “mr will”
_PREFIXED = re.compile("(?:[dl]['’]|(?:al|el|ad|as)-)[A-Z]")  # “d'Amico”, “al-Masri”


@dataclass(frozen=True, slots=True)
class Run:
    """Words in a row that may be a name, as indexes of tokens. ``start``, ``end``: with initials, exclusive.

    ``initial``: one stands before the last word. ``house``: an institution's or a street's word follows.
    """

    words: tuple[int, ...]
    start: int
    end: int
    initial: bool
    house: bool

    @property
    def last(self) -> int:
        return self.words[-1]


def runs(document: Document) -> Iterator[Run]:
    """Every run, in order."""
    row: list[int] = []
    for at in range(len(document.tokens)):
        if row and _breaks(document, row[-1], at):
            yield from _closed(document, row)
            row = []
        if _continues(document, at, row):
            row.append(at)
            if is_possessive(document, at):
                yield from _closed(document, row)
                row = []
        elif row:
            yield from _closed(document, row)
            row = []
    yield from _closed(document, row)


def _closed(document: Document, row: list[int]) -> Iterator[Run]:
    """The row as a run, if a word is in it; joints at its ends are left out, as are plain words: “Annual Report”."""
    words = [at for at in row if len(document.tokens[at].text) > 1 and not _is_joint(document, at)]
    while words and _is_word(document, words[-1]):
        words.pop()
    while words and _is_word(document, words[0]):
        words.pop(0)
    if not words:
        return
    start = words[0]
    while start - 1 in row and len(document.tokens[start - 1].text) == 1:
        start -= 1
    before, after = document.tokens[words[-1] - 1] if words[-1] > start else None, words[-1] + 1
    initial = before is not None and len(before.text) == 1
    house = document.facts(after).memorial and document.tokens[after].capital == document.tokens[words[-1]].capital
    yield Run(tuple(words), start, after, initial, house)


def _is_word(document: Document, at: int) -> bool:
    """Whether a word that may stand in a name is only a word: nobody in the census is called so."""
    known = document.facts(at)
    plain = known.ordinary and not known.listed and not known.first
    return plain and (known.zipf >= WORD or is_lower_too(document, at))


def _breaks(document: Document, before: int, at: int) -> bool:
    """Whether a new passage, line or way of writing begins: “Anna Brandt ANNA BRANDT”."""
    one, other = document.tokens[before], document.tokens[at]
    if one.passage != other.passage or "\n" in document.passages[one.passage].text[one.end : other.start]:
        return True
    return len(one.text) > 2 and len(other.text) > 2 and other.text.isupper() and not one.text.isupper()


def _is_joint(document: Document, at: int) -> bool:
    """A particle or a hesitation."""
    token = document.tokens[at]
    small = not token.capital and not (token.facts.first and not token.cased)  # “tom chase”
    return token.lower in _HESITATIONS or (small and token.lower in document.words(at).particles)


def _continues(document: Document, at: int, row: list[int]) -> bool:
    token = document.tokens[at]
    if len(token.text) == 1:
        return _is_initial(document, at, row)
    if not token.facts.latin:
        return False
    if row and _is_joint(document, at):
        return True
    return _may_be_cased_name(document, at, row) if token.cased else _may_be_lower_name(document, at, row)


def _is_initial(document: Document, at: int, row: list[int]) -> bool:
    """A single letter, or the full stop after one."""
    token = document.tokens[at]
    if token.text == ".":
        return bool(row) and len(document.tokens[row[-1]].text) == 1
    if not token.facts.latin:
        return False
    if not token.cased:
        return bool(row) and token.lower not in ("a", "i")
    return token.capital and (document.text(at + 1) == "." or (bool(row) and token.text not in ("I", "A")))


def _may_be_cased_name(document: Document, at: int, row: list[int]) -> bool:
    token, known = document.tokens[at], document.facts(at)
    if not (token.capital or _PREFIXED.match(token.text)) or _is_acronym(document, at) or _is_phrase(document, at):
        return False
    if known.memorial or known.title or known.public_title or known.place or (known.function and not known.first):
        return _is_name_for_once(document, at, row)
    return bool(row) or not document.starts_sentence(at) or not known.ordinary


def _is_name_for_once(document: Document, at: int, row: list[int]) -> bool:
    """“Jack London”, “Simon Law”, “Virginia Woolf”: what is a place, an office or a small word otherwise."""
    known, after = document.facts(at), document.tokens[at + 1] if at + 1 < len(document.tokens) else None
    if known.first and after is not None and after.capital and after.facts.listed and not after.facts.ordinary:
        return True
    strange = known.place and bool(row) and document.facts(row[-1]).zipf < RARE
    led = len(row) == 1 and (strange or _is_clearly_given(document, row[-1]))
    addressed = not row and not known.title and title_before(document, at).title  # “Mr. Young”
    return (
        (led or addressed)
        and known.listed
        and not (known.memorial and known.excess > _SELDOM)
        and not document.is_name_like(at + 1)
    )


def _may_be_lower_name(document: Document, at: int, row: list[int]) -> bool:
    known = document.facts(at)
    if document.text(at - 1) in _MISTERS and known.listed and known.zipf < _COMMON:
        return True
    if known.title or known.public_title or known.place or known.memorial or document.text(at - 1) in ("a", "an"):
        return False
    if len(row) > 1 and document.facts(row[-1]).likely_surname and not document.facts(row[-1]).first:
        return False  # the next name begins: “david wheeler zorblin anderson”
    if _is_clearly_given(document, at) or (known.likely_surname and not known.everyday):
        return True
    if row and _is_clearly_given(document, row[-1]):
        borne = known.listed and known.excess < _SELDOM
        return borne or (known.zipf < UNCOMMON and not _INFLECTED.search(document.text(at)))
    led = title_before(document, at)
    addressed = (led.title or led.public_title) and _is_address(document, at)
    return addressed and ((known.listed and known.zipf < 5) or known.zipf < WORD)


def _is_address(document: Document, at: int) -> bool:
    """Whether a title in lower-case text is somebody's: “mr quill”, not “the doctor prescribed” or “oh boy”."""
    title = at - 1
    plain = document.facts(title).kin or (document.text(title).endswith("s") and len(document.text(title)) > 3)
    return not plain and document.text(title - 1) not in _DETERMINERS


def is_given(document: Document, at: int) -> bool:
    """Whether a word is a first name, as it is written here."""
    known, token = document.facts(at), document.tokens[at]
    written = token.capital if token.cased else not known.ordinary
    return known.first and written and not (known.ordinary and document.starts_sentence(at))


def _is_clearly_given(document: Document, at: int) -> bool:
    return document.facts(at).first and not document.facts(at).ordinary


def title_before(document: Document, at: int) -> Facts:
    """What stands before a name: “Mr.”, “officer”."""
    if document.text(at - 1) == "." and document.text(at - 2) in _ABBREVIATIONS:
        return document.facts(at - 2)
    return document.facts(at - 1)


def is_possessive(document: Document, at: int) -> bool:
    """Whether a name would end here: “Anderson's”."""
    return document.text(at).endswith(("'s", "’s"))


def _is_acronym(document: Document, at: int) -> bool:
    """Capitals alone, where the words around are not written so."""
    token = document.tokens[at]
    named = len(token.text) > 3 and (token.facts.first or token.facts.listed)
    if not token.text.isupper() or named or len(token.text) > 5:
        return False
    beside = [document.tokens[n].text for n in (at - 1, at + 1) if 0 <= n < len(document.tokens)]
    return not any(len(text) > 1 and text.isupper() for text in beside)


def _is_phrase(document: Document, at: int) -> bool:
    """Whether a word is part of a place of several words: “Hong Kong”."""
    before, own, after = (document.text(n) for n in (at - 1, at, at + 1))
    return f"{before} {own}" in phrases() or f"{own} {after}" in phrases()


def is_lower_too(document: Document, at: int) -> bool:
    """Whether the text also has the word without a capital, so that the capital says nothing."""
    return document.tokens[at].cased and document.tokens[at].lower in document.lower_words
