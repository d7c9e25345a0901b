"""Which words an excerpt takes, and which excerpts a page shows."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.acts import answers, excerpts
from archive.acts.excerpts import cut
from archive.catalogue import Kind
from archive.parts import Archive
from tests import make
from tests.archive.acts.test_excerpts_killed import published
from tests.rooms import cheap
from transcripts.words import Segment, Transcript, Word


@given(st.lists(st.integers(20, 900), min_size=2, max_size=30), st.data())
def test_times_as_a_page_shows_them_take_exactly_the_words_chosen(lengths: list[int], data: st.DataObject) -> None:
    """Words begin at thousandths, pages show hundredths: the first word is not lost, the one after the last not won."""
    edges = [sum(lengths[:index]) / 1000 for index in range(len(lengths) + 1)]
    words = tuple(Word(f"w{i}", edges[i], edges[i + 1]) for i in range(len(lengths)))
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    shown = [float(f"{edges[first]:.2f}"), float(f"{edges[last + 1]:.2f}")]
    whole = Transcript("t", (Segment(words, "ru"),), edges[-1], "person")
    assert [word.text for part in cut(whole, *shown) for word in part.words] == [
        w.text for w in words[first : last + 1]
    ]


@pytest.mark.slow
def test_one_that_does_not_open_closes_no_page_for_the_others(tmp_path: Path) -> None:
    """Its released text damaged: no draft of it. The words that were stored apart for the public, too: not public."""
    house = cheap(make.archive_in(tmp_path / "home"))
    damaged, whole = published(house), published(house)
    with house.catalogue.reading() as ledger:
        about = ledger.excerpts.get(damaged).interview
        blobs = [ledger.blobs.newest(about, kind) for kind in (Kind.RELEASED_TRANSCRIPT, Kind.PASSAGES)]
    for blob in blobs:
        assert blob is not None
        file = house.settings.home / "store" / str(blob.interview) / str(blob.id)
        file.write_bytes(bytes(file.stat().st_size))
    assert [draft.excerpt.id for draft in excerpts.drafts(house, make.ARCHIVIST)] == [whole]
    found = answers.search(house, make.HISTORIAN, "Самара")
    assert [result.interview.id for result in found.results] == [_interview(house, whole)]
    assert [shown.excerpt.id for shown in excerpts.published(house)] == [whole, damaged]
    with house.catalogue._writer.begin() as connection:
        connection.exec_driver_sql("UPDATE passages SET sealed = zeroblob(1024) WHERE excerpt = ?", (damaged.hex,))
    assert [shown.excerpt.id for shown in excerpts.published(house)] == [whole]
    house.close()


def _interview(house: Archive, excerpt: UUID) -> UUID:
    with house.catalogue.reading() as ledger:
        return ledger.excerpts.get(excerpt).interview
