"""An excerpt is public as a whole or not at all, and what is not public any more leaves no file, whatever is killed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest

from archive import worker
from archive.acts import approval, excerpts, review
from archive.consent import Voice
from archive.errors import Busy, Refused
from archive.excerpt import ExcerptState
from archive.parts import Archive
from tests import make
from tests.archive.acts.test_indexing import opened, released
from tests.killing import dying_at, killed_everywhere
from tests.rooms import cheap
from transcripts.sound import decoded

pytestmark = pytest.mark.slow


def proposed(house: Archive) -> UUID:
    """Five seconds in the narrator's own voice, agreed to."""
    made = excerpts.propose(house, make.HISTORIAN, released(house), excerpts.Wish(5.0, 10.0, Voice.OWN))
    excerpts.record_agreement(house, make.INTERVIEWER, made.id, house.today())
    return made.id


def published(house: Archive) -> UUID:
    return excerpts.publish(house, make.ARCHIVIST, proposed(house)).id


def reopened(house: Archive) -> UUID:
    """Its interview is in review again, all decided."""
    id = proposed(house)
    with house.catalogue.reading() as ledger:
        approval.reopen(house, make.ARCHIVIST, ledger.excerpts.get(id).interview)
    return id


def publish(house: Archive, id: UUID) -> None:
    excerpts.publish(house, make.ARCHIVIST, id)


def take_back(house: Archive, id: UUID) -> None:
    excerpts.take_back(house, make.ARCHIVIST, id)


def approve(house: Archive, id: UUID) -> None:
    with house.catalogue.reading() as ledger:
        interview = ledger.excerpts.get(id).interview
    approval.approve(house, make.ARCHIVIST, interview, review.read(house, make.ARCHIVIST, interview).version)


def stored(house: Archive) -> set[UUID]:
    """The ids of all files that a sweep leaves."""
    return {UUID(path.name) for path in (house.settings.home / "store").glob("*/[!.]*")}


def is_whole(house: Archive, id: UUID) -> ExcerptState:
    """Nothing is half done; what is public can be read and heard, what is not cannot. The excerpt's state."""
    with house.catalogue.reading() as ledger:
        excerpt, rows = ledger.excerpts.get(id), ledger.blobs.ids()
        assert ledger.verify() == []
    assert stored(house) == rows, "a file without a row, or a row without its file"
    assert list((house.settings.home / "store").rglob("*.part")) == []
    public = [shown.excerpt.id for shown in excerpts.published(house)]
    if excerpt.state is ExcerptState.PUBLISHED:
        assert public == [id]
        assert excerpts.shown(house, id).segments
        with excerpts.clip(house, id).reader as reader:
            assert sum(map(len, decoded(reader))) / 16_000 == pytest.approx(5.0, abs=0.1)
    else:
        assert public == []
        for door in (excerpts.shown, excerpts.clip):
            with pytest.raises((Refused, excerpts.Gone)):
                door(house, id)
    return excerpt.state


@pytest.mark.parametrize(
    ("act", "prepare", "ends"),
    [
        (publish, proposed, {ExcerptState.PROPOSED, ExcerptState.PUBLISHED}),
        (take_back, published, {ExcerptState.PUBLISHED, ExcerptState.WITHDRAWN}),
        (approve, reopened, {ExcerptState.PROPOSED}),
    ],
    ids=["publishing", "taking-back", "approving-again"],
)
def test_killed_at_any_moment(
    tmp_path: Path, act: Callable[[Archive, UUID], None], prepare: Callable[[Archive], UUID], ends: set[ExcerptState]
) -> None:
    """Before every change of the disk and every commit, which is right after the one before it."""
    model = cheap(make.archive_in(tmp_path / "model"))
    id = prepare(model)
    model.close()
    for journal in (tmp_path / "model").rglob(".journal-*"):
        journal.unlink()  # as after a restart: what its process began is no longer known as such
    home, seen = tmp_path / "home", set()

    def work(number: int) -> None:
        house = opened(home, 2)
        rows = house.catalogue._writer.dialect
        dying_at(number, after=False, beside=((rows, "do_commit"),))
        act(house, id)

    for _ in killed_everywhere(tmp_path / "model", home, work):
        house = opened(home, 4)
        worker.tidy(house)
        seen.add(is_whole(house, id))
        house.close()
    assert seen == ends


@pytest.mark.parametrize("cause", [Busy, KeyboardInterrupt])
def test_a_publication_that_does_not_come_to_be_leaves_no_sound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cause: type[BaseException]
) -> None:
    """The process lives on, so no sweep would come: reopened, busy or stopped while the clip has no row yet."""
    house = cheap(make.archive_in(tmp_path / "home"))
    id = proposed(house)
    before = stored(house)
    monkeypatch.setattr(house.catalogue, "writing", lambda: (_ for _ in ()).throw(cause))
    with pytest.raises(cause):
        publish(house, id)
    assert stored(house) == before
    house.close()
