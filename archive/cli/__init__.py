"""The command line. One module per group of commands; each is imported when its command is asked for.

Dictionaries, the index and the web take seconds to import, and “golosa transcribe” needs none of them.
"""

from __future__ import annotations

from importlib import import_module

import click

COMMANDS = {
    "demo": "demo",
    "doctor": "upkeep",
    "export": "exchange",
    "ingest": "archive",
    "init": "archive",
    "invite": "archive",
    "mask": "mask",
    "model": "speech",
    "pseudonymize": "names",
    "reindex": "reading",
    "retry": "archive",
    "search": "reading",
    "serve": "serving",
    "status": "archive",
    "transcribe": "speech",
    "translate": "exchange",
    "verify": "upkeep",
    "web": "serving",
    "withdraw": "upkeep",
    "worker": "serving",
}
"""Which module of this package a command is in."""


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(f"archive.cli.{COMMANDS[cmd_name]}"), cmd_name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="golosa")
def golosa() -> None:
    """An archive for oral history told at risk."""
