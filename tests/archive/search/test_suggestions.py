"""Words to offer, similar passages, and what is cut: all of it from what may be seen, and from nothing else."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.search import Page, Passage, Suggestion, WhooshEngine
from tests.archive.search.search_fakes import FilesInMemory, cut, everything, interview
from transcripts.language import lemmas

ONE = cut(1, "Нас везли эшелоном в лагерь.", "В лагере был голод.", "Лагеря, голод, бараки.", "Эшелоны шли.")
TWO = cut(2, "Эшелон стоял.", "Лагерный барак, бараки, Добролюбов.", "Барабан.")
PAGE = Page(1, 20)
SEEN, BOTH = [interview(1)], [interview(1), interview(2)]


@pytest.fixture
def both(memory: FilesInMemory) -> WhooshEngine:
    """With an interview of which not every reader may know."""
    engine = WhooshEngine(memory)
    engine.replace(everything(ONE))
    engine.replace(everything(TWO))
    return engine


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("лагирь", [("лагирь", "лагерь", "лагерь")]),
        ("хлеб лагирь", [("лагирь", "лагерь", "хлеб лагерь")]),
        ('"в лагире" голод', [("лагире", "лагере", '"в лагере" голод')]),
        ("-голод (лагирь OR эшелон)", [("лагирь", "лагерь", "(лагерь OR эшелон) -голод")]),
        ("эшилоны", [("эшилоны", "эшелоны", "эшелоны")]),
        ("=голоде", [("голоде", "голод", "=голод")]),
        ("лагерь", []),
        ("лагерем", []),
        ("лаг", []),
        ("щзбрвгджк", []),
        ("1941", []),
        ("добролюбав", []),
    ],
)
def test_words_that_are_nowhere_have_neighbours(
    both: WhooshEngine, typed: str, offered: list[tuple[str, str, str]]
) -> None:
    """The nearest first, each with the whole query; nothing for what is found, too short or near nothing."""
    found = both.search(typed, SEEN, PAGE).better
    assert list(found) == [Suggestion(*each) for each in offered]


def test_a_word_that_only_others_may_see_is_offered_to_them_alone(both: WhooshEngine) -> None:
    """Whoever may read it is offered it."""
    assert both.search("добролюбав", SEEN, PAGE).better == ()
    assert [each.word for each in both.search("добролюбав", BOTH, PAGE).better] == ["добролюбов"]


def test_beginnings_are_gone_on_with_words_of_what_may_be_seen(both: WhooshEngine) -> None:
    """The commonest first, one form of a word; nothing for a single letter or for a sign."""
    assert both.beginning("Ба", SEEN, 8) == ("бараки",)
    assert both.beginning("ба", BOTH, 8) == ("бараки", "барабан")
    assert both.beginning("ба", BOTH, 1) == ("бараки",)
    assert both.beginning("лаг", SEEN, 8) == ("лагере",)
    assert both.beginning("добро", SEEN, 8) == ()
    for start in ("", "л", " ", "*", "=лаг", "ла*", "\n=лагерь", "х" * 10_000):
        assert both.beginning(start, BOTH, 8) == ()


_STRANGE = st.lists(st.text("абв", min_size=2, max_size=4).map("кр".__add__), min_size=1, max_size=12).map(" ".join)


@given(st.lists(st.lists(_STRANGE, min_size=1, max_size=3), min_size=1, max_size=4), st.sets(st.integers(0, 3)))
def test_beginnings_are_those_that_counting_finds(told: list[list[str]], shown: set[int]) -> None:
    """Wherever they lie, of however many interviews: forms by their passages, then as they are spelled."""
    engine = WhooshEngine(_files())
    often: Counter[str] = Counter()
    for number, texts in enumerate(told):
        engine.replace(everything(cut(number, *texts)))
        often.update(form for text in texts for form in set(text.split()) if number in shown)
    expected: list[str] = []
    for form in sorted(often, key=lambda form: (-often[form], form)):
        if all(
            set(lemmas(form, None)).isdisjoint(lemmas(other, None)) for other in often if _before(often, other, form)
        ):
            expected.append(form)
    visible = [interview(number) for number in shown]
    assert engine.beginning("кр", visible, 8) == tuple(expected[:8])
    assert engine.beginning("кр", visible, 2) == tuple(expected[:2])


def _before(often: Counter[str], one: str, other: str) -> bool:
    return (-often[one], one) < (-often[other], other)


def test_similar_passages_share_rare_words(both: WhooshEngine) -> None:
    """The nearest first, without the passage itself and without what may not be seen."""
    found = both.similar(ONE[0], SEEN, 10)
    assert {hit.number for hit in found} == {1, 2, 3}
    assert found[0].score >= found[-1].score
    assert [hit.interview.int for hit in both.similar(ONE[0], BOTH, 10)].count(2) == 1
    assert len(both.similar(ONE[0], BOTH, 1)) == 1
    assert both.similar(ONE[0], [], 10) == []


def test_words_that_stand_nowhere_else_do_not_crowd_out_those_that_do(memory: FilesInMemory) -> None:
    """However many of them a passage has."""
    engine = WhooshEngine(memory)
    alone = "аист бобр волк гусь дрозд енот жук заяц индюк кабан лиса мышь норка олень пчела рысь"
    passages = cut(1, f"{alone} эшелон", "Эшелоны шли.", "Снег.")
    engine.replace(everything(passages))
    assert [hit.number for hit in engine.similar(passages[0], SEEN, 10)] == [1]


@pytest.mark.parametrize("typed", ["*ова", "слов*ова", "словаа~", "словаа~ OR *ова"])
def test_what_stands_for_too_much_is_cut_and_said(
    memory: FilesInMemory, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    """At the same place whatever is hidden, and however the index is divided."""
    monkeypatch.setattr("archive.search.evaluate.MOST_KEYS", 3)
    words = [f"слов{char}ова" for char in "абвгде"] + [f"слов{char}а" for char in "клмн"]
    engine = WhooshEngine(memory)
    engine.replace(everything(cut(1, *words[::2])))
    engine.replace(everything(cut(3, *words[1::2])))
    visible = [interview(1), interview(3)]
    before = engine.search(typed, visible, PAGE)
    assert before.cut
    assert before.total <= 6
    engine.replace(everything(cut(2, *[f"слов{char}ова слов{char}а" for char in "абвгдежз"])))
    assert engine.search(typed, visible, PAGE) == before
    engine.rebuild([*cut(3, *words[1::2]), *cut(1, *words[::2]), *cut(2, "аслова")])
    assert engine.search(typed, visible, PAGE) == before


_WORDS = ["лагерь", "лагеря", "лагерный", "голод", "голоден", "барак", "бараки", "барабан", "эшелон", "эшелоны", "снег"]
_TEXTS = st.lists(st.lists(st.sampled_from(_WORDS), min_size=1, max_size=5).map(" ".join), min_size=1, max_size=3)


@given(_TEXTS, _TEXTS, st.sampled_from(["лагир", "голад", "барок~", "ба", "эше", "*рак", "барабон"]))
@settings(max_examples=40)
def test_a_hidden_interview_changes_no_byte(shown: list[str], hidden: list[str], typed: str) -> None:
    """Neither of an answer, scores and suggestions included, nor of beginnings, nor of similar passages."""
    alone, together = WhooshEngine(_files()), WhooshEngine(_files())
    visible: list[Passage] = cut(1, *shown)
    alone.replace(everything(visible))
    together.replace(everything(cut(2, *hidden)))
    together.replace(everything(visible))
    assert repr(together.search(typed, SEEN, PAGE)) == repr(alone.search(typed, SEEN, PAGE))
    assert together.search(typed, SEEN, PAGE) == alone.search(typed, SEEN, PAGE)
    assert together.beginning(typed, SEEN, 8) == alone.beginning(typed, SEEN, 8)
    assert together.similar(visible[0], SEEN, 8) == alone.similar(visible[0], SEEN, 8)


def _files() -> FilesInMemory:
    return FilesInMemory(Path(tempfile.gettempdir()))
