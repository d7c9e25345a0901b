"""A disk that is really full: what is withdrawn, stopped, taken back or narrowed is closed at once all the same."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archive import worker
from archive.acts import approval, consents, excerpts, health, narration, research, withdraw
from archive.catalogue import PaperKind
from archive.consent import Excerpts, Research, Voice
from archive.errors import OutOfSpace, Refused, Unknown
from archive.interview import Stage
from archive.policy import OPERATOR, Act, Principal
from archive.vault import ballast
from tests import make
from tests.rooms import Pattern, pattern

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Pattern:
    return pattern(tmp_path_factory.mktemp("model") / "home")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """32 MB in memory, mounted. Needs root, as does anybody who mounts."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", place]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("no disk can be mounted here")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


class Full:
    """An archive with a public excerpt on a disk without a free byte."""

    def __init__(self, model: Pattern, disk: Path) -> None:
        self.house, (self.id,) = model.copied(disk / "home", Stage.RELEASED)
        made = excerpts.propose(self.house, make.HISTORIAN, self.id, excerpts.Wish(5.0, 10.0, Voice.OWN))
        excerpts.record_agreement(self.house, make.INTERVIEWER, made.id, self.house.today())
        self.excerpt = excerpts.publish(self.house, make.ARCHIVIST, made.id).id
        self.code = consents.issue_receipt(self.house, make.INTERVIEWER, self.id)
        self.visit = narration.enter(self.house, self.code)
        self.house.catalogue.scrub()  # its log is empty: what is written next needs room
        self._filler = disk / "filler"
        self.fill()

    def fill(self) -> None:
        """To the last byte."""
        with self._filler.open("ab", buffering=0) as file:
            for size in (1 << 20, 4_096, 1):
                try:
                    while True:
                        file.write(bytes(size))
                except OSError:
                    continue

    def room(self) -> None:
        """The disk is not full any more."""
        self._filler.unlink()

    def narrator(self) -> Principal:
        found = narration.visiting(self.house, self.visit)
        assert found is not None
        return found

    def is_closed(self) -> bool:
        """Whether neither the public nor a historian is shown anything of it."""
        return _refused(lambda: excerpts.shown(self.house, self.excerpt)) and _refused(self.read)

    def read(self) -> None:
        with research.sound(self.house, OPERATOR, self.id).reader as reader:
            reader.read(1)


def _refused(ask: Callable[[], object]) -> bool:
    try:
        ask()
    except (Refused, Unknown):
        return True
    return False


@pytest.fixture
def full(model: Pattern, disk: Path) -> Iterator[Full]:
    made = Full(model, disk)
    yield made
    made.house.close()


def withdrawn(full: Full) -> None:
    withdraw.withdraw(full.house, make.ARCHIVIST, full.id)


def stopped(full: Full) -> None:
    narration.stop_sharing(full.house, full.narrator())


def stopped_to_be_destroyed(full: Full) -> None:
    narration.stop_sharing(full.house, full.narrator(), withdraw=True)


def stopped_by_the_receipt(full: Full) -> None:
    who = narration.visiting(full.house, narration.enter(full.house, full.code))
    assert who is not None
    narration.stop_sharing(full.house, who)


def narrowed(full: Full) -> None:
    closed = replace(make.OPEN_TERMS, research=Research.NO, excerpts=Excerpts.NEVER)
    with full.house.catalogue.reading() as ledger:
        permit = full.house.require(Act.READ_CONSENT, make.INTERVIEWER, ledger.interviews.get(full.id))
        there = ledger.papers.get(permit, full.id, PaperKind.CONSENT)
    assert there is not None
    consents.change(full.house, make.INTERVIEWER, full.id, make.consent(closed), there.version)


def reopened(full: Full) -> None:
    approval.reopen(full.house, make.ARCHIVIST, full.id)


WAYS = [withdrawn, reopened, stopped, stopped_to_be_destroyed, stopped_by_the_receipt, narrowed]


@pytest.mark.parametrize("close", WAYS, ids=lambda way: way.__name__)
def test_it_is_closed_at_once(full: Full, close: Callable[[Full], None]) -> None:
    """Where nothing else can be written."""
    assert not full.is_closed()
    with pytest.raises(OutOfSpace):
        make.received(full.house, sound=make.recording(stop=3))
    close(full)
    assert full.is_closed()


def test_an_excerpt_is_taken_back_at_once(full: Full) -> None:
    """The interview stays open; the passage is not public any more, and its sound is gone from the disk."""
    excerpts.take_back(full.house, make.ARCHIVIST, full.excerpt)
    assert _refused(lambda: excerpts.shown(full.house, full.excerpt))
    assert _refused(lambda: excerpts.clip(full.house, full.excerpt))
    full.read()


def test_without_the_kept_room_it_could_not_be_done(full: Full) -> None:
    """So the tests above mean something; and it says so, and changes nothing."""
    while full.house.ballast.give_up():
        full.fill()
    for close in WAYS:
        with pytest.raises(OutOfSpace):
            close(full)
    with pytest.raises(OutOfSpace):
        excerpts.take_back(full.house, make.ARCHIVIST, full.excerpt)
    assert not full.is_closed()


def test_one_after_another_finds_room(full: Full) -> None:
    """Even if somebody fills the disk again after each."""
    excerpts.take_back(full.house, make.ARCHIVIST, full.excerpt)
    full.fill()
    narrowed(full)
    full.fill()
    withdrawn(full)
    assert full.is_closed()


def test_what_is_finished_later_and_kept_again(full: Full, monkeypatch: pytest.MonkeyPatch) -> None:
    """With room the worker finishes the withdrawal and keeps room again; health tells until then."""
    assert health.health(full.house, OPERATOR).room_kept
    withdrawn(full)
    assert not health.health(full.house, OPERATOR).room_kept
    full.room()
    monkeypatch.setattr(full.house.bell, "wait", lambda _seconds: (_ for _ in ()).throw(SystemExit(0)))
    with pytest.raises(SystemExit):
        worker.forever(full.house)
    assert health.health(full.house, OPERATOR).room_kept
    assert withdraw.certificate(full.house, make.ARCHIVIST, full.id).finished
    assert (full.house.settings.home / "ballast").stat().st_blocks * 512 >= ballast.SIZE


def test_on_a_full_disk_nothing_of_it_is_made_by_halves(full: Full) -> None:
    """What cannot be made whole is as it was before."""
    full.house.ballast.give_up()
    full.fill()
    left = (full.house.settings.home / "ballast").stat().st_size
    with pytest.raises(OutOfSpace):
        full.house.ballast.renew()
    assert (full.house.settings.home / "ballast").stat().st_size == left == ballast.SIZE - ballast.PIECE
