"""Properties of concealment: however a name is written, no output holds it, and its sound stays covered by any edit."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from transcripts.corrections import reworded
from transcripts.formats import WRITERS
from transcripts.names import Choice, Decision, Detector, Passage, Roster, group
from transcripts.names.forms import slavic
from transcripts.names.keys import key
from transcripts.names.marks import MARK
from transcripts.names.plain import plain
from transcripts.pseudonyms import clashes, conceal_text, filled, pseudonymise, replacements, second_pass
from transcripts.words import Segment, Transcript, Word

SURNAMES = ("Лебедев", "Ковалёв", "Мкртчян", "Хмельницкий", "Нурмухаметов", "Шевчук", "Воскобойников")
FIRST_NAMES = ("Иван", "Анна", "Саша", "Света")
FILLERS = ("э-э", "ну", "как его", "...")
PLAIN = ("вечером", "мы", "пошли", "домой,", "пили", "чай.", "Утром", "потом", "в", "Самаре", "было", "тихо")
# What recognizers confuse and people misspell: the name is the same by ear.
MISHEARD = (("о", "а"), ("е", "и"), ("в", "ф"), ("д", "т"), ("к", "кк"), ("л", "лл"), ("ь", ""), ("ц", "тс"))
LATIN = dict(zip("абвгдеёзийклмнопрстуфыэ", "abvgdeeziyklmnoprstufye", strict=True)) | {
    "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ь": "", "ъ": "", "ю": "yu", "я": "ya",
}  # fmt: skip
DISGUISES = ("\u00ad", "\u200b", "\u0301")
COVERS = ("", "Анна Лесная", "Белый", "К.")


@cache
def detector() -> Detector:
    """Loaded once."""
    return Detector(None)


@cache
def forms(surname: str) -> tuple[str, ...]:
    """All grammatical forms of a surname, in lower case."""
    parses = slavic("ru").parses(surname.lower())
    named = next((one for one in parses if "Surn" in one.tag), parses[0])
    return tuple(dict.fromkeys(one.word for one in named.lexeme))


@st.composite
def written(draw: st.DrawFn, surname: str) -> str:
    """A surname in some form: misheard, in some case, in either script, cut or disguised."""
    word = draw(st.sampled_from(forms(surname)))
    way = draw(st.sampled_from(("as it is", "misheard", "Latin", "disguised", "cut")))
    if way == "misheard":
        wrong, heard = draw(st.sampled_from(MISHEARD))
        word = word.replace(wrong, heard, 1) if wrong in word[1:-2] else word
    elif way == "Latin":
        word = "".join(LATIN[letter] for letter in word)
    at = draw(st.integers(2, len(word) - 2))
    if way == "disguised":
        word = word[:at] + draw(st.sampled_from(DISGUISES)) + word[at:]
    if way == "cut" and len(word) > 6:
        word = word[:at] + draw(st.sampled_from(("-", " ", "- "))) + word[at:]
    return draw(st.sampled_from((str.lower, str.upper, str.capitalize)))(word)


@st.composite
def named(draw: st.DrawFn) -> list[str]:
    """A person as they are named: perhaps a first name, a filler, the surname."""
    first = draw(st.lists(st.sampled_from(FIRST_NAMES), max_size=1))
    filler = draw(st.lists(st.sampled_from(FILLERS), max_size=1)) if first else []
    surname = draw(st.sampled_from(SURNAMES).flatmap(written))
    return [*first, *filler, surname + draw(st.sampled_from(("", ",", ".")))]


turns = st.lists(st.one_of(st.sampled_from(PLAIN).map(lambda word: [word]), named()), min_size=2, max_size=12)


def timed(texts: list[str], at: float = 0.0) -> tuple[Word, ...]:
    """Words one after the other, each as long as it takes to say."""
    words = []
    for text in texts:
        end = at + 0.2 + 0.06 * len(text)
        words.append(Word(text, at, end))
        at = end + 0.1
    return tuple(words)


def transcript(talk: list[list[list[str]]]) -> Transcript:
    """Turns of speech in order."""
    segments: list[Segment] = []
    for turn in talk:
        texts = " ".join(word for part in turn for word in part).split()
        segments.append(Segment(timed(texts, segments[-1].end + 1 if segments else 0.0), "ru", "S1"))
    return Transcript("t", tuple(segments), segments[-1].end + 1, "test")


def people(said: Transcript) -> Roster:
    """Everybody, with one known form of each surname."""
    passages = [Passage(segment.text, segment.language) for segment in said.segments]
    return group(detector().find(passages, SURNAMES), passages)


def left(text: str) -> list[str]:
    """The surnames that a text still holds: letter by letter in any form, or by ear word by word."""
    read = MARK.sub(" ", plain(text).text).lower()
    letters = "".join(char for char in read if char.isalpha())
    literal = [form for surname in SURNAMES for form in forms(surname) if len(form) > 5 and form in letters]
    known = {key(form) for surname in SURNAMES for form in forms(surname)}
    words = "".join(char if char.isalpha() else " " for char in read).split()
    return literal + [word for word in words if len(word) > 5 and key(word) in known]


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.lists(turns, min_size=1, max_size=3), st.sampled_from(COVERS))
def test_no_output_holds_a_concealed_name(talk: list[list[list[str]]], cover: str) -> None:
    """Text, titles and every export; with covers and without; and the second pass finds nothing."""
    said = transcript(talk)
    roster = people(said)
    assume(not cover or not clashes(cover, roster, SURNAMES, "ru"))  # refused beside its field
    choices = {one.key: Choice(Decision.CONCEAL, cover) for one in roster.people}
    made = pseudonymise(said, roster, choices).transcript

    assert second_pass(made, roster, choices) == []
    for write in WRITERS.values():
        assert left(write(made)) == []
    passages = [Passage(segment.text, segment.language) for segment in said.segments]
    for passage, places in zip(passages, replacements(passages, roster, choices, judged=True), strict=True):
        assert left(filled(passage.text, places)[0]) == []
    for segment in said.segments:
        title = conceal_text(segment.text, "ru", lambda found: detector().find(found, SURNAMES), roster, choices)
        assert left(title) == []


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.lists(turns, min_size=1, max_size=2), st.sampled_from(COVERS))
def test_pseudonymising_twice_is_once(talk: list[list[list[str]]], cover: str) -> None:
    """The same text, spans, times and silences."""
    said = transcript(talk)
    roster = people(said)
    choices = {one.key: Choice(Decision.CONCEAL, cover) for one in roster.people}
    once = pseudonymise(said, roster, choices)

    assert pseudonymise(once.transcript, roster, choices) == once


EDITS = ("re-case", "split", "hyphenate", "join", "insert", "delete", "replace")


def edited(draw: st.DrawFn, texts: list[str], is_name: list[bool]) -> None:
    """One edit of a turn that leaves each name readable; both lists change in place."""
    at, edit = draw(st.integers(0, len(texts) - 1)), draw(st.sampled_from(EDITS))
    middle = len(texts[at]) // 2
    if edit == "re-case":
        texts[at] = draw(st.sampled_from((str.lower, str.upper, str.title)))(texts[at])
    elif edit == "split" and middle > 2 and not (is_name[at] and sum(is_name) > 1):  # in three pieces nobody reads it
        texts[at : at + 1] = [texts[at][:middle], texts[at][middle:]]
        is_name[at : at + 1] = [is_name[at]] * 2
    elif edit == "hyphenate" and middle > 2 and "-" not in texts[at]:
        texts[at] = f"{texts[at][:middle]}-{texts[at][middle:]}"
    elif edit == "join" and at + 1 < len(texts) and is_name[at] == is_name[at + 1]:
        texts[at : at + 2] = [texts[at] + texts[at + 1]]
        is_name[at : at + 2] = [is_name[at]]
    elif edit == "insert":
        texts.insert(at, "вот")
        is_name.insert(at, False)
    elif edit == "delete" and not is_name[at] and len(texts) > 1:
        del texts[at], is_name[at]
    elif edit == "replace" and not is_name[at]:
        texts[at] = draw(st.sampled_from(PLAIN))


@pytest.mark.slow
@settings(max_examples=80, deadline=None)
@given(st.data())
def test_the_sound_of_a_name_stays_covered_whatever_is_edited(data: st.DataObject) -> None:
    """Words split, joined, inserted, deleted, re-cased around and inside names: their time is still silent."""
    surname = data.draw(st.sampled_from(SURNAMES[4:]))
    before = data.draw(st.lists(st.sampled_from(PLAIN), min_size=1, max_size=5))
    after = data.draw(st.lists(st.sampled_from(PLAIN), min_size=1, max_size=5))
    texts = [*before, surname, *after]
    is_name = [text == surname for text in texts]
    segment = Segment(timed(texts), "ru")
    said = segment.words[len(before)]
    for _ in range(data.draw(st.integers(1, 4))):
        edited(data.draw, texts, is_name)
        segment = reworded(segment, texts)
    corrected = Transcript("t", (segment,), segment.end + 1, "person")
    made = pseudonymise(corrected, people(corrected), {})

    assert left(made.transcript.segments[0].text) == []
    assert any(start <= said.start and said.end <= end for start, end in made.silences), made.silences
