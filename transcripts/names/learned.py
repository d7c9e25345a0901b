"""The learned finder: a linear-chain CRF for each language and case regime, over what features.py tells it.

The models are config/names/*.crf, made by ``python -m transcripts.names.training``. A language without one has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import pycrfsuite

from transcripts.names.document import Document, Token
from transcripts.names.features import Features
from transcripts.names.lexicon import NO_WORD, Facts, facts
from transcripts.names.lists import first_names
from transcripts.names.mention import Label, Mention
from transcripts.names.strange import SHORTEST_PART
from transcripts.shipped import shipped


@dataclass(frozen=True, slots=True, order=True)
class Regime:
    """A language, and whether capitals mean something."""

    language: str
    cased: bool

    @property
    def file_name(self) -> str:
        return f"{self.language}.{'cased' if self.cased else 'lower'}.crf"


LABELS = {"surname": Label.SURNAME, "patronymic": Label.PATRONYMIC}  # by the model's name for them
Likely = Mapping[int, tuple[Label, float]]  # by token: which kind of name, and how likely it is one
_PAGE = 500  # tokens: their features take 8 MB
_LEAST = 0.02  # below this it says nothing
_DOUBT = 0.05  # below this it takes back what the rules found
_ACRONYM = 5  # letters
_TRUSTED = ("after-patronymic", "same-name", "sounds-alike")  # by these a word that is nothing else is a name
_PLAIN = 0.8  # a common word is a name by the model alone only if it is this sure
_PLAIN_LED = 0.25  # or this, after what may be a first name: “Ледли Кинг”
_FIRST_NAME = 0.2  # of the sureness is left to a first name that is not likely a surname here
_LIKELY = 0.5
# Exponents of the probabilities, so that the thresholds lie where a name is worth its false alarms: 0.05, above which a
# person is asked, is a probability of 0.036 in Russian with capitals, of 0.09 without (from there down no name more was
# found in cross-validation, only false ones), and of 0.15 in Ukrainian, where no tagger contradicts.
_CAUTION = {
    Regime("ru", True): 0.9,
    Regime("ru", False): 1.25,
    Regime("uk", True): 1.6,
    Regime("uk", False): 1.6,
}
REGIMES = tuple(_CAUTION)


class Learned:
    """The models. Opened once each, at first use."""

    def __init__(self, models: Mapping[Regime, Path]) -> None:
        self._models = models
        self._open: dict[Regime, Any] = {}

    def likely(self, document: Document, found: Sequence[Mention]) -> Likely:
        """Which of the tokens of a language with a model are names. ``found``: what the finders by rule say."""
        features = Features(document, found)
        likely: dict[int, tuple[Label, float]] = {}
        for regime, tokens in runs(document):
            if regime in self._models:
                tagger = self._tagger(regime)
                tagger.set(pycrfsuite.ItemSequence(features.rows(tokens)))
                known = [name for name in tagger.labels() if name in LABELS]
                for n, at in enumerate(tokens):
                    if _is_several_words(document.tokens[at]):
                        likely[at] = Label.SURNAME, 0.0
                        continue
                    each = {name: tagger.marginal(name, n) for name in known}
                    likely[at] = LABELS[max(known, key=each.__getitem__)], sum(each.values()) ** _CAUTION[regime]
        return likely

    def _tagger(self, regime: Regime) -> Any:
        if regime not in self._open:
            tagger = pycrfsuite.Tagger()
            tagger.open(str(self._models[regime]))
            self._open[regime] = tagger
        return self._open[regime]


def learned(document: Document, likely: Likely, by_rule: Iterable[Mention]) -> Iterator[Mention]:
    """The names that the model finds. ``by_rule``: what else is evidence that a common word is a name."""
    said = {(one.passage, one.start) for one in by_rule}
    for at, (label, found) in likely.items():
        token, known = document.tokens[at], document.tokens[at].facts
        led = _is_led(document.facts(at - 1))
        sureness = found * _FIRST_NAME if found < _LIKELY and _is_first_name(known) and not led else found
        letter = label is Label.SURNAME and len(token.text) == 1  # of a name that is spelled out
        alone = (token.passage, token.start) not in said and _is_plain_word(document, at)
        plain = _PLAIN_LED if led else _PLAIN
        hesitation = token.lower in document.words(at).fillers and not (token.cased and token.capital)
        if sureness > (plain if alone else _LEAST) and known.keys and not letter and not hesitation:
            yield document.mention(at, "learned", sureness, label)


def _is_several_words(token: Token) -> bool:
    """“лучшийподарок”: two common words run together, which no name is."""
    word = token.lower
    if "run-together" not in token.facts.marks:
        return False
    cuts = ((word[:at], word[at:]) for at in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1))
    return any(facts(one, "ru").everyday and facts(other, "ru").everyday for one, other in cuts)


def _is_led(before: Facts) -> bool:
    """Whether the word before may be somebody's first name."""
    return before.first or before.likely_patronymic or (before is not NO_WORD and not before.known)


def _is_first_name(known: Facts) -> bool:
    # “Вера” is faith first; the plural is a family, “Корнеев”
    return known.first or (known.lemma in first_names() and not (known.listed and "plur" in known.marks))


def _is_plain_word(document: Document, at: int) -> bool:
    """Whether a word is common and written like one.

    A capital makes no name of a verb, greeting or office, of an acronym, or of “Верхний” in “Верхний Ларс”.
    """
    token, known, after = document.tokens[at], document.facts(at), document.facts(at + 1)
    if not (token.cased and token.capital):
        return known.everyday
    acronym = token.text.isupper() and 1 < len(token.text) <= _ACRONYM
    described = known.adjective and document.is_name_like(at + 1) and known.cases & after.cases
    plain = known.function or known.title or acronym or (known.everyday and described)
    return bool(plain) and not known.surname and not known.first


def weighed(document: Document, likely: Likely, found: Iterable[Mention]) -> Iterator[Mention]:
    """What was found otherwise, as sure as the model is, or less where it sees no name; as it was without a model."""
    places = {(token.passage, token.start): at for at, token in enumerate(document.tokens)}
    for one in found:
        at = places.get((one.passage, one.start), -1)
        if at in likely:
            label, sureness = likely[at]
            word = document.facts(at)
            trusted = one.why in _TRUSTED and not word.ordinary and not word.function
            doubted = one.sureness * (1 if trusted else min(1, sureness / _DOUBT))
            yield replace(one, sureness=max(doubted, sureness) if label is one.label else doubted)
        else:
            yield one


def runs(document: Document) -> Iterator[tuple[Regime, range]]:
    """The tokens in stretches of one passage, language and case regime, none longer than a page."""

    def stretch(at: int) -> tuple[int, bool]:
        return document.tokens[at].passage, document.tokens[at].cased

    for (passage, cased), run in groupby(range(len(document.tokens)), stretch):
        tokens = list(run)
        for start in range(tokens[0], tokens[-1] + 1, _PAGE):
            regime = Regime(document.passages[passage].language, cased)
            yield regime, range(start, min(start + _PAGE, tokens[-1] + 1))


@cache
def shipped_models() -> Learned:
    """The models that come with Golosa."""
    paths = {regime: shipped("names") / regime.file_name for regime in REGIMES}
    return Learned({regime: path for regime, path in paths.items() if path.is_file()})
