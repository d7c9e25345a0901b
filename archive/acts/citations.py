"""How a passage is cited: what a citation says, and the forms it is written in.

A citation names the release it quotes. Its address leads to the same seconds of whatever may be read there later, which
then says that another release took the place of the cited one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from transcripts.formats.clock import timecode

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_BIBLATEX = {"ru": "russian", "uk": "ukrainian", "en": "english"}
_SPECIAL = {
    **{"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"},
    **{"{": r"\textbraceleft{}", "}": r"\textbraceright{}"},  # BibTeX counts a brace after a backslash, too
}


@dataclass(frozen=True, slots=True)
class Citation:
    """What a citation says. ``narrator`` is how others may call the narrator, "" for nobody; ``place`` timecodes.

    Title and collection may be "" too. ``excerpt``: of a published excerpt, not of the interview.
    """

    archive: str
    accession: str
    redaction: int
    language: str
    address: str
    seen_on: date
    title: str = ""
    narrator: str = ""
    collection: str = ""
    recorded_on: date | None = None
    place: str = ""
    excerpt: bool = False


def place(start: float, end: float) -> str:
    """Where the passage is heard: “12:34–13:11”."""
    return f"{timecode(start)}–{timecode(end)}"


def chicago(cited: Citation) -> str:
    """The Chicago Manual of Style, 17th edition: bibliography, interviews and items of archives (14.211, 14.222)."""
    kind = "Excerpt from interview" if cited.excerpt else "Interview"
    recorded = f", recorded {_american(cited.recorded_on)}" if cited.recorded_on else ""
    sentences = [
        cited.narrator,
        f"“{cited.title}.”" if cited.title else "",
        f"{kind} {cited.accession}{recorded}",
        _listed(f"Pseudonymised version {cited.redaction}", cited.place),
        _listed(cited.collection, cited.archive),
        f"Accessed {_american(cited.seen_on)}",
        cited.address,
    ]
    return _sentences(sentences)


def gost(cited: Citation) -> str:
    """ГОСТ Р 7.0.5-2008: a remote electronic resource."""
    kind = "отрывок интервью" if cited.excerpt else "интервью"
    recorded = f" от {_russian(cited.recorded_on)}" if cited.recorded_on else ""
    described = f"{kind} № {cited.accession}{recorded} (псевдонимизировано, ред. {cited.redaction})"
    named = f"{cited.title} : {described}" if cited.title else described[0].upper() + described[1:]
    sentences = [
        cited.narrator,
        f"{named} // {cited.archive} : [архив устной истории]",
        cited.collection,
        cited.place,
        f"URL: {cited.address} (дата обращения: {_russian(cited.seen_on)})",
    ]
    return _sentences(sentences)


def bibtex(cited: Citation, note: str = "") -> str:
    """An entry for BibTeX and BibLaTeX, with a note of the reader's own."""
    kind = "Excerpt from interview" if cited.excerpt else "Interview"
    narrator = _tex(cited.narrator)
    how = _listed(
        f"{kind} {cited.accession}", f"version {cited.redaction}", cited.place, cited.collection, cited.archive
    )
    year = {"year": str(cited.recorded_on.year), "date": cited.recorded_on.isoformat()} if cited.recorded_on else {}
    fields = {
        "author": f"{{{narrator}}}" if narrator else "",
        "title": _tex(cited.title) or f"{kind} {cited.accession}",
        **year,
        "howpublished": _tex(how).replace("–", "--"),
        "note": "Pseudonymised",
        "annote": _tex(note),
        "langid": _BIBLATEX.get(cited.language, ""),
        "url": cited.address,
        "urldate": cited.seen_on.isoformat(),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join((f"@misc{{{_key(cited)},", *lines, "}"))


def ris(cited: Citation, note: str = "") -> str:
    """A record of Research Information Systems’ format, as reference managers read it; an interview is PCOMM there.

    A ``note`` of the reader's own stands after ours: N1 may be there twice.
    """
    kind = "Excerpt from interview" if cited.excerpt else "Interview"
    day = cited.recorded_on
    fields = (
        ("TY", "PCOMM"),
        ("AU", cited.narrator),
        ("TI", cited.title or f"{kind} {cited.accession}"),
        ("PY", str(day.year) if day else ""),
        ("DA", f"{day:%Y/%m/%d}/" if day else ""),
        ("M1", cited.accession),
        ("ET", str(cited.redaction)),
        ("SE", cited.place),
        ("T3", cited.collection),
        ("PB", cited.archive),
        ("LA", cited.language),
        ("N1", f"{kind}, pseudonymised version {cited.redaction}"),
        ("N1", note.strip()),
        ("UR", cited.address),
        ("Y2", f"{cited.seen_on:%Y/%m/%d}/"),
    )
    lines = [f"{tag}  - {' '.join(value.split())}" for tag, value in fields if value]
    return "\r\n".join((*lines, "ER  - ", ""))


FORMS: Mapping[str, Callable[[Citation], str]] = {"chicago": chicago, "gost": gost, "bibtex": bibtex, "ris": ris}
"""Every form, by the name that stands in addresses."""


def _sentences(parts: Iterable[str]) -> str:
    """Each with one full stop."""
    return " ".join(part if part.endswith((".", ".”")) else f"{part}." for part in parts if part)


def _listed(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _american(day: date) -> str:
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"


def _russian(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def _tex(text: str) -> str:
    return re.sub(r"[\\~^{}&%$#_]", lambda found: _SPECIAL.get(found[0], f"\\{found[0]}"), " ".join(text.split()))


def _key(cited: Citation) -> str:
    """What the entry is called: letters, digits and hyphens."""
    parts = f"{cited.accession} v{cited.redaction} {cited.place}"
    return re.sub(r"[^a-z0-9]+", "-", f"golosa-{parts}".lower()).strip("-")
