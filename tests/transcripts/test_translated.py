"""Translations: laid beside turns by time, and pseudonymised by the decisions about the transcript."""

from __future__ import annotations

import re
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcripts.errors import MalformedTranscript
from transcripts.names import Choice, Decision, Detector, Passage, Roster, group
from transcripts.pseudonyms import Rendered, pseudonymise, pseudonymise_translation, stranger_key
from transcripts.translation import Translation, beside, rendering
from transcripts.words import Segment, Transcript, Word

SAID = (
    "Меня зовут Ирина, моя девичья фамилия Лебедева.",
    "Мы дружили с Олегом Чехониным, он служил в полиции.",
    "Чехонин уехал, а Путин остался.",
    "Потом Щербакова позвонила моей сестре.",
    "Ничего.",
)


@pytest.fixture(scope="module")
def detector() -> Detector:
    """The real finders."""
    return Detector(None)


@pytest.fixture(scope="module")
def roster(detector: Detector) -> Roster:
    """Everybody who is named in SAID."""
    passages = [Passage(text, "ru") for text in SAID]
    return group(detector.find(passages, ()), passages)


def spoken(texts: tuple[str, ...] = SAID, language: str = "ru") -> Transcript:
    """Ten seconds for each turn."""
    segments = tuple(
        Segment(
            tuple(Word(word, 10 * n + at / 2, 10 * n + at / 2 + 0.4) for at, word in enumerate(text.split())), language
        )
        for n, text in enumerate(texts)
    )
    return Transcript("t", segments, 10.0 * len(texts), "person")


def key_of(roster: Roster, form: str) -> str:
    """The person's key."""
    return next(person.key for person in roster.people if form in person.forms)


def choices_for(roster: Roster, cover: str = "") -> dict[str, Choice]:
    """Everybody concealed but the public figure; Чехонин under a cover."""
    made = {person.key: Choice(Decision.CONCEAL) for person in roster.people}
    made[key_of(roster, "путин")] = Choice(Decision.PUBLIC_FIGURE)
    made[key_of(roster, "чехонин")] = Choice(Decision.CONCEAL, cover)
    return made


def rendered(
    detector: Detector,
    roster: Roster,
    texts: dict[int, str],
    *,
    language: str = "en",
    cover: str = "",
    listed: tuple[str, ...] = (),
) -> Rendered:
    """The texts beside SAID, after the decisions."""
    choices = choices_for(roster, cover)
    released = pseudonymise(spoken(), roster, choices).transcript
    translation = Translation.of(texts, language, spoken().segments)
    find = partial(detector.find, protected=listed)
    return pseudonymise_translation(translation, released, find, (roster, choices))


def texts_of(found: Rendered) -> list[str | None]:
    """What others read."""
    return [one.text if one else None for one in found.translation.segments]


def test_everybody_is_who_they_are_in_the_text(detector: Detector, roster: Roster) -> None:
    """One number in both languages; a public figure stays; a stranger is concealed under a number of their own."""
    found = rendered(
        detector,
        roster,
        {
            0: "My name is Irina, my maiden name is Lebedeva.",
            1: "We were friends with Oleg Chekhonin.",
            2: "Chekhonin left, Putin stayed, and so did Peter Stein.",
        },
    )
    numbers = {form: person.number for person in roster.people for form in person.forms}
    lebedeva, chekhonin, last = numbers["лебедева"], numbers["чехонин"], max(numbers.values())
    assert texts_of(found) == [
        f"My name is Irina, my maiden name is [name-{lebedeva}].",
        f"We were friends with Oleg [name-{chekhonin}].",
        f"[name-{chekhonin}] left, Putin stayed, and so did Peter [name-{last + 1}].",
        None,
        None,
    ]
    assert (found.fewer, found.left) == ((), ())


@pytest.mark.parametrize("spelling", ["Tchekhonine", "Čechonin", "Chehonin", "Chekhonyn", "CHEKHONIN", "Chekhonin’s"])
def test_however_a_translator_spells_it(detector: Detector, roster: Roster, spelling: str) -> None:
    """In the turn in which the name is said, what sounds like it is it."""
    found = rendered(detector, roster, {1: f"We were friends with {spelling}, who was in the police."})
    assert spelling[:4].lower() not in str(texts_of(found)[1]).lower()


def test_ukrainian_beside_russian(detector: Detector, roster: Roster) -> None:
    """The finders of the translation's language."""
    found = rendered(
        detector, roster, {1: "Ми дружили з Олегом Чехоніним.", 3: "Потім Щербакова подзвонила."}, language="uk"
    )
    assert "Чехон" not in str(texts_of(found))
    assert "Щербак" not in str(texts_of(found))
    assert "[ім’я-" in str(texts_of(found)[1])


def test_covers_and_marks_stay_what_they_are(detector: Detector, roster: Roster) -> None:
    """Whoever translated the released text knew nobody by another name."""
    found = rendered(
        detector,
        roster,
        {1: "We were friends with Oleg Sokolov.", 3: "Then [имя-4] called, and [name-4]’s sister."},
        cover="Соколов",
    )
    assert texts_of(found)[1] == "We were friends with Oleg Sokolov."
    assert texts_of(found)[3] == "Then [name-4] called, and [name-4]’s sister."
    segment = found.translation.segments[1]
    assert segment is not None
    (span,) = segment.withheld
    assert segment.text[span.start : span.end] == "Sokolov"
    assert found.fewer == ()


def test_a_cover_stands_in_the_letters_of_the_translation(detector: Detector, roster: Roster) -> None:
    """As it does in the text."""
    found = rendered(detector, roster, {1: "We were friends with Oleg Chekhonin."}, cover="Соколов")
    assert texts_of(found)[1] == "We were friends with Oleg Sokolov."


def test_who_is_missing_is_told(detector: Detector, roster: Roster) -> None:
    """“He” for a name, or a name that nothing found: somebody looks."""
    found = rendered(detector, roster, {1: "We were friends with a policeman.", 4: "Nothing."})
    assert found.fewer == (1,)


def test_what_is_listed_is_concealed_here_too(detector: Detector, roster: Roster) -> None:
    """The narrator's list, in its letters and in others."""
    found = rendered(detector, roster, {4: "Nothing, said grandmother Toporkova."}, listed=("Топоркова",))
    assert "Toporkov" not in str(texts_of(found))


@pytest.mark.parametrize("text", ["", "   ", "\u200b \n"])
def test_nothing_is_no_rendering(text: str) -> None:
    """A turn that was not translated."""
    made = rendering(text, "en", spoken().segments[0])
    assert made is None or made.text.strip()


@given(st.lists(st.tuples(st.integers(0, 55), st.integers(0, 20)), max_size=12))
def test_every_subtitle_finds_a_turn(times: list[tuple[int, int]]) -> None:
    """No word of a file is lost, and each belongs to a turn that no other shares more time with."""
    turns = spoken().segments
    subtitles = [Segment((Word(f"w{n}", start, start + length),), "en") for n, (start, length) in enumerate(times)]
    found = beside(subtitles, turns)
    assert sorted(word for text in found.values() for word in text.split()) == sorted(one.text for one in subtitles)
    shared = [[min(one.end, turn.end) - max(one.start, turn.start) for turn in turns] for one in subtitles]
    for n, one in enumerate(subtitles):
        at = next(at for at, text in found.items() if one.text in text.split())
        assert shared[n][at] == max(shared[n])


def test_what_is_kept_is_read_again(detector: Detector, roster: Roster) -> None:
    """The file of the released layer; one that is none says so."""
    made = rendered(detector, roster, {1: "We were friends with Oleg Chekhonin."}).translation
    assert Translation.from_json(made.as_json()) == made
    assert made.transcript(spoken()).segments[0].text == str(made.segments[1].text if made.segments[1] else "")
    for broken in ({}, {"language": "en", "segments": [3]}, {"language": "en", "segments": [{"words": []}]}):
        with pytest.raises(MalformedTranscript):
            Translation.from_json(broken)


def test_strangers_are_decided_about_by_themselves(detector: Detector, roster: Roster) -> None:
    """Under a key of their own: a decision about somebody of the text who is no longer there means nobody here."""
    texts = {4: "Nothing, said Peter Stein."}
    (stranger,) = rendered(detector, roster, texts).strangers
    choices = choices_for(roster) | {stranger.key: Choice(Decision.KEEP)}
    released = pseudonymise(spoken(), roster, choices).transcript
    translation = Translation.of(texts, "en", spoken().segments)
    for extra, stays in (({}, False), ({stranger_key(stranger): Choice(Decision.KEEP)}, True)):
        found = pseudonymise_translation(translation, released, detector.find, (roster, choices | extra))
        assert ("Stein" in str(texts_of(found)[4])) is stays
        assert found.kept == ({stranger.number} if stays else set())
    find = partial(detector.find, protected=("Stein",))
    kept = choices | {stranger_key(stranger): Choice(Decision.KEEP)}
    assert "Stein" not in str(texts_of(pseudonymise_translation(translation, released, find, (roster, kept)))[4])


@pytest.mark.parametrize(
    ("cover", "text"),
    [
        ("Кирова", "I lived at 12 Kirov Street, apartment 5."),
        ("Пушкина", "I lived at 12 Pushkin Street, apartment 5."),
        ("Садовая", "I lived at 12 Sadovaya Street, apt 5."),
        ("Соколов", "Write to Oleg.Sokolov@mail.ru or @Sokolov_Oleg1986."),
        ("Соколов", "I lived at 12 [name-2] Street, apartment 5."),
    ],
)
def test_an_address_with_a_cover_in_it_is_an_address(detector: Detector, roster: Roster, cover: str, text: str) -> None:
    """What is found is more than the cover or mark that stands in it."""
    read = str(texts_of(rendered(detector, roster, {4: text}, cover=cover))[4])
    assert not {"12", "apartment 5", "apt 5", "mail.ru", "1986"} & set(re.findall(r"[\w.]+(?: 5)?", read)), read
    assert "Street" not in read


def test_a_double_name_with_a_cover_in_it_is_concealed_whole(detector: Detector, roster: Roster) -> None:
    """Not the half that the translator knew."""
    found = rendered(detector, roster, {1: "Olga Sokolova-Chekhonina came."}, cover="Соколов")
    assert "Chekhon" not in str(texts_of(found)[1])
    assert found.left == ()


@pytest.mark.parametrize("said", ["Li’s house", "Li's house", "the Lis", "the Lis’ house", "Pyotr Li", "LI"])
def test_the_shortest_names_have_possessives_and_plurals(detector: Detector, said: str) -> None:
    """Ли, Пак, Цой: names of many who were deported."""
    texts = ("Мы жили у Ли, у Петра Ли.",)
    passages = [Passage(text, "ru") for text in texts]
    roster = group(detector.find(passages, ("Пётр Ли",)), passages)
    choices = {person.key: Choice(Decision.CONCEAL) for person in roster.people}
    released = pseudonymise(spoken(texts), roster, choices).transcript
    translation = Translation.of({0: f"We lived in {said}, all of us."}, "en", spoken(texts).segments)
    find = partial(detector.find, protected=("Пётр Ли",))
    found = pseudonymise_translation(translation, released, find, (roster, choices))
    assert not re.search(r"\bli(?:s|’s|'s)?\b", str(texts_of(found)[0]), re.IGNORECASE)


def test_a_number_is_one_person(detector: Detector, roster: Roster) -> None:
    """Strangers of one translation have none that the title or another translation gave away."""
    first = rendered(detector, roster, {4: "Nothing, said Peter Stein."})
    last = max(person.number for person in roster.people)
    assert [person.number for person in first.strangers] == [last + 1]
    choices = choices_for(roster)
    released = pseudonymise(spoken(), roster, choices).transcript
    second = Translation.of({4: "Нічого, сказав Петро Коровін."}, "uk", spoken().segments)
    found = pseudonymise_translation(second, released, detector.find, (roster, choices), last + 1)
    assert [person.number for person in found.strangers] == [last + 2]


def test_a_mark_with_a_number_nobody_can_have_is_a_word(detector: Detector, roster: Roster) -> None:
    """Thousands of digits are no number, and no reason to stop."""
    found = rendered(detector, roster, {4: f"Nothing [name-{'9' * 5000}] and [name-99]."})
    assert "[name-99]" in str(texts_of(found)[4])


@pytest.mark.parametrize(
    "text",
    [
        "Smirnov-[name-1] called [name-2].",
        "[name-1]-Smirnov called.",
        "[name-1]Smirnov called.",
        "Then Smirnov [name-1] called [name-2].",
        "Mr Smirnov [name-1] called.",
        "there was Smirnov [name-1] came later",
        "Smirnov Sokolov called",
        "I gave Smirnov Sokolov’s letter.",
        "I told Smirnov Lebedeva had come.",
    ],
)
@pytest.mark.parametrize("listed", [(), ("Смирнов",)])
def test_who_stands_beside_a_mark_or_a_cover_is_found(
    detector: Detector, roster: Roster, text: str, listed: tuple[str, ...]
) -> None:
    """Nobody is taken for the first name, or the other half, of somebody concealed."""
    found = rendered(detector, roster, {4: text}, cover="Соколов", listed=listed)
    assert "Smirnov" not in str(texts_of(found)[4])
