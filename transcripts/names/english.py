"""Names in Latin letters: runs of words that may be a name, and a list of rules that say which of them is a surname.

A run is read from the text once; each rule looks at one kind of evidence. RULES is the list; a new rule is one more.
First names are left: only what follows them, or stands for a person without one, is a mention.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from transcripts.names.document import Document
from transcripts.names.lexicon import Facts
from transcripts.names.lists import phrases
from transcripts.names.mention import Mention

_HESITATIONS = frozenset({"uh", "um", "er", "erm", "uhm"})
_ABBREVIATIONS = "mr mrs ms dr prof sen rep gov gen col lt sgt capt maj rev hon fr"
_RARE = 2.0  # Zipf: “reznik” 1.7, “krumbholz” 0
_UNCOMMON = 3.4
_WORD = 4.2  # what no list of surnames has and is more frequent is a word: “Image”, not “Pelosi”
_SELDOM = 4.0  # excess of uses from which a word in lower-case text is no surname: “chase” 3.1, “ice” 4.8
_ARTICLES = ("a", "an", "the")
_DETERMINERS = (*_ARTICLES, "my", "your", "his", "her", "our", "their", "this", "that", "any", "no", "some", "every")
_INFLECTED = re.compile("(?:ed|ing|ly|ness|ment|tion|able|ous|ful|less|ism|ists?|ity|al|ive)$")
_ENUMERATION = 12  # tokens
_PREFIXED = re.compile("(?:[dl]['’]|(?:al|el|ad|as)-)[A-Z]")  # “d'Ettorre”, “al-Masri”
_WRITTEN = re.compile(  # “McDonald”, “Kara-Murza's”, not “YouTube”
    r"(?:Mc|Mac|De|La|Le|Fitz|Van|[DO]['’]|[dl]['’]|al-)?[A-Z][^\WA-Z\d_]+(?:[-‑][A-Z]?[^\WA-Z\d_]+)*(?:['’]s?)?$"
)
_EASTERN = re.compile("[A-Z][a-z]+-[a-z]+$")  # “Pik-wan”


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


Rule = Callable[[Document, Run], Iterable[Mention]]


def english_names(document: Document) -> Iterator[Mention]:
    """What the rules say of every run."""
    found = list(runs(document))
    given = _given_here(document, found)
    for run in found:
        alone = len(run.words) == 1 and document.tokens[run.last].lower in given
        for rule in FULL_NAMES if alone else RULES:
            yield from rule(document, run)


def runs(document: Document) -> Iterator[Run]:
    """Every run, in order."""
    row: list[int] = []
    for at in range(len(document.tokens)):
        if row and _breaks(document, row[-1], at):
            yield from _closed(document, row)
            row = []
        if _continues(document, at, row):
            row.append(at)
            if _is_possessive(document, at):
                yield from _closed(document, row)
                row = []
        elif row:
            yield from _closed(document, row)
            row = []
    yield from _closed(document, row)


def after_first_name(document: Document, run: Run) -> Iterator[Mention]:
    """“Darnell Johnson”, “Mary Ann Smith”, “Pavel van der Berg”."""
    first = next((n for n, at in enumerate(run.words) if _is_given(document, at)), None)
    if first is None or first + 1 == len(run.words):
        return
    for at in run.words[first + 1 : -1]:
        if not document.facts(at).first and not document.facts(at).ordinary:
            yield document.mention(at, "after-first-name", 0.45)
    yield document.mention(run.last, "after-first-name", 0.5)


def after_title(document: Document, run: Run) -> Iterator[Mention]:
    """“Mr. Sokol”, “Professor Cres Eastman”; “Uncle Misha” is a first name."""
    led = _title_before(document, run.start)
    if not (led.title or led.public_title):
        return
    known = document.facts(run.last)
    if len(run.words) == 1 and known.first and (led.kin or not known.listed):
        return
    if known.ordinary and not known.listed and (led.public_title or document.tokens[run.last].cased):
        return
    yield document.mention(run.last, "after-title", 0.6)


def pairs(document: Document, run: Run) -> Iterator[Mention]:
    """“Breonna Taylor”, “Darnell Krumbholz”: a first name that no list has."""
    if len(run.words) < 2 or run.house:
        return
    before, known = document.facts(run.words[-2]), document.facts(run.last)
    if before.ordinary or before.title:
        return
    strange = known.zipf < _UNCOMMON and before.zipf < _UNCOMMON and not known.first
    listed = known.listed and before.zipf < _UNCOMMON and not known.ordinary
    if known.likely_surname or listed:
        yield document.mention(run.last, "english-pair", 0.45)
    elif strange:
        yield document.mention(run.last, "english-pair", 0.4)


def surnames(document: Document, run: Run) -> Iterator[Mention]:
    """What is a surname more often than anything else, and transliterated ones by ending: “Johnson”, “Dorofeeva”."""
    known = document.facts(run.last)
    if not known.likely_surname or known.ordinary or known.place or known.first or _is_lower_too(document, run.last):
        return
    yield document.mention(run.last, "english-surname", 0.4)


def eastern_names(document: Document, run: Run) -> Iterator[Mention]:
    """“Wong Pik-wan”: the surname comes first; both are hidden, for who knows the order."""
    if len(run.words) == 2 and _EASTERN.match(document.tokens[run.last].text):
        yield document.mention(run.words[0], "eastern-name", 0.4)
        yield document.mention(run.last, "eastern-name", 0.4)


def rare_words(document: Document, run: Run) -> Iterator[Mention]:
    """A capital in mid-sentence on a word that English hardly knows; names take no article."""
    known, token = document.facts(run.last), document.tokens[run.last]
    if known.first or known.place or not token.cased or not _WRITTEN.match(token.text):
        return
    if known.zipf >= (_UNCOMMON if known.listed else _RARE) or document.text(run.start - 1) in _ARTICLES:
        return
    if not document.starts_sentence(run.last) and not _is_lower_too(document, run.last):
        yield document.mention(run.last, "english-rare", 0.3)


def with_initials(document: Document, run: Run) -> Iterator[Mention]:
    """“J. R. Smith”, “F. Scott Fitzgerald”; “U.S. Senate” and “M.Sc.” are none."""
    if not run.initial or document.tokens[run.last - 1].end == document.tokens[run.last].start:
        return
    if not (document.facts(run.last).ordinary and _is_abbreviation(document, run)):
        yield document.mention(run.last, "with-initials", 0.5)


def announced(document: Document, run: Run) -> Iterator[Mention]:
    """“née Sokolova”, “her surname was Falk”, “a man named Rabindranath Tagore”."""
    at = run.start - 1
    while at > 0 and document.text(at) in ("is", "was", "of", ":", ",", "name"):
        at -= 1
    known = document.facts(run.last)
    strange = known.listed or known.zipf < _RARE or len(run.words) > 1
    if document.facts(at).name_word and strange and not known.ordinary and not known.first:
        yield document.mention(run.last, "announced", 0.5)


def turned_round(document: Document, run: Run) -> Iterator[Mention]:
    """“Pimenova, Olga”."""
    known, after = document.facts(run.last), run.end + 1
    if document.text(run.start - 1) in _ARTICLES or len(run.words) > 1:
        return
    if document.text(run.end) != "," or after >= len(document.tokens) or known.first or known.ordinary or known.place:
        return
    if _is_given(document, after) and (known.likely_surname or known.zipf < _RARE):
        yield document.mention(run.last, "before-first-name", 0.4)


def speakers(document: Document, run: Run) -> Iterator[Mention]:
    """“Krumbholz said”, and “KRUMBHOLZ:” before what is said."""
    known = document.facts(run.last)
    if known.first or known.ordinary or known.place or run.house or _is_lower_too(document, run.last):
        return
    beside = document.text(run.end), document.text(run.start - 1)
    verbs = document.words(run.last).speech
    if any(word in verbs for word in beside) or (document.text(run.end) == ":" and document.starts_sentence(run.start)):
        yield document.mention(run.last, "speaker", 0.4)


def families(document: Document, run: Run) -> Iterator[Mention]:
    """“the Shapiro family”, “the Dorofeevs”."""
    known, token = document.facts(run.last), document.tokens[run.last]
    if document.text(run.start - 1) != "the" or known.place or known.ordinary or known.first:
        return
    plural = token.lower.endswith("s") and not token.lower.endswith("ians") and known.likely_surname and token.cased
    if plural or document.text(run.end) in ("family", "brothers", "sisters", "couple", "household"):
        yield document.mention(run.last, "family", 0.45)


def enumerated(document: Document, run: Run) -> Iterator[Mention]:
    """“Senators Kelly, Hickenlooper and Luján”."""
    for at in range(run.start - 1, max(-1, run.start - _ENUMERATION), -1):
        token = document.tokens[at]
        if document.facts(at).title and token.lower.endswith("s") and at < run.start - 1:
            if not document.facts(run.last).ordinary:
                yield document.mention(run.last, "enumerated", 0.45)
            return
        if token.text not in (",", "and", "or", "&") and not (token.capital and token.facts.latin):
            return


# The rules for a name with something before it, and those for one that stands alone.
FULL_NAMES: tuple[Rule, ...] = (
    after_first_name,
    after_title,
    pairs,
    with_initials,
    eastern_names,
    families,
    enumerated,
)
RULES: tuple[Rule, ...] = (*FULL_NAMES, surnames, rare_words, announced, turned_round, speakers)


def _closed(document: Document, row: list[int]) -> Iterator[Run]:
    """The row as a run, if a word is in it; joints at its ends are left out, as are plain words: “Floor Speech”."""
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
    return plain and (known.zipf >= _WORD or _is_lower_too(document, at))


def _breaks(document: Document, before: int, at: int) -> bool:
    """Whether a new passage, line or way of writing begins: “Nelson Mandela NELSON MANDELA”."""
    one, other = document.tokens[before], document.tokens[at]
    if one.passage != other.passage or "\n" in document.passages[one.passage].text[one.end : other.start]:
        return True
    return len(one.text) > 2 and len(other.text) > 2 and other.text.isupper() and not one.text.isupper()


def _is_joint(document: Document, at: int) -> bool:
    """A particle or a hesitation."""
    token = document.tokens[at]
    return token.lower in _HESITATIONS or (not token.capital and token.lower in document.words(at).particles)


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
    """“Jack London”, “Nathan Law”, “Virginia Woolf”: what is a place, an office or a small word otherwise."""
    known, after = document.facts(at), document.tokens[at + 1] if at + 1 < len(document.tokens) else None
    if known.first and after is not None and after.capital and after.facts.listed and not after.facts.ordinary:
        return True
    strange = known.place and bool(row) and document.facts(row[-1]).zipf < _RARE
    led = len(row) == 1 and (strange or _is_given(document, row[-1]))
    return led and known.listed and not document.is_name_like(at + 1)


def _may_be_lower_name(document: Document, at: int, row: list[int]) -> bool:
    known = document.facts(at)
    if known.title or known.public_title or known.place or known.memorial:
        return False
    if len(row) > 1 and document.facts(row[-1]).likely_surname and not document.facts(row[-1]).first:
        return False  # the next name begins: “caleb wheeler branson anderson”
    if _is_clearly_given(document, at) or (known.likely_surname and not known.everyday):
        return True
    if row and _is_clearly_given(document, row[-1]):
        borne = known.listed and known.excess < _SELDOM
        return borne or (known.zipf < _UNCOMMON and not _INFLECTED.search(document.text(at)))
    led = _title_before(document, at)
    addressed = (led.title or led.public_title) and _is_address(document, at)
    return addressed and ((known.listed and known.zipf < 5) or known.zipf < _WORD)


def _is_address(document: Document, at: int) -> bool:
    """Whether a title in lower-case text is somebody's: “mr spock”, not “the doctor prescribed” or “oh boy”."""
    title = at - 1
    plain = document.facts(title).kin or (document.text(title).endswith("s") and len(document.text(title)) > 3)
    return not plain and document.text(title - 1) not in _DETERMINERS


def _is_given(document: Document, at: int) -> bool:
    """Whether a word is a first name, as it is written here."""
    known, token = document.facts(at), document.tokens[at]
    if not known.first:
        return False
    return (
        token.capital and not (known.ordinary and document.starts_sentence(at)) if token.cased else not known.ordinary
    )


def _is_clearly_given(document: Document, at: int) -> bool:
    return document.facts(at).first and not document.facts(at).ordinary


def _title_before(document: Document, at: int) -> Facts:
    """What stands before a name: “Mr.”, “officer”."""
    if document.text(at - 1) == "." and document.text(at - 2) in _ABBREVIATIONS.split():
        return document.facts(at - 2)
    return document.facts(at - 1)


def _is_possessive(document: Document, at: int) -> bool:
    return document.text(at).endswith(("'s", "’s"))


def _is_acronym(document: Document, at: int) -> bool:
    """Capitals alone, where the words around are not written so."""
    token = document.tokens[at]
    named = len(token.text) > 3 and (token.facts.first or token.facts.listed)
    if not token.text.isupper() or named or len(token.text) > 5:
        return False
    beside = [document.tokens[n].text for n in (at - 1, at + 1) if 0 <= n < len(document.tokens)]
    return not any(len(text) > 1 and text.isupper() for text in beside)


def _is_abbreviation(document: Document, run: Run) -> bool:
    """Whether the initials stand close together: “U.S.”, “D.C.”"""
    letters = document.tokens[run.start : run.last]
    return len(letters) > 2 and all(one.end == other.start for one, other in pairwise(letters))


def _is_phrase(document: Document, at: int) -> bool:
    """Whether a word is part of a place of several words: “Hong Kong”."""
    before, own, after = (document.text(n) for n in (at - 1, at, at + 1))
    return f"{before} {own}" in phrases() or f"{own} {after}" in phrases()


def _given_here(document: Document, found: Iterable[Run]) -> frozenset[str]:
    """First names that no list has: what stands before a surname and never after a first name."""
    before = {
        document.text(run.words[0]) for run in found if len(run.words) > 1 and document.facts(run.last).likely_surname
    }
    last = {document.text(run.last) for run in found if len(run.words) > 1 or document.facts(run.start - 1).title}
    return frozenset(before - last)


def _is_lower_too(document: Document, at: int) -> bool:
    """Whether the text also has the word without a capital, so that it is none of somebody's."""
    return document.tokens[at].cased and document.tokens[at].lower in document.lower_words
