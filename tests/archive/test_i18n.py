"""Everything people read is there in both languages."""

from __future__ import annotations

import re
import string

import pytest

from archive import i18n
from archive.errors import BadInput, Refused, StillHeard, Undecided
from tests import messages
from transcripts.errors import TooLong

_BRACES = string.Formatter()


def both(text: object) -> list[str]:
    """A message's strings: one, or its plural forms."""
    return [text] if isinstance(text, str) else list(text)  # type: ignore[call-overload]


@pytest.mark.parametrize("language", messages.COMPLETE)
def test_nothing_is_left_untranslated(language: str) -> None:
    """Every sentence in the source has its translation; after a change: python -m tests.messages."""
    known = messages.catalogue(language)
    for message in messages.messages():
        if message.id:
            found = known.get(message.id)
            assert found is not None, message.id
            assert all(both(found.string)), message.id
            assert not found.fuzzy, message.id


def test_strangers_and_narrators_are_spoken_to_in_ukrainian() -> None:
    """Their pages and what is said there when something is wrong; the pages of work are still in English."""
    known = messages.catalogue("uk")
    for message in messages.seen_without_account():
        if message.id:
            found = known.get(message.id)
            assert found is not None, message.id
            assert all(both(found.string)), message.id


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_the_compiled_catalogue_is_the_one_that_is_read_by_people(language: str) -> None:
    """The .mo beside each .po was made from it."""
    compiled = (messages.folder(language) / f"{i18n.DOMAIN}.mo").read_bytes()
    assert compiled == messages.compiled(messages.catalogue(language))


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_translations_fill_in_the_same_facts(language: str) -> None:
    """A placeholder that is missing, new or written otherwise would break the sentence, or the page."""
    for message in messages.catalogue(language):
        if not message.id:
            continue
        for text in filter(None, both(message.string)):
            assert facts(text) == facts(both(message.id)[-1]), message.id


def facts(text: str) -> set[str]:
    """The placeholders of a sentence, of both kinds."""
    percent = set(re.findall(r"%\(\w+\)[sd]", text))
    without = re.sub(r"%\(\w+\)[sd]", "", text)
    return percent | {f"{{{name}:{spec}}}" for _, name, spec, _ in _BRACES.parse(without) if name is not None}


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_nobody_is_called_anonymous(language: str) -> None:
    """We pseudonymise; more than that is not promised in any language."""
    for message in messages.catalogue(language):
        for text in both(message.string):
            assert not re.search(r"anonym|аноним", text, re.IGNORECASE), text


def test_errors_speak_the_language_and_fill_in_their_facts() -> None:
    """Of both trees, with and without facts; what has no translation stays in English."""
    assert i18n.say(TooLong(hours=12.0), "ru") == "Запись длиннее 12 часов. Разделите её и отправьте по частям."
    assert i18n.say(Undecided(left=3), "en") == "3 people are still to be decided. Decide them, then approve."
    assert i18n.say(BadInput("A passage cannot be empty.", "text"), "ru") == "Реплика не может быть пустой."
    assert i18n.say(Refused("role"), "ru") == "Это не разрешено."
    assert i18n.say(Refused("role"), "xx") == "This is not allowed."


def test_a_code_in_a_jobs_note_becomes_its_sentence() -> None:
    """Known codes with their facts; unknown ones, and facts of another version, become the general sentence."""
    assert "0:12, 1:30" in i18n.say_code(StillHeard.code, {"places": "0:12, 1:30"}, "ru")
    for code, given in (("no-such-code", {}), (StillHeard.code, {}), (TooLong.code, {"hours": "x"})):
        assert i18n.say_code(code, given, "ru") == "Сделать это не удалось."
