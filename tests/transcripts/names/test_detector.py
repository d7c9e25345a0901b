"""What is found, what is left alone, and why. Every person here is invented."""

from __future__ import annotations

from pathlib import Path

import pytest

from transcripts.errors import BadNames
from transcripts.names import Detector, Passage, PublicFigures, Thresholds
from transcripts.names.mention import Label
from transcripts.shipped import shipped

FIGURES = PublicFigures.load(shipped("public_figures.toml"))


def concealed(text: str, language: str = "ru", protected: tuple[str, ...] = ()) -> list[str]:
    """What the detector conceals in a text."""
    found = Detector(FIGURES).find([Passage(text, language)], protected)
    return [text[one.start : one.end] for one in found if one.why != "public-figure"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Меня зовут Ирина Сергеевна Лебедева.", ["Сергеевна", "Лебедева"]),
        ("После этого у Лебедевых разбили окно.", ["Лебедевых"]),
        ("Ночью был сильный мороз. Её звали Зоя Мороз.", ["Мороз"]),
        ("Значит, зовут меня Григорий... ну... Полетаев.", ["Полетаев"]),
        ("Адвокат Мария Вебер приехала в тот же вечер.", ["Вебер"]),
        ("Вошёл полковник Дударь, все встали.", ["Дударь"]),
        ("Она урождённая Брук, из Риги.", ["Брук"]),
        ("Приговор подписала судья Е. Тюрина.", ["Тюрина"]),
        ("Анна Бельская-Крафт уехала. Потом Бельскую видели в Праге.", ["Бельская-Крафт", "Бельскую"]),
        ("Стороны назвали имя: Марин Ле Пен.", ["Ле", "Пен"]),
        ("Пишется так: М-Я-Г-К-О-В.", ["М-Я-Г-К-О-В"]),
        ("Утром мы поехали на машине к границе с Казахстаном.", []),
        ("Президент Франции прилетел в Москву.", []),
    ],
)
def test_russian_names_are_found_and_other_words_left(text: str, names: list[str]) -> None:
    """Surnames and patronymics, in any form; first names, places and offices stay."""
    assert concealed(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("и тут приходит фёдор сорока и говорит", ["сорока"]),
        ("плетнёв уже нашёл работу а плетнёвы жили у нас", ["плетнёв", "плетнёвы"]),
        ("потом вошёл полковник дударь и все встали", ["дударь"]),
        ("пишется так м я г к о в", ["м я г к о в"]),
        ("на границе было холодно и ночью был мороз", []),
    ],
)
def test_lower_case_text_is_read_without_capitals(text: str, names: list[str]) -> None:
    """Recognizers that write no capitals still lose no surname."""
    assert concealed(text) == names


@pytest.mark.parametrize(
    ("text", "language", "names"),
    [
        ("Лікарка наша, Надія Зима, приймала. Яка ж то була зима! Зими боялися.", "uk", ["Зима", "Зими"]),
        ("Слава Україні! Верховна Рада України працює в Києві.", "uk", []),
        ("The neighbor, old Mr. Sokol, knew Tatiana Dorofeeva.", "en", ["Sokol", "Dorofeeva"]),
        ("Grace Baker drove us. Baker was no baker.", "en", ["Baker", "Baker"]),
        ("We came through Rome, like everybody.", "en", []),
    ],
)
def test_ukrainian_and_english_names_are_found(text: str, language: str, names: list[str]) -> None:
    """The same finders with other dictionaries."""
    assert concealed(text, language) == names


@pytest.mark.parametrize(
    ("text", "label", "found"),
    [
        ("Её номер 8 912 000 15 47.", Label.PHONE, "8 912 000 15 47"),
        ("звоните восемь девятьсот двенадцать ноль ноль ноль пятнадцать сорок семь", Label.PHONE, "восемь девятьсот"),
        ("cell, 917-555-0148", Label.PHONE, "917-555-0148"),
        ("почта sergey.tulupov77@proton.me", Label.EMAIL, "sergey.tulupov77@proton.me"),
        ("пишите тулуп собака почта точка ру", Label.EMAIL, "тулуп собака почта точка ру"),
        ("я там @s_tulupov", Label.HANDLE, "@s_tulupov"),
        ("телега t.me/tulupchik", Label.HANDLE, "t.me/tulupchik"),
        ("СНИЛС 112-233-445 95", Label.DOCUMENT, "112-233-445 95"),
        ("загран № 65 2211904", Label.DOCUMENT, "№ 65 2211904"),
        ("живу: ул. Садовая, д. 181, кв. 33", Label.ADDRESS, "ул. Садовая, д. 181, кв. 33"),
        ("at 88 Corbin Place, Brooklyn, NY 11235", Label.ADDRESS, "88 Corbin Place, Brooklyn, NY 11235"),
    ],
)
def test_direct_identifiers_are_found(text: str, label: Label, found: str) -> None:
    """Written, grouped or spoken."""
    mentions = Detector(None).find([Passage(text, "ru")])

    assert [one.label for one in mentions] == [label]
    assert text[mentions[0].start : mentions[0].end].startswith(found)


@pytest.mark.parametrize(
    "text",
    [
        "В 1986 году нас было пять человек.",
        "С 1941-1945 шла война.",
        "Стоило 1 000 000 рублей.",
        "Это было 14.05.2024.",
    ],
)
def test_years_sums_and_dates_are_nobodys_number(text: str) -> None:
    """What history is told with stays."""
    assert concealed(text) == []


@pytest.mark.parametrize(
    ("entry", "text", "found"),
    [
        ("Хомут", "Инспектор говорил с Хомутом.", ["Хомутом"]),
        ("Лебедевых", "потом пришла лебедева", ["лебедева"]),
        ("Соколова", "Приходила Саколова.", ["Саколова"]),
        ("Ирина", "Мы с Ирой, и Ирина, и Иришка.", ["Ирой", "Ирина", "Иришка"]),
        ("Мороз", "К Морозу пришли. Был мороз.", ["Морозу"]),
        ("+7 912 000-15-47", "номер 79120001547", ["79120001547"]),
    ],
)
def test_the_protected_list_is_found_in_every_form(entry: str, text: str, found: list[str]) -> None:
    """One form, any form, a diminutive or another grouping of digits is enough."""
    assert concealed(text, protected=(entry,)) == found


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Путин объявил мобилизацию, Навальный молчал.", []),
        ("Мы жили на улице Гагарина.", []),
        ("Комендантом была Раиса Гагарина. Гагариной дали грамоту.", ["Гагарина", "Гагариной"]),
        ("Мой научный руководитель, Павел Медведев, шутил.", ["Медведев"]),
        ("Мой тесть, Дмитрий Медведев, шутил.", ["Медведев"]),
        ("Приходил Волков, сосед.", ["Волков"]),
        ("Следователь Путин кричал.", ["Путин"]),
    ],
)
def test_public_figures_are_kept_and_namesakes_are_not(text: str, names: list[str]) -> None:
    """Another first name, a private office or a common surname: unsure is private."""
    assert concealed(text) == names


def test_the_protected_list_beats_the_public_figures() -> None:
    """Whom the narrator protects is never a public figure."""
    assert concealed("Путин объявил мобилизацию.", protected=("Путин",)) == ["Путин"]


def test_marks_of_what_is_withheld_are_not_names() -> None:
    """A pseudonymised text has nothing left to find; a name in such brackets is still one."""
    assert concealed("Меня зовут Ирина [имя-1], её звали Зоя [имя-3].") == []
    assert concealed("Меня зовут Ирина [Лебедева-1].") == ["Лебедева"]


def test_a_mention_and_a_passage_show_no_name() -> None:
    """What is logged by mistake holds no name."""
    passage = Passage("Меня зовут Ирина Лебедева.", "ru")
    shown = repr((passage, Detector(None).find([passage])))

    assert "ебедев" not in shown.lower()
    assert "липитиф" not in shown


def test_below_the_lower_threshold_nothing_is_said() -> None:
    """Thresholds decide what is a mention at all."""
    passage = Passage("Меня зовут Ирина Лебедева.", "ru")

    assert Detector(None, Thresholds(conceal_above=1, ask_above=1)).find([passage]) == []


def test_a_broken_list_of_figures_is_said_to_be_broken(tmp_path: Path) -> None:
    """A list that is not one raises our error, without its content."""
    path = tmp_path / "figures.toml"
    path.write_text("figures = [3]", encoding="utf-8")

    with pytest.raises(BadNames):
        PublicFigures.load(path)


@pytest.mark.parametrize("text", ["9" * 5000, "9" * 5000 + " тысяч", "тысяча " * 2000, "9" * 5000 + " пять пятого"])
def test_numbers_without_end_stop_nobody(text: str) -> None:
    """Python refuses to read numbers of thousands of digits; what else stands there is found all the same."""
    assert "Лебедева" in concealed(f"{text}. Меня зовут Ирина Лебедева.")
