"""One's own notebook: kept passages with notes, kept searches, copies as files. No words stand in an address."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from archive.acts import listing, notebook
from archive.acts.citations import Citation, chicago, gost
from archive.acts.exports.notebook import FILES, Copy
from archive.acts.notebook import LONGEST_NOTE, Open
from archive.errors import BadInput, Unknown
from archive.i18n import say
from archive.policy import Act
from archive.web import asked
from archive.web.asked import Asked
from archive.web.citing import anchor, citation
from archive.web.gate import house, names, who
from archive.web.language import chosen
from archive.web.questions import questions
from archive.web.show import speaker

room = Blueprint("notebook", __name__, url_prefix="/notebook")


@room.get("")
@names(Act.SEE_NOTEBOOK)
def page() -> str:
    """Passages, newest first, and searches."""
    return _page()


@room.post("/passages/<uuid:id>")
@names(Act.CHANGE_NOTEBOOK)
def annotate(id: UUID) -> AnyResponse | tuple[str, int]:
    """Another note to a passage."""
    try:
        notebook.annotate(house(), who(), id, request.form.get("note", ""))
    except BadInput as error:
        return _page(id, say(error, chosen())), 400
    return _back(f"passage-{id}")


@room.post("/passages/<uuid:id>/remove")
@names(Act.CHANGE_NOTEBOOK)
def discard(id: UUID) -> AnyResponse:
    """Takes a passage out."""
    notebook.discard(house(), who(), id)
    return _back("passages")


@room.post("/searches")
@names(Act.CHANGE_NOTEBOOK)
def save_search() -> AnyResponse:
    """Keeps a question, narrowed and sorted as its answer is."""
    notebook.save_search(house(), who(), asked.read(request.form, "", request.form.get("q", "")).question)
    return redirect(url_for("notebook.page", _anchor="searches"), 303)


@room.post("/searches/<uuid:id>/ask")
@names(Act.SEE_NOTEBOOK)
def ask(id: UUID) -> AnyResponse:
    """To the answer of a question that was kept, as it is today."""
    question = notebook.asked_in(notebook.saved_search(house(), who(), id))
    listing.is_list(question)
    return redirect(Asked(questions().remember(who().account, question.text), question).address(), 303)


@room.post("/searches/<uuid:id>/remove")
@names(Act.CHANGE_NOTEBOOK)
def discard_search(id: UUID) -> AnyResponse:
    """Takes a question out."""
    notebook.discard_search(house(), who(), id)
    return _back("searches")


@room.get("/files/<name>")
@names(Act.EXPORT, lists=True)
def export(name: str) -> Response:
    """All of it as a file."""
    form = FILES.get(name)
    if form is None:
        raise Unknown
    copy = Copy(
        archive=house().settings.archive.name,
        account=who().account,
        day=house().today(),
        cite=_cited,
        style=gost if chosen() == "ru" else chicago,
        speaker=speaker,
        words={
            "title": _("Notebook"),
            "note": _("Note"),
            "closed": _("saved on {day}: can no longer be read, or not now"),
            "older": _("saved from version {number}"),
        },
    )
    answer = Response(form.write(notebook.export(house(), who()), copy), mimetype=form.mime)
    answer.headers["Content-Disposition"] = f"attachment; filename=notebook.{form.ending}"
    return answer


def _cited(entry: Open) -> Citation:
    return citation(entry.interview, entry.collection, (entry.passage.start, entry.passage.end))


def _page(wrong: UUID | None = None, problem: str = "") -> str:
    number = request.args.get("page", type=int, default=1)
    found = notebook.look(house(), who(), number)
    searches = [(one, notebook.asked_in(one)) for one in found.searches]
    labels = asked.labels(*(question.chosen for _, question in searches))
    return render_template(
        "reading/notebook.html",
        notebook=found,
        searches=[(one, question, asked.narrowings(question.chosen, labels)) for one, question in searches],
        sorts=asked.SORTS,
        files=FILES,
        anchor=anchor,
        longest=LONGEST_NOTE,
        wrong=wrong,
        problem=problem,
    )


def _back(anchor: str) -> AnyResponse:
    number = request.form.get("page", type=int, default=1)
    return redirect(url_for("notebook.page", page=number if number > 1 else None, _anchor=anchor), 303)
