"""A text as it is read: every disguise comes off, and nothing loses its place."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcripts.names import Detector, Passage, Roster, group
from transcripts.names.plain import plain
from transcripts.names.recur import Net
from transcripts.pseudonyms import filled, replacements

SURNAME = "Мойсеенков"
DISGUISES = {
    "stress mark": "Мойсее\u0301нков",
    "combining й": unicodedata.normalize("NFD", SURNAME),
    "soft hyphen": "Мойсе\u00adенков",
    "zero-width space": "\u200bМой\u200bсеенков",
    "zero-width joiner": "Мойсеен\u200dков\ufeff",
    "Latin letters": "Mойсeeнкoв",
    "Latin stress": "Мойсeе\u0301нков",
    "digit": "М0йсеенк0в",
    "direction mark": "\u202aМойсеенков\u202c",
}
CUT = {
    "hyphenated": "Мойсе-енков",
    "hyphenated twice": "Мой-се-енков",
    "in two": "Мойсе енков",
    "in three": "Мой се енков",
    "over a line": "Мойсе-\nенков",
    "no-break hyphen": "Мойсе\u2011енков",
    "letter by letter": "м о й с е е н к о в",
    "letters with hyphens": "М-о-й-с-е-е-н-к-о-в",
    "joined after": "вчераМойсеенков",
    "joined before": "Мойсеенковпришёл",
    "joined to a preposition": "умойсеенкова",
    "upper case": "МОЙСЕЕНКОВУ",
    "Latin": "Moyseenkov",
    "plural": "Мойсеенковыми",
    "hers": "мойсеенкова",
}


def known() -> Roster:
    """Somebody concealed, known by one form."""
    passages = [Passage(f"Пришёл Иван {SURNAME}.", "ru")]
    return group(Detector(None).find(passages, ()), passages)


ROSTER = known()


@pytest.mark.parametrize("disguise", DISGUISES.values(), ids=DISGUISES.keys())
def test_a_finder_sees_through_it(disguise: str) -> None:
    """The finders read the text as people do, and conceal all that belongs to the name."""
    text = f"Пришёл Иван {disguise}, потом ушёл."
    (found,) = Detector(None).find([Passage(text, "ru")])

    covered = text[found.start : found.end]
    assert covered in disguise
    assert not any(char.isalnum() for char in disguise.replace(covered, ""))


@pytest.mark.parametrize("disguise", [*DISGUISES.values(), *CUT.values()], ids=[*DISGUISES, *CUT])
def test_the_net_sees_through_it(disguise: str) -> None:
    """Without context or tagger; what is left of the text holds no letter of the name."""
    text = f"потом {disguise}, да"
    (places,) = replacements([Passage(text, "ru")], Roster(ROSTER.people), {})

    made = filled(text, places)[0]
    assert plain(made).text.lower() in ("потом [имя-1], да", "потом [имя-1]\u202c, да")
    assert Net(ROSTER, {}).places(made, "ru") == []


@pytest.mark.parametrize("text", ["Перец, а то с колой", "в 30а доме", "Мой сосед", "айфон iPhone'ом", "Ольга"])
def test_ordinary_words_stay(text: str) -> None:
    """Nothing is concealed that only begins or ends alike."""
    assert Net(ROSTER, {}).places(text, "ru") == []


ODD = st.sampled_from("аoеxйЁіïabcABC03 .,-\u0301\u0306\u0308\u00ad\u200b\u200d\ufeff\ufb01Ａ\U0001d400\U0001f600\n")


@given(st.text(ODD, max_size=40))
def test_every_character_keeps_its_place(text: str) -> None:
    """Places run forward, cover the text, and a text read twice is read as once."""
    read = plain(text)
    spans = [read.span(n, n + 1) for n in range(len(read.text))]

    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one[0] <= other[0] and one[1] <= other[1] for one, other in pairwise(spans))
    assert plain(read.text).text == read.text


def test_a_whole_name_does_not_swallow_the_next_word() -> None:
    """“мкртчянам, и” is a name and a word, though together they would be another of its forms."""
    said = [Passage("мкртчянам, и", "ru")]
    net = Net(group(Detector(None).find(said), said), {})
    assert [(found.start, found.end) for found in net.places("мкртчянам, и", "ru")] == [(0, 9)]
    assert [(found.start, found.end) for found in net.places("мкрт чянами", "ru")] == [(0, 11)]
