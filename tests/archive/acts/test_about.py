"""Places, themes and the year of leaving: written at the intake, read by others after the release, and searched by."""

from __future__ import annotations

from functools import partial

import pytest

from archive import worker
from archive.acts import answers, approval, changes, review
from archive.acts.description import Description
from archive.acts.editing import Describe
from archive.acts.intake import IntakeForm, check
from archive.errors import BadInput, Refused
from archive.interview import Stage
from archive.parts import Archive
from archive.pipeline.about import About, LeftOut, about, looked_through
from tests import make, rooms
from transcripts.names import Detector, Passage, Roster, group

ABOUT = {"places": ("Самара", "дом Лебедевой"), "themes": ("эмиграция", "Лебедевы"), "left_in": 2022}


@pytest.mark.slow
def test_what_names_somebody_concealed_is_left_out(house: Archive) -> None:
    """The reviewer sees what will be read; nothing of it is known of the interview before the release."""
    id = rooms.in_review(house, make.INTERVIEWER, title="Дом Лебедевой", **ABOUT)
    with house.catalogue.reading() as ledger:
        waiting = ledger.interviews.get(id)
    assert (waiting.places, waiting.themes, waiting.left_in) == ((), (), None)
    told = approval.preview(house, make.INTERVIEWER, id).about
    assert "Лебедев" not in told.title
    assert told == About(told.title, ("Самара",), ("эмиграция",), 2022)

    make.approved(house, id)
    worker.work(house)
    with house.catalogue.reading() as ledger:
        done = ledger.interviews.get(id)
    assert done.stage is Stage.RELEASED
    assert (done.title, done.places, done.themes, done.left_in) == (told.title, told.places, told.themes, 2022)
    found = [answers.search(house, make.HISTORIAN, f"интервью {field}").total for field in ("", "place:самара")]
    assert found == [1, 1]
    for field in ("place:Рига", "-место:Самара", "theme:Лебедевы", "place:дом"):
        assert answers.search(house, make.HISTORIAN, f"интервью {field}").total == 0


@pytest.mark.slow
def test_what_is_corrected_in_review_is_what_is_released(house: Archive) -> None:
    """Title, places, themes and year: others read what the preview showed, and a name that was typed is covered."""
    id = rooms.in_review(house, make.INTERVIEWER, title="Чемадан", **ABOUT)
    first = approval.preview(house, make.INTERVIEWER, id)
    assert first.about == About("Чемадан", ("Самара",), ("эмиграция",), 2022)
    (number,) = (person.number for person in first.review.roster.people if "лебедева" in person.forms)
    assert first.left_out == (
        LeftOut("places", "дом Лебедевой", (number,)),
        LeftOut("themes", "Лебедевы", (number,)),
    )
    better = Description("Чемодан Лебедевой и Путина", ("Самара", "дом"), ("эмиграция", "семья"), 1991)
    changes.make(house, make.INTERVIEWER, id, Describe(better, 2026), first.review.version)
    told = approval.preview(house, make.INTERVIEWER, id).about
    assert told.title.startswith("Чемодан [имя-")
    assert "Лебедев" not in told.title
    assert (told.places, told.themes, told.left_in) == (("Самара", "дом"), ("эмиграция", "семья"), 1991)

    make.approved(house, id)
    shown = approval.preview(house, make.INTERVIEWER, id)
    assert "Путина" in shown.about.title, "decided: a public figure"
    other = Describe(Description("Другое"), 2026)
    with pytest.raises(Refused):
        changes.make(house, make.INTERVIEWER, id, other, shown.review.version)
    worker.work(house)
    with house.catalogue.reading() as ledger:
        done = ledger.interviews.get(id)
    assert done.stage is Stage.RELEASED
    assert About(done.title, done.places, done.themes, done.left_in) == shown.about
    with pytest.raises(Refused):
        changes.make(house, make.INTERVIEWER, id, other, shown.review.version)

    approval.reopen(house, make.ARCHIVIST, id)
    assert review.read(house, make.INTERVIEWER, id).description == better
    changes.make(house, make.INTERVIEWER, id, other, shown.review.version)
    assert approval.preview(house, make.INTERVIEWER, id).about == About("Другое")


def test_forms_of_before_are_read(house: Archive) -> None:
    """An upload under way keeps its form; an older one knows nothing of places."""
    form = IntakeForm(make.consent(), **ABOUT)
    assert IntakeForm.from_json(form.as_json()) == form
    older = {name: value for name, value in form.as_json().items() if name not in ABOUT}
    assert IntakeForm.from_json(older).places == ()
    assert "Самара" not in repr(form)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"places": ("а",) * 21}, "places"),
        ({"themes": ("а" * 101,)}, "themes"),
        ({"left_in": 1899}, "left_in"),
        ({"left_in": 2999}, "left_in"),
    ],
)
def test_too_much_and_other_years_are_refused(house: Archive, wrong: dict[str, object], field: str) -> None:
    """Beside its field."""
    with pytest.raises(BadInput) as caught:
        check(house, IntakeForm(make.consent(), **wrong))  # type: ignore[arg-type]
    assert caught.value.field == field


@pytest.mark.slow
def test_towns_that_read_like_surnames_are_places(detector: Detector) -> None:
    """With the real finders. A surname stays one, and a town does not show if a concealed person is called like it."""
    towns = ("Львов", "Киров", "Харьков", "Донецк", "Воркута", "Ленинград", "Пенза")
    themes = ("Чернобыль", "Голодомор", "жизнь в лагере", "ГУЛАГ")
    hasty = ("полетаева", "дело сорокина", "громов")
    paper = {
        "title": "",
        "places": [*towns, "Сидоренко", "дом Лебедевой", *hasty],
        "themes": [*themes, "семья Ивановых", *hasty],
    }
    find = partial(detector.find, protected=("Лебедева",))
    assert about(paper, "ru", find, Roster(), {}) == About("", towns, themes)

    passages = [Passage("Пришёл Иван Львов.", "ru")]
    roster = group(detector.find(passages), passages)
    assert [person.forms for person in roster.people] == [("львов",)]
    told, left_out = looked_through(paper, "ru", find, roster, {})
    assert told.places == towns[1:]
    assert left_out[0] == LeftOut("places", "Львов", (roster.people[0].number,))
    assert [one.numbers for one in left_out if one.value == "Сидоренко"] == [()], "the text names nobody so"


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector(None)
