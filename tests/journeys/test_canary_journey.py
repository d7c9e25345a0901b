"""Nothing in plaintext on any disk: a planted surname is looked for in everything that a whole journey wrote."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from archive import worker
from archive.acts import answers, changes, excerpts, notebook, research, review, uploads
from archive.acts.answers import Question
from archive.acts.editing import Reword
from archive.acts.intake import IntakeForm
from archive.acts.translating import LayBeside
from archive.catalogue import Account
from archive.consent import Consent, Voice
from archive.parts import Archive
from archive.policy import Role
from tests import make
from tests.canary import Canary

pytestmark = pytest.mark.slow

SURNAME = "Звенигородцева"
"""Rare enough that nothing else on the machine holds it; typed, spoken in no recording."""


def journey(house: Archive) -> None:
    """The surname goes in at every door: file name, tags of the sound, form, protected list, corrected text."""
    sound = make.recording("irina", stop=62.0, title=SURNAME, artist=f"Вера {SURNAME}", comment=SURNAME.upper())
    consent = Consent(make.OPEN_TERMS, (SURNAME,), f"Ирина {SURNAME}", date(2024, 5, 14), spoken=True)
    form = {"title": f"Разговор с {SURNAME[:-1]}ой", "file_name": f"{SURNAME}.ogg", "notes": f"тётя: {SURNAME}"}
    id = make.received(house, sound=sound, consent=consent, **form)
    worker.work(house)
    current = review.read(house, make.INTERVIEWER, id)
    words = current.transcript.segments[-1].text + f" и Вера {SURNAME} тоже."
    last = len(current.transcript.segments) - 1
    changes.make(house, make.INTERVIEWER, id, Reword(str(last), words), current.version)
    file = f"WEBVTT\n\n00:00.000 --> 00:03.000\nVera {SURNAME} and Zvenigorodtseva.\n".encode()
    changes.make(house, make.INTERVIEWER, id, LayBeside.of(file, "en"), current.version + 1)
    make.approved(house, id)
    worker.work(house)
    found = answers.search(house, make.HISTORIAN, "чемодан")
    assert found.total == 1
    hit = found.results[0].found[0]
    assert answers.search(house, make.HISTORIAN, SURNAME).total == 0
    beside = research.read(house, make.HISTORIAN, id, "en").beside
    assert beside is not None
    assert SURNAME not in str(beside.as_json())
    assert "Zvenigor" not in str(beside.as_json())
    noted(house, id, (hit.start, hit.end))
    made = excerpts.propose(house, make.HISTORIAN, id, excerpts.Wish(hit.start, hit.end, Voice.OWN, title=SURNAME))
    excerpts.record_agreement(house, make.INTERVIEWER, made.id, house.today())
    excerpts.publish(house, make.ARCHIVIST, made.id)
    on_its_way(house, IntakeForm(consent=consent, **form))


def noted(house: Archive, id: UUID, span: tuple[float, float]) -> None:
    """The surname in a note and in a search that a historian keeps."""
    assert make.HISTORIAN.account is not None
    with house.catalogue.writing() as ledger:
        ledger.accounts.add(Account(make.HISTORIAN.account, Role.HISTORIAN, "reader", "hash"))
    kept = notebook.save(house, make.HISTORIAN, id, span, f"Это {SURNAME}?")
    notebook.save_search(house, make.HISTORIAN, Question(f'"Вера {SURNAME}"'))
    assert [entry.passage for entry in notebook.export(house, make.HISTORIAN) if isinstance(entry, notebook.Open)] == [
        kept
    ]


def on_its_way(house: Archive, form: IntakeForm) -> None:
    """An upload that was begun, with the surname in its name, its metadata, its consent and its bytes."""
    said = uploads.Announcement(90_000, form.file_name, metadata=f"filename {SURNAME}", form=form)
    begun = uploads.begin(house, make.INTERVIEWER, said)
    uploads.more(house, make.INTERVIEWER, begun.id, uploads.Piece(0, [f"{SURNAME} ".encode() * 500]))


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary folder of our own, so that the scan sees all that any library leaves there."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return folder


def test_a_planted_surname_is_nowhere_on_the_disk(
    tmp_path: Path, scratch: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Data folder, catalogue with its journal, index, queue, temporary folder, logs and output: 0 hits."""
    house = make.archive_in(tmp_path / "home")
    journey(house)
    canary = Canary(SURNAME)
    while_running = canary.scan(tmp_path)
    house.close()
    assert while_running == []
    assert canary.scan(tmp_path) == []
    told = "".join(capfd.readouterr()) + caplog.text
    assert canary.in_bytes(told.encode()) == {}


def test_the_same_scan_lights_up_when_the_cipher_does_nothing(tmp_path: Path, scratch: Path) -> None:
    """With the null cipher the surname is found in the store and in the catalogue: the scan can fail."""
    house = make.archive_in(tmp_path / "home", archive={"null_cipher": True})
    journey(house)
    hits = Canary(SURNAME).scan(tmp_path)
    house.close()
    places = {hit.path.relative_to(tmp_path / "home").parts[0] for hit in hits}
    assert {"store", "spool"} <= places
    assert places & {"catalogue.db", "catalogue.db-wal"}
