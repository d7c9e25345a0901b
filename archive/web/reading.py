"""One interview of the reading room: its words, its masked sound, how it is cited, what is kept and proposed of it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import astuple
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from archive.acts import answers, excerpts, finding, notebook, research
from archive.acts.answers import Question
from archive.acts.citations import FORMS, chicago, gost
from archive.acts.excerpts import Wish, cut
from archive.acts.notebook import LONGEST_NOTE
from archive.consent import Voice
from archive.errors import BadInput, BadQuery, Refused, Tampered, Unknown
from archive.i18n import say
from archive.policy import Act
from archive.web import sound
from archive.web.citing import anchor, citation, pattern
from archive.web.forms import ProposalForm
from archive.web.gate import house, names, wants_json, who
from archive.web.language import chosen
from archive.web.questions import questions
from archive.web.returning import unpunctuated
from transcripts.words import Span

room = Blueprint("reading", __name__)
_BLOCK = 4096  # bytes
_PASSAGE = re.compile(r"\d+(\.\d+)?(,\d+(\.\d+)?)?")


@room.get("/interviews/<uuid:id>")
@names(Act.READ_RELEASED)
def read(id: UUID) -> AnyResponse | tuple[str, int] | str:
    """One released interview; ``v`` in the address is the release that was cited, ``t`` the seconds of a passage.

    Seconds belong behind the ``#``, for a script; whoever has none sends them as ``t`` and is led to the turn. Whoever
    kept a passage of what may not be read now is told so; for everybody else there is nothing here.
    """
    seconds = unpunctuated(request.args.get("t", ""))
    if _PASSAGE.fullmatch(seconds):
        return redirect(_here(id, passage=seconds, _anchor="passage"), 303)
    try:
        return _reading(id, ProposalForm(formdata=None))
    except (Refused, Unknown):
        if notebook.holds(house(), who(), id):
            return render_template("reading/tombstone.html"), 410
        raise


@room.get("/interviews/<uuid:id>/cite")
@names(Act.READ_RELEASED)
def cite(id: UUID) -> tuple[str, int]:
    """How the interview is cited, or its passage ``from`` one second ``to`` another, which can be kept from here."""
    return _citing(id, request.args)


@room.post("/interviews/<uuid:id>/inside")
@names(Act.READ_RELEASED)
def inside(id: UUID) -> AnyResponse:
    """Where words stand in the interview that is read, in any form: places for a script, else the page with marks.

    How long the answer is tells who watches the network little of what was typed.
    """
    words = request.form.get("q", "")
    try:
        places = finding.find(house(), who(), id, words, request.args.get("beside", ""))
    except BadQuery:
        if wants_json():
            raise
        places = []
    if wants_json():
        body = json.dumps({"places": [astuple(place) for place in places]}).encode()
        return Response(body.ljust(-(-len(body) // _BLOCK) * _BLOCK), mimetype="application/json")
    asked = questions().remember(who().account, finding.in_a_row(words))
    first = next((place.turn for place in places if not place.beside), None)
    return redirect(_here(id, asked=asked, pairs=None, _anchor="inside" if first is None else f"turn-{first}"), 303)


@room.post("/interviews/<uuid:id>/passages")
@names(Act.SAVE_PASSAGE)
def keep(id: UUID) -> AnyResponse | tuple[str, int] | dict[str, str]:
    """Keeps a passage in one's notebook; what is wrong with its times or note is said beside them."""
    try:
        kept = notebook.save(house(), who(), id, _span(request.form), request.form.get("note", ""))
    except BadInput as error:
        if wants_json():
            raise
        return _citing(id, request.form, error)
    if wants_json():
        return {"kept": str(kept.id)}
    return redirect(url_for("notebook.page", _anchor=f"passage-{kept.id}"), 303)


@room.get("/interviews/<uuid:id>/sound")
@names(Act.HEAR_RELEASED)
def hear(id: UUID) -> Response:
    """Its masked sound, by ranges."""
    return sound.answer(lambda: research.sound(house(), who(), id))


@room.get("/interviews/<uuid:id>/peaks")
@names(Act.HEAR_RELEASED)
def peaks(id: UUID) -> Response:
    """Its waveform: 20 bytes a second."""
    return Response(research.peaks(house(), who(), id), mimetype="application/octet-stream")


@room.post("/interviews/<uuid:id>/excerpts")
@names(Act.PROPOSE_EXCERPT)
def propose(id: UUID) -> AnyResponse | tuple[str, int]:
    """Proposes a passage as an excerpt."""
    form = ProposalForm()
    try:
        wish = Wish(
            start=_seconds(form.start.data, "start"),
            end=_seconds(form.end.data, "end"),
            voice=_voice(form.voice.data),
            title=(form.title.data or "").strip(),
            context=(form.context.data or "").strip(),
        )
        made = excerpts.propose(house(), who(), id, wish)
    except BadInput as error:
        form.problem(error.field, say(error, chosen()))
        return _reading(id, form), 400
    return redirect(url_for("drafts.drafts", _anchor=f"draft-{made.id}"), 303)


def _reading(id: UUID, form: ProposalForm) -> str:
    found = research.read(house(), who(), id, request.args.get("beside", ""))
    allowed = list(Voice)[: list(Voice).index(found.interview.terms.voice_for_public) + 1]
    form.voice.choices = [choice for choice in form.voice.choices if Voice(choice.value) in allowed]
    form.voice.data = form.voice.data or allowed[-1]
    marks = _marks(found)
    write = gost if chosen() == "ru" else chicago
    return render_template(
        "reading/interview.html",
        reading=found,
        form=form,
        cited=request.args.get("v", type=_release),
        passage=_cited(found),
        asked=marks is not None,
        marks=marks or [()] * len(found.transcript.segments),
        pattern=write(pattern(found.interview, found.collection)),
        whole=write(citation(found.interview, found.collection)),
        narrator=citation(found.interview, found.collection).narrator,
        inside=url_for("reading.inside", id=id, **_kept("v", "beside")),
        with_beside=lambda language: _here(id, beside=language or None),
    )


def _citing(id: UUID, asked: Mapping[str, str], problem: BadInput | None = None) -> tuple[str, int]:
    """The page of citations, and its status; without a passage where its times are none, which it says."""
    found = research.read(house(), who(), id)
    span = None
    try:
        span = _passage(found, asked)
    except BadInput as error:
        problem = error
    page = render_template(
        "reading/cite.html",
        reading=found,
        span=span,
        segments=cut(found.transcript, *span, zero=0.0) if span else (),
        asked=asked,
        wrong=problem.field if problem else "",
        problem=say(problem, chosen()) if problem else "",
        citation=citation(found.interview, found.collection, span),
        forms=FORMS,
        anchor=anchor,
        longest=LONGEST_NOTE,
    )
    return page, 400 if problem else 200


def _passage(found: research.Reading, asked: Mapping[str, str]) -> tuple[float, float] | None:
    """Between which seconds the passage lies that is asked for, if one is. Raises BadInput."""
    if not (asked.get("from") or asked.get("to")):
        return None
    span = _span(asked)
    if not cut(found.transcript, *span, zero=0.0):
        raise BadInput("There are no words between these times.", "from")
    return span


def _here(id: UUID, **changed: str | None) -> str:
    """The address of this page, changed so: with a translation beside it, or without one."""
    return url_for("reading.read", id=id, **{**_kept("asked", "pairs", "v", "beside"), **changed})


def _kept(*names: str) -> dict[str, Any]:
    return {name: request.args.get(name) for name in names}


def _cited(found: research.Reading) -> tuple[str, int] | None:
    """The seconds of the passage that is looked for, and the turn in which it begins."""
    seconds = request.args.get("passage", "")
    if not _PASSAGE.fullmatch(seconds):
        return None
    start = float(seconds.partition(",")[0])
    return seconds, max(0, sum(turn.start <= start + 0.01 for turn in found.transcript.segments) - 1)


def _release(text: str) -> int:
    return int(unpunctuated(text))


def _marks(found: research.Reading) -> list[tuple[Span, ...]] | None:
    """The hits of the question that the reader comes from; None if it is forgotten or there was none.

    Nor if the index is damaged (“verify” names it): the interview is read all the same.
    """
    try:
        text = questions().recall(who().account, request.args.get("asked", ""))
        return answers.hits_in(house(), found, Question(text, pairs=request.args.get("pairs") != "no"))
    except BadQuery:
        return []
    except (Unknown, Tampered):
        return None


def _voice(text: str | None) -> Voice:
    try:
        return Voice(text or "")
    except ValueError:
        raise BadInput("Choose a form of voice from the list.", "voice") from None


def _span(asked: Mapping[str, str]) -> tuple[float, float]:
    """The two times of a form. Raises BadInput."""
    return _seconds(asked.get("from"), "from"), _seconds(asked.get("to"), "to")


def _seconds(text: str | None, field: str) -> float:
    """Seconds of ``754.5``, ``12:34.5`` or ``1:12:34``. Raises BadInput."""
    try:
        parts = [float(part.replace(",", ".")) for part in unpunctuated((text or "").strip()).split(":")]
    except ValueError:
        parts = []
    if not 1 <= len(parts) <= 3 or any(not 0 <= part < 1e6 for part in parts):
        raise BadInput("Write a time as 12:34 or 12:34.5.", field)
    total = 0.0
    for part in parts:
        total = total * 60 + part
    return total
