"""Search: answers as passages, as a concordance and as a table; and passages like another.

Search words never stand in an address: a question is sent by POST and remembered in memory under a random id, so that
its pages can be turned, reloaded and returned to. To what an answer is narrowed and how it is sorted may stand there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from werkzeug.wrappers import Response as AnyResponse

from archive.acts import answers, concordance
from archive.acts.answers import Found, Question, Sort
from archive.acts.concordance import Arrangement, Line
from archive.acts.facets import VALUES, Chosen, Facet
from archive.errors import BadQuery, Unknown
from archive.i18n import say
from archive.policy import Act
from archive.web import reading_back, wording
from archive.web.citing import anchor
from archive.web.gate import address, house, names, who
from archive.web.language import chosen
from archive.web.questions import questions
from archive.web.show import language_name

room = Blueprint("search", __name__)
_OFFERED_BYTES = 2_048
_Page = AnyResponse | tuple[str, int] | str


@dataclass(frozen=True, slots=True)
class Asked:
    """A remembered question and how its answer is looked at, all of which stands in the address but the words."""

    id: str
    question: Question
    view: str = "passages"
    by: Arrangement = Arrangement.ANSWER
    page: int = 1

    def address(self, endpoint: str = "search.again", **changes: Any) -> str:
        """The address of the same answer looked at otherwise, from its first page on."""
        narrowed = self.question.chosen
        years = {"from": narrowed.first_year, "to": narrowed.last_year}
        return url_for(endpoint, question_id=self.id, **{**self._but_years(), **years, **changes})

    def within(self, interview: UUID) -> str:
        """The address of an interview, where the hits of the same question are marked."""
        return url_for("reading.read", id=interview, asked=self.id, pairs=None if self.question.pairs else "no")

    def kept(self) -> list[tuple[str, str]]:
        """All but the years, for a form that asks for other years."""
        return [
            (name, value)
            for name, found in self._but_years().items()
            for value in (found if isinstance(found, list) else [found])
            if value is not None
        ]

    def toggled(self, facet: Facet, value: str) -> str:
        """The address after a value of a facet is chosen, or no longer."""
        now = self.question.chosen.values.get(facet, frozenset())
        changed: dict[str, Any] = {facet: sorted(in_address(facet, one) for one in now ^ {value})}
        return self.address(**changed)

    def _but_years(self) -> dict[str, Any]:
        return {
            **{
                str(facet): sorted(in_address(facet, value) for value in values)
                for facet, values in self.question.chosen.values.items()
            },
            "sort": None if self.question.sort is Sort.BEST else str(self.question.sort),
            "pairs": None if self.question.pairs else "no",
            "view": None if self.view == "passages" else self.view,
            "by": None if self.by is Arrangement.ANSWER else str(self.by),
        }


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
        return redirect(url_for("search.page"), 303)
    question = Question(text)
    try:
        answers.query_of(question)
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
    asked = _asked(question_id)
    found = concordance.export(house(), who(), asked.question, asked.by, _place)
    answer = Response(found, mimetype="text/csv")
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
    text = questions().recall(who().account, question_id)
    values = {facet: _values(facet) for facet in Facet}
    narrowed = Chosen(
        {facet: found for facet, found in values.items() if found},
        request.args.get("from", type=int),
        request.args.get("to", type=int),
    )
    return Asked(
        id=question_id,
        question=Question(text, narrowed, _one_of(Sort, "sort", Sort.BEST), request.args.get("pairs") != "no"),
        view="lines" if request.args.get("view") == "lines" else "passages",
        by=_one_of(Arrangement, "by", Arrangement.ANSWER),
        page=request.args.get("page", type=int, default=1),
    )


_WORDS = frozenset({Facet.PLACE, Facet.THEME})


def in_address(facet: Facet, value: str) -> str:
    """A value as it stands in addresses: places and themes are words, and no word stands there, but a digest of it.

    One account’s digests are not another’s: a log would be read with the help of one’s own.
    """
    return house().vault.rows.handle(f"facet:{who().account}:{value}")[:16] if facet in _WORDS else value


def _values(facet: Facet) -> frozenset[str]:
    """The values of a facet that the address names."""
    named = request.args.getlist(str(facet))[:50]
    if not named or facet not in _WORDS:
        return frozenset(named)
    known = {value for one in answers.readable(house(), who()) for value in VALUES[facet](one)}
    return frozenset(value for value in known if in_address(facet, value) in named) or frozenset({""})


def _one_of(kind: Any, name: str, default: Any) -> Any:
    """The value of an address that is one of the kind's; anything else is the default."""
    found = request.args.get(name, default)
    return kind(found) if found in [str(one) for one in kind] else default


def _answer(asked: Asked) -> _Page:
    question = asked.question
    try:
        if asked.view == "lines":
            found: Any = concordance.concordance(house(), who(), question, asked.by, asked.page)
        else:
            found = answers.search(house(), who(), question, asked.page)
    except BadQuery as error:
        return _not_understood(question.text, error)
    return render_template(
        "reading/lines.html" if asked.view == "lines" else "reading/search.html",
        question=question.text,
        answer=found,
        asked=asked,
        said=reading_back.said(found.query),
        repairs=reading_back.REPAIRS,
        legends=LEGENDS,
        labels={} if asked.view == "lines" else _labels(found.collections),
        around=around,
        anchor=anchor,
        Sort=Sort,
        Arrangement=Arrangement,
    )


def _not_understood(text: str, error: BadQuery) -> tuple[str, int]:
    """What was typed stays in the box."""
    return render_template("reading/search.html", question=text, answer=None, problem=say(error, chosen())), 400


LEGENDS: dict[Facet, LazyString] = {
    Facet.YEAR: _l("Year of recording"),
    Facet.LANGUAGE: _l("Language"),
    Facet.COLLECTION: _l("Collection"),
    Facet.PLACE: _l("Places"),
    Facet.THEME: _l("Themes"),
    Facet.VOICE: _l("Voice for historians"),
}


def _labels(collections: Mapping[str, str]) -> dict[Facet, Callable[[str], str]]:
    """What the values of each facet are called."""
    return {
        Facet.YEAR: lambda value: value or _("unknown"),
        Facet.LANGUAGE: language_name,
        Facet.COLLECTION: lambda value: collections.get(value) or _("Main collection"),
        Facet.PLACE: str,
        Facet.THEME: str,
        Facet.VOICE: lambda value: str(wording.VOICES[value]),
    }


def _place(line: Line) -> str:
    """The address of a line's keyword."""
    link = url_for("reading.read", id=line.interview.id, v=line.interview.redaction, l=None)
    return f"{address(link)}#t={line.start:.2f}"
