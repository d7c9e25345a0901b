"""The bundled model on the bundled interviews: the one case with real speech, real weights and known words."""

from __future__ import annotations

from statistics import median

import pytest

from tests.fakes import FakeSound
from tests.transcripts.speech.listening import demo_sound, demo_words, errors, plain
from transcripts.speech import RATE, Options, heard_again, load, transcribe


@pytest.mark.slow
def test_the_beginning_is_understood() -> None:
    """Key words of the first seconds, at their places."""
    sound = FakeSound(demo_sound("irina")[: 15 * RATE])
    made = transcribe(sound, load("demo", 1), Options(transcript_id="t", language="ru"), None, lambda at: None)
    said = [(word, start) for word, start in demo_words("irina") if start < 14]
    heard = {word: one.start for one in made.timed_words() for word in plain(one.text)}
    found = [abs(heard[word] - start) for word, start in said if len(word) > 4 and word in heard]
    assert len(found) > 0.7 * len([word for word, _ in said if len(word) > 4])
    assert median(found) < 0.4


@pytest.mark.slow
@pytest.mark.parametrize("name", ["irina", "dmitry"])
def test_hardly_a_word_is_misheard(name: str) -> None:
    """Three words of a hundred at most; half of the words within a tenth of a second."""
    options = Options(transcript_id="t", language="ru")
    made = transcribe(FakeSound(demo_sound(name)), load("demo"), options, None, lambda at: None)
    said = demo_words(name)
    assert errors([word for word, _ in said], [w for one in made.segments for w in plain(one.text)]) <= 0.03
    heard = [(word, one.start) for one in made.timed_words() for word in plain(one.text)]
    off = [min((abs(start - at) for other, at in heard if other == word), default=9.0) for word, start in said]
    assert median(off) < 0.1


@pytest.mark.slow
@pytest.mark.parametrize("name", ["irina", "dmitry"])
def test_a_second_listening_hears_nearly_every_word(name: str) -> None:
    """In other windows, without asking where somebody speaks: a name that is left to be heard has its chance."""
    options = Options(transcript_id="t", language="ru")
    found = heard_again(FakeSound(demo_sound(name)), load("demo"), options, None, lambda at: None)
    heard = {word for window in found for segment in window for word in plain(segment.text)}
    said = [word for word, _ in demo_words(name)]
    assert sum(word not in heard for word in said) <= 0.04 * len(said)
