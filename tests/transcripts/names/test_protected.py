"""The protected list: one form of a name is enough, whatever was made of it; and words of the language stay words."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcripts.names import Detector, Passage
from transcripts.names.document import Document
from transcripts.names.lexicon import Slavic, lexicon
from transcripts.names.mention import Mention
from transcripts.names.misheard import cost, sounds_like, spellings
from transcripts.names.protected import protected_names

NAMES = ("Полетаев", "Шевчук", "Хмельницкий", "Сорокин", "Лебедев", "Мкртчян", "Рабинович", "Журавлёв", "Громыко")


def found(text: str, *entries: str, language: str = "ru") -> list[str]:
    """What the list alone finds in a text, overlapping finds once."""
    places: list[tuple[int, int]] = []
    for one in sorted(protected_names(Document([Passage(text, language)], entries)), key=_place):
        if places and one.start < places[-1][1]:
            places[-1] = (places[-1][0], max(places[-1][1], one.end))
        else:
            places.append((one.start, one.end))
    return [text[start:end] for start, end in places]


def _place(mention: Mention) -> tuple[int, int]:
    return mention.start, -mention.end


@pytest.mark.parametrize(
    ("entry", "text", "names"),
    [
        ("Тулупов", "у бабушки Тулуповой, с Тулуповыми", ["Тулуповой", "Тулуповыми"]),
        ("Тулуповых", "сергей тулупов и тулупова", ["тулупов", "тулупова"]),
        ("Хмельницкий", "хмельницкова и хмельнитской и хмельницкаго", ["хмельницкова", "хмельнитской", "хмельницкаго"]),
        ("Лужкова", "для лужкого и лушкова", ["лужкого", "лушкова"]),
        ("Нурмухаметова", "Нурмухамедовой, Нурмухамитова", ["Нурмухамедовой", "Нурмухамитова"]),
        ("Полетаева", "poletaev, Poletayeva, Poletaeff", ["poletaev", "Poletayeva", "Poletaeff"]),
        ("Щербакова", "Shcherbakov, Szczerbakow", ["Shcherbakov", "Szczerbakow"]),
        ("Журавлёв", "а дочь Jouravleva", ["Jouravleva"]),
        ("Yakubovich", "Якубовичей, якубовичу", ["Якубовичей", "якубовичу"]),
        ("О'Коннелл", "О’Коннелла, Оконнел", ["О’Коннелла", "Оконнел"]),
        ("Звенигородец", "Потом звени городец зашёл.", ["звени городец"]),
        ("Хмельницкий", "Хме... Хмель... Хмельницкий и хмель ницкий", ["Хме", "Хмель", "Хмельницкий", "хмель ницкий"]),
        ("Хмельницкий", "а хме ль ницкий сказал и к хме льниц кому", ["хме ль ницкий", "хме льниц кому"]),
        ("Полетаева", "спросили уПолетаева, иринаполетаева", ["уПолетаева", "иринаполетаева"]),
        (
            "Мягков",
            "Пишется М-Я-Г-К-О-В, эм я гэ ка о вэ, м я г к о в",
            ["М-Я-Г-К-О-В", "эм я гэ ка о вэ", "м я г к о в"],
        ),
        ("Бельская-Крафт", "Бельскую, Крафта, Бельской-Крафт", ["Бельскую", "Крафта", "Бельской-Крафт"]),
        ("Kwok", "wong kwok-hung", ["kwok-hung"]),
        ("Саша", "Сашка, Шурик и Александр", ["Сашка", "Шурик", "Александр"]),
    ],
)
def test_one_form_finds_what_was_made_of_it(entry: str, text: str, names: list[str]) -> None:
    """Case, gender, number, script, spelling, mishearing, halves, beginnings and letters."""
    assert found(text, entry) == names


@pytest.mark.parametrize(
    ("entry", "text", "names"),
    [
        ("Сорока", "у сороки был телефон а нам было по сорок лет", ["сороки"]),
        ("Зима", "к зиме зашёл следователь прошлой зимой в зиму", ["зиме"]),
        ("Мороз", "ночью был сильный мороз на морозе стоял мороз кричал", ["мороз"]),
        ("Белый", "белого увезли а купили белый хлеб", ["белого"]),
        ("Ким", "с кем анна говорила ким пришёл", ["ким"]),
        ("Ли", "анна ли пришла знаешь ли ты у ли дома", ["ли", "ли"]),
        ("Ли", "Пришла Анна Ли. Знаешь ли ты? Ли молчал.", ["Ли", "Ли"]),
        ("Цой", "у цоя с цоем", ["цоя", "цоем"]),
        ("Вера", "Верочка пришла. В веру я не верил.", ["Верочка"]),
    ],
)
def test_names_that_are_words_are_told_apart_by_what_stands_around_them(
    entry: str, text: str, names: list[str]
) -> None:
    """In lower-case text too; what stays unsure is concealed."""
    assert found(text, entry) == names
    if names == ["ли", "ли"]:
        start = [one.start for one in protected_names(Document([Passage(text, "ru")], [entry]))]
        assert start == [5, text.index("у ли") + 2]


def test_ukrainian_and_english_words_are_looked_up_in_their_own_language() -> None:
    """“Зими” is a form of Зима, “i hope” is nobody."""
    assert found("Зими боялися.", "Зима", language="uk") == ["Зими"]
    assert found("i hope that grace hope calls", "Hope", language="en") == ["hope"]


@st.composite
def forms(draw: st.DrawFn) -> tuple[str, str]:
    """A name as it is listed, and another form of it: any case, gender or number."""
    dictionary = lexicon("ru")
    assert isinstance(dictionary, Slavic)
    name = draw(st.sampled_from(NAMES))
    lexemes = [parse.lexeme for parse in dictionary.parses(name.lower()) if "Surn" in parse.tag]
    return name, draw(st.sampled_from([form.word for form in lexemes[0]])) if lexemes else name.lower()


@given(forms(), st.sampled_from(["", "а", "о", "ь"]), st.booleans(), st.data())
def test_no_form_of_a_listed_name_survives_one_misspelling(
    pair: tuple[str, str], letter: str, title: bool, data: st.DataObject
) -> None:
    """A vowel misheard, a consonant doubled, a soft sign lost: somewhere in the word."""
    listed, form = pair
    vowels = [at for at, char in enumerate(form[:-3]) if char in "аоеи"]
    made = form
    if letter in ("а", "о") and vowels:
        at = data.draw(st.sampled_from(vowels))
        made = form[:at] + ("а" if form[at] == "о" else "и" if form[at] == "е" else form[at] * 2) + form[at + 1 :]
    elif letter == "ь":
        made = form.replace("ь", "")
    text = f"потом пришли к {made.title() if title else made} и спросили"

    assert any(made.lower() == one.lower() for one in found(text, listed)), made


@given(
    st.text("абвгдежзиклмнопрстуфхцчш", min_size=1, max_size=8), st.text("абвгдежзиклмнопрст", min_size=1, max_size=8)
)
def test_the_cost_of_edits_is_a_distance(one: str, other: str) -> None:
    """The same both ways, nothing for equal words, and never above what is asked for plus one."""
    assert cost(one, one, 2.0) == 0
    assert cost(one, other, 20.0) == cost(other, one, 20.0)
    assert (cost(one, other, 20.0) == 0) == (one == other)


def test_short_names_need_more_likeness_than_long_ones() -> None:
    """Three letters allow one vowel for another; two nothing."""
    assert sounds_like(spellings("нурмухамитова"), spellings("нурмухамедова"))
    assert sounds_like({"цуи"}, {"цаи"})
    assert not sounds_like({"дом"}, {"том"})
    assert not sounds_like({"ла"}, {"ли"})


def test_what_is_listed_is_sure_and_is_concealed_without_asking() -> None:
    """Sureness 1, whatever other finders make of it."""
    (one,) = Detector(None).find([Passage("Потом пришёл саколов.", "ru")], ["Соколова"])

    assert (one.why, one.sureness) == ("protected", 1.0)


def test_where_nothing_is_said_nobody_is_named() -> None:
    """A text without passages has no language to look a listed name up in."""
    assert Detector(None).find([], ["Соколова", "+7 912 345-67-89"]) == []


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.parametrize("language", ["ru", "en", "uk"])
@pytest.mark.parametrize("choice", ["first", "drawn", "woman", "man", "family"])
def test_the_list_alone_finds_everybody_on_it(shared: Path, language: str, choice: str) -> None:
    """Without any other finder, in clean, misheard and lower-case text; others' lists conceal next to nothing."""
    bench: Any = importlib.import_module("tests.bench.protected")
    clean = bench.told("interviews_handmade", language)
    names = [bench.listed(one, bench.CHOICES[choice]) for one in clean]
    for kind in bench.KINDS:
        heard = bench.told(f"interviews_handmade{kind}", language)
        assert bench.share(heard, names, bench.by_list, 0) == 100, kind
        assert bench.false(heard, bench.CHOICES[choice], 0) == 0, kind
