"""Translations in review: a file laid beside the turns, or fifty turns a page typed beside what is said."""

from __future__ import annotations

from typing import Any, TypeAlias
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from archive.acts import changes, translating
from archive.acts.changes import Sent
from archive.acts.translating import LONGEST_FILE, DecideStranger, LayBeside, Render, Sheet, TakeAway
from archive.errors import ArchiveError, BadInput, Conflict
from archive.i18n import say
from archive.pipeline.translated import digest
from archive.policy import Act
from archive.web.failures import status_of
from archive.web.gate import house, names, wants_json, who
from archive.web.language import chosen
from transcripts.names import Decision

_Told: TypeAlias = "AnyResponse | dict[str, Any] | tuple[str, int] | str"

room = Blueprint("translations", __name__, url_prefix="/interviews/<uuid:id>/translations")


@room.get("")
@names(Act.REVIEW)
def page(id: UUID) -> str:
    """What is translated, and fifty turns of the translation ``into`` a language."""
    return _page(_sheet(id))


@room.post("/file")
@names(Act.DECIDE, uploads=True)
def lay_beside(id: UUID) -> _Told:
    """A file in place of what was translated before."""
    translating.may_write(house(), who(), id)
    into, sent = request.form.get("into", ""), request.files.get("file")
    try:
        made = LayBeside.of(sent.stream.read(LONGEST_FILE + 1) if sent else b"", into)
        changes.make(house(), who(), id, made, _sent())
    except (BadInput, Conflict) as error:
        return _page(translating.sheet(house(), who(), id), error), status_of(error)
    return redirect(url_for("translations.page", id=id, into=into), 303)


@room.post("/text")
@names(Act.DECIDE)
def write(id: UUID) -> _Told:
    """What was typed on a page, or said to be right still; where somebody else typed meanwhile, nothing is kept."""
    translating.may_write(house(), who(), id)
    found, texts = _sheet(id), _typed()
    try:
        if texts:
            changes.make(house(), who(), id, Render(found.language, texts), _sent())
    except (BadInput, Conflict) as error:
        if wants_json():
            raise
        return _page(found, error, {turn: text for turn, (text, _) in texts.items()}), status_of(error)
    if wants_json():
        version, rows = translating.rows_of(house(), who(), id, found.language, texts)
        return {"version": version, "rows": {row.turn: {"was": digest(row.text), "old": row.old} for row in rows}}
    after = found.page + 1 if request.form.get("on") and found.page < found.pages else found.page
    return redirect(url_for("translations.page", id=id, into=found.language, page=after), 303)


def _typed() -> dict[str, tuple[str, str]]:
    """What differs from what the page showed, or is said to be right still, by turn, wherever the turn stands now."""
    form, found = request.form, {}
    for name in form:
        kind, _, turn = name.partition("-")
        if kind == "text" and (_differs(form[name], form.get(f"was-{turn}", "")) or f"right-{turn}" in form):
            found[turn] = (form[name], form.get(f"of-{turn}", ""))
    return found


@room.post("/none")
@names(Act.DECIDE)
def take_away(id: UUID) -> AnyResponse:
    """Takes a whole translation away; it is a change that can be undone."""
    changes.make(house(), who(), id, TakeAway(request.form.get("into", "")), _sent())
    return redirect(url_for("translations.page", id=id), 303)


@room.post("/people")
@names(Act.DECIDE)
def decide(id: UUID) -> AnyResponse:
    """Keeps, or conceals again, somebody who is named in a translation alone."""
    decision = Decision.KEEP if request.form.get("decision") == Decision.KEEP else Decision.CONCEAL
    changes.make(house(), who(), id, DecideStranger(request.form.get("person", ""), decision), _sent())
    return redirect(url_for("review.preview", id=id, _anchor="strangers"), 303)


def _sheet(id: UUID) -> Sheet:
    asked = request.values
    return translating.sheet(house(), who(), id, asked.get("into", ""), asked.get("page", type=int, default=1))


def _page(found: Sheet, error: ArchiveError | None = None, typed: dict[str, str] | None = None) -> str:
    """``typed`` stands where it was typed, whatever is kept."""
    return render_template(
        "review/translations.html",
        sheet=found,
        digest=digest,
        problem=say(error, chosen()) if error else "",
        about=error.field if isinstance(error, BadInput) else "",
        typed=typed or {},
        gone={turn: text for turn, text in (typed or {}).items() if turn not in {row.turn for row in found.rows}},
        megabytes=LONGEST_FILE // 1_000_000,
    )


def _differs(text: str, was: str) -> bool:
    return digest(" ".join(text.split())) != was


def _sent() -> Sent:
    return Sent(request.form.get("version", type=int, default=-1), request.form.get("token", "")[:64])
