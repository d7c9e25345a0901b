"""Places, themes and the year of leaving: written at the intake, read by others after the release, and searched by."""

from __future__ import annotations

from functools import partial

import pytest

from archive import worker
from archive.acts import answers, review
from archive.acts.intake import IntakeForm, check
from archive.errors import BadInput
from archive.interview import Stage
from archive.parts import Archive
from archive.pipeline.about import About, about
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
    told = review.preview(house, make.INTERVIEWER, id).about
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
    assert about(paper, "ru", find, roster, {}).places == towns[1:]


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector(None)
