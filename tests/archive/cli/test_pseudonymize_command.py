"""golosa pseudonymize: text or JSON lines in, the same without names out."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import transcripts.names
from archive import reasons
from archive.cli.names import pseudonymize
from archive.errors import BadInput

TEXT = "Меня зовут Ирина Лебедева.\n\nI met Grace Baker and Putin.\n\nУ Лебедевых разбили окно.\n"


def run(text: str, *arguments: str) -> Result:
    return CliRunner().invoke(pseudonymize, list(arguments), input=text)


def answers(*lines: dict[str, Any], arguments: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """What comes back for JSON lines."""
    result = run("\n".join(json.dumps(line) for line in lines), "--jsonl", *arguments)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.split("\n") if line]


def test_text_comes_back_without_names_and_otherwise_as_it_was() -> None:
    """Line ends stay, each paragraph in its own language, one person one number, the family another."""
    result = run(TEXT)

    assert result.stdout == (
        "Меня зовут Ирина [имя-1].\n\nI met Grace [name-2] and Putin.\n\nУ [имя-4] разбили окно.\n"
    )


def test_public_figures_can_be_concealed_too() -> None:
    """Nobody is kept then."""
    assert "Putin" not in run(TEXT, "--no-public-figures").stdout


def test_an_explanation_says_places_and_reasons_but_no_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """It goes to stderr, a line for each place, in the language of the terminal; the text stays clean."""
    result = run(TEXT, "--explain")
    lines = result.stderr.splitlines()

    assert result.stdout == run(TEXT).stdout
    assert lines[0] == "17–25: surname, person 1: recognised as a surname (quite sure); concealed"
    assert [line.partition(":")[0] for line in lines] == ["17–25", "40–45", "50–55", "60–69"]
    assert lines[2].endswith("in the list of public figures (likely); kept")
    assert "ебедев" not in result.stderr
    monkeypatch.setenv("LC_ALL", "ru_RU.UTF-8")
    assert run(TEXT, "--explain").stderr.startswith("17–25: фамилия, человек 1: ")


def test_every_reason_of_a_finder_has_words() -> None:
    """The codes in the source are those of the table."""
    folder = Path(transcripts.names.__file__).parent
    found = {
        code
        for path in folder.glob("*.py")
        for codes in re.findall(r'mention\([^()]*?, ("[a-z-]+"), 0|why="([a-z-]+)"', path.read_text(encoding="utf-8"))
        for code in (part.strip('"') for part in codes if part)
    }

    assert len(found) > 10
    assert found <= set(reasons.WHY), found - set(reasons.WHY)


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

    span = found["spans"][0]
    assert span["because"] == reasons.WHY[span["why"]]
    assert 0.5 < span["sureness"] <= 1


OBJECT = "Line 2 is not an object with “id” and “text”."


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("Лебедева", "Line 2 is not JSON."),
        ("[" * 100_000, "Line 2 is not JSON."),
        ('{"id": NaN, "text": "x"}', "Line 2 is not JSON."),
        ("[]", OBJECT),
        ('"Лебедева"', OBJECT),
        ('{"id": 1}', OBJECT),
        ('{"text": "Лебедева"}', OBJECT),
        ('{"id": [], "text": "x"}', "Line 2: “id” has to be a string or a number."),
        ('{"id": null, "text": "x"}', "Line 2: “id” has to be a string or a number."),
        ('{"id": 1, "text": 2}', "Line 2: “text” and “lang” have to be strings."),
        ('{"id": 1, "text": "x", "lang": 2}', "Line 2: “text” and “lang” have to be strings."),
        ('{"id": 1, "text": "x", "protected": "Лебедева"}', "Line 2: “protected” has to be a list of strings."),
        ('{"id": 1, "text": "x", "protected": [1]}', "Line 2: “protected” has to be a list of strings."),
        (
            '{"id": 1, "text": "\\ud800 Лебедева"}',
            "Line 2 holds half a character (a lone surrogate), which is no text.",
        ),
        ('{"id": "\\udfff", "text": "x"}', "Line 2 holds half a character (a lone surrogate), which is no text."),
    ],
)
def test_a_line_that_is_no_document_is_named_by_its_number(line: str, says: str) -> None:
    """What was answered before stays; the message holds nothing of the line."""
    result = run('{"id": 1, "text": "да"}\n' + line, "--jsonl")

    assert result.exit_code == 1
    assert json.loads(result.stdout)["id"] == 1
    assert isinstance(result.exception, BadInput)
    assert result.exception.told() == says


def test_a_line_in_another_encoding_is_named_by_its_number() -> None:
    """The lines before it are answered."""
    lines = b'\xef\xbb\xbf{"id": 1, "text": "x"}\n' + '{"id": 2, "text": "Лебедева"}'.encode("cp1251")
    result = CliRunner().invoke(pseudonymize, ["--jsonl"], input=lines)

    assert json.loads(result.stdout)["id"] == 1
    assert isinstance(result.exception, BadInput)
    assert result.exception.told() == "Line 2 is not UTF-8. Save it as UTF-8 and try again."


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x00 Ирина\x00 Лебедева",
        "👩🏽‍🚀 Ира\u0301 Лебе\u0301дева, й Лебедева",
        "\u202eИрина Лебедева\u202c אירינה",
        "\r\nИрина Лебедева\r\n\u2028",
    ],
)
def test_offsets_are_code_points_of_what_came_in(text: str) -> None:
    """Whatever stands around: nothing, NUL, emoji of several code points, combining marks, right-to-left, odd lines."""
    (found,) = answers({"id": 1, "text": text, "lang": "ru"})
    spans = found["spans"]

    rest, edge = "", 0
    for span in spans:
        assert "дева" in text[span["start"] : span["end"]]
        rest += text[edge : span["start"]] + span["cover"]
        edge = span["end"]
    assert found["text"] == rest + text[edge:]
    assert "дева" not in found["text"]
    assert bool(spans) == bool(text)


@pytest.mark.slow
def test_a_line_is_answered_before_the_next_is_read() -> None:
    """Another program may wait for each answer."""
    command = [sys.executable, "-m", "archive", "pseudonymize", "--jsonl", "--no-public-figures"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        for number in range(3):
            running.stdin.write(json.dumps({"id": number, "text": "Пришёл Лебедев."}).encode() + b"\n")
            running.stdin.flush()
            assert json.loads(running.stdout.readline())["id"] == number
        running.stdin.close()
        assert running.wait() == 0


def test_line_ends_and_marks_of_order_stay() -> None:
    """A text from another system comes back as it was."""
    text = "\ufeffПривет,\r\nЛебедева.\r\n"

    assert run(text).stdout_bytes.decode() == "\ufeffПривет,\r\n[имя-1].\r\n"


def test_a_protected_list_in_another_encoding_is_said_to_be_so(tmp_path: Path) -> None:
    """A list that was misread would protect nobody; comments and the mark of order are no names."""
    listed = tmp_path / "protected"
    listed.write_bytes("Самара".encode("cp1251"))
    result = run("Мы жили в Самаре.", "--protected", str(listed))

    assert isinstance(result.exception, BadInput)
    assert result.exception.told() == "The protected list is not UTF-8. Save it as UTF-8 and try again."
    listed.write_bytes("\ufeffСамара  # город\r\n#Омск\r\n".encode())
    assert run("Мы жили в Самаре и в Омске.", "--protected", str(listed)).stdout == "Мы жили в [имя-1] и в Омске."


def test_bytes_that_are_no_text_are_said_to_be_none(tmp_path: Path) -> None:
    """One line says what to do."""
    file = tmp_path / "old.txt"
    file.write_bytes("Лебедева".encode("cp1251"))
    result = CliRunner().invoke(pseudonymize, [str(file)])

    assert isinstance(result.exception, BadInput)
    assert result.exception.told() == "The text is not UTF-8. Save it as UTF-8 and try again."


@pytest.mark.slow
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
