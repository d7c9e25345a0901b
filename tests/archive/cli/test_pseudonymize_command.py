"""golosa pseudonymize: text or JSON lines in, the same without names out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from archive.cli.names import pseudonymize
from archive.errors import BadInput

TEXT = "Меня зовут Ирина Лебедева.\n\nI met Grace Baker and Putin.\n\nУ Лебедевых разбили окно.\n"


def run(text: str, *arguments: str) -> Result:
    return CliRunner().invoke(pseudonymize, list(arguments), input=text)


def answers(*lines: dict[str, Any], arguments: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """What comes back for JSON lines."""
    result = run("\n".join(json.dumps(line) for line in lines), "--jsonl", *arguments)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_text_comes_back_without_names_and_otherwise_as_it_was() -> None:
    """Line ends stay, each paragraph in its own language, one person one number, the family another."""
    result = run(TEXT)

    assert result.stdout == (
        "Меня зовут Ирина [имя-1].\n\nI met Grace [name-2] and Putin.\n\nУ [имя-4] разбили окно.\n"
    )


def test_public_figures_can_be_concealed_too() -> None:
    """Nobody is kept then."""
    assert "Putin" not in run(TEXT, "--no-public-figures").stdout


def test_an_explanation_says_places_and_reasons_but_no_name() -> None:
    """It goes to stderr; the text stays clean."""
    result = run(TEXT, "--explain")

    assert result.stdout == run(TEXT).stdout
    assert result.stderr.splitlines()[0] == "1: surname at 17; tagged-surname (0.60): conceal"
    assert "ебедев" not in result.stderr


def test_a_protected_list_is_read_from_a_file(tmp_path: Path) -> None:
    """One entry a line; comments and empty lines do not count."""
    listed = tmp_path / "protected"
    listed.write_text("# names\n\nСамара\n", encoding="utf-8")

    assert run("Мы жили в Самаре.", "--protected", str(listed)).stdout == "Мы жили в [имя-1]."


def test_json_lines_give_spans_in_code_points_of_the_text() -> None:
    """Other keys are ignored; a line may bring its own protected names; first names are not covered."""
    text = "🌊 Меня зовут Ирина Лебедева."
    (found,) = answers({"id": 7, "text": text, "lang": "ru", "topic": "x", "protected": ["Лебедева"]})

    (span,) = found["spans"]
    assert found["id"] == 7
    assert found["text"] == "🌊 Меня зовут Ирина [имя-1]."
    assert text[span["start"] : span["end"]] == "Лебедева"
    assert (span["label"], span["person"], span["cover"]) == ("surname", 1, "[имя-1]")


def test_every_line_stands_for_itself() -> None:
    """People are numbered line by line, and nothing of one line is known to the next."""
    first, second = answers({"id": "a", "text": "Эдик Воробей пришёл."}, {"id": "b", "text": "Прилетел воробей."})

    assert [span["person"] for span in first["spans"]] == [1]
    assert second["spans"] == []


def test_reasons_are_in_the_spans_when_asked_for() -> None:
    """With --explain each span says why."""
    (found,) = answers({"id": 1, "text": "Вошёл полковник Дударь."}, arguments=("--explain",))

    assert found["spans"][0]["why"] == "after-title"


@pytest.mark.parametrize(
    "line", ["Лебедева", "[]", '{"id": 1}', '{"id": 1, "text": 2}', '{"text": "Лебедева"}', "[" * 100_000]
)
def test_a_line_that_is_no_document_is_named_by_its_number(line: str) -> None:
    """What was answered before stays; the message holds nothing of the line."""
    result = run('{"id": 1, "text": "да"}\n' + line, "--jsonl")

    assert result.exit_code == 1
    assert json.loads(result.stdout)["id"] == 1
    assert isinstance(result.exception, BadInput)
    assert result.exception.told() == "Line 2 is not an object with “id” and “text”."


def test_bytes_that_are_no_text_are_said_to_be_none(tmp_path: Path) -> None:
    """One line says what to do."""
    file = tmp_path / "old.txt"
    file.write_bytes("Лебедева".encode("cp1251"))
    result = CliRunner().invoke(pseudonymize, [str(file)])

    assert isinstance(result.exception, BadInput)
    assert result.exception.told() == "The text is not UTF-8. Save it as UTF-8 and try again."


def test_a_full_disk_behind_standard_output_is_one_line(tmp_path: Path) -> None:
    """Not a fault of the program's; in the person's language."""
    file = tmp_path / "text"
    file.write_text(TEXT, encoding="utf-8")
    command = [sys.executable, "-m", "archive", "pseudonymize", str(file)]
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            command,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "LC_ALL": "ru_RU.UTF-8"},
            check=False,
        )
    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    assert done.stderr.startswith("Диск заполнен")
