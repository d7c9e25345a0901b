"""Citations with the addresses that they lead to."""

from __future__ import annotations

from dataclasses import replace

from flask import url_for

from archive.acts.citations import Citation, place
from archive.acts.excerpts import Shown
from archive.consent import Naming
from archive.interview import Interview
from archive.web.gate import address, house


def citation(interview: Interview, collection: str, span: tuple[float, float] | None = None) -> Citation:
    """How the interview, or the passage between two seconds of it, is cited today, in the release that is read."""
    link = address(url_for("reading.read", id=interview.id, v=interview.redaction, l=None))
    made = Citation(
        archive=house().settings.archive.name,
        accession=interview.accession,
        redaction=interview.redaction,
        language=interview.language,
        address=link,
        seen_on=house().today(),
        title=interview.title,
        narrator=narrator(interview),
        collection=collection,
        recorded_on=interview.recorded_on,
    )
    if span is None:
        return made
    return replace(made, place=place(*span), address=f"{link}#{anchor(*span)}")


def narrator(interview: Interview) -> str:
    """What others may call the narrator; "" for not at all."""
    return "" if interview.terms.naming is Naming.NO_NAME else interview.narrator


def of_excerpt(shown: Shown) -> Citation:
    """How a published excerpt is cited today."""
    return Citation(
        archive=house().settings.archive.name,
        accession=shown.accession,
        redaction=shown.excerpt.redaction,
        language=shown.language,
        address=address(url_for("public.excerpt", id=shown.excerpt.id, l=None)),
        seen_on=house().today(),
        title=shown.excerpt.title,
        recorded_on=shown.recorded_on,
        excerpt=True,
    )


def pattern(interview: Interview, collection: str) -> Citation:
    """The citation with ``{place}`` and ``{address}`` left for the page's script to fill in."""
    return replace(citation(interview, collection), place="{place}", address="{address}")


def anchor(start: float, end: float) -> str:
    """The part of an address that leads to a passage."""
    return f"t={start:.2f},{end:.2f}"
