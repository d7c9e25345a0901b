"""The learned finder: its models, what it is told, and what it changes. Every person here is invented."""

from __future__ import annotations

from pathlib import Path

import pytest

from transcripts.names import Detector, Passage
from transcripts.names.detector import evidence
from transcripts.names.document import Document
from transcripts.names.features import Features
from transcripts.names.learned import REGIMES, Learned, Regime, runs, weighed
from transcripts.names.mention import Label
from transcripts.names.training.fingerprint import FINGERPRINT, fingerprint
from transcripts.names.training.samples import Sample, Span
from transcripts.names.training.train import fit, sequences_of
from transcripts.shipped import shipped

LARGEST = 300_000  # bytes


@pytest.mark.parametrize("regime", REGIMES)
def test_each_regime_has_a_small_model(regime: Regime) -> None:
    """What is shipped can be read, and stays small enough to be shipped."""
    assert 0 < (shipped("names") / regime.file_name).stat().st_size < LARGEST


def test_the_models_were_trained_with_the_features_and_lists_of_today() -> None:
    """Else train again: python -m transcripts.names.training SETS."""
    assert fingerprint() == (shipped("names") / FINGERPRINT).read_text(encoding="ascii").strip()


def rows(text: str, language: str = "ru") -> list[set[str]]:
    """The names of the features of every token."""
    document = Document([Passage(text, language)])
    return [set(row) for row in Features(document, evidence(document)).rows(range(len(document.tokens)))]


def test_capitals_are_a_feature_only_where_they_mean_something() -> None:
    """The same words in both regimes."""
    written = rows("Потом пришёл Дударь. Мы его не ждали.")[2]
    spoken = rows("потом пришёл дударь мы его не ждали")[2]

    assert "capmid" in written
    assert not any(name.startswith("cap") or name == "low" for name in spoken)


def test_a_word_knows_that_it_stood_beside_a_first_name_elsewhere() -> None:
    """The same surname, bare and in another case."""
    told = rows("У Соколова болела нога. Петя Соколов молчал.")
    alone = rows("У Соколова болела нога. Петя тогда молчал.")

    assert any(name.startswith("near=") for name in told[1])
    assert not any(name.startswith("near=") for name in alone[1])


def test_lower_case_text_is_read_twice() -> None:
    """With the capitals of a dictionary, and with one for each word that could be a name."""
    assert "again:person" in rows("потом пришёл дударь мы его не ждали")[2]
    assert "again:person" not in rows("Потом пришёл Дударь. Мы его не ждали.")[2]
    assert "person" in rows("Потом пришёл Дударь. Мы его не ждали.")[2]


def test_no_tagger_reads_ukrainian() -> None:
    """It is Russian, and takes ordinary Ukrainian words for people."""
    assert not any("person" in row for row in rows("Потім прийшов Дудар. Ми його не чекали.", "uk"))


def test_a_document_is_cut_where_language_or_case_changes() -> None:
    """Each stretch has a model of its own."""
    document = Document([Passage("Пришла Зоя.", "ru"), Passage("Прийшла Зоя.", "uk"), Passage("Zoya came.", "en")])

    assert [regime for regime, _ in runs(document)] == [Regime("ru", True), Regime("uk", True), Regime("en", True)]
    assert [at for _, tokens in runs(document) for at in tokens] == list(range(len(document.tokens)))


def test_what_the_rules_found_is_as_sure_as_the_model() -> None:
    """Where there is no model, it stays as it was."""
    document = Document([Passage("Вошёл полковник Дударь.", "ru")])
    found = evidence(document)
    at = next(n for n, token in enumerate(document.tokens) if token.text == "Дударь")

    assert list(weighed(document, {}, found)) == found
    assert {one.sureness for one in weighed(document, {at: (Label.SURNAME, 0.9)}, found)} == {0.9}
    assert list(weighed(document, {at: (Label.SURNAME, 0.1)}, found)) == found
    assert all(one.sureness < 0.05 for one in weighed(document, {at: (Label.SURNAME, 0.0)}, found))


def invented_sample() -> Sample:
    text = "Потом пришёл Дударь. У Дударя болела нога. Мы его не ждали."
    return Sample("1", "ru", text, (Span(13, 19, "surname"), Span(23, 29, "surname")))


@pytest.mark.slow
def test_training_twice_gives_the_same_model(tmp_path: Path) -> None:
    """Nothing is drawn that is not seeded."""
    models = []
    for name in ("one", "two"):
        fit(sequences_of([invented_sample()] * 3, 1)[Regime("ru", True)], tmp_path / name)
        models.append((tmp_path / name).read_bytes())

    assert models[0] == models[1]


def test_a_model_finds_what_it_has_learnt(tmp_path: Path) -> None:
    """From labels to mentions, through the real detector."""
    regime = Regime("ru", True)
    fit(sequences_of([invented_sample()] * 5, 0)[regime], tmp_path / regime.file_name)
    text = "Потом пришёл Дударь. Мы его не ждали."

    found = Detector(None, models=Learned({regime: tmp_path / regime.file_name})).find([Passage(text, "ru")])

    assert [(text[one.start : one.end], one.label) for one in found] == [("Дударь", Label.SURNAME)]
