"""These finders for Microsoft Presidio, which has no Russian or Ukrainian names (``pip install golosa[presidio]``).

>>> russian, ukrainian, english = golosa_recognizers()
>>> russian.analyze("Меня зовут Ирина Лебедева, а про Путина молчали.", ["PERSON"])
[type: PERSON, start: 17, end: 25, score: 0.6]

They go into a registry like any others: ``RecognizerRegistry(golosa_recognizers(), supported_languages=LANGUAGES)``.
Nothing is fetched: no model of spaCy and no list of domains, which Presidio's own recognizer of e-mail asks the network
for. What Presidio's NLP engine makes of a text is not used, so that any engine will do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from presidio_analyzer import AnalysisExplanation, EntityRecognizer, RecognizerResult

from transcripts.names.detector import Detector
from transcripts.names.figures import PUBLIC_FIGURE, PublicFigures
from transcripts.names.lexicon import LANGUAGES
from transcripts.names.mention import Label, Passage
from transcripts.shipped import shipped

ENTITIES = {
    Label.SURNAME: "PERSON",
    Label.PATRONYMIC: "PERSON",
    Label.PHONE: "PHONE_NUMBER",
    Label.EMAIL: "EMAIL_ADDRESS",
    Label.HANDLE: "USERNAME",
    Label.DOCUMENT: "ID",
    Label.ADDRESS: "LOCATION",
}
"""What Presidio calls the labels of the evaluation sets; USERNAME and ID are not among its own names."""


class GolosaRecognizer(EntityRecognizer):  # type: ignore[misc, unused-ignore]  # untyped where the extra is missing
    """Surnames, patronymics and direct identifiers in one language. First names alone are not found.

    ``score`` is the sureness of the finder; ``protected`` names are found in every form and spelling, with score 1.
    """

    def __init__(self, language: str, figures: PublicFigures | None = None, protected: Sequence[str] = ()) -> None:
        """``figures`` None: public figures are found like anybody."""
        self._detector = Detector(figures)
        self._protected = tuple(protected)
        super().__init__(list(dict.fromkeys(ENTITIES.values())), "Golosa", language)

    def load(self) -> None:
        """Nothing: dictionaries are read at first use."""

    def analyze(self, text: str, entities: Sequence[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:
        """What is found of ``entities``, offsets in code points; an empty list asks for all."""
        wanted = set(entities or ENTITIES.values())
        found = self._detector.find([Passage(text, self.supported_language)], self._protected)
        return [
            RecognizerResult(
                entity,
                one.start,
                one.end,
                one.sureness,
                AnalysisExplanation(self.name, one.sureness, textual_explanation=one.why),
                {RecognizerResult.RECOGNIZER_NAME_KEY: self.name, RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id},
            )
            for one in found
            if one.why != PUBLIC_FIGURE and (entity := ENTITIES[one.label.family]) in wanted
        ]


def golosa_recognizers(*, keep_public_figures: bool = True, protected: Sequence[str] = ()) -> list[GolosaRecognizer]:
    """One recognizer for each language: Russian, Ukrainian, English."""
    figures = PublicFigures.load(shipped("public_figures.toml")) if keep_public_figures else None
    return [GolosaRecognizer(language, figures, protected) for language in LANGUAGES]
