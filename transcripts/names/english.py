"""Names in Latin letters: runs of words that may be a name, and a list of rules that say which of them is a surname.

A run is read from the text once; each rule looks at one kind of evidence. RULES is the list; a new rule is one more.
First names are left: only what follows them, or stands for a person without one, is a mention.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from transcripts.names.document import Document
from transcripts.names.lexicon import Facts, facts
from transcripts.names.mention import Label, Mention
from transcripts.names.runs import (
    ARTICLES,
    RARE,
    UNCOMMON,
    WORD,
    Run,
    is_given,
    is_lower_too,
    is_possessive,
    runs,
    title_before,
)

_WHERE = ("in", "near", "into", "across", "through", "outside", "inside", "around", "via", "on")
_ENUMERATION = 12  # tokens
_WRITTEN = re.compile(  # “McDonald”, “Kara-Murza's”, not “YouTube”
    r"(?:Mc|Mac|De|La|Le|Fitz|Van|[DO]['’]|[dl]['’]|al-)?[A-Z][^\WA-Z\d_]+(?:[-‑][A-Z]?[^\WA-Z\d_]+)*(?:['’]s?)?$"
)
_AS_IN = r"(?:,? (?:as in|as for|for|like) [^\W\d_]+)"
_ALOUD = re.compile(  # “S as in Sam, O as in Oscar, K, O, L”; “s o k o l”
    rf"(?<!\w)[a-z]{_AS_IN}(?:[,;.]? (?:and |then )?[a-z](?!\w){_AS_IN}?){{2,}}|(?<!\w)(?:[a-z] ){{4,}}[a-z](?!\w)",
    re.IGNORECASE,
)
_SPELLED_LETTER = re.compile(rf"(?<!\w)([a-z])(?!\w){_AS_IN}?", re.IGNORECASE)
_PREFIXED_NAME = re.compile("(?:Mc|Mac|Fitz|[OD]['’])[A-Z]")
_SLAVIC = re.compile(
    "(?:[oe]va?|[oe]ff|yna?|ina|[st]k(?:y|i|iy|ij|ii|aya|aia|a)|tsky|enko|ch?uk|yan|shvili|dze|[oe]vich|vych)$"
)
_EASTERN = re.compile("[A-Z][a-z]+-[a-z]+$")  # “Soo-bin”


Rule = Callable[[Document, Run], Iterable[Mention]]


def english_names(document: Document) -> Iterator[Mention]:
    """What the rules say of every run."""
    found = list(runs(document))
    no_surnames = _given_here(document, found) | _things_here(document, found)
    for run in found:
        alone = len(run.words) == 1 and document.text(run.last) in no_surnames
        for rule in FULL_NAMES if alone else RULES:
            yield from rule(document, run)


def spelled_aloud(document: Document) -> Iterator[Mention]:
    """“S as in Sam, O as in Oscar, …”, “s o k o l”: under the key of the surname they spell."""
    for number, passage in enumerate(document.passages):
        for match in _ALOUD.finditer(passage.text):
            name = "".join(_SPELLED_LETTER.findall(match.group())).lower()
            yield Mention(number, *match.span(), Label.SURNAME, facts(name, "en").keys[0], "spelled-out", 0.6)


def after_first_name(document: Document, run: Run) -> Iterator[Mention]:
    """“Darnell Johnson”, “Mary Ann Smith”, “Pavel van der Berg”."""
    first = next((n for n, at in enumerate(run.words) if is_given(document, at)), None)
    if first is None or first + 1 == len(run.words):
        return
    for at in run.words[first + 1 : -1]:
        if not document.facts(at).first and not document.facts(at).ordinary:
            yield document.mention(at, "after-first-name", 0.45)
    yield document.mention(run.last, "after-first-name", 0.5)


def after_title(document: Document, run: Run) -> Iterator[Mention]:
    """“Mr. Sokol”, “Professor Elvira Haddad”; “Uncle Misha” is a first name."""
    led = title_before(document, run.start)
    if not (led.title or led.public_title):
        return
    known = document.facts(run.last)
    if len(run.words) == 1 and known.first and (led.kin or not known.listed):
        return
    if known.ordinary and not known.listed and (led.public_title or document.tokens[run.last].cased):
        return
    yield document.mention(run.last, "after-title", 0.6)


def pairs(document: Document, run: Run) -> Iterator[Mention]:
    """“Zorblin Taylor”, “Darnell Obergruber”: a first name that no list has."""
    if len(run.words) < 2 or run.house:
        return
    before, known = document.facts(run.words[-2]), document.facts(run.last)
    if before.ordinary or before.title:
        return
    strange = known.zipf < UNCOMMON and before.zipf < UNCOMMON and not known.first
    short = len(document.tokens[run.last].text) == 2  # “Quillon Wu”
    listed = known.listed and before.zipf < UNCOMMON and (known.place or short or not known.ordinary)
    if known.likely_surname or listed:
        yield document.mention(run.last, "english-pair", 0.45)
    elif strange:
        yield document.mention(run.last, "english-pair", 0.4)


def surnames(document: Document, run: Run) -> Iterator[Mention]:
    """What is a surname more often than anything else, and transliterated ones by ending: “Johnson”, “Dorofeeva”.

    So is each word before another that ends like a Slavic name: “I told Smirnov Lebedeva had come” names two people.
    """
    for word in run.words:
        known = document.facts(word)
        if word != run.last and not _SLAVIC.search(document.tokens[word].text.lower()):
            continue  # a middle name is often somebody's surname: “Harper Lee Johnson”
        if known.likely_surname and not (known.ordinary or known.place or known.first or is_lower_too(document, word)):
            yield document.mention(word, "english-surname", 0.4)


def eastern_names(document: Document, run: Run) -> Iterator[Mention]:
    """“Lim Soo-bin”: the surname comes first; both are concealed, for who knows the order."""
    if len(run.words) == 2 and _EASTERN.match(document.tokens[run.last].text):
        yield document.mention(run.words[0], "eastern-name", 0.4)
        yield document.mention(run.last, "eastern-name", 0.4)


def rare_words(document: Document, run: Run) -> Iterator[Mention]:
    """A capital in mid-sentence on a word that English hardly knows; in Cyrillic text such words are brands."""
    known, token = document.facts(run.last), document.tokens[run.last]
    if known.first or known.place or not token.cased or not _WRITTEN.match(token.text):
        return
    opens = document.starts_sentence(run.last) and not _PREFIXED_NAME.match(token.text)
    brand = document.passages[token.passage].language in ("ru", "uk")
    if known.zipf < _strange_below(known) and not opens and not brand and not is_lower_too(document, run.last):
        yield document.mention(run.last, "english-rare", 0.3)


def with_initials(document: Document, run: Run) -> Iterator[Mention]:
    """“J. R. Smith”, “F. Scott Fitzgerald”; “U.S. Senate” and “M.Sc.” are none."""
    if not run.initial or document.tokens[run.last - 1].end == document.tokens[run.last].start:
        return
    if not (document.facts(run.last).ordinary and _is_abbreviation(document, run)):
        yield document.mention(run.last, "with-initials", 0.5)


def announced(document: Document, run: Run) -> Iterator[Mention]:
    """“née Sokolova”, “her surname was Falk”, “a man named Ardal Quintrell”."""
    at = run.start - 1
    while at > 0 and document.text(at) in ("is", "was", "of", ":", ",", "name"):
        at -= 1
    known = document.facts(run.last)
    strange = known.listed or known.zipf < RARE or len(run.words) > 1
    if document.facts(at).name_word and strange and not known.ordinary and not known.first:
        yield document.mention(run.last, "announced", 0.5)


def turned_round(document: Document, run: Run) -> Iterator[Mention]:
    """“Pimenova, Olga”."""
    known, after = document.facts(run.last), run.end + 1
    if document.text(run.start - 1) in ARTICLES or len(run.words) > 1:
        return
    if document.text(run.end) != "," or after >= len(document.tokens) or known.first or known.ordinary or known.place:
        return
    if is_given(document, after) and (known.likely_surname or known.zipf < RARE):
        yield document.mention(run.last, "before-first-name", 0.4)


def official_order(document: Document, run: Run) -> Iterator[Mention]:
    """“Pimenova Olga Sergeevna”, as papers have it."""
    known = document.facts(run.words[0])
    rest = [document.facts(at) for at in run.words[1:]]
    if rest and known.likely_surname and not known.first and all(one.first or one.likely_patronymic for one in rest):
        yield document.mention(run.words[0], "before-first-name", 0.4)


def speakers(document: Document, run: Run) -> Iterator[Mention]:
    """“Obergruber said”, and “OBERGRUBER:” before what is said."""
    known = document.facts(run.last)
    if known.first or known.ordinary or known.place or run.house or is_lower_too(document, run.last):
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
    """“Senators Kelly, Obergruber and Ruiz”."""
    for at in range(run.start - 1, max(-1, run.start - _ENUMERATION), -1):
        token = document.tokens[at]
        if document.facts(at).title and token.lower.endswith("s") and at < run.start - 1:
            if not document.facts(run.last).ordinary:
                yield document.mention(run.last, "enumerated", 0.45)
            return
        if token.text not in (",", "and", "or", "&") and not (token.capital and token.facts.latin):
            return


# The rules that hold for every run, and those that make a surname of a word by itself.
FULL_NAMES: tuple[Rule, ...] = (
    after_first_name,
    after_title,
    pairs,
    with_initials,
    eastern_names,
    official_order,
    families,
    enumerated,
)
RULES: tuple[Rule, ...] = (*FULL_NAMES, surnames, rare_words, announced, turned_round, speakers)


ENGLISH_FINDERS = (english_names, spelled_aloud)


def _is_abbreviation(document: Document, run: Run) -> bool:
    """Whether the initials stand close together: “U.S.”, “D.C.”"""
    letters = document.tokens[run.start : run.last]
    return len(letters) > 2 and all(one.end == other.start for one, other in pairwise(letters))


def _things_here(document: Document, found: Iterable[Run]) -> frozenset[str]:
    """Strange words that somewhere in the text are said of a place or a thing."""
    strange = (run for run in found if not (document.facts(run.last).listed or document.facts(run.last).surname_like))
    return frozenset(document.text(run.last) for run in strange if _is_said_of_a_thing(document, run))


def _is_said_of_a_thing(document: Document, run: Run) -> bool:
    """“a Zorbinator”, “in Przemysl”, “the ship Morgenrot”, “the town of Asbest”, “Vexora.com”."""
    before, ahead = document.text(run.start - 1), document.text(run.start - 2)
    things, end = document.words(run.last).things, run.end
    inside = before in _WHERE and not is_possessive(document, run.last)
    domain = document.text(end) == "." and document.text(end + 1) in ("com", "org", "net", "ru")
    return inside or domain or before in things or before in ARTICLES or (before in ("of", ",") and ahead in things)


def _strange_below(known: Facts) -> float:
    """The frequency from which a capital says nothing: higher for what a list has or what ends like a surname."""
    return WORD if known.surname_like else UNCOMMON if known.listed else RARE


def _given_here(document: Document, found: Iterable[Run]) -> frozenset[str]:
    """First names that no list has: what stands before a surname and never after a first name."""
    before = {
        document.text(run.words[0]) for run in found if len(run.words) > 1 and document.facts(run.last).likely_surname
    }
    last = {document.text(run.last) for run in found if len(run.words) > 1 or document.facts(run.start - 1).title}
    return frozenset(before - last)
