"""How texts are made to learn from: spans stay on their words whatever is done to the text."""

from __future__ import annotations

import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcripts.names.keys import alike, key
from transcripts.names.training.hearing import misheard_word
from transcripts.names.training.renaming import inflected, renamed
from transcripts.names.training.samples import Sample, Span, rewritten, spoken
from transcripts.names.training.talk import invented

TEXT = "Пришёл Пётр Соколов, и\nСоколову сказали: «Зря». Звони +7 (912) 000-00-01!"
SAMPLE = Sample(
    "1", "ru", TEXT, (Span(7, 11, "name"), Span(12, 19, "surname"), Span(23, 31, "surname"), Span(54, 72, "phone"))
)


def words(sample: Sample, label: str) -> list[str]:
    """What is labelled so."""
    return [sample.text[one.start : one.end] for one in sample.spans if one.label == label]


def test_spoken_text_has_no_capitals_and_no_punctuation() -> None:
    """But identifiers keep theirs, and every span its word."""
    sample = spoken(SAMPLE)

    assert sample.text == "пришёл пётр соколов и соколову сказали зря звони +7 (912) 000-00-01"
    assert words(sample, "surname") == ["соколов", "соколову"]
    assert words(sample, "phone") == ["+7 (912) 000-00-01"]


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 3), st.text("аб", max_size=4)), max_size=5))
def test_rewriting_outside_a_span_leaves_its_word(edits: list[tuple[int, int, str]]) -> None:
    """Whatever is put in or taken out before and after."""
    text = "о" * 20 + "Соколов" + "о" * 20
    pieces, at = [], 0
    for start, length, new in sorted(edits):
        if start >= at and (start + length <= 20 or start >= 27):
            pieces.append((start, start + length, new))
            at = start + length
    sample = rewritten(Sample("1", "ru", text, (Span(20, 27, "surname"),)), pieces)

    assert words(sample, "surname") == ["Соколов"]


@pytest.mark.parametrize("word", ["Соколов", "Хмельницкая", "Дударь", "Ким", "ЩЕРБАК", "о"])
@pytest.mark.parametrize("seed", range(5))
def test_a_misheard_word_sounds_much_like_itself(word: str, seed: int) -> None:
    """One rule of sound, and the case of its letters stays."""
    heard = misheard_word(word, Random(seed))

    assert heard[:1].isupper() == word[:1].isupper()
    assert abs(len(heard) - len(word)) <= 1
    assert len(word) < 5 or alike(key(heard), key(word)) or heard[-3:].lower() in ("ого", "ова", "кой", "кии")


@pytest.mark.slow
def test_other_names_stand_in_the_same_case() -> None:
    """Both mentions of one person are renamed alike."""
    changed = renamed(SAMPLE, Random(3))
    new = words(changed, "surname")

    assert new != words(SAMPLE, "surname")
    assert key(new[0])[:3] == key(new[1])[:3]
    assert len(words(changed, "name")) == 1


@pytest.mark.parametrize(
    ("surname", "case", "gender", "form"),
    [
        ("сорока", "ablt", "masc", "сорокой"),
        ("мороз", "datv", "masc", "морозу"),
        ("мороз", "datv", "femn", "мороз"),
        ("тихий", "gent", "femn", "тихой"),
        ("петров", "ablt", "femn", "петровой"),
    ],
)
def test_surnames_that_are_words_are_inflected_as_surnames(surname: str, case: str, gender: str, form: str) -> None:
    """A woman called Мороз is that in every case."""
    assert inflected(surname, case, gender, "sing") == form


@pytest.mark.slow
@pytest.mark.parametrize("language", ["ru", "uk"])
def test_invented_talk_is_the_same_for_the_same_seed(language: str) -> None:
    """And labels whole words."""
    told = invented(language, 4, 1)

    assert told == invented(language, 4, 1)
    assert any(one.spans for one in told)
    for sample in told:
        for span in sample.spans:
            before, after = sample.text[: span.start], sample.text[span.end :]
            assert not re.search(r"\w$", before)
            assert not re.match(r"\w", after)
