"""What ``--help`` tells: nothing cut off, nothing left out."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from archive.cli import COMMANDS, golosa

_NARROW = 80 - len("  pseudonymize    ")  # columns for a sentence in the list of commands


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command, those of groups too."""
    context = click.Context(golosa)
    for name in COMMANDS:
        command = golosa.get_command(context, name)
        assert command is not None
        yield name, command
        if isinstance(command, click.Group):
            yield from ((f"{name} {inner}", found) for inner, found in command.commands.items())


@pytest.mark.parametrize(
    ("name", "command"), list(commands()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_command_and_option_says_what_it_does(name: str, command: click.Command) -> None:
    """The sentence in the list of commands is whole on a narrow terminal, and no option is left unexplained."""
    assert not command.get_short_help_str(_NARROW).endswith("..."), name
    mute = [one.name for one in command.params if isinstance(one, click.Option) and not one.help]
    assert not mute, name
