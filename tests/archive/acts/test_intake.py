"""Receiving: what was committed stays, whatever happens in the next moment."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.acts import intake
from archive.catalogue import Kind
from archive.policy import OPERATOR, Act
from tests import make


def test_a_signal_right_after_the_commit_destroys_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped between the commit and the receipt, the recording and its keys are still there."""
    house = make.archive_in(tmp_path / "home")
    enter = intake._enter

    def stopped(*arguments: object) -> None:
        enter(*arguments)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(intake, "_enter", stopped)
    with pytest.raises(KeyboardInterrupt):
        make.received(house, OPERATOR, make.recording(stop=2))
    with house.catalogue.reading() as ledger:
        interview = ledger.interviews.all()[0]
        blob = ledger.blobs.newest(interview.id, Kind.RECORDING)
    assert blob is not None
    permit = house.require(Act.RECEIVE, OPERATOR, interview)
    with house.vault.open(permit, blob) as reader:
        assert len(reader.read()) == blob.length
    house.close()
