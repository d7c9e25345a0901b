"""``golosa`` and ``python -m archive``: runs a command, turns every error into one line and the right exit status."""

from __future__ import annotations

import os
import sys
from types import TracebackType

import click

from archive.cli import golosa
from archive.i18n import preferred, say
from archive.vault.files import out_of_space
from transcripts.errors import GolosaError


def main() -> None:
    """Exit status 0 done, 1 the work could not be done, 2 wrong usage."""
    sys.excepthook = _where_only
    try:
        with out_of_space():  # standard output can be a file on a full disk
            sys.exit(golosa(standalone_mode=False))  # the status of a command that ended by itself, or None
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except GolosaError as error:
        print(say(error, preferred(os.environ)), file=sys.stderr)
        sys.exit(1)
    except BrokenPipeError:
        # Somebody read only the beginning (“| head”). Python would complain once more while it exits.
        sys.stderr.close()
        sys.exit(0)


def _where_only(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A bug's place without its message: messages can hold what people said."""
    print(f"golosa: stopped by a fault of its own: {kind.__name__}", file=sys.stderr)
    while trace is not None:
        code = trace.tb_frame.f_code
        print(f"  {code.co_filename}:{trace.tb_lineno} {code.co_name}", file=sys.stderr)
        trace = trace.tb_next


if __name__ == "__main__":
    main()
