"""Filling an archive and taking copies out of it, by commands."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner, Result

from archive.cli import golosa
from archive.cli.archive import read_consent
from archive.errors import BadInput, CatalogueGone, Refused
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


@pytest.mark.parametrize(
    ("lines", "field"),
    [
        ("title = ", "consent"),
        ("title = 3", "title"),
        ("narrator = ['A']", "narrator"),
        ("notes = true", "notes"),
        ("spoken = 'yes'", "spoken"),
        ("protected_names = 'A'", "protected_names"),
        ("terms = 3", "terms"),
        ("[terms]\nresearch = 'perhaps'", "terms"),
        ("[terms]\nresearch = ['yes']", "terms"),
        ("[terms]\nembargo_until = false", "terms"),
        ("[terms]\nembargo_until = ''", "terms"),
        ("[terms]\nresearch = 'after-date'", "research_from"),
        ("[terms]\nvoice_for_public = 'own'", "voice_for_public"),
    ],
)
def test_a_consent_file_is_never_read_as_something_else(tmp_path: Path, lines: str, field: str) -> None:
    """What is not a choice is refused with its name, not taken for the nearest one."""
    path = tmp_path / "consent.toml"
    path.write_text(lines, encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        read_consent(path)
    assert caught.value.field == field
    if field == "terms":
        assert lines.rsplit("\n", maxsplit=1)[-1].partition(" ")[0] in caught.value.told()


def test_choices_that_only_go_together_are_read_together(tmp_path: Path) -> None:
    """Each alone contradicts the defaults."""
    path = tmp_path / "consent.toml"
    path.write_text("[terms]\nresearch = 'after-date'\nresearch_from = 2030-01-01\nexcerpts = 'ask'", encoding="utf-8")
    terms = read_consent(path).consent.terms
    assert (terms.research, terms.research_from, terms.excerpts) == ("after-date", date(2030, 1, 1), "ask")


def test_a_missing_catalogue_is_not_taken_for_an_empty_archive(home: Path) -> None:
    """Where recordings lie: numbers would begin anew, and the worker's sweep would know none of them."""
    house = make.archive_in(home)
    make.received(house, sound=make.recording(stop=2))
    house.close()
    kept = home.with_name("kept.db")
    (home / "catalogue.db").rename(kept)
    before = sorted((home / "store").rglob("*"))
    for command in (["status"], ["worker", "--once"]):
        assert isinstance(run(home, *command).exception, CatalogueGone)
    assert not (home / "catalogue.db").exists()
    assert sorted((home / "store").rglob("*")) == before
    kept.rename(home / "catalogue.db")
    assert "received" in run(home, "status").output
    assert "stages: received 1\n" in run(home, "doctor").output


def test_of_several_files_the_good_ones_are_received(home: Path, tmp_path: Path) -> None:
    """Which are not, is told by their place; the exit status tells that there were some."""
    make.archive_in(home).close()
    consent, files = tmp_path / "consent.toml", [tmp_path / name for name in ("a.opus", "b.wav", "c.opus")]
    consent.write_text("", encoding="utf-8")
    for file, content in zip(files, (make.recording(stop=2), b"no sound", make.recording(stop=2)), strict=True):
        file.write_bytes(content)
    result = run(home, "ingest", *map(str, files), "--consent", str(consent))
    assert result.exit_code == 1
    assert [line.split()[0][5:] for line in result.stdout.splitlines()] == ["0001", "0002"]
    assert result.stderr.startswith("2/3: This is not a sound or video file.")
    assert "b.wav" not in result.output


def test_everything_that_failed_is_tried_again_at_once(home: Path) -> None:
    """After a model was fetched, say; “status” says why each of them stopped."""
    house = make.archive_in(home, speech={"model": "small"})
    for _ in range(2):
        make.received(house, sound=make.recording(stop=2))
    assert run(home, "worker", "--once").exit_code == 1
    lines = run(home, "status").stdout.splitlines()
    assert all("received  failed  The speech model “small” is not on this machine." in line for line in lines)
    tried = run(home, "retry", "--all")
    assert (tried.exit_code, len(tried.stdout.splitlines())) == (0, 2)
    assert [line.split()[1:] for line in run(home, "status").stdout.splitlines()] == [["received", "ready"]] * 2
    assert run(home, "retry", "--all").stdout == ""
    for wrong in ([], ["2026-0001", "--all"], ["--all", "--what-can-be-read"]):
        assert run(home, "retry", *wrong).exit_code == 2
    house.close()


def test_a_descriptor_that_cannot_be_read_is_wrong_usage(tmp_path: Path) -> None:
    """Not a fault of the program's."""
    reading, writing = os.pipe()
    os.close(reading)
    os.close(writing)
    result = CliRunner().invoke(golosa, ["status", "--home", str(tmp_path), "--passphrase-fd", str(reading)])
    assert result.exit_code == 2, result.output
    assert "file descriptor" in result.stderr


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rooms]:
    """An archive with a released interview and one in review."""
    made = archive_with_rooms(tmp_path_factory.mktemp("rooms") / "home")
    yield made
    made.house.close()


@pytest.mark.slow
def test_a_copy_is_of_the_released_layer_and_stands_in_the_audit_log(rooms: Rooms) -> None:
    """What leaves the archive is noted; what is not released does not leave it and notes nothing."""
    home, before = rooms.house.settings.home, exports(rooms)
    copied = run(home, "export", str(rooms.released), "--format", "txt")
    refused = run(home, "export", str(rooms.in_review), "--format", "txt")
    assert (copied.exit_code, refused.exit_code) == (0, 1)
    assert "бухгалтером" in copied.stdout
    assert "Лебедев" not in copied.stdout
    assert refused.stdout == ""
    assert exports(rooms) == [*before, rooms.released]


def exports(rooms: Rooms) -> list[UUID | None]:
    """Of which interviews copies were made."""
    with rooms.house.catalogue.reading() as ledger:
        return [entry.subject for entry in ledger.audit.all() if entry.act == Act.EXPORT]


@pytest.mark.slow
def test_a_translation_goes_in_and_comes_out(rooms: Rooms, tmp_path: Path) -> None:
    """Laid beside what is in review, in one line; what comes out is of the released layer."""
    home, file = rooms.house.settings.home, tmp_path / "translated.vtt"
    file.write_text("WEBVTT\n\n00:00.000 --> 00:03.000\nToday is May 14.\n\n00:12.000 --> 00:13.000\nHello.\n", "utf-8")
    laid = run(home, "translate", str(rooms.in_review), str(file), "--language", "uk")
    assert (laid.exit_code, laid.stdout.partition("  ")[2]) == (0, "2 of 8 turns have a translation\n")
    file.write_text("Lebedeva", "utf-8")
    for interview, error in ((rooms.in_review, BadInput), (rooms.released, Refused)):
        refused = run(home, "translate", str(interview), str(file), "--language", "uk")
        assert isinstance(refused.exception, error)
        assert "Lebedeva" not in f"{refused.output}{refused.exception!r}"

    copied = run(home, "export", str(rooms.released), "--format", "vtt", "--language", "en")
    assert copied.exit_code == 0
    assert "My name is Irina" in copied.stdout
    assert "Lebedev" not in copied.stdout
    before = exports(rooms)
    assert run(home, "export", str(rooms.released), "--format", "vtt", "--language", "uk").exit_code == 1
    assert exports(rooms) == before
