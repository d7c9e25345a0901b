"""Search: answers as passages, as a concordance and as a table; and passages like another.

Search words never stand in an address: a question is sent by POST and remembered in memory under a random id, so that
its pages can be turned, reloaded and returned to. To what an answer is narrowed and how it is sorted may stand there.
"""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from archive.acts import answers, concordance, listing
from archive.acts.answers import Found, Question, SearchPage
from archive.acts.concordance import Arrangement, Concordance, Copy
from archive.acts.listing import Listing
from archive.acts.ordering import Sort
from archive.errors import BadQuery, Unknown
from archive.i18n import say
from archive.interview import Interview
from archive.policy import Act
from archive.web import asked, reading_back
from archive.web.asked import Asked
from archive.web.citing import anchor, narrator
from archive.web.gate import address, house, names, who
from archive.web.language import chosen
from archive.web.questions import questions

room = Blueprint("search", __name__)
_OFFERED_BYTES = 2_048
_Page = AnyResponse | tuple[str, int] | str


@room.get("/search")
@names(Act.SEARCH)
def page() -> str:
    """An empty question."""
    return render_template("reading/search.html", question="", answer=None)


@room.post("/search")
@names(Act.SEARCH)
def ask() -> _Page:
    """The first page of an answer."""
    text = request.form.get("q", "").strip()
    if not text:
        return redirect(url_for("search.again", question_id=asked.EVERYTHING), 303)
    question = Question(text)
    try:
        listing.is_list(question)
    except BadQuery as error:
        return _not_understood(text, error)
    return _answer(Asked(questions().remember(who().account, text), question))


@room.get("/search/<question_id>")
@names(Act.SEARCH)
def again(question_id: str) -> _Page:
    """Any page of the answer to a remembered question; a forgotten one leads to an empty form."""
    try:
        return _answer(_asked(question_id))
    except Unknown:
        return redirect(url_for("search.page"), 303)


@room.get("/search/<question_id>/lines.csv")
@names(Act.EXPORT, lists=True)
def lines(question_id: str) -> Response:
    """The concordance as a table."""
    found = _asked(question_id)
    told = [str(one) for one in asked.narrowings(found.question.chosen, asked.labels(found.question.chosen))]
    table = concordance.export(house(), who(), found.question, found.by, Copy(_place, "; ".join(told)))
    answer = Response(table, mimetype="text/csv")
    answer.headers["Content-Disposition"] = "attachment; filename=concordance.csv"
    return answer


@room.post("/search/words")
@names(Act.SEARCH)
def words() -> Response:
    """Words of released text that begin as somebody has begun to type.

    Each answer has the same length: who watches the network would tell from it what was typed.
    """
    found = list(answers.beginning(house(), who(), request.form.get("start", "")))
    while len(body := json.dumps({"words": found}, ensure_ascii=False).encode()) > _OFFERED_BYTES:
        found.pop()
    return Response(body.ljust(_OFFERED_BYTES), mimetype="application/json")


@room.get("/interviews/<uuid:id>/passages/<int:number>/similar")
@names(Act.READ_RELEASED)
def similar(id: UUID, number: int) -> str:
    """Passages that share the rarest words with one."""
    found = answers.similar(house(), who(), id, number)
    return render_template("reading/similar.html", id=id, results=found, within=_unmarked, anchor=anchor, around=around)


def _unmarked(interview: UUID) -> str:
    return url_for("reading.read", id=interview)


def around(found: Found) -> list[int]:
    """Which of a passage's turns are worth showing: those with a hit and their neighbours, or the first few."""
    hit = [index for index, marks in enumerate(found.marks) if marks]
    every = range(len(found.segments))
    return [index for index in every if any(abs(index - place) <= 1 for place in hit or [1])]


def _asked(question_id: str) -> Asked:
    """The question with what its address says. Raises Unknown if it is forgotten or another account's."""
    text = "" if question_id == asked.EVERYTHING else questions().recall(who().account, question_id)
    return asked.read(request.args, question_id, text)


def _answer(found: Asked) -> _Page:
    question = found.question
    try:
        if listing.is_list(question):
            return _shown("listing", found, listing.listing(house(), who(), question, found.page))
        if found.view == "lines":
            lines = concordance.concordance(house(), who(), question, found.by, found.page)
            return _shown("lines", found, lines, said=reading_back.said(lines.query), Arrangement=Arrangement)
        page = answers.search(house(), who(), question, found.page)
        return _shown("search", found, page, said=reading_back.said(page.query), around=around, anchor=anchor)
    except BadQuery as error:
        return _not_understood(question.text, error)


def _shown(view: str, found: Asked, answer: Listing | Concordance | SearchPage, **more: Any) -> str:
    chosen = found.question.chosen
    return render_template(
        f"reading/{view}.html",
        question=found.question.text,
        answer=answer,
        asked=found,
        all=asked.EVERYTHING,
        repairs=reading_back.REPAIRS,
        narrowings=asked.narrowings(chosen, asked.labels(chosen)),
        legends=asked.LEGENDS,
        labels={} if isinstance(answer, Concordance) else asked.called(answer.collections),
        narrator=narrator,
        sorts={sort: name for sort, name in asked.SORTS.items() if sort is not _UNUSED[view]},
        **more,
    )


_UNUSED = {"listing": Sort.BEST, "lines": Sort.TITLE, "search": Sort.TITLE}
"""Nothing in a list is better than the rest; passages have no titles."""


def _not_understood(text: str, error: BadQuery) -> tuple[str, int]:
    """What was typed stays in the box."""
    return render_template("reading/search.html", question=text, answer=None, problem=say(error, chosen())), 400


def _place(interview: Interview) -> str:
    """The address of an interview's release."""
    return address(url_for("reading.read", id=interview.id, v=interview.redaction, l=None))
