"""Days of birth in full: day, month and year, with a word that says it is one. Others' years of birth are history."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from transcripts.names.identifiers.speech import Find, Speech
from transcripts.names.identifiers.spoken import months
from transcripts.names.mention import Label

_DAY = r"\d+(?:-?(?:го|е|ого|ье|st|nd|rd|th))?"
_YEAR = r"\d{2,}(?:-?го)?(?:\s+\d{2,})?"  # “nineteen eighty five” is two numbers
_BORN = re.compile(
    r"(?<!\w)(?:родил\w*|рожд[её]н\w*|рождени\w*|д\.\s?р\.|появил\w* на свет|народи\w*|народж\w*|born|birth\w*|dob"
    r"|b-day)(?!\w)"
)
_BORN_AFTER = re.compile(r"[\s,]*(?:г(?:ода|\.)?\s*р(?:ожд\w*|\.)|р\.\s?н\.|року народж\w*|рождени|народженн)")
_NEAR = 70  # code points between the word and the date
_OLDEST = 1900


def births(speech: Speech) -> Iterator[Find]:
    """Full dates beside “родился”, “born” and the like."""
    for date in speech.search(_dates(), speech.figures, "born", (60, 110)):
        if _is_old(speech.text[date.start() : date.end()]):
            continue
        before = speech.before(date.start(), _NEAR)
        led = list(_BORN.finditer(before))
        if (led and not re.search(r"[!?]|\.\s", before[led[-1].end() :])) or _BORN_AFTER.match(
            speech.figures, date.end()
        ):
            yield Find(*date.span(), Label.BIRTH)


@cache
def _dates() -> re.Pattern[str]:
    """Any full date; a month said as a number only between two other numbers."""
    month = months()
    return re.compile(
        rf"(?<!\w)(?:{_DAY}\s+(?:of\s+)?{month}[\s,]+{_YEAR}|{month}\s+(?:the\s+)?{_DAY}[\s,]+{_YEAR}"
        rf"|\d+[./\s-]+\d+[./\s-]+{_YEAR}|\d{{4}}-\d\d-\d\d)(?!\w)"
    )


def _is_old(date: str) -> bool:
    """Whether everybody born then is dead."""
    years = re.findall(r"(?<!\d)1\d{3}(?!\d)", date)
    return bool(years) and int(years[-1]) < _OLDEST
