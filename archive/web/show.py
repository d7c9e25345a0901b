"""What templates need to show values to people: times, dates, lengths, and text cut into pieces that look different.

Nothing here marks text as safe HTML: Jinja escapes everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from flask import Flask
from flask_babel import format_date, get_locale
from flask_babel import gettext as _

from archive.interview import Interview
from archive.policy import Act, allows
from archive.web import wording
from archive.web.gate import house, visitor, who
from archive.web.language import NAMES
from transcripts.formats.clock import timecode
from transcripts.names.marks import MARK, number_of
from transcripts.words import Segment, Span


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a segment's text. ``kind``: "" plain, "hit", "withheld" (a mark stands there), "cover", "name"."""

    text: str
    kind: str = ""
    number: int = 0
    start: float | None = None


def pieces(segment: Segment, hits: Sequence[Span] = ()) -> list[Piece]:
    """The text of a segment in order: withheld names, hits of a search, and what is between."""
    withheld = [(span.start, span.end, _mark(segment, span), span.number) for span in segment.withheld]
    found = [(span.start, span.end, "hit", 0) for span in hits if not _touches(span, segment.withheld)]
    return cut(segment, [*withheld, *found])


def cut(segment: Segment, spans: Iterable[tuple[int, int, str, int]]) -> list[Piece]:
    """The text cut at (start, end, kind, number); the pieces joined are the text again. Overlaps: the earlier wins."""
    text, edge, made = segment.text, 0, []
    for start, end, kind, number in sorted(spans):
        if start < edge:
            continue
        if edge < start:
            made.append(Piece(text[edge:start]))
        words = segment.words_in(start, end)
        made.append(Piece(text[start:end], kind, number, segment.words[words.start].start if words else None))
        edge = end
    if edge < len(text):
        made.append(Piece(text[edge:]))
    return made


def marked(text: str) -> list[Piece]:
    """A title or context line cut at the marks that stand for withheld names in it."""
    found, edge = [], 0
    for match in MARK.finditer(text):
        if edge < match.start():
            found.append(Piece(text[edge : match.start()]))
        found.append(Piece(match[0], "withheld", number_of(match[0])))
        edge = match.end()
    return [*found, Piece(text[edge:])] if edge < len(text) else found


def times(segment: Segment) -> str:
    """When each word of the segment starts, in seconds, for the script that follows the sound."""
    return " ".join(f"{word.start:.2f}" for word in segment.words)


def masked_times(segments: Iterable[Segment]) -> str:
    """The stretches (``12.30-12.91``) under a tone, for the waveform."""
    found = []
    for segment in segments:
        for span in segment.withheld:
            words = [segment.words[index] for index in segment.words_in(span.start, span.end)]
            if words:
                found.append(f"{words[0].start:.2f}-{max(word.end for word in words):.2f}")
    return " ".join(found)


def hit_times(segments: Iterable[Segment], marks: Iterable[Sequence[Span]]) -> str:
    """The seconds at which hits lie, for the waveform."""
    found = []
    for segment, spans in zip(segments, marks, strict=True):
        for span in spans:
            found += [f"{segment.words[index].start:.2f}" for index in segment.words_in(span.start, span.end)[:1]]
    return " ".join(found)


def length(seconds: float | None) -> str:
    """A duration in words: “1 h 12 min”, “52 s”."""
    if seconds is None:
        return ""
    if seconds < 60:
        return str(_("%(s)d s", s=round(seconds)))
    minutes = round(seconds / 60)
    if minutes < 60:
        return str(_("%(min)d min", min=minutes))
    return str(_("%(h)d h %(min)d min", h=minutes // 60, min=minutes % 60))


def day(value: date | None) -> str:
    """A date as people write it."""
    return format_date(value, "long", rebase=False) if value else ""


def clock(value: datetime) -> str:
    """Time of day, for “Saved 14:03:22”; in UTC, and the page says so."""
    return value.strftime("%H:%M:%S")


def moment(value: datetime) -> str:
    """A day and a time of day, in UTC."""
    return f"{format_date(value.date(), 'medium', rebase=False)}, {value.astimezone(UTC):%H:%M} UTC"


def language_name(code: str) -> str:
    """A language in the page's language."""
    locale = get_locale()
    return (locale.languages.get(code, code) if locale else code) or code


def speaker(label: str) -> str:
    """Who speaks: interviewer and narrator by what they are, numbered voices by number, others as they are labelled."""
    if label[:1] == "S" and label[1:].isdigit():
        return str(_("Voice %(number)s", number=label[1:]))
    known = {"I": str(_("Interviewer")), "N": str(_("Narrator")), "R": str(_("Narrator"))}
    return known.get(label, label)


def archive_name() -> str:
    """What this archive calls itself."""
    return house().settings.archive.name


def facts(interview: Interview) -> str:
    """The line under a title: number, language, length, date."""
    parts = [interview.accession, language_name(interview.language), length(interview.seconds)]
    if interview.recorded_on:
        parts.append(_("recorded %(day)s", day=day(interview.recorded_on)))
    parts.append(damage(interview))
    return " · ".join(part for part in parts if part)


def damage(interview: Interview) -> str:
    """How much of a damaged recording is missing, wherever its length is told."""
    if interview.lost_seconds is None:
        return ""
    return str(_("damaged: %(time)s could not be read", time=length(interview.lost_seconds)))


def may(act: Act | str, interview: Interview | None = None) -> bool:
    """Whether to draw what performs this act at all; the act asks again."""
    return allows(Act(act), house().case(who(), interview))


def install(app: Flask) -> None:
    """Makes these known to the templates."""
    helpers = (
        pieces,
        marked,
        times,
        masked_times,
        hit_times,
        timecode,
        length,
        day,
        moment,
        language_name,
        speaker,
        facts,
        damage,
        may,
        archive_name,
    )
    app.jinja_env.globals.update({helper.__name__: helper for helper in helpers})
    app.jinja_env.globals.update(wording=wording, languages=NAMES, Act=Act, house=house, visitor=visitor, who=who)
    app.jinja_env.globals["today"] = lambda: house().today()


def _mark(segment: Segment, span: Span) -> str:
    return "withheld" if MARK.fullmatch(segment.text[span.start : span.end]) else "cover"


def _touches(span: Span, others: Iterable[Span]) -> bool:
    return any(other.start < span.end and span.start < other.end for other in others)
