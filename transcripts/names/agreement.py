"""What a form of a surname is where it stands: first name, preposition and verb beside it tell."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from transcripts.names.forms import ANYBODY, CASES, FAMILY, MAN, WOMAN, FirstName, Form, slavic, surname_forms
from transcripts.names.lexicon import CYRILLIC, script_language
from transcripts.names.plain import plain

_LETTERS = re.compile(r"[^\W\d_]+(?:[-‑'’ʼ][^\W\d_]+)*")
_GOVERNS = {
    "gent": "у от из без для до около против из-за из-под после кроме від з із без для до біля проти після крім",
    "datv": "к ко по благодаря",
    "ablt": "с со над под перед между з із зі над під перед між",
    "loct": "о об обо в во на при про у",
    "accs": "про за через на в во",
}
# Prepositions that tell even without a first name; “с” and “в” govern two cases.
_SURE_OF_CASE = ("у", "от", "без", "для", "около", "к", "ко", "благодаря", "над", "обо", "об", "від", "біля", "проти")


@dataclass(frozen=True, slots=True)
class Here:
    """A surname at code points ``start`` to ``end`` of a text; the name, first name included, begins at ``head``."""

    text: str = field(repr=False)
    language: str
    head: int
    start: int
    end: int

    @property
    def word(self) -> str:
        """The surname as it is read."""
        return plain(self.text[self.start : self.end]).text


def forms_here(here: Here, first: FirstName | None) -> frozenset[Form]:
    """What the surname may be. Never empty.

    A name that begins a sentence is taken for a nominative if it may be one: “Александра Соколова”.
    """
    forms = surname_forms(here.word, script_language(here.word.lower(), here.language))
    if first:
        forms = _agreeing(forms, first)
    before = _LETTERS.findall(here.text[: here.head].lower())[-1:]
    governed = {case for case, words in _GOVERNS.items() if before and before[0] in words.split()}
    after = _LETTERS.match(here.text[here.end :].lstrip().lower())
    beside = (*before, *([after.group()] if after else []))
    said = {_past_tense(word, here.language) for word in beside} - {""}
    begins = not before or here.text[: here.head].rstrip()[-1:] in ".!?…"
    for narrower in (
        [one for one in forms if before and before[0] in _SURE_OF_CASE and one.case in governed],
        [one for one in forms if one.case == "nomn" and one.whose in said],
        [one for one in forms if begins and first and one.case == "nomn"],
        [one for one in forms if first and one.case in governed],
    ):
        forms = frozenset(narrower) or forms
    return forms


def any_form(first: FirstName | None) -> frozenset[Form]:
    """Where only a first name, or nothing, tells whose it is."""
    return frozenset(Form(one, case) for one in (first.whose if first else ANYBODY) for case in CASES)


def _agreeing(forms: frozenset[Form], first: FirstName) -> frozenset[Form]:
    """The forms that the first name allows; where it contradicts the surname, it tells whose name it is."""
    fitting = [one for one in forms if one.whose in first.whose and (not first.cases or one.case in first.cases)]
    return frozenset(fitting or [one for one in forms if one.whose in first.whose]) or any_form(first)


def _past_tense(word: str, language: str) -> str:
    """Whose a past tense is: “сказала” a woman's."""
    if not CYRILLIC.search(word):
        return ""
    parse = slavic(script_language(word, language)).parses(word)[0]
    if parse.tag.POS != "VERB" or parse.tag.tense != "past":
        return ""
    return FAMILY if parse.tag.number == "plur" else {"masc": MAN, "femn": WOMAN}.get(str(parse.tag.gender), "")
