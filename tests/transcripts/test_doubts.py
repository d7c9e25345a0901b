"""What somebody should hear before it is believed: invented turns, unsure words near names."""

from __future__ import annotations

from transcripts.doubts import doubtful
from transcripts.names import Label, Mention, Passage, Roster, group
from transcripts.words import Segment, Transcript, Word


def transcript(*turns: str, sureness: float = 0.9, pace: float = 0.4) -> Transcript:
    """Turns one after the other, every word taking ``pace`` seconds."""
    segments, at = [], 0.0
    for turn in turns:
        words = []
        for text in turn.split():
            words.append(Word(text, at, at + pace, sureness))
            at += pace
        segments.append(Segment(tuple(words), "ru"))
    return Transcript("t", tuple(segments), at + 1, "machine")


def test_a_phrase_of_subtitles_a_repeated_and_a_slow_turn_may_be_invented() -> None:
    """Each for its own reason; what people say is none of them."""
    said = transcript("Я родилась в Самаре.", "Продолжение следует...", "Да да.", "Да да.", "Да да.", "Мы жили там.")
    assert [(one.passage, one.why) for one in doubtful(said, Roster())] == [
        (1, "phantom"), (2, "repeated"), (3, "repeated"), (4, "repeated"),
    ]  # fmt: skip
    assert [one.why for one in doubtful(transcript("Мы жили там потом.", pace=3.0), Roster())] == ["slow"]


def test_unsure_words_in_and_near_names_come_with_the_least_sure_first() -> None:
    """Three words on either side; farther away nobody has to listen."""
    text = "совсем далеко вот тогда пришёл Лебедев домой и потом снова ушёл"
    words = [Word(one, n * 0.4, n * 0.4 + 0.3, 0.9) for n, one in enumerate(text.split())]
    for at, sureness in ((0, 0.1), (5, 0.3), (6, 0.2), (10, 0.1)):
        words[at] = Word(words[at].text, words[at].start, words[at].end, sureness)
    said = Transcript("t", (Segment(tuple(words), "ru"),), 9.0, "machine")
    start = text.index("Лебедев")
    mention = Mention(0, start, start + 7, Label.SURNAME, "липитиф", "tagged-surname", 0.6)
    people = group([mention], [Passage(text, "ru")])
    assert [one.word for one in doubtful(said, people)] == [6, 5]
