"""Killed at any moment: what was acknowledged is there and opens, nothing is half there, a sweep leaves no orphan."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from pathlib import Path
from uuid import UUID

import pytest

from archive.errors import KeyGone
from archive.policy import Layer
from tests.archive.vault.vault_house import House, Stored
from tests.killing import dying_at, in_child


def note(path: Path, stored: Stored, digest: str) -> None:
    """The test's own catalogue: a row per acknowledged blob, in one write."""
    with path.open("a") as rows:
        rows.write(json.dumps([str(stored.id), str(stored.interview), stored.length, digest]) + "\n")


def rows_of(path: Path) -> list[tuple[Stored, str]]:
    lines = path.read_text().splitlines() if path.exists() else []
    found = [json.loads(line) for line in lines]
    return [
        (Stored(UUID(id), UUID(interview), Layer.PROTECTED, length), digest) for id, interview, length, digest in found
    ]


def upload(house: House, rows: Path) -> None:
    """Keys, two blobs, and then the rows, as an intake does."""
    from hashlib import sha256

    interview = house.interview()
    contents = [bytes([number]) * 90_000 for number in range(2)]
    stored = [house.put(interview, content) for content in contents]
    lines = [
        [str(one.id), str(interview), one.length, sha256(data).hexdigest()]
        for one, data in zip(stored, contents, strict=True)
    ]
    with rows.open("a") as out:
        out.write("".join(json.dumps(line) + "\n" for line in lines))


@pytest.mark.slow
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_an_upload_killed_at_every_change_of_the_disk(tmp_path: Path, after: bool) -> None:
    """Walks all of them: each time the archive opens, acknowledged blobs are whole, and only they remain."""
    number, killed = 0, 0
    while True:
        home, rows = tmp_path / f"home{number}", tmp_path / f"rows{number}"
        first = House(home)
        earlier = first.put(first.interview(), b"earlier")
        del first

        def work(home: Path = home, rows: Path = rows, number: int = number) -> None:
            dying_at(number, after=after)
            upload(House(home), rows)

        status = in_child(work)
        assert status in (0, -signal.SIGKILL)
        house, known = House(home), rows_of(rows)
        house.vault.sweep(
            {earlier.id, *(one.id for one, _ in known)}, {earlier.interview, *(one.interview for one, _ in known)}
        )
        assert house.get(earlier) == b"earlier"
        for one, _ in known:
            assert len(house.get(one)) == 90_000
        assert {blob for _, blob in house.store.known()} == {earlier.id, *(one.id for one, _ in known)}
        left = [
            path.name for path in home.rglob("*") if path.name.startswith(".") and not path.name.startswith(".journal")
        ]
        assert [name for name in left if "slots" not in name] == []
        assert len(list((home / "keys").rglob("*.ok"))) == (2 if known else 1)
        if status == 0:
            break
        number, killed = number + 1, killed + 1
    assert killed >= 20
    assert known


@pytest.mark.slow
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_withdrawal_killed_at_every_change_of_the_disk(tmp_path: Path, after: bool) -> None:
    """Begun is never undone: repeated it ends, the other interview is untouched, and in between nothing half opens."""
    number = 0
    while True:
        home = tmp_path / f"home{number}"
        house = House(home)
        gone, stays = house.interview(), house.interview()
        blob, kept = house.put(gone, b"gone" * 9000), house.put(stays, b"stays")

        def work(home: Path = home, gone: UUID = gone, number: int = number) -> None:
            again = House(home)
            dying_at(number, after=after)
            again.vault.remove_all(gone)

        status = in_child(work)
        house = House(home)
        try:
            assert house.get(blob) == b"gone" * 9000
            assert number <= 1, "the key goes first"
        except KeyGone:
            pass
        house.vault.remove_all(gone)
        assert not list(home.rglob(f"*{gone}*"))
        assert house.get(kept) == b"stays"
        if status == 0:
            break
        number += 1
    assert number >= 8


@pytest.mark.slow
def test_kill_at_random_moments(tmp_path: Path) -> None:
    """Not only where we thought of: a process that uploads without end, killed at 25 random times, over one archive."""
    home, rows, draw = tmp_path / "home", tmp_path / "rows", random.Random(17)
    House(home)
    for _ in range(25):
        child = os.fork()
        if child == 0:
            try:
                house = House(home)
                while True:
                    upload(house, rows)
            finally:
                os._exit(99)
        time.sleep(draw.uniform(0.001, 0.12))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        house, known = House(home), rows_of(rows)
        house.vault.sweep({one.id for one, _ in known}, {one.interview for one, _ in known})
        assert {blob for _, blob in house.store.known()} == {one.id for one, _ in known}
        assert {path.stem for path in (home / "keys" / "open").iterdir()} == {str(one.interview) for one, _ in known}
    for one, _ in known:
        assert len(house.get(one)) == 90_000
    assert len(known) > 4
