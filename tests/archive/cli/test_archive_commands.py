"""Filling an archive and taking copies out of it, by commands."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.cli import golosa
from archive.policy import Act
from tests import make
from tests.rooms import Rooms, archive_with_rooms


def run(home: Path, *command: str) -> Result:
    """A command on the archive, its passphrase through a pipe."""
    reading, writing = os.pipe()
    os.write(writing, make.PASSPHRASE.encode() + b"\n")
    os.close(writing)
    try:
        return CliRunner().invoke(golosa, [*command, "--home", str(home), "--passphrase-fd", str(reading)])
    finally:
        os.close(reading)


@pytest.mark.parametrize(("line", "expected"), [("", "uk"), ('language = "en"', "en")])
def test_a_consent_file_that_names_no_language_takes_that_of_the_settings(
    home: Path, tmp_path: Path, line: str, expected: str
) -> None:
    """As the setting's comment says; the file's own word goes first."""
    house = make.archive_in(home, speech={"language": "uk"})
    sound, consent = tmp_path / "talk.opus", tmp_path / "consent.toml"
    sound.write_bytes(make.recording(stop=2))
    consent.write_text(line, encoding="utf-8")
    result = run(home, "ingest", str(sound), "--consent", str(consent))
    assert result.exit_code == 0, result.output
    with house.catalogue.reading() as ledger:
        assert [interview.language for interview in ledger.interviews.all()] == [expected]
    house.close()


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rooms]:
    """An archive with a released interview and one in review."""
    made = archive_with_rooms(tmp_path_factory.mktemp("rooms") / "home")
    yield made
    made.house.close()


@pytest.mark.slow
def test_a_copy_is_of_the_released_layer_and_stands_in_the_audit_log(rooms: Rooms) -> None:
    """What leaves the archive is noted; what is not released does not leave it and notes nothing."""
    home = rooms.house.settings.home
    copied = run(home, "export", str(rooms.released), "--format", "txt")
    refused = run(home, "export", str(rooms.in_review), "--format", "txt")
    assert (copied.exit_code, refused.exit_code) == (0, 1)
    assert "бухгалтером" in copied.stdout
    assert "Лебедев" not in copied.stdout
    assert refused.stdout == ""
    with rooms.house.catalogue.reading() as ledger:
        assert [entry.subject for entry in ledger.audit.all() if entry.act == Act.EXPORT] == [rooms.released]
