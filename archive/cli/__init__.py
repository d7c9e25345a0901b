"""The command line. One module per group of commands; here they are only put together."""

from __future__ import annotations

import click

from archive.cli import archive, custody, demo, exchange, mask, names, reading, serving, speech


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="golosa")
def golosa() -> None:
    """An archive for oral history told at risk."""


for command in (
    demo.demo,
    archive.init,
    serving.serve,
    serving.web,
    serving.worker,
    archive.ingest,
    archive.status,
    archive.invite,
    reading.search,
    reading.reindex,
    exchange.export,
    custody.verify,
    custody.withdraw,
    custody.doctor,
    speech.transcribe,
    speech.model,
    names.pseudonymize,
    mask.mask,
):
    golosa.add_command(command)
