"""Keys in memory stay in memory, as far as the system can be told so."""

from __future__ import annotations

import ctypes
import resource
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.cli import golosa
from archive.vault import hardening
from tests import make
from tests.archive.cli.test_archive_commands import run
from tests.killing import in_child


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux's")
def test_a_command_that_opens_an_archive_leaves_no_core_and_no_way_in(tmp_path: Path) -> None:
    """Before it asks for the passphrase: the command fails, but its process is closed already."""

    def opens() -> None:
        ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)  # as it was before any command of this test run
        CliRunner().invoke(golosa, ["status", "--home", str(tmp_path)])
        assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)
        assert ctypes.CDLL(None).prctl(3, 0, 0, 0, 0) == 0  # PR_GET_DUMPABLE

    assert in_child(opens) == 0


def test_swap_counts_unless_it_is_memory_or_encrypted(tmp_path: Path) -> None:
    """By the kernel's own lists; a system that has none has no swap."""
    swaps, blocks = tmp_path / "swaps", tmp_path / "block"
    (blocks / "dm-0" / "dm").mkdir(parents=True)
    (blocks / "dm-0" / "dm" / "uuid").write_text("CRYPT-PLAIN-swap\n")
    (blocks / "dm-1" / "dm").mkdir(parents=True)
    (blocks / "dm-1" / "dm" / "uuid").write_text("LVM-swap\n")
    devices = ("/dev/zram0", "/dev/dm-0", "/dev/dm-1", "/dev/sda2", "/swapfile")
    lines = ["Filename Type Size Used Priority", *(f"{device} partition 1 0 -2" for device in devices)]
    swaps.write_text("\n".join(lines))
    assert hardening.swaps_in_clear(swaps, blocks) == 3
    assert hardening.swaps_in_clear(tmp_path / "none", blocks) == 0


def test_the_doctor_warns_of_swap_in_clear(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On stderr, with what to do; the numbers go to stdout as before."""
    make.archive_in(home).close()
    monkeypatch.setattr(hardening, "swaps_in_clear", lambda: 1)
    assert "not encrypted" in run(home, "doctor").stderr
    monkeypatch.setattr(hardening, "swaps_in_clear", lambda: 0)
    assert run(home, "doctor").stderr == ""
