"""What reaches somebody who installs the wheel: everything the program reads at run time, and the demo."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's wheel, unpacked: built from a copy, so that no build folder is left in the checkout."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    for name in ("archive", "transcripts", "config"):
        shutil.copytree(ROOT / name, source / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
    build = "import sys, setuptools.build_meta as backend; backend.build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", build, str(out)], cwd=source, check=True, capture_output=True)
    with zipfile.ZipFile(next(out.glob("*.whl"))) as packed:
        packed.extractall(out / "unpacked")
    return out / "unpacked"


def _files(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_every_file_of_the_packages_is_in_the_wheel(wheel: Path) -> None:
    """Templates, styles, migrations, messages, the format's description: whatever lies beside the code."""
    for package in ("archive", "transcripts"):
        assert _files(ROOT / package) - _files(wheel / package) == set()


def test_the_settings_and_the_demo_are_in_the_wheel(wheel: Path) -> None:
    """config/ arrives whole, as archive/config."""
    assert _files(ROOT / "config") == _files(wheel / "archive" / "config")


def test_the_wheel_carries_nothing_else(wheel: Path) -> None:
    """Two packages and their metadata with the licence; no tests, no compiled leftovers."""
    assert {path.name for path in wheel.iterdir() if path.is_dir()} - {"archive", "transcripts"} == {
        next(wheel.glob("*.dist-info")).name
    }
    assert not list(wheel.rglob("*.pyc"))
    assert list(wheel.glob("*.dist-info/licenses/LICENSE"))


def test_an_installed_program_finds_what_is_shipped(wheel: Path) -> None:
    """transcripts.shipped looks beside the checkout's packages first; with no checkout it finds the wheel's own."""
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); from transcripts.shipped import shipped;"
        "print(*(shipped(name) for name in ('golosa.toml', 'demo/model', 'demo/irina.opus')), sep='\\n')"
    )
    told = subprocess.run(
        [sys.executable, "-B", "-I", "-S", "-c", program, str(wheel)],
        cwd=wheel,
        check=True,
        capture_output=True,
        text=True,
    )
    assert told.stdout.split() == [
        str(wheel / "archive" / "config" / name) for name in ("golosa.toml", "demo/model", "demo/irina.opus")
    ]
