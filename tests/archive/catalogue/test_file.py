"""The file itself: how it is opened, migrated, scrubbed, and what its errors say."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

import archive.catalogue
from archive.catalogue import Account, Catalogue, Ledger, Paper, PaperKind, SessionRow, database
from archive.catalogue.migrate import HEAD
from archive.catalogue.tables import metadata
from archive.errors import ArchiveError, Busy, CatalogueError, Conflict, KeyGone, NewerCatalogue, OutOfSpace, Tampered
from archive.excerpt import ExcerptState
from archive.interview import Event, Interview, Stage, advance
from archive.policy import Role
from tests.archive.catalogue.catalogue_fakes import (
    NOON,
    FakeSealer,
    Sealing,
    a_blob,
    a_saved_passage,
    an_excerpt,
    an_interview,
    permit,
    stored_interview,
)

CANARY = "Канарейкина"


def test_the_migrations_make_the_tables(catalogue: Catalogue, path: Path) -> None:
    """Nothing is in one and not in the other, and HEAD is the newest migration."""
    with create_engine(f"sqlite:///{path}").connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, metadata) == []
        connection.engine.dispose()
    folder = Path(archive.catalogue.__file__).parent / "migrations"
    assert ScriptDirectory(str(folder)).get_heads() == [HEAD]


def test_the_migrations_travel_in_the_wheel() -> None:
    """Every folder with code in it is a package, and nothing but code is needed."""
    root = Path(archive.catalogue.__file__).parent
    for file in root.rglob("*"):
        if file.is_file() and "__pycache__" not in file.parts:
            assert file.suffix == ".py"
            assert (file.parent / "__init__.py").exists()


_TALKATIVE = """
import logging, pathlib, sys
import archive.catalogue
logging.basicConfig(level=logging.DEBUG)
sys.path.insert(0, sys.argv[1])
from catalogue_fakes import FakeSealer
from archive.catalogue import Catalogue
catalogue = Catalogue.open(pathlib.Path(sys.argv[2]), FakeSealer())
with catalogue.writing() as ledger:
    ledger.marks.put("mark", {})
catalogue.scrub()
logging.getLogger("alembic").warning("still heard")
print(archive.catalogue.__file__)
"""


def test_the_migrations_run_wherever_the_program_lies(path: Path, tmp_path: Path) -> None:
    """Copied as a wheel would lay it, read-only, into a folder with letters that are special to configuration files."""
    home = tmp_path / "a%(b)s %20 c"
    for package in ("archive", "transcripts"):
        source = Path(archive.catalogue.__file__).parents[2] / package
        shutil.copytree(source, home / package, ignore=shutil.ignore_patterns("__pycache__"))
    migrations = home / "archive" / "catalogue" / "migrations" / "versions"
    migrations.chmod(0o500)
    given = [sys.executable, "-c", _TALKATIVE, str(Path(__file__).parent), str(path)]
    done = subprocess.run(
        given, capture_output=True, text=True, check=False, env={"PYTHONPATH": str(home)}, cwd=tmp_path
    )
    migrations.chmod(0o700)
    assert (done.returncode, done.stderr) == (0, "WARNING:alembic:still heard\n")
    assert done.stdout == f"{home / 'archive' / 'catalogue' / '__init__.py'}\n"


def test_a_catalogue_says_nothing(path: Path) -> None:
    """Neither to a log, however much is asked for, nor to the terminal; nor is the log left changed."""
    given = [sys.executable, "-c", _TALKATIVE, str(Path(__file__).parent), str(path)]
    done = subprocess.run(given, capture_output=True, text=True, check=True)
    assert done.stderr == "WARNING:alembic:still heard\n"
    assert done.stdout == f"{archive.catalogue.__file__}\n", "its own last line and no other"


def test_a_path_may_hold_odd_letters(tmp_path: Path) -> None:
    """Letters that are special to URLs and to configuration files."""
    folder = tmp_path / "a%sb?c#d [e] архив"
    folder.mkdir()
    Catalogue.open(folder / "catalogue.db", FakeSealer()).close()
    assert (folder / "catalogue.db").stat().st_size > 0


def test_only_the_owner_may_read_the_files(catalogue: Catalogue, path: Path, interview: Interview) -> None:
    """The file, its log and its shared memory."""
    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in path.parent.glob("catalogue.db*")}
    assert modes == {f"catalogue.db{end}": 0o600 for end in ("", "-wal", "-shm")}
    assert interview.version == 1


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("secure_delete", 1), ("foreign_keys", 1), ("temp_store", 2), ("synchronous", 2)],
)
def test_every_connection_keeps_what_it_deletes_and_sorts_off_the_disk(
    catalogue: Catalogue, pragma: str, value: object
) -> None:
    """Both kinds of transaction."""
    for engine in (catalogue._writer, catalogue._reader):
        with engine.begin() as connection:
            assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


def test_a_newer_catalogue_is_left_alone(path: Path) -> None:
    """A file from a later version of the program."""
    Catalogue.open(path, FakeSealer()).close()
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    before = path.read_bytes()
    with pytest.raises(NewerCatalogue):
        Catalogue.open(path, FakeSealer())
    assert path.read_bytes() == before


def test_what_is_no_catalogue_is_not_used(path: Path) -> None:
    """Another file in its place is told, not overwritten."""
    path.write_bytes(b"this is no database, it is a letter" * 100)
    with pytest.raises(Tampered):
        Catalogue.open(path, FakeSealer())
    assert path.read_bytes().startswith(b"this is no")


def test_a_damaged_file_is_told(path: Path, sealing: Sealing) -> None:
    """Pages overwritten in its middle."""
    catalogue = Catalogue.open(path, sealing.sealer)
    for number in range(40):
        stored_interview(catalogue, sealing, accession=f"2026-{number:04d}")
    catalogue.close()
    data = bytearray(path.read_bytes())
    data[4096:-4096] = os.urandom(len(data) - 8192)
    path.write_bytes(data)
    with pytest.raises((Tampered, CatalogueError)), Catalogue.open(path, sealing.sealer).reading() as ledger:
        ledger.interviews.all()


def test_an_exception_rolls_everything_back(catalogue: Catalogue, interview: Interview) -> None:
    """Rows, marks, audit and the register with them."""

    def work(ledger: Ledger) -> None:
        ledger.interviews.save(replace(interview, title="иначе"))
        ledger.blobs.add(a_blob(interview))
        ledger.audit.append("approve", None, interview.id, NOON)
        raise KeyError

    with pytest.raises(KeyError), catalogue.writing() as ledger:
        work(ledger)
    with catalogue.reading() as ledger:
        assert ledger.interviews.all() == [interview]
        assert ledger.blobs.ids() == set()
        assert ledger.audit.all() == []
        assert ledger.verify() == []


def test_nothing_can_be_changed_while_reading(catalogue: Catalogue, interview: Interview) -> None:
    """The database itself refuses."""
    with pytest.raises(CatalogueError), catalogue.reading() as ledger:
        ledger.interviews.save(interview)


def test_a_reader_sees_one_state_and_holds_nobody_up(catalogue: Catalogue, interview: Interview) -> None:
    """What is written meanwhile appears in its next transaction."""
    with catalogue.reading() as before:
        assert before.interviews.get(interview.id) == interview
        with catalogue.writing() as ledger:
            saved = ledger.interviews.save(advance(interview, Event.TRANSCRIBE))
        assert before.interviews.get(interview.id) == interview
    with catalogue.reading() as after:
        assert after.interviews.get(interview.id) == saved


def test_waiting_for_the_writer_ends_in_an_error_of_ours(
    catalogue: Catalogue, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever holds the file for too long: the others hear that the archive is busy."""
    monkeypatch.setattr(database, "PATIENCE_SECONDS", 0.1)
    impatient = Catalogue.open(path, FakeSealer())
    with catalogue.writing(), pytest.raises(Busy), impatient.writing():
        pass
    with catalogue.reading() as ledger:
        ledger.marks.get("x")
        with catalogue.writing() as other:
            other.marks.put("x", {})
        with pytest.raises(Busy):
            impatient.scrub()
    impatient.close()


def test_a_full_disk_is_told_as_such(catalogue: Catalogue, interview: Interview) -> None:
    """And what was there stays."""
    with catalogue._writer.begin() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    paper = Paper.new(interview.id, PaperKind.WINDOW, {"text": "слово " * 99_999})
    with pytest.raises(OutOfSpace), catalogue.writing() as ledger:
        ledger.papers.put(permit(interview), paper, 0)
    with catalogue.reading() as ledger:
        assert ledger.interviews.all() == [interview]
        assert ledger.verify() == []


def test_a_disk_full_to_the_brim_is_told_to_readers_as_such(catalogue: Catalogue, path: Path) -> None:
    """SQLite needs some pages beside the file even to read it."""
    catalogue.close()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, before[1]))
    try:
        with pytest.raises(OutOfSpace):
            Catalogue.open(path, FakeSealer())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    Catalogue.open(path, FakeSealer()).close()


def _chain(error: BaseException | None) -> str:
    """Everything an exception and its causes would put into a log."""
    told = ""
    while error is not None:
        told += f"{error!s} {error!r} {error.args!r}"
        error = error.__cause__ or error.__context__
    return told


def test_no_exception_quotes_what_was_bound(catalogue: Catalogue, sealing: Sealing, interview: Interview) -> None:
    """Each group of rows, made to fail in the database: the ids of rows may be told, values never."""
    secret = an_interview(id=interview.id, title=CANARY, accession=CANARY)
    account = Account(uuid4(), Role.HISTORIAN, CANARY, CANARY)
    with catalogue.writing() as ledger:
        ledger.accounts.add(account)
        excerpt = ledger.excerpts.add(an_excerpt(interview, title=CANARY))
        ledger.sessions.add(SessionRow(uuid4(), CANARY, account.id, NOON, NOON))
        ledger.invitations.add(CANARY, Role.ADMIN, NOON)
    blob = replace(a_blob(interview), note={"name": CANARY})
    naive = NOON.replace(tzinfo=None)
    acts = [
        lambda ledger: ledger.interviews.add(secret),
        lambda ledger: ledger.interviews.save(replace(secret, version=7)),
        lambda ledger: ledger.interviews.save(replace(secret, version=1, owner=CANARY)),
        lambda ledger: ledger.interviews.save(replace(secret, version=1, day=CANARY)),
        lambda ledger: ledger.interviews.save(replace(secret, version=1, stage=[CANARY])),
        lambda ledger: (ledger.blobs.add(blob), ledger.blobs.add(blob)),
        lambda ledger: ledger.accounts.add(replace(account, id=uuid4())),
        lambda ledger: ledger.excerpts.add(excerpt),
        lambda ledger: ledger.excerpts.set_passage(excerpt.id, {CANARY: object()}),
        lambda ledger: ledger.sessions.add(SessionRow(uuid4(), CANARY, account.id, NOON, NOON)),
        lambda ledger: ledger.sessions.add(CANARY + "2", account.id, naive),
        lambda ledger: ledger.invitations.add(CANARY, Role.ADMIN, NOON),
        lambda ledger: ledger.marks.put([CANARY], {}),
        lambda ledger: ledger.jobs.enqueue(interview.id, CANARY),
        lambda ledger: ledger.audit.append(CANARY, None, None, NOON),
    ]
    for number, act in enumerate(acts):
        with pytest.raises(Exception) as caught, catalogue.writing() as ledger:  # noqa: PT011  # any error at all
            act(ledger)
        assert CANARY not in _chain(caught.value), number
        assert ascii(CANARY)[1:-1] not in _chain(caught.value), number


def test_nor_could_the_librarys_own(catalogue: Catalogue) -> None:
    """Should one of SQLAlchemy's exceptions ever come through untranslated, it hides what was bound, too."""
    assert catalogue._writer.hide_parameters
    assert catalogue._reader.hide_parameters
    assert not catalogue._writer.echo


def _bytes(path: Path) -> bytes:
    return b"".join(each.read_bytes() for each in sorted(path.parent.glob("catalogue.db*")))


def _everything_about(catalogue: Catalogue, sealing: Sealing) -> Interview:
    made = stored_interview(catalogue, sealing, accession="2026-0009")
    with catalogue.writing() as ledger:
        made = ledger.interviews.save(advance(made, Event.TRANSCRIBE))
        ledger.blobs.add(a_blob(made))
        for part in range(30):
            ledger.papers.put(permit(made), Paper.new(made.id, PaperKind.WINDOW, {"text": CANARY * 99}, part), 0)
        excerpt = ledger.excerpts.add(an_excerpt(made))
        ledger.excerpts.save(replace(excerpt, state=ExcerptState.PUBLISHED))
        ledger.excerpts.set_passage(excerpt.id, {"words": [CANARY]})
        account = ledger.accounts.add(Account(uuid4(), Role.HISTORIAN, "Anna", "hash"))
        ledger.notebook.keep(a_saved_passage(made, account, note=CANARY))
        ledger.jobs.enqueue(made.id, "transcribed")
    return made


def _sealed(path: Path, interview: Interview) -> list[bytes]:
    """Every sealed value there is about an interview."""
    with closing(sqlite3.connect(path)) as raw:
        found = [raw.execute("SELECT sealed FROM interviews WHERE id = ?", (interview.id.hex,)).fetchone()[0]]
        for table in ("blobs", "papers", "excerpts", "passages", "saved_passages"):
            rows = raw.execute(f"SELECT sealed FROM {table} WHERE interview = ?", (interview.id.hex,))
            found += [row[0] for row in rows.fetchall()]
    return [each for each in found if each]


@pytest.mark.slow
@pytest.mark.parametrize("keys_first", [True, False])
def test_withdrawal_leaves_tombstones_and_no_bytes(
    catalogue: Catalogue, sealing: Sealing, path: Path, interview: Interview, keys_first: bool
) -> None:
    """In either order of keys and rows: nothing sealed is left in the file, its log or its free pages."""
    gone = _everything_about(catalogue, sealing)
    sealed = _sealed(path, gone)
    assert len(sealed) == 35
    assert all(each[:64] in _bytes(path) for each in sealed)
    with catalogue.writing() as ledger:
        gone = ledger.interviews.save(advance(gone, Event.WITHDRAW))
    if keys_first:
        sealing.destroy(gone.id)
    with catalogue.writing() as ledger:
        ledger.forget(gone.id)
        ledger.forget(gone.id)
    if not keys_first:
        sealing.destroy(gone.id)
    catalogue.scrub()
    left = _bytes(path)
    assert not (log := path.with_name("catalogue.db-wal")).exists() or log.stat().st_size == 0
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("PRAGMA freelist_count").fetchone() == (0,), "free pages are given back"
    windows = {each[at : at + 24] for each in sealed for at in range(0, len(each) - 24, 24)}
    assert [window for window in windows if window in left] == []
    _only_tombstones(catalogue, interview, gone)


def _only_tombstones(catalogue: Catalogue, interview: Interview, gone: Interview) -> None:
    with catalogue.reading() as ledger:
        stone = ledger.interviews.get(gone.id)
        assert (stone.stage, stone.title, stone.accession) == (Stage.WITHDRAWN, "", "")
        assert stone.version > gone.version
        assert ledger.interviews.all() == [stone, interview]
        (excerpt,) = ledger.excerpts.of(gone.id)
        assert (excerpt.state, excerpt.title) == (ExcerptState.WITHDRAWN, "")
        assert ledger.excerpts.get(excerpt.id) == excerpt
        assert ledger.excerpts.published() == ledger.excerpts.all() == []
        (account,) = ledger.accounts.all()
        assert ledger.notebook.of(account.id) == []
        assert list(ledger.notebook.days(account.id).values()) == [NOON.date()]
        assert ledger.notebook.holds(account.id, gone.id)
        assert ledger.blobs.of(gone.id) == []
        assert ledger.papers.parts(permit(gone), gone.id, PaperKind.WINDOW) == []
        assert ledger.jobs.queue() == []
        assert ledger.verify() == []


def test_listings_survive_a_kill_between_keys_and_rows(
    catalogue: Catalogue, sealing: Sealing, interview: Interview
) -> None:
    """The stage is withdrawn, the keys are gone, the rows are still there: nobody else's page breaks."""
    gone = _everything_about(catalogue, sealing)
    with catalogue.writing() as ledger:
        ledger.interviews.save(advance(gone, Event.WITHDRAW))
    sealing.destroy(gone.id)
    with catalogue.reading() as ledger:
        assert [each.stage for each in ledger.interviews.all()] == [Stage.WITHDRAWN, interview.stage]
        assert ledger.excerpts.published() == ledger.excerpts.all() == []
        (account,) = ledger.accounts.all()
        assert ledger.notebook.of(account.id) == []
        assert len(ledger.notebook.days(account.id)) == 1
        assert len(ledger.blobs.ids()) == 1
        assert {found.code for found in ledger.verify()} == {"key-gone"}
        with pytest.raises(KeyGone):
            ledger.blobs.of(gone.id)


def test_a_withdrawn_number_is_not_given_again(catalogue: Catalogue, sealing: Sealing) -> None:
    """A citation never comes to mean another interview."""
    with catalogue.writing() as ledger:
        accession = ledger.interviews.next_accession(2026)
    gone = stored_interview(catalogue, sealing, accession=accession)
    with catalogue.writing() as ledger:
        ledger.forget(gone.id)
        assert ledger.interviews.next_accession(2026) != accession


def test_scrubbing_keeps_everything_else(catalogue: Catalogue, sealing: Sealing) -> None:
    """Same values, same order, still whole, still usable."""
    kept = [stored_interview(catalogue, sealing, accession=f"2026-{number:04d}") for number in range(5)]
    catalogue.scrub()
    with catalogue.reading() as ledger:
        assert ledger.interviews.all() == kept[::-1]
        assert ledger.verify() == []
    stored_interview(catalogue, sealing)


def test_an_old_title_does_not_stay_behind_a_new_one(catalogue: Catalogue, path: Path, interview: Interview) -> None:
    """What a change replaced is scrubbed too."""
    (before,) = _sealed(path, interview)
    with catalogue.writing() as ledger:
        ledger.interviews.save(replace(interview, title="другое"))
    catalogue.scrub()
    left = _bytes(path)
    assert not any(before[at : at + 24] in left for at in range(0, len(before) - 24, 24))


def test_importing_the_catalogue_does_not_load_alembic() -> None:
    """It takes most of a second and is needed once in the life of an archive."""
    seen = "import sys, archive.catalogue; print('alembic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", seen], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_our_errors_stand_in_our_tree() -> None:
    """Whoever catches ArchiveError catches these."""
    assert all(issubclass(each, ArchiveError) for each in (*database._MEANINGS.values(), Conflict))
