"""Searching from the command line, and building the index anew."""

from __future__ import annotations

import json
import sys

import click

from archive.acts import answers, indexing, listing
from archive.cli.opening import Place, in_archive
from archive.policy import OPERATOR
from transcripts.formats.clock import timecode


@click.command()
@click.argument("query", default="")
@click.option("--page", default=1, show_default=True, help="Which page of the answer.")
@click.option(
    "--pairs/--no-pairs",
    default=True,
    show_default=True,
    help="Find verbs by their aspect partners, too (писать, написать).",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@in_archive
def search(place: Place, query: str, page: int, pairs: bool, as_json: bool) -> None:
    """Search what is released.

    Words are found in all their forms, numbers in words and in figures.

    \b
    "по этапу"         these words in a row         "хлеб война"~5  near
    хлеб OR каша       either (also ИЛИ)            хлеб -война     without
    арест* *ский       words that begin, end so     гулак~          a letter apart
    =хлеба             this form alone              ( )             groups
    speaker:R lang:uk place:Рига year:2019..2022 left:2022 theme:голод
    translated:en

    Without a word, the interviews that have what is asked for are listed; without anything, all.
    """
    with place.unlocked() as house:
        question = answers.Question(query, pairs=pairs)
        if listing.is_list(question):
            listed = listing.listing(house, OPERATOR, question, page)
            click.echo(json.dumps(list_as_object(listed), ensure_ascii=False) if as_json else list_as_text(listed))
            return
        found = answers.search(house, OPERATOR, question, page)
        click.echo(json.dumps(as_object(found), ensure_ascii=False) if as_json else as_text(found))


@click.command()
@in_archive
def reindex(place: Place) -> None:
    """Build the index anew from everything that is released."""
    with place.unlocked() as house:
        with click.progressbar(length=1, label="Indexing", file=sys.stderr) as bar:

            def watch(done: int, of: int) -> None:
                bar.length = of
                bar.update(done - bar.pos)

            count = indexing.rebuild(house, watch)
        click.echo(f"{count} passages indexed")


def as_object(found: answers.SearchPage) -> dict[str, object]:
    """An answer as plain JSON values; times in seconds.

    ``query`` is the query as it was run, ``repairs`` what was put right in it, ``cut`` what stands for too many words,
    ``better`` words to try for those that are nowhere.
    """
    answer = found.answer
    return {
        "query": answer.understood,
        "repairs": [str(repair) for repair in answer.query.repairs],
        "cut": list(answer.cut),
        "better": [{"instead_of": one.instead_of, "word": one.word, "query": one.query} for one in answer.better],
        "total": found.total,
        "interviews": found.interviews,
        "page": found.page,
        "pages": found.pages,
        "hits": [
            {
                "interview": result.interview.accession,
                "start": passage.start,
                "end": passage.end,
                "play_from": passage.play_from,
                "text": " ".join(segment.text for segment in passage.segments),
            }
            for result in found.results
            for passage in result.found
        ],
    }


def list_as_object(found: listing.Listing) -> dict[str, object]:
    """A list of interviews as plain JSON values: titles and facts."""
    return {
        "filters": [str(each) for each in found.filters],
        "repairs": [str(repair) for repair in found.repairs],
        "interviews": found.total,
        "page": found.page,
        "pages": found.pages,
        "listed": [
            {
                "interview": one.accession,
                "title": one.title,
                "language": one.language,
                "recorded": one.recorded_on.isoformat() if one.recorded_on else None,
                "seconds": one.seconds,
                "places": list(one.places),
                "themes": list(one.themes),
                "translations": list(one.translations),
            }
            for one in found.shown
        ],
    }


def list_as_text(found: listing.Listing) -> str:
    """A list of interviews for a terminal."""
    lines = [f"{found.total} interviews" + (f", page {found.page} of {found.pages}" if found.pages > 1 else "")]
    for one in found.shown:
        facts = [str(one.recorded_on or "undated"), one.language, timecode(one.seconds or 0.0)]
        facts += [", ".join(values) for values in (one.places, one.themes) if values]
        facts += [f"translated: {', '.join(one.translations)}"] if one.translations else []
        lines.append(f"{one.accession}  {one.title or 'untitled'}  ({'; '.join(facts)})")
    return "\n".join(lines)


def as_text(found: answers.SearchPage) -> str:
    """An answer for a terminal, hits between guillemets."""
    lines = [f"{found.total} passages in {found.interviews} interviews"]
    lines += [f"asked as: {found.understood}"] if found.repaired else []
    lines += [f"too many words fit {cut}: not all of them were looked for" for cut in found.answer.cut]
    lines += [f"nowhere: {one.instead_of}; try: {one.query}" for one in found.answer.better]
    for result in found.results:
        for passage in result.found:
            lines.append(f"\n{result.interview.accession}  {timecode(passage.play_from)}")
            pairs = zip(passage.segments, passage.marks, strict=True)
            lines += ["  " + marked(part.text, [(mark.start, mark.end) for mark in marks]) for part, marks in pairs]
    return "\n".join(lines)


def marked(text: str, marks: list[tuple[int, int]]) -> str:
    """The text with each mark between « and »."""
    for start, end in sorted(marks, reverse=True):
        text = f"{text[:start]}«{text[start:end]}»{text[end:]}"
    return text
