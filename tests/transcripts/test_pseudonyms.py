"""Decisions applied to text: nothing concealed comes through, nothing drifts, twice is once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import pymorphy3
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from transcripts.names import (
    Choice,
    Decision,
    Detector,
    Label,
    Mention,
    Passage,
    Person,
    PublicFigures,
    Roster,
    group,
)
from transcripts.names.lexicon import facts
from transcripts.names.recur import Net
from transcripts.pseudonyms import Released, conceal_text, pseudonymise, second_pass, silences
from transcripts.shipped import shipped
from transcripts.words import Segment, Transcript, Word

MORPHOLOGY = pymorphy3.MorphAnalyzer(lang="ru")
# None is an ordinary word as well: the frost keeps its name, and has a test of its own.
SURNAMES = ("лебедев", "ковалёв", "мкртчян", "вебер", "хмельницкий", "нурмухаметов", "полетаев", "шевчук", "соколов")
PLAIN = ("вечером", "мы", "пошли", "домой", "и", "пили", "чай,", "потом", "всё", "кончилось.", "Утром", "он")
CASES = (str.lower, str.upper, str.capitalize)


def forms(surname: str) -> list[str]:
    """Every grammatical form of a surname."""
    parses = MORPHOLOGY.parse(surname)
    parse = next((one for one in parses if "Surn" in one.tag), parses[0])
    return sorted({form.word for form in parse.lexeme})


FORMS = {surname: forms(surname) for surname in SURNAMES}
named = st.builds(
    lambda surname, n, case: case(FORMS[surname][n % len(FORMS[surname])]),
    st.sampled_from(SURNAMES),
    st.integers(0, 40),
    st.sampled_from(CASES),
)
texts = st.lists(
    st.one_of(st.sampled_from(PLAIN), st.sampled_from(PLAIN), named.map(lambda name: name + ",")), min_size=1
)
steps = st.sampled_from((0.0, 0.0, 0.02, 0.3, 0.5))


@st.composite
def transcripts(draw: st.DrawFn) -> Transcript:
    """Talk in which surnames occur in any form and case, with times as recognizers give them, broken ones too."""
    segments, now = [], 0.0
    for words in draw(st.lists(texts, min_size=1, max_size=4)):
        timed = []
        for text in words:
            start = now + draw(steps)
            now = start + draw(steps)
            timed.append(Word(text, start, now))
        segments.append(Segment(tuple(timed), "ru", draw(st.sampled_from((None, "S1", "Галина Лебедева")))))
    return Transcript("t", tuple(segments), now + 1, "test")


covers = st.dictionaries(
    st.integers(0, len(SURNAMES) - 1), st.sampled_from(("", "Анна Кузнецова", "К.", "сосед")), max_size=3
)


def roster(transcript: Transcript, protected: Sequence[str] = SURNAMES) -> Roster:
    """Everybody the detector finds in a transcript."""
    passages = [Passage(segment.text, segment.language) for segment in transcript.segments]
    return group(Detector(None).find(passages, protected), passages)


def released(transcript: Transcript, chosen: dict[int, str]) -> tuple[Released, Roster, dict[str, Choice]]:
    """The transcript after some people got cover names."""
    people = roster(transcript)
    named = {n: person for n, person in enumerate(people.people)}
    choices = {named[n].key: Choice(Decision.CONCEAL, cover) for n, cover in chosen.items() if n in named}
    return pseudonymise(transcript, people, choices), people, choices


def letters(text: str) -> str:
    return text.lower().replace("ё", "е").strip(",.")


ALL_FORMS = {letters(form) for every in FORMS.values() for form in every}


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(transcripts(), covers)
def test_no_concealed_form_comes_through(transcript: Transcript, chosen: dict[int, str]) -> None:
    """In no inflection, no case, no speaker's label, whatever cover was chosen."""
    made, _, _ = released(transcript, chosen)
    shown = [word.text for word in made.transcript.timed_words()]
    labels = [segment.speaker or "" for segment in made.transcript.segments]

    assert not ALL_FORMS.intersection(letters(word) for text in shown + labels for word in text.split())
    assert all(word.text not in repr(made.transcript.notes) for word in transcript.timed_words())


@pytest.mark.parametrize("unplaced", [0, 1])
def test_a_first_name_does_not_vouch_for_the_place_of_a_surname(unplaced: int) -> None:
    """A word without a place takes its neighbours into the silence, beside another concealed word as well as alone."""
    times = [(1.0, 1.5), (1.5, 1.5)] if unplaced else [(1.0, 1.0), (1.0, 1.5)]
    words = (
        Word("вчера", 0.0, 1.0),
        Word("Иван", *times[0]),
        Word("Лебедев", *times[1]),
        Word("пришёл", 1.5, 2.9),
        Word("домой.", 3.0, 3.5),
    )
    transcript = Transcript("t", (Segment(words, "ru"),), 4.0, "test")
    made = pseudonymise(transcript, roster(transcript, ("Иван Лебедев",)), {})

    assert made.silences == [(0.0, 2.9)]


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(transcripts(), covers)
def test_the_time_of_every_concealed_word_is_silent(transcript: Transcript, chosen: dict[int, str]) -> None:
    """A word without a trustworthy place takes its neighbours with it."""
    made, _, _ = released(transcript, chosen)
    concealed = [word for word in transcript.timed_words() if letters(word.text) in ALL_FORMS]

    for word in concealed:
        assert any(start <= word.start and word.end <= end for start, end in made.silences)
    if concealed:
        assert all(end - start >= 0.1 for start, end in made.silences)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(transcripts(), covers)
def test_what_is_not_concealed_stays_with_its_times(transcript: Transcript, chosen: dict[int, str]) -> None:
    """No other word changes, moves or is lost."""
    made, _, _ = released(transcript, chosen)

    for before, after in zip(transcript.segments, made.transcript.segments, strict=True):
        untouched = [word for word in before.words if letters(word.text) not in ALL_FORMS]
        hidden = {n for span in after.withheld for n in after.words_in(span.start, span.end)}
        assert [word for n, word in enumerate(after.words) if n not in hidden] == untouched


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(transcripts(), covers)
def test_doing_it_twice_changes_nothing(transcript: Transcript, chosen: dict[int, str]) -> None:
    """Text, spans, times and silences are the same the second time; the second pass hears nobody."""
    made, people, choices = released(transcript, chosen)

    assert pseudonymise(made.transcript, people, choices) == made
    assert second_pass(made.transcript, people, choices) == []


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(transcripts(), transcripts())
def test_a_roster_of_another_text_still_conceals(transcript: Transcript, other: Transcript) -> None:
    """Where the roster's places do not fit, its people are looked for by form."""
    people = roster(other)
    known = {letters(form) for person in people.people for form in person.forms}
    assume(known)
    shown = pseudonymise(transcript, people, {}).transcript.timed_words()

    assert not known.intersection(letters(word.text) for word in shown)


def talk(*lines: str, speaker: str | None = None) -> Transcript:
    """A transcript with half a second to each word."""
    segments, now = [], 0.0
    for line in lines:
        words = tuple(Word(text, now + n / 2, now + n / 2 + 0.4) for n, text in enumerate(line.split()))
        segments.append(Segment(words, "ru", speaker))
        now = words[-1].end + 1
    return Transcript("t", tuple(segments), now, "test")


STORY = talk("Меня зовут Ирина Сергеевна Лебедева.", "Был мороз. Помогла Зоя Мороз.", "У «Лебедевых», в Самаре.")
PEOPLE = roster(STORY, ())
LEBEDEVA, MOROZ, LEBEDEVS = (person.key for person in PEOPLE.people)


def shown(transcript: Transcript) -> list[str]:
    return [segment.text for segment in transcript.segments]


def test_one_person_has_one_mark_and_punctuation_stays() -> None:
    """Patronymic and surname together are one mark; the frost is left alone."""
    made = pseudonymise(STORY, PEOPLE, {}).transcript

    assert shown(made) == ["Меня зовут Ирина [имя-1].", "Был мороз. Помогла Зоя [имя-2].", "У «[имя-3]», в Самаре."]
    assert [
        (span.number, segment.text[span.start : span.end]) for segment in made.segments for span in segment.withheld
    ] == [
        (1, "[имя-1]"),
        (2, "[имя-2]"),
        (3, "[имя-3]"),
    ]
    assert (made.parent, made.notes) == (STORY.id, {})


def test_words_under_one_mark_share_their_time() -> None:
    """The mark is heard, so to speak, from the first of them to the last."""
    mark = pseudonymise(STORY, PEOPLE, {}).transcript.segments[0].words[3]

    assert (mark.start, mark.end) == (STORY.segments[0].words[3].start, STORY.segments[0].words[4].end)


def test_a_cover_name_is_inflected_and_may_have_several_words() -> None:
    """The cover stands in the case of what it covers."""
    choices = {
        LEBEDEVA: Choice(Decision.CONCEAL, "Кузнецова"),
        MOROZ: Choice(Decision.CONCEAL, "Анна Белая"),
        LEBEDEVS: Choice(Decision.CONCEAL, "Кузнецовы"),
    }

    assert shown(pseudonymise(STORY, PEOPLE, choices).transcript) == [
        "Меня зовут Ирина Кузнецова.",
        "Был мороз. Помогла Анна Белая.",
        "У «Кузнецовых», в Самаре.",
    ]


def test_who_is_kept_stays_and_is_heard() -> None:
    """A decision to keep is obeyed, in text and sound."""
    made = pseudonymise(STORY, PEOPLE, {MOROZ: Choice(Decision.KEEP)})

    assert shown(made.transcript)[1] == STORY.segments[1].text
    assert len(made.silences) == 2


@pytest.mark.parametrize(("start", "end"), [(1.0, 1.0), (1.0, 1.05)])
def test_a_word_without_a_place_is_silenced_with_its_neighbours(start: float, end: float) -> None:
    """A recognizer that gives a surname no time has put its sound into the words beside it."""
    words = (Word("пришла", 0.5, 1.0), Word("Лебедева", start, end), Word("вчера", 1.05, 1.6), Word("и", 1.7, 1.8))
    transcript = Transcript("t", (Segment(words, "ru"),), 3.0, "test")

    assert pseudonymise(transcript, roster(transcript), {}).silences == [(0.5, 1.6)]


def test_a_speakers_name_is_no_way_out() -> None:
    """A label that could be a name becomes a number; neutral labels stay."""
    named, neutral = talk("Да.", speaker="Галина Лебедева"), talk("Да.", speaker="Speaker 2")

    assert pseudonymise(named, Roster(), {}).transcript.segments[0].speaker == "S1"
    assert pseudonymise(neutral, Roster(), {}).transcript.segments[0].speaker == "Speaker 2"
    for role in ("I", "N", "R"):
        assert pseudonymise(talk("Да.", speaker=role), Roster(), {}).transcript.segments[0].speaker == role


def test_the_second_pass_sees_a_cover_that_is_a_concealed_name() -> None:
    """A cover chosen by mistake stops the release."""
    choices = {MOROZ: Choice(Decision.CONCEAL, "Лебедева")}
    made = pseudonymise(STORY, PEOPLE, choices)

    assert [number for _, number in second_pass(made.transcript, PEOPLE, choices)] == [1]


def test_a_cover_that_is_a_concealed_name_stays_one_cover() -> None:
    """What is withheld already is not withheld again."""
    choices = {MOROZ: Choice(Decision.CONCEAL, "Лебедева")}
    made = pseudonymise(STORY, PEOPLE, choices)

    assert pseudonymise(made.transcript, PEOPLE, choices) == made


def test_a_kept_namesake_is_not_taken_for_the_concealed_one() -> None:
    """Only the roster can tell them apart; the net leaves what both bear to it."""
    transcript = talk("Президент Путин объявил.", "Следователь Путин кричал.")
    passages = [Passage(segment.text, "ru") for segment in transcript.segments]
    people = group(Detector(PublicFigures.load(shipped("public_figures.toml"))).find(passages), passages)
    made = pseudonymise(transcript, people, people.proposed())

    assert shown(made.transcript) == ["Президент Путин объявил.", "Следователь [имя-2] кричал."]
    assert second_pass(made.transcript, people, people.proposed()) == []
    assert pseudonymise(made.transcript, people, people.proposed()) == made


def named(*forms: str, number: int, sureness: float, passage: Passage) -> Person:
    """A surname as the finders met it in the words ``forms`` of a passage."""
    starts = [passage.text.index(form) for form in forms]
    mentions = tuple(
        Mention(0, start, start + len(form), Label.SURNAME, facts(form, "ru").keys[0], "tagged", sureness)
        for start, form in zip(starts, forms, strict=True)
    )
    lowered = tuple(form.lower() for form in forms)
    keys = tuple(dict.fromkeys(one.key for one in mentions))
    return Person(
        *(number, f"p{number}", keys, Label.SURNAME, lowered, None, "", "", mentions),
        *(Decision.CONCEAL, sureness, "tagged", False),
    )


JUDGED = Passage("Пришёл Формула, пришёл Мороз. Потом ударил мороз, Сидорова ждала Тверскую.", "ru")
SUSPECTED = named("Формула", number=1, sureness=0.3, passage=JUDGED)
CERTAIN = named("Мороз", number=2, sureness=0.9, passage=JUDGED)
ALSO_A_STREET = named("Тверскую", number=4, sureness=0.9, passage=JUDGED)
PLAINLY = named("Сидорова", number=3, sureness=0.3, passage=JUDGED)


@pytest.mark.parametrize(
    ("text", "concealed"),
    [
        ("гонка Формула закрылась", []),  # a suspicion is no reason to suspect other places
        ("Сидорову и Сидоровых", ["Сидорову", "Сидоровых"]),  # unless the form is plainly a surname
        ("Морозу, Маразу, Мороза", ["Морозу", "Маразу", "Мороза"]),
        ("ударил мороз", []),  # the finders knew the name, and took this for the weather
        ("Жили на Тверской. Тверской угрожали.", ["Тверской"]),  # only the second may be somebody
        ("Вчера пришёлМороз", ["пришёлМороз"]),
    ],
)
def test_in_its_own_text_a_roster_is_believed_where_it_knew_better(text: str, concealed: list[str]) -> None:
    """Who is certain is looked for in all that finders cannot read; without their judgement everybody is."""
    net = Net(Roster((SUSPECTED, CERTAIN, PLAINLY, ALSO_A_STREET)), {}, judged=True)
    assert [text[one.start : one.end] for one in net.places(text, "ru")] == concealed


def test_what_was_decided_or_listed_is_looked_for_everywhere() -> None:
    """A person's word makes a suspicion certain; and in any other text nothing counts as judged."""
    text = "гонка Формула закрылась"
    decided = Net(Roster((SUSPECTED,)), {SUSPECTED.key: Choice(Decision.CONCEAL)}, judged=True)
    listed = Net(Roster((replace(SUSPECTED, protected=True),)), {}, judged=True)
    for net in (decided, listed, Net(Roster((SUSPECTED,)), {})):
        assert [one.person.number for one in net.places(text, "ru")] == [SUSPECTED.number]


def test_an_initial_is_somebodys_in_its_place_only() -> None:
    """“А. С. Пушкин” makes no name of every “а”."""
    passage = Passage("Пришёл А. С. Ковалёв, а я ушёл.", "ru")
    people = group(Detector(None).find([passage]), [passage])
    assert Net(people, {}).places("А в лесу, с утра", "ru") == []
    assert Net(people, {}).places("Ковалёв", "ru")


def test_titles_go_through_the_same_door() -> None:
    """Names of the roster keep their number, others are found anew, figures stay."""
    detector = Detector(PublicFigures.load(shipped("public_figures.toml")))
    title = "Разговор с Зоей Мороз и Олегом Ковалёвым о Путине"

    assert conceal_text(title, "ru", detector.find) == "Разговор с Зоей [имя-1] и Олегом [имя-2] о Путине"
    assert conceal_text(title, "ru", detector.find, PEOPLE, {}) == "Разговор с Зоей [имя-2] и Олегом [имя-4] о Путине"
    assert "Мороз" in conceal_text(title, "ru", detector.find, PEOPLE, {MOROZ: Choice(Decision.KEEP)})
    assert conceal_text("лебедева", "ru", detector.find, PEOPLE, {}) == "[имя-1]"
    assert conceal_text("", "ru", detector.find) == ""


def test_a_title_may_be_the_only_place_that_names_somebody_on_the_list() -> None:
    """The roster knows who is in the talk; the narrator's list knows more."""
    listed = partial(Detector(None).find, protected=("Зоя",))

    assert conceal_text("Зоя о войне", "ru", listed, PEOPLE, {}) == "[имя-4] о войне"


def test_silences_come_from_the_released_transcript_alone() -> None:
    """What is withheld says by itself what must not be heard."""
    made = pseudonymise(STORY, PEOPLE, {})

    assert silences(made.transcript) == made.silences
    assert silences(replace(made.transcript, segments=made.transcript.segments[1:])) == made.silences[1:]
