"""Settings: documented, the same in the file and in the code, and refused as a whole with everything that is wrong."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

from archive.errors import BadSettings
from archive.settings import RANGES, Settings, from_mapping, load, names
from transcripts.shipped import shipped

FILE = shipped("golosa.toml")


def _documented() -> dict[str, str]:
    """Every line of the shipped file as ``table.key`` and its comment."""
    found, table = {}, ""
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if heading := re.fullmatch(r"\[(\w+)\]", line):
            table = heading[1]
        elif setting := re.fullmatch(r"(\w+) = [^#]+(?:# (.+))?", line):
            found[f"{table}.{setting[1]}"] = setting[2] or ""
    return found


def test_the_file_and_the_code_know_the_same_settings(home: Path) -> None:
    """No setting in one of them alone, and each has a comment that says something."""
    documented = _documented()
    assert sorted(documented) == sorted(names(Settings(home=home)))
    assert [name for name, comment in documented.items() if len(comment.split()) < 3] == []


def test_the_file_and_the_code_have_the_same_defaults(home: Path) -> None:
    """What an archive runs with is what its file says, down to the type."""
    assert load(home) == Settings(home=home)
    for table, values in tomllib.loads(FILE.read_text(encoding="utf-8")).items():
        for key, value in values.items():
            known = getattr(getattr(Settings(home=home), table), key)
            assert type(known) is (tuple if isinstance(value, list) else type(value)), f"{table}.{key}"


def test_an_archives_own_file_changes_what_it_names(home: Path) -> None:
    """One line in the home's golosa.toml, everything else by default."""
    (home / "golosa.toml").write_text('[web]\nport = 9000\n[archive]\nlanguages = ["uk"]\n', encoding="utf-8")
    own = load(home)
    assert (own.web.port, own.archive.languages) == (9000, ("uk",))
    assert (own.web.host, own.speech) == (Settings(home).web.host, Settings(home).speech)


def test_everything_wrong_is_told_at_once(home: Path) -> None:
    """A person mends a file once, not once per mistake."""
    with pytest.raises(BadSettings) as caught:
        from_mapping(
            home,
            {
                "web": {"port": "8000", "prot": 1, "threads": True},
                "mask": {"tone_hz": "loud", "pad_seconds": 1},
                "archive": {"languages": [], "null_cipher": 0},
                "wbe": {},
                "names": 5,
            },
        )
    told = caught.value.told()
    for wrong in ("web.port", "web.prot", "web.threads", "mask.tone_hz", "archive.languages", "null_cipher", "[wbe]"):
        assert wrong in told
    assert "[names]" in told
    assert "pad_seconds" not in told


@pytest.mark.parametrize("text", ["[web\n", "web = 3\n", '[web]\nport = "x"\n', "[web]\nport = 1\nport = 2\n"])
def test_a_file_that_cannot_be_used_is_named_plainly(home: Path, text: str) -> None:
    """No spelling of golosa.toml ends in anything but BadSettings."""
    (home / "golosa.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadSettings):
        load(home)


def test_bytes_that_are_no_text_are_named_plainly(home: Path) -> None:
    """A file saved in another encoding is told as such."""
    (home / "golosa.toml").write_bytes("[archive]\nname = 'Голоса'\n".encode("cp1251"))
    with pytest.raises(BadSettings) as caught:
        load(home)
    assert "golosa.toml is not TOML" in caught.value.told()


def test_settings_cannot_change_while_they_are_used(home: Path) -> None:
    """Read once at the top: every table is frozen."""
    settings = Settings(home=home)
    for table in fields(settings):
        value = getattr(settings, table.name)
        if is_dataclass(value):
            with pytest.raises(AttributeError):
                setattr(value, fields(value)[0].name, None)


def test_every_number_has_a_range_and_is_held_to_it(tmp_path: Path) -> None:
    """Nothing outside its range is taken, NaN included; the defaults are inside."""
    defaults = from_mapping(tmp_path, {})
    numbers = {
        name
        for name in names(defaults)
        if isinstance(getattr(getattr(defaults, name.split(".")[0]), name.split(".")[1]), int | float)
        and not isinstance(getattr(getattr(defaults, name.split(".")[0]), name.split(".")[1]), bool)
    }
    assert numbers == set(RANGES)
    for name, (least, most) in RANGES.items():
        table, key = name.split(".")
        whole = isinstance(getattr(getattr(defaults, table), key), int)
        for wrong in (int(least) - 1, int(most) + 1) if whole else (least - 1, most + 1, float("nan"), float("inf")):
            with pytest.raises(BadSettings) as caught:
                from_mapping(tmp_path, {table: {key: wrong}})
            assert name in caught.value.told()
