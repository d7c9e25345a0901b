"""Aspect partners of verbs."""

from __future__ import annotations

import pymorphy3
import pytest

from tests.transcripts.form_lists import MORE_PAIRS, PAIRS, met_pairs
from transcripts.aspects import partners
from transcripts.language import folded, lemmas
from transcripts.shipped import shipped


@pytest.mark.parametrize("pairs", [PAIRS, MORE_PAIRS])
def test_aspect_partners_find_each_other(pairs: list[tuple[str, str]]) -> None:
    """At least ten of twelve, both ways."""
    assert met_pairs(pairs) >= len(pairs) * 10 / 12


@pytest.mark.parametrize(
    ("verb", "partner"),
    [("перекапывать", "перекопать"), ("закормить", "закармливать"), ("охладить", "охлаждать"), ("доплыть", "доплывать"),
     ("приземляться", "приземлиться"), ("разойтись", "расходиться"), ("осведомиться", "осведомляться")],
)  # fmt: skip
def test_pairs_that_differ_by_a_suffix_are_known_by_their_shape(verb: str, partner: str) -> None:
    """Both ways, with vowels and consonants that change."""
    assert partner in partners(verb)
    assert verb in partners(partner)


@pytest.mark.parametrize("word", ["хлеб", "мать", "память", "площадь", "ся", ""])
def test_what_is_no_verb_has_no_partner(word: str) -> None:
    """Whatever it ends in."""
    assert partners(word) == ()


@pytest.mark.parametrize(
    ("verb", "other"), [("отбить", "отбывать"), ("доставить", "доставать"), ("добить", "добывать")]
)
def test_what_only_looks_like_a_pair_is_none(verb: str, other: str) -> None:
    """Other verbs of a like shape."""
    assert other not in partners(verb)
    assert verb not in partners(other)


def test_the_list_is_of_verbs_in_their_dictionary_form() -> None:
    """Each is a key that texts have, and in Russian the first is imperfective, the others perfective."""
    russian = pymorphy3.MorphAnalyzer(lang="ru")
    text = shipped("aspect_pairs.txt").read_text(encoding="utf-8")
    for line in text.partition("# Ukrainian")[0].splitlines():
        group = line.partition("#")[0].split()
        for place, verb in enumerate(group):
            tags = [str(parse.tag) for parse in russian.parse(verb)]
            assert any(tag.startswith("INFN,perf" if place else "INFN,impf") for tag in tags), verb
            assert folded(verb) in lemmas(verb, "ru") or verb == "достичь"
    assert len(text.splitlines()) > 400
