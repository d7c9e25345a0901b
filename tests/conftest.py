"""What every test may rely on: a home of its own, no network beyond this machine, no order, no clock.

Sockets reach loopback and Unix sockets only (pytest-socket, switched on in pyproject.toml). Tests run in an order
drawn anew for each run; the seed stands in the header and below failures, and ``--seed`` repeats it.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
"""The development sets beside a checkout; tests that need them are marked ``shared`` and skip without."""

CHROMIUM = Path("/usr/bin/chromium")
NODE_MODULES = Path(__file__).resolve().parent / "browser" / "node_modules"

settings.register_profile(
    "golosa",
    deadline=None,  # a loaded machine is slow without being wrong
    database=None,  # what an earlier run found must not decide what this one tries
    derandomize="CI" in os.environ,  # new examples are for whoever can look at them; there each run draws the same
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("quick", settings.get_profile("golosa"), max_examples=20)  # make check
settings.load_profile("golosa")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--seed", default=None, help="repeats the order of the run that printed this seed")


def pytest_configure(config: pytest.Config) -> None:
    given = getattr(config, "workerinput", {}).get("seed", config.option.seed)
    config.option.seed = given or secrets.token_hex(4)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """All workers of pytest-xdist must draw the same order."""
    node.workerinput["seed"] = node.config.option.seed


def pytest_report_header(config: pytest.Config) -> str:
    return f"order: --seed {config.option.seed}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, exitstatus: int) -> None:
    if exitstatus not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        terminalreporter.line(pytest_report_header(terminalreporter.config))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: (_draw(config, item.nodeid.partition("::")[0]), _draw(config, item.nodeid)))
    for item in items:
        if item.get_closest_marker("shared") and not SHARED.is_dir():
            item.add_marker(pytest.mark.skip(reason="the development sets are not beside this checkout"))
        if item.get_closest_marker("browser") and not CHROMIUM.exists():
            item.add_marker(pytest.mark.skip(reason="no Chromium here; Debian: apt-get install chromium"))
        if item.get_closest_marker("npm") and not NODE_MODULES.is_dir():
            item.add_marker(pytest.mark.skip(reason="npm ci --ignore-scripts --prefix tests/browser was not run"))


def _draw(config: pytest.Config, name: str) -> bytes:
    return hashlib.sha256(f"{config.option.seed}:{name}".encode()).digest()


@pytest.fixture(autouse=True, scope="session")
def _bare_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A home, caches and a temporary folder of the run's own; no settings, models or time zone of whoever runs it."""
    home = tmp_path_factory.mktemp("home")
    (home / "tmp").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("GOLOSA_", "HF_", "XDG_", "WHISPER_"))]:
            patch.delenv(name)
        patch.setenv("HOME", str(home))
        patch.setenv("TMPDIR", str(home / "tmp"))
        patch.setattr(tempfile, "tempdir", None)  # read anew from TMPDIR
        patch.setenv("HF_HUB_OFFLINE", "1")
        patch.setenv("TZ", "Pacific/Chatham")  # 12:45 or 13:45 ahead of UTC: a mixed-up clock shows
        patch.setenv("LC_ALL", "C.UTF-8")
        yield


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty folder for an archive, closed to others as ``golosa init`` leaves it."""
    folder = tmp_path / "archive"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def shared() -> Path:
    """The development sets; mark the test ``shared``."""
    return SHARED
