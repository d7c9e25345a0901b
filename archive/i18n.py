"""The sentences people read, in their language: translations of the pages, and of what the errors say.

Catalogues lie in locale/ as gettext .po files with the compiled .mo beside them. English is the source: what has no
translation is shown in English. Pages use them through Flask-Babel, everything else through ``say`` and ``say_code``.
"""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from transcripts.errors import GolosaError

DOMAIN = "golosa"
FOLDER = Path(__file__).resolve().parent / "locale"


@cache
def translations(language: str) -> gettext.NullTranslations:
    """The catalogue of a language, or one that leaves everything in English."""
    return gettext.translation(DOMAIN, FOLDER, [language], fallback=True)


def say(error: GolosaError, language: str) -> str:
    """What the error tells a person, in the language; never more than its class and facts say."""
    return translations(language).gettext(error.says).format(**error.facts)


def say_code(code: str, facts: Mapping[str, Any], language: str) -> str:
    """The sentence of an error that is known by its code alone, as a job notes it; a general one for unknown codes."""
    kind = _kinds().get(code, GolosaError)
    try:
        return translations(language).gettext(kind.says).format(**facts)
    except (KeyError, IndexError, ValueError):  # facts of another version of the program
        return translations(language).gettext(GolosaError.says)


def preferred(environment: Mapping[str, str]) -> str:
    """The language of a terminal, by POSIX: the first of LC_ALL, LC_MESSAGES and LANG that is set."""
    named = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    return named.partition("_")[0].partition(".")[0].lower() or "en"


def _kinds() -> dict[str, type[GolosaError]]:
    """Every class of error that has been imported so far, by its code; of two with the same, the parent."""
    found, waiting = {GolosaError.code: GolosaError}, [GolosaError]
    while waiting:
        kind = waiting.pop(0)
        found.setdefault(kind.code, kind)
        waiting += kind.__subclasses__()
    return found
