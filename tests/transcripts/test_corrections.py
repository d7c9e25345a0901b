"""Turns rewritten, cut and put together in any order: words stay in order and in time, no concealed sound is lost."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transcripts.corrections import before, parted, reworded, together
from transcripts.names.mention import Passage
from transcripts.names.people import Roster
from transcripts.pseudonyms import pseudonymise, silences
from transcripts.words import Segment, Span, Transcript, Word

PLAIN = ("вот", "тогда", "мы", "пошли", "домой", "потом", "и", "не", "знаю", "было")
NAME = "Каноничевская"


def heard(texts: list[str], start: float = 1.0) -> Segment:
    """Words as a recognizer gives them, one after the other."""
    words, at = [], start
    for text in texts:
        words.append(Word(text, round(at, 2), round(at + 0.08 * len(text), 2), 0.9))
        at += 0.08 * len(text) + 0.05
    return Segment(tuple(words), "ru", "S1")


@st.composite
def edits(draw: st.DrawFn, texts: list[str]) -> list[str]:
    """The texts after somebody typed in them; every name stays, maybe written otherwise around it."""
    made = list(texts)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(made)))
        kind = draw(st.sampled_from(["insert", "delete", "replace", "touch"]))
        if kind == "insert":
            made.insert(at, draw(st.sampled_from(PLAIN)))
        elif at < len(made) and NAME not in made[at]:
            if kind == "delete" and len(made) > 1:
                del made[at]
            elif kind == "replace":
                made[at] = draw(st.sampled_from(PLAIN))
        elif at < len(made) and kind == "touch":
            made[at] = draw(st.sampled_from([NAME, f"{NAME},", f"{NAME}."]))
    return made


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_sequence_of_edits_keeps_words_in_time_and_concealed_sound_silent(data: st.DataObject) -> None:
    """Rewording, cutting and joining, in any order: ordered, within the sound of the turn, and the name is covered."""
    texts = data.draw(st.lists(st.sampled_from(PLAIN), min_size=2, max_size=8))
    texts.insert(data.draw(st.integers(0, len(texts))), NAME)
    whole = heard(texts)
    said = next(word for word in whole.words if word.text == NAME)
    turns = [whole]
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(turns) - 1))
        kind = data.draw(st.sampled_from(["reword", "split", "join"]))
        if kind == "reword":
            turns[at] = reworded(turns[at], data.draw(edits([word.text for word in turns[at].words])))
            if at + 1 < len(turns):
                turns[at] = before(turns[at], turns[at + 1].start)
        elif kind == "split" and len(turns[at].words) > 1:
            turns[at : at + 1] = parted(turns[at], data.draw(st.integers(1, len(turns[at].words) - 1)))
        elif kind == "join" and at:
            turns[at - 1 : at + 1] = [together(turns[at - 1], turns[at])]
    words = [word for turn in turns for word in turn.words]
    assert all(earlier.start <= later.start for earlier, later in pairwise(words))
    assert all(whole.start <= word.start <= word.end <= whole.end for word in words)
    assert covers(turns, said)


def covers(turns: list[Segment], said: Word) -> bool:
    """Whether the sound of the name is silent when every word that holds it is withheld."""
    marked = []
    for turn in turns:
        spans = [
            Span(offset, offset + len(word.text), "surname", 1)
            for word, offset in zip(turn.words, turn.offsets, strict=True)
            if NAME in word.text
        ]
        marked.append(replace(turn, withheld=tuple(spans)))
    transcript = Transcript("t", tuple(marked), max(turn.end for turn in turns) + 1, "person")
    released = pseudonymise(transcript, Roster(), {}).transcript
    return any(start <= said.start and said.end <= end for start, end in silences(released))


def test_a_corrected_word_inherits_its_sound_alone() -> None:
    """Two corrections far apart leave what is between them as it was, and share nothing."""
    turn = heard(["вот", "Каноничевсая", "и", "мы", "пошли", "домой", "патом"])
    made = reworded(turn, ["вот", NAME, "и", "мы", "пошли", "домой", "потом"])
    times = [(word.start, word.end) for word in turn.words]
    assert [(word.start, word.end) for word in made.words] == times


def test_what_is_rewritten_without_an_anchor_shares_its_sound() -> None:
    """One common word between two rewritten ones may stand elsewhere: the name covers the whole stretch."""
    turn = heard(["тогда", "Воло", "дин", "был", "там"])
    made = reworded(turn, ["тогда", "был", "Володин", "там"])
    name = made.words[2]
    assert name.start <= turn.words[1].start
    assert turn.words[2].end <= name.end


@pytest.mark.parametrize("at", [0, 3, 4, -1])
def test_a_turn_is_cut_between_two_words_only(at: int) -> None:
    """No empty part."""
    with pytest.raises(ValueError, match="between"):
        parted(heard(["вот", "мы", "пошли"]), at)


def test_turns_that_overlap_are_joined_without_losing_sound() -> None:
    """Words begin earlier where the second turn began while the first one still spoke."""
    one, other = heard(["вот", "тогда"], 1.0), heard(["мы", "пошли"], 1.1)
    made = together(one, other)
    assert [word.text for word in made.words] == ["вот", "тогда", "мы", "пошли"]
    assert all(new.start <= old.start and new.end == old.end for new, old in
               zip(made.words, (*one.words, *other.words), strict=True))  # fmt: skip


def test_a_passage_is_read_as_it_is_written_after_a_cut() -> None:
    """The parts joined are the turn again."""
    turn = heard(["вот", "мы", NAME, "пошли"])
    assert together(*parted(turn, 2)) == turn
    assert Passage(turn.text, "ru").text == f"вот мы {NAME} пошли"
