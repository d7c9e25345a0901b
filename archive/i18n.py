"""The sentences people read, in their language: translations of the pages, and of what the errors say.

Catalogues lie in locale/ as gettext .po files with the compiled .mo beside them. English is the source: what has no
translation is shown in English. Pages use them through Flask-Babel, everything else through ``say`` and ``say_code``.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from archive.errors import ArchiveError, BadInput
from transcripts.errors import TranscriptsError

DOMAIN = "golosa"
FOLDER = Path(__file__).resolve().parent / "locale"


@cache
def translations(language: str) -> gettext.NullTranslations:
    """The catalogue of a language, or one that leaves everything in English."""
    return gettext.translation(DOMAIN, FOLDER, [language], fallback=True)


def say(error: ArchiveError | TranscriptsError, language: str) -> str:
    """What the error tells a person, in the language; never more than its class and facts say."""
    says = error.sentence if isinstance(error, BadInput) else error.says
    return translations(language).gettext(says).format(**error.facts)


def say_code(code: str, facts: Mapping[str, Any], language: str) -> str:
    """The sentence of an error that is known by its code alone, as a job notes it; a general one for unknown codes."""
    kind = _kinds().get(code, ArchiveError)
    try:
        return translations(language).gettext(kind.says).format(**facts)
    except (KeyError, IndexError, ValueError):  # facts of another version of the program
        return translations(language).gettext(ArchiveError.says)


def preferred(environment: Mapping[str, str]) -> str:
    """The language of a terminal, by POSIX: the first of LC_ALL, LC_MESSAGES and LANG that is set."""
    named = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    return named.partition("_")[0].partition(".")[0].lower() or "en"


def kinds() -> Iterator[type[ArchiveError | TranscriptsError]]:
    """Every class of error that has been imported so far, parents first."""
    waiting: list[type[ArchiveError | TranscriptsError]] = [ArchiveError, TranscriptsError]
    while waiting:
        kind = waiting.pop(0)
        yield kind
        waiting += kind.__subclasses__()


def _kinds() -> dict[str, type[ArchiveError | TranscriptsError]]:
    return {kind.code: kind for kind in reversed(list(kinds()))}
