"""The detector as a library: the example of its documentation works as it stands there, also inside Presidio."""

from __future__ import annotations

import doctest
from importlib.util import find_spec
from typing import Any

import pytest

import transcripts.names
from transcripts.names import Label

needs_presidio = pytest.mark.skipif(
    find_spec("presidio_analyzer") is None,
    reason="no Presidio here; an environment of its own has it: pip install 'golosa[presidio]' pytest hypothesis",
)


def test_the_example_of_the_documentation_works() -> None:
    """As a newcomer would type it."""
    tried = doctest.testmod(transcripts.names)

    assert (tried.attempted > 0, tried.failed) == (True, 0)


@pytest.mark.presidio
@needs_presidio
def test_the_example_for_presidio_works() -> None:
    """And every label has a name there."""
    from transcripts.names import presidio

    tried = doctest.testmod(presidio)
    assert (tried.attempted > 0, tried.failed) == (True, 0)
    assert {label.family for label in Label} == set(presidio.ENTITIES)


@pytest.mark.presidio
@needs_presidio
@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("🌊 Меня зовут Ирина Лебедева.", "ru", [("PERSON", "Лебедева")]),
        ("Я Ірина Савчук, з Херсона.", "uk", [("PERSON", "Савчук")]),
        ("Tatiana Dorofeeva, cell 917-555-0148.", "en", [("PERSON", "Dorofeeva"), ("PHONE_NUMBER", "917-555-0148")]),
        ("почта tulupov77@proton.me, а про Путина молчали", "ru", [("EMAIL_ADDRESS", "tulupov77@proton.me")]),
    ],
)
def test_presidio_analyzes_with_these_recognizers(text: str, language: str, found: list[tuple[str, str]]) -> None:
    """Its own engine, over spaCy without any model; sockets beyond this machine are shut."""
    engine, _ = _engine()
    results = sorted(engine.analyze(text, language=language), key=lambda one: one.start)

    assert [(one.entity_type, text[one.start : one.end]) for one in results] == found


@pytest.mark.presidio
@needs_presidio
def test_presidio_asks_for_entities_and_gives_a_protected_list() -> None:
    """What was not asked for is not answered; a listed name is sure."""
    engine, recognizers = _engine(protected=["Соколова"])
    (only,) = engine.analyze("Лебедева звонила с 8 912 000 15 47.", language="ru", entities=["PHONE_NUMBER"])
    assert only.entity_type == "PHONE_NUMBER"
    (listed,) = recognizers[0].analyze("пришла саколова", [])
    assert (listed.score, listed.analysis_explanation.textual_explanation) == (1.0, "protected")


def _engine(**options: Any) -> tuple[Any, list[Any]]:
    """Presidio's engine with our recognizers alone."""
    import spacy
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    from transcripts.names.presidio import golosa_recognizers

    languages = ["ru", "uk", "en"]
    blank = SpacyNlpEngine(models=[{"lang_code": one, "model_name": "blank"} for one in languages])
    blank.nlp = {one: spacy.blank(one) for one in languages}
    recognizers = golosa_recognizers(**options)
    registry = RecognizerRegistry(recognizers, supported_languages=languages)
    return AnalyzerEngine(registry, blank, supported_languages=languages), recognizers
