"""Names in Latin letters, rule by rule. Every person here is invented."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcripts.names import Detector, Passage
from transcripts.names.lexicon import facts
from transcripts.names.lists import census, world

DETECTOR = Detector(None)


def concealed(text: str) -> list[str]:
    """What the detector conceals in an English text."""
    return [text[one.start : one.end] for one in DETECTOR.find([Passage(text, "en")])]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Anna and Pavel Sokolov left first.", ["Sokolov"]),
        ("Mary Ann Whitfield drove; Grace Hope slept.", ["Whitfield", "Hope"]),
        ("Simon Law and Jack London came. Paris is far.", ["Law", "London"]),
        ("We met Hassan al-Masri and Ludwig van der Berg.", ["al-Masri", "van", "der", "Berg"]),
        ("It was signed by J. Whitfield and F. Scott Marlow.", ["Whitfield", "Marlow"]),
        ("Then Detective Price came. Price asked about the price.", ["Price", "Price"]),
        ("Mr. O'Brien and Ms. McAllister met Professor Elvira Haddad.", ["O'Brien", "McAllister", "Haddad"]),
        ("Professors Stein, Obergruber and Haddad signed.", ["Stein", "Obergruber", "Haddad"]),
        ("Zorblin Obergruber knew Zorblin Taylor.", ["Obergruber", "Taylor"]),
        ("Her maiden name was Falkenrath, she is Irina Lee, née Rappoport.", ["Falkenrath", "Lee", "Rappoport"]),
        ("The Petrovs left; the Hartmann family stayed.", ["Petrovs", "Hartmann"]),
        ("Kuznetsov, Anna. Born in Perm.", ["Kuznetsov"]),
        ("KRAVETS: We ran. According to Tserelidze, nobody followed.", ["KRAVETS", "Tserelidze"]),
        ("Yesterday we saw Lim Soo-bin there.", ["Lim", "Soo-bin"]),
        ("Tanya Mc- McCarthy came.", ["Mc", "McCarthy"]),
        ("It is S as in Sam, O as in Oscar, K, O, L.", ["S as in Sam, O as in Oscar, K, O, L"]),
        ("Olga Nikolaevna Zhdanova-Reyes operated.", ["Nikolaevna", "Zhdanova-Reyes"]),
        ("Wossname Anderson's dog bit me. Anderson paid.", ["Anderson's", "Anderson"]),
    ],
)
def test_each_kind_of_evidence_finds_the_surname_and_leaves_the_first_name(text: str, names: list[str]) -> None:
    """One sentence for each rule."""
    assert concealed(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "We walked to Hyde Park and past Moscow State University in New York.",
        "In March we crossed the Polish border near Przemysl; the Red Cross gave us tea.",
        "On Monday I read Russian books in the British Library.",
        "My Grandma Nadya sang. Uncle Misha drank. Masha and Petya and I hid.",
        "Okay, so I'm here, and you're there, and we don't know why.",
        "The ship Morgenrot lay in Riga; she got a Zorbinator from the firm Vexora.",
        "The U.S. Senate and the Ministry of Justice refused. He has an M.Sc. in Physics.",
        "He said the long war was hard, and the baker, the cook and the mason left the young king.",
        "oh boy that was a rude guy and the doctor prescribed pills and may said no",
        "they played chess in the garden in may and we will mark the stone",
    ],
)
def test_places_peoples_months_and_plain_words_are_left(text: str) -> None:
    """What is written with a capital, or borne by somebody in the census, and is nobody here."""
    assert concealed(text) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("my father was viktor melnik and the melniks had a shop", ["melnik", "melniks"]),
        (
            "then officer daniels hit my cousin ruslan akhmedov and akhmedov laughed",
            ["daniels", "akhmedov", "akhmedov"],
        ),
        ("and mrs shapiro she knew alexei um tarasenko", ["shapiro", "tarasenko"]),
        ("mister park never paid and doctor quillett came", ["park", "quillett"]),
        ("i asked johnson about tom chase", ["johnson", "chase"]),
        ("david wheeler zorblin anderson and nick obergruber", ["wheeler", "anderson", "obergruber"]),
        ("it is spelled s o k o l o v", ["s o k o l o v"]),
        ("grace baker came but she was not a baker", ["baker"]),
    ],
)
def test_lower_case_text_is_read_by_how_often_a_name_is_borne(text: str, names: list[str]) -> None:
    """Without capitals the census and the frequency of words decide."""
    assert concealed(text) == names


def test_what_a_text_says_of_a_word_once_holds_everywhere() -> None:
    """A strange place, and a first name that no list has, are known from their other mentions."""
    assert concealed("We came from Zorblingrad. It was cold in Zorblingrad.") == []
    assert concealed("I knew Zorblin Anderson. Then Zorblin left.") == ["Anderson"]
    assert concealed("I knew Sergei Baker. The baker left, and Baker stayed.") == ["Baker", "Baker"]


@pytest.mark.slow
def test_every_common_surname_is_found_after_a_first_name() -> None:
    """All 2,700 of them, whatever else the word may mean; what streets and houses are called by is left."""
    common = (name for name, share in census("surnames").items() if share >= 5 and name not in world())
    names = [name.title() for name in common if not facts(name, "en").memorial]

    assert [name for name in names if concealed(f"I knew Sergei {name} well.") != [name]] == []


@given(st.text("abcdefghijklmnopqrstuvwxyz'-. ABCDEFGHIJKLMNOPQRSTUVWXYZ,:\n", max_size=80))
def test_no_text_is_too_odd(text: str) -> None:
    """Mentions stay within the text, in order, none overlapping."""
    found = DETECTOR.find([Passage(text, "en")])

    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
