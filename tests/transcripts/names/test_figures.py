"""Public figures are kept in every form; whoever may be a private namesake is concealed."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from transcripts.errors import BadFigures
from transcripts.names import Detector, Passage, PublicFigures
from transcripts.names.figure_list import GROUPS
from transcripts.shipped import shipped

SHIPPED = shipped("public_figures.toml")
FIGURES = PublicFigures.load(SHIPPED)


def concealed(text: str, language: str = "ru", protected: tuple[str, ...] = ()) -> list[str]:
    """What the detector conceals in a text."""
    found = Detector(FIGURES).find([Passage(text, language)], protected)
    return [text[one.start : one.end] for one in found if one.why != "public-figure"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Путин объявил мобилизацию, про Путина шутили, с Путиным, о Путине.", "ru"),
        ("путин объявил мобилизацию и про путина шутили", "ru"),
        ("Вова Путин и Лёша Навальный.", "ru"),
        ("Владимир Владимирович Путин. Путин Владимир Владимирович. Путин В. В., В. В. Путин.", "ru"),
        ("Президент Медведев и министр Лавров.", "ru"),
        ("Президент России Медведев прилетел.", "ru"),
        ("Потом были Путин, Медведев, снова Путин.", "ru"),
        ("Выступала Юлия Навальная, Навальной хлопали.", "ru"),
        ("Журналистка Анна Политковская писала об этом.", "ru"),
        ("Товарищ Сталин, господин Путин.", "ru"),
        ("Мы жили на улице Гагарина, потом общежитие на Вавилова.", "ru"),
        ("Музей Сахарова, институт имени академика Сахарова, улица Маршала Жукова.", "ru"),
        ("У него был калашников и наган.", "ru"),
        ("За Кравчука ми будувалися, за Кучми вчилися, Зеленського чекали, про Путіна мовчали.", "uk"),
        ("Putin came, then Gorbachev and Zelenskyy, Navalny and Yeltsin.", "en"),
        ("I voted for Trump, our mother did not.", "en"),
        ("At the Sakharov Prize dinner President Medvedev spoke.", "en"),
    ],
)
def test_figures_are_kept(text: str, language: str) -> None:
    """Case, script, language, diminutive, office, initials, company; streets and things."""
    assert concealed(text, language) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Моя тётя Вера Путина приехала. Путина сказала, у Путиной болит.", ["Путина", "Путина", "Путиной"]),
        ("Мой сосед Медведев пил.", ["Медведев"]),
        ("Наш участковый Лавров кричал.", ["Лавров"]),
        ("Следователь Дмитрий Медведев кричал.", ["Медведев"]),
        ("Приходил Волков, наш сосед, и плакал.", ["Волков"]),
        ("Приходил Навальный, мой сосед, и плакал.", ["Навальный"]),
        (
            "Был Медведев. Научный руководитель, Павел Медведев, шутил. Медведева не трогали.",
            ["Медведев"] * 2 + ["Медведева"],
        ),
        ("Потом Путин, Медведев. Мой сосед, Павел Медведев, шутил. Медведева били.", ["Медведев", "Медведева"]),
        ("Против Лукашенко выступала подруга Яна Лукашенко. Яну Лукашенко задержали.", ["Лукашенко", "Лукашенко"]),
        ("Владимир Сергеевич Путин чинил обувь.", ["Сергеевич", "Путин"]),
        ("Подписал А. Путин.", ["Путин"]),
        ("Путин Олег Иванович, слесарь.", ["Путин", "Иванович"]),
        ("Некто Путин звонил.", ["Путин"]),
        ("У Путиных разбили окно.", ["Путиных"]),
        ("Комендантша Раиса Гагарина. На улице Гагарина её знали. Гагариной дали грамоту.", ["Гагарина", "Гагариной"]),
        ("Позвонил доктор Сербский, он лечил меня.", ["Сербский"]),
        ("На улице Медведев встретил сестру.", ["Медведев"]),
        ("Депутат Волков помог нам.", ["Волков"]),
    ],
)
def test_private_namesakes_are_concealed(text: str, names: list[str]) -> None:
    """Kin, neighbours, officers, other first names, patronymics, initials and genders; unsure is private."""
    assert concealed(text) == names


def test_an_english_neighbour_is_no_president() -> None:
    """The same in English."""
    assert concealed("My neighbour Medvedev drank.", "en") == ["Medvedev"]
    assert concealed("My aunt Vera Putina came.", "en") == ["Putina"]


def test_the_protected_list_beats_every_figure() -> None:
    """With office and first name too."""
    assert concealed("Президент Владимир Путин молчал.", protected=("Путин",)) == ["Путин"]


@pytest.mark.slow
def test_every_line_of_the_shipped_list_names_somebody_once_and_is_found() -> None:
    """Several hundred, none twice; each with its first name is kept."""
    found = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    lines = [
        line.partition("#")[0].split(";")[0].strip()
        for group in GROUPS
        for line in found[group].splitlines()
        if line.partition("#")[0].strip()
    ]
    people = [line for line in lines if " " in line]

    assert len(people) >= 500
    assert len(lines) == len(set(lines))
    plain = [" ".join(word.split("|")[0] for word in line.split()) for line in people]
    text = "\n".join(f"Я видел по телевизору, там {name} говорит." for name in plain)
    lost = concealed(text)
    assert lost == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('figures = """\nВладимир Путин; Vladimir Putin; президент\nПутин\n"""\n', 3),
        ('figures = """\n# leaders\nВладимир Путин; V; president; 2000\n"""\n', 3),
        ('streets = """\nКиров\n"""\nfigurs = """\nВладимир Путин\n"""\n', 4),
        ('figures = """\nПётр 1-й Романов\n"""\n', 2),
        ("figures = [3]\n", 1),
        ('# list\nfigures = """\nВладимир Путин', 3),
        ("# list\nfigures\n", 2),
    ],
)
def test_a_line_that_cannot_be_read_is_named(tmp_path: Path, text: str, line: int) -> None:
    """With what to write instead, and without its content."""
    path = tmp_path / "public_figures.toml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(BadFigures) as caught:
        PublicFigures.load(path)
    assert caught.value.told().startswith(f"Line {line} of public_figures.toml cannot be read. Write one person a line")
    assert "Путин" not in caught.value.told()


def test_a_list_in_another_encoding_is_named_by_its_line(tmp_path: Path) -> None:
    """An editor that saves as Windows-1251 is told where."""
    path = tmp_path / "public_figures.toml"
    path.write_bytes(b'# list\nfigures = """\n' + 'Владимир Путин\n"""'.encode("cp1251"))

    with pytest.raises(BadFigures) as caught:
        PublicFigures.load(path)
    assert "Line 3 " in caught.value.told()
