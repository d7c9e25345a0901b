"""Interviews: the list with live progress, a new interview, and what can be done to one as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, BinaryIO, cast
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse
from wtforms.fields.choices import SelectChoice

from archive.acts import approval, intake, uploads, withdraw, worklist
from archive.acts.intake import NotAsSent
from archive.acts.worklist import WorkItem
from archive.catalogue import JobState
from archive.errors import BadInput, OutOfSpace
from archive.i18n import say, say_code
from archive.interview import Stage
from archive.policy import Act
from archive.web import wording
from archive.web.failures import status_of
from archive.web.forms import NewInterviewForm
from archive.web.gate import house, names, wants_json, who
from archive.web.language import chosen
from archive.web.show import length
from transcripts.errors import SoundError

room = Blueprint("interviews", __name__)


@dataclass(frozen=True, slots=True)
class Status:
    """How far an interview is, in words. ``mark`` changes when the row must be drawn anew."""

    words: str
    progress: float | None
    failed: bool
    mark: str


@room.get("/interviews")
@names(Act.LIST_INTERVIEWS)
def index() -> str:
    """The list."""
    rows = [(row, status(row)) for row in worklist.interviews(house(), who())]
    form = NewInterviewForm(formdata=None, language=house().settings.speech.language)
    return render_template("interviews/index.html", rows=rows, Stage=Stage, **_intake(form))


@room.get("/interviews/progress")
@names(Act.LIST_INTERVIEWS)
def progress() -> dict[str, Any]:
    """What the list's script asks for every few seconds."""
    rows = [(row.interview.id, status(row)) for row in worklist.interviews(house(), who())]
    return {
        "rows": [
            {"id": str(id), "words": found.words, "progress": found.progress, "mark": found.mark} for id, found in rows
        ]
    }


@room.get("/interviews/new")
@names(Act.RECEIVE)
def new() -> str:
    """The consent form and the file."""
    return _form(NewInterviewForm(language=house().settings.speech.language))


@room.post("/interviews/new")
@names(Act.RECEIVE, uploads=True)
def receive() -> dict[str, Any] | tuple[Any, int] | str:
    """Stores a recording with its consent; says so only when the stored bytes were read back."""
    form = NewInterviewForm()
    sent = request.files.get("recording")
    complete = form.validate()
    if sent is None or not sent.filename:
        form.problem("recording", _("Choose the recording."))
    if not complete or sent is None or not sent.filename:
        return _form_again(form, 400)
    try:
        receipt = intake.receive(house(), who(), cast(BinaryIO, sent.stream), form.filled(sent.filename))
    except (BadInput, SoundError, NotAsSent, OutOfSpace) as error:
        form.problem(error.field if isinstance(error, BadInput) else "recording", say(error, chosen()))
        return _form_again(form, 422 if isinstance(error, SoundError) else status_of(error))
    if wants_json():
        return {"accession": receipt.interview.accession, "length": receipt.length, "sha256": receipt.sha256}
    return render_template("interviews/receipt.html", receipt=receipt)


@room.post("/interviews/<uuid:id>/retry")
@names(Act.RETRY)
def retry(id: UUID) -> AnyResponse:
    """Tries again what failed."""
    worklist.retry(house(), who(), id)
    return _to_list()


@room.post("/interviews/<uuid:id>/take-damaged")
@names(Act.TAKE_DAMAGED)
def take_damaged(id: UUID) -> AnyResponse:
    """Goes on with what can be read of a damaged recording."""
    worklist.take_damaged(house(), who(), id)
    return _to_list()


@room.post("/interviews/<uuid:id>/cancel")
@names(Act.RETRY)
def cancel(id: UUID) -> AnyResponse:
    """Stops the machine's work for now."""
    worklist.cancel(house(), who(), id)
    return _to_list()


@room.post("/interviews/<uuid:id>/send-back")
@names(Act.SEND_BACK)
def send_back(id: UUID) -> AnyResponse:
    """Back to review before release."""
    approval.send_back(house(), who(), id)
    return redirect(url_for("review.page", id=id), 303)


@room.post("/interviews/<uuid:id>/reopen")
@names(Act.REOPEN)
def reopen(id: UUID) -> AnyResponse:
    """Back to review after release."""
    approval.reopen(house(), who(), id)
    return redirect(url_for("review.page", id=id), 303)


@room.get("/interviews/<uuid:id>/withdraw")
@names(Act.WITHDRAW)
def before_withdrawal(id: UUID) -> str:
    """What withdrawal does, and the button."""
    row = worklist.one(house(), who(), id)
    house().require(Act.WITHDRAW, who(), row.interview)
    return render_template("interviews/withdraw.html", interview=row.interview)


@room.post("/interviews/<uuid:id>/withdraw")
@names(Act.WITHDRAW)
def withdraw_now(id: UUID) -> AnyResponse:
    """Destroys it; the certificate says how far that is."""
    if not request.form.get("sure"):
        return redirect(url_for("interviews.before_withdrawal", id=id), 303)
    withdraw.withdraw(house(), who(), id)
    return redirect(url_for("interviews.certificate", id=id), 303)


@room.get("/interviews/<uuid:id>/certificate")
@names(Act.WATCH)
def certificate(id: UUID) -> str:
    """What a withdrawal has destroyed, and whether it is finished."""
    return render_template("interviews/certificate.html", certificate=withdraw.certificate(house(), who(), id))


def status(row: WorkItem) -> Status:
    """The row's stage and job in plain words."""
    stage, job = row.interview.stage, row.job
    words, done, failed = _at_rest(row), None, False
    if job is not None and job.state is JobState.READY:
        words = _("Queued, no. %(place)d", place=row.place or 1)
    elif job is not None and job.state is JobState.RUNNING:
        words, done = _running(row), job.progress
    elif job is not None and job.state is JobState.FAILED:
        words, failed = say_code(job.code or "", job.facts, chosen()), True
    elif job is not None and job.state is JobState.CANCELLED and stage in wording.WORKING:
        words, failed = _("Somebody stopped it. Nothing is lost: “Try again” goes on."), True
    return Status(words, done, failed, f"{stage} {job.state if job else ''}")


def _at_rest(row: WorkItem) -> str:
    if row.undecided is None:
        return str(wording.STAGES[row.interview.stage])
    if row.undecided == 0:
        return str(_("Ready for review: all decided"))
    return str(
        ngettext(
            "Ready for review: %(num)d person to decide", "Ready for review: %(num)d people to decide", row.undecided
        )
    )


def _running(row: WorkItem) -> str:
    assert row.job is not None
    parts = [str(wording.WORKING.get(row.interview.stage, wording.STAGES[row.interview.stage]))]
    parts.append(_("%(percent)d %%", percent=int(row.job.progress * 100)))
    if row.job.seconds_left is not None:
        parts.append(_("about %(time)s", time=length(max(1.0, row.job.seconds_left))))
    return ", ".join(parts)


def _form(form: NewInterviewForm) -> str:
    return render_template("interviews/new.html", **_intake(form))


def _intake(form: NewInterviewForm) -> dict[str, Any]:
    """What the form and the list of what was begun need."""
    unfinished = uploads.unfinished(house(), who())
    form.collection.choices = [
        SelectChoice(str(one.id), one.name or _("Main collection")) for one in intake.collections(house(), who())
    ]
    return {"form": form, "limits": house().settings.intake, "unfinished": unfinished}


def _form_again(form: NewInterviewForm, status: int) -> tuple[Any, int]:
    if wants_json():
        return {"problems": form.problems()}, status
    return _form(form), status


def _to_list() -> AnyResponse:
    return redirect(url_for("interviews.index"), 303)
