"""Cover names stand in the grammatical form of what they cover, in three languages."""

from __future__ import annotations

import pytest

from transcripts.names import Choice, Decision, Detector, Passage, group
from transcripts.pseudonyms import filled, replacements


def covered(text: str, cover: str, language: str = "ru", *, protected: tuple[str, ...] = ()) -> str:
    """A text in which everybody is called ``cover``."""
    passages = [Passage(text, language)]
    people = group(Detector(None).find(passages, protected), passages)
    choices = {one.key: Choice(Decision.CONCEAL, cover) for one in people.people}
    return filled(text, replacements(passages, people, choices)[0])[0]


@pytest.mark.parametrize(
    ("text", "cover", "shown"),
    [
        # case
        ("Пришла Ирина Лебедева.", "Кузнецова", "Пришла Ирина Кузнецова."),
        ("К Ирине Лебедевой пришли.", "Кузнецова", "К Ирине Кузнецовой пришли."),
        ("Видели Ирину Лебедеву.", "Лесная", "Видели Ирину Лесную."),
        ("Пошли с Антоном Лебедевым.", "Кузнецов", "Пошли с Антоном Кузнецовым."),
        ("Думали об Антоне Лебедеве.", "Коваль", "Думали об Антоне Ковале."),
        ("У Лебедева был обыск.", "Сорока", "У Сороки был обыск."),
        # the cover takes the gender of the person, whatever was typed
        ("К Ирине Лебедевой пришли.", "Кузнецов", "К Ирине Кузнецовой пришли."),
        ("К Антону Лебедеву пришли.", "Лесная", "К Антону Лесному пришли."),
        ("К Зое Мороз пришли.", "Белый", "К Зое Белой пришли."),
        # a woman's indeclinable cover, a man's declines
        ("К Ирине Лебедевой пришли.", "Коваль", "К Ирине Коваль пришли."),
        ("К Антону Лебедеву пришли.", "Шевченко", "К Антону Шевченко пришли."),
        ("Пришли к Антону Шевченко.", "Кузнецов", "Пришли к Антону Кузнецову."),
        # families
        ("У Лебедевых был обыск.", "Кузнецов", "У Кузнецовых был обыск."),
        ("Лебедевы уехали.", "Лесная", "Лесные уехали."),
        ("С Лебедевыми дружили.", "Ковалёвы", "С Ковалёвыми дружили."),
        # several words: a first name goes where a first name is, a patronymic where one is
        ("Помогла Зоя Мороз.", "Анна Лесная", "Помогла Анна Лесная."),
        ("К Зое Мороз пришли.", "Анна Лесная", "К Анне Лесной пришли."),
        ("К Ирине Сергеевне Лебедевой пришли.", "Анна Петровна Лесная", "К Анне Петровне Лесной пришли."),
        ("К Ирине Лебедевой пришли.", "Анна Петровна Лесная", "К Анне Лесной пришли."),
        ("Ирина Сергеевна пришла.", "Анна Петровна Лесная", "Анна Петровна пришла."),
        ("С Антоном Сергеевичем пошли.", "Пётр Кузьмич Лесной", "С Петром Кузьмичом пошли."),
        ("Лебедева Ирина Сергеевна пришла.", "Кузнецова", "Кузнецова Ирина Кузнецова пришла."),
        # initials
        ("Пришёл А. С. Лебедев.", "Кузнецов", "Пришёл А. Кузнецов."),
        ("К А. С. Лебедеву пришли.", "К.", "К А. К. пришли."),
        # what nobody knows stays as it was typed
        ("К Антону Лебедеву пришли.", "Жэ", "К Антону Жэ пришли."),
        ("К Антону Лебедеву пришли.", "X", "К Антону X пришли."),
        # as the text is written
        ("к ирине лебедевой пришли", "Лесная", "к ирине лесной пришли"),
        ("К ИРИНЕ ЛЕБЕДЕВОЙ ПРИШЛИ", "Лесная", "К ИРИНЕ ЛЕСНОЙ ПРИШЛИ"),
        ("К Ирине Лебедевой пришли.", "Римская-Корсакова", "К Ирине Римской-Корсаковой пришли."),
        ("К Ирине Ле\u00adбеде\u0301вой пришли.", "Лесная", "К Ирине Лесной пришли."),
    ],
)
def test_russian(text: str, cover: str, shown: str) -> None:
    """Case, gender, number, patronymics, initials."""
    assert covered(text, cover) == shown


@pytest.mark.parametrize(
    ("text", "cover", "shown"),
    [
        ("До Оксани Шевчук прийшли.", "Лісова", "До Оксани Лісової прийшли."),
        ("Прийшов Олександр Шевчук.", "Бондаренко", "Прийшов Олександр Бондаренко."),
        ("З Олександром Шевчуком дружили.", "Лісовий", "З Олександром Лісовим дружили."),
        ("Олександр Шевчук прийшов.", "Іван Лісовий", "Іван Лісовий прийшов."),
    ],
)
def test_ukrainian(text: str, cover: str, shown: str) -> None:
    """The same by the Ukrainian dictionary."""
    assert covered(text, cover, "uk") == shown


@pytest.mark.parametrize(
    ("text", "cover", "shown"),
    [
        ("I met Anna Lebedeva.", "Smith", "I met Anna Smith."),
        ("I met Anna Lebedeva.", "Jane Smith", "I met Jane Smith."),
        ("This is Ivan Lebedev's house.", "Smith", "This is Ivan Smith's house."),
        ("The Lebedevs left.", "Smith", "The Smiths left."),
        ("The Lebedevs left.", "Marsh", "The Marshes left."),
        ("I met Anna Lebedeva.", "Лесная", "I met Anna Lesnaya."),
    ],
)
def test_english(text: str, cover: str, shown: str) -> None:
    """Plural and possessive; a Cyrillic cover is written in Latin letters."""
    assert covered(text, cover, "en") == shown
