"""Review: the transcript with its sound, people to decide about, the preview, approval.

Each change is an ordinary form; the page's script sends the same forms with the version it shows, and gets back as JSON
what changed since.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, TypeAlias
from uuid import UUID, uuid4

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from archive.acts import approval, changes, describing, naming, review, undoing
from archive.acts.changes import Sent
from archive.acts.describing import Described
from archive.acts.description import Description
from archive.acts.editing import (
    Conceal,
    Join,
    LetSound,
    Operation,
    Regroup,
    RenameSpeaker,
    Replace,
    Reword,
    Speak,
    Split,
)
from archive.errors import BadInput, Conflict
from archive.i18n import say
from archive.policy import Act
from archive.web import sound
from archive.web.failures import status_of
from archive.web.forms import DescriptionForm
from archive.web.gate import house, names, wants_json, who
from archive.web.language import chosen
from archive.web.rows import as_json, doubts, mosaic, people, turns, update_as_json
from transcripts.names import Choice, Decision
from transcripts.pseudonyms import stranger_key

_CLOCK = re.compile(r"(?:(?:(\d{1,2}):)?(\d{1,3}):)?(\d{1,6}(?:\.\d{1,3})?)")
_Form: TypeAlias = "MultiDict[str, str]"
_Told: TypeAlias = "AnyResponse | dict[str, Any] | tuple[dict[str, Any], int]"

room = Blueprint("review", __name__, url_prefix="/interviews/<uuid:id>")

OPERATIONS: dict[str, Callable[[_Form], Operation]] = {
    "text": lambda sent: Reword(sent.get("turn", ""), sent.get("text", "")),
    "split": lambda sent: Split(sent.get("turn", ""), sent.get("at", type=int, default=0)),
    "join": lambda sent: Join(sent.get("turn", "")),
    "speaker": lambda sent: Speak(sent.get("turn", ""), sent.get("speaker", "")),
    "speakers": lambda sent: RenameSpeaker(sent.get("old", ""), sent.get("new", "")),
    "replace": lambda sent: Replace(sent.get("find", ""), sent.get("put", "")),
    "conceal": lambda sent: Conceal(sent.get("selection", "")),
    "regroup": lambda sent: Regroup(
        sent.get("person", ""), sent.get("other", ""), sent.get("turn", ""), undo=bool(sent.get("undo"))
    ),
    "sound": lambda sent: LetSound(_moment("from")),
}
"""What can be sent to /change/…, and the operation that it asks for."""

_ANCHORS = {"conceal": "people", "regroup": "people", "sound": "by-ear"}


def _merged(view: Callable[..., _Told]) -> Callable[..., _Told]:
    """A change that others' changes forbid is answered with theirs, so that the script can show both."""

    @wraps(view)
    def answer(id: UUID, **where: str) -> _Told:
        try:
            return view(id, **where)
        except Conflict as conflict:
            if not wants_json():
                raise
            return {**_since(id), "error": conflict.code, "says": say(conflict, chosen())}, 409

    return answer


@room.get("/review")
@names(Act.REVIEW)
def page(id: UUID) -> str | dict[str, Any]:
    """Everything the reviewer works on; for the script, with ``since``, what changed after that version."""
    if wants_json() and "since" in request.args:
        return {**_since(id, request.args.get("since", type=int, default=-1)), "csrf": generate_csrf()}
    found = review.read(house(), who(), id)
    if wants_json():
        return as_json(found)
    doubted = doubts(found)
    return render_template(
        "review/page.html",
        review=found,
        people=people(found),
        turns=turns(found, doubted),
        doubts=doubted,
        speakers=dict.fromkeys(one.speaker for one in found.transcript.segments if one.speaker),
    )


@room.post("/people")
@names(Act.DECIDE)
@_merged
def decide(id: UUID) -> _Told:
    """One decision about one person; an empty one forgets it."""
    key, wanted = request.form.get("person", ""), request.form.get("decision", "")
    try:
        choice = Choice(Decision(wanted), request.form.get("cover", "").strip()) if wanted else None
    except ValueError:
        raise BadInput("Choose one of the decisions.", "decision") from None
    review.decide(house(), who(), id, {key: choice}, _sent())
    return _answer(id, f"person-{request.form.get('number', '')}")


@room.post("/change/<what>")
@names(Act.DECIDE)
@_merged
def change(id: UUID, what: str) -> _Told:
    """One of OPERATIONS."""
    if what not in OPERATIONS:
        raise BadInput("This change is not known.")
    changes.make(house(), who(), id, OPERATIONS[what](request.form), _sent())
    return _answer(id, _ANCHORS.get(what, ""))


@room.post("/undo")
@names(Act.DECIDE)
@_merged
def undo(id: UUID) -> _Told:
    """Takes this person's last change back, or with ``again`` makes it again."""
    done = undoing.undo(house(), who(), id, _sent(), again=bool(request.form.get("again")))
    told = _answer(id, "people")
    says = []
    if done.skipped:
        says.append(_("Somebody else has built on your last change, so it stays. The one before it was undone."))
    if any(cell.startswith("about:") for cell in done.change.cells):
        says.append(_("This was about the title, places and themes."))  # nothing of them stands on the script's page
    if says and isinstance(told, dict):
        told["says"] = " ".join(says)
    return told


@room.post("/listened")
@names(Act.DECIDE)
@_merged
def listened(id: UUID) -> _Told:
    """Somebody heard a turn, and what stands there is said there."""
    review.listened(house(), who(), id, request.form.get("turn", ""), _sent())
    return _answer(id, "doubts")


@room.post("/names")
@names(Act.DECIDE)
def find_names(id: UUID) -> _Told:
    """Finds everybody anew in a text that was changed."""
    naming.settle(house(), who(), id)
    return as_json(review.read(house(), who(), id)) if wants_json() else _answer(id, "people")


@room.post("/count")
@names(Act.REVIEW)
def count(id: UUID) -> dict[str, int]:
    """How often a text stands in the turns, before it is replaced."""
    return {"count": review.count(house(), who(), id, request.form.get("find", ""))}


@room.post("/silences")
@names(Act.DECIDE)
@_merged
def silence(id: UUID) -> _Told:
    """Seconds that fall silent whatever is written there."""
    review.silence(house(), who(), id, (_moment("from"), _moment("to")), _sent())
    return _answer(id, "by-ear")


@room.post("/findings")
@names(Act.CLEAR_FINDING)
@_merged
def clear(id: UUID) -> _Told:
    """Somebody listened to what verification found, and heard no name."""
    if not request.form.get("listened"):
        raise BadInput("Listen to the place first, then say that you did.", "listened")
    review.clear_finding(house(), who(), id, (_moment("from"), request.form.get("key", "")), _sent())
    return _answer(id, "findings")


@room.get("/about")
@names(Act.DECIDE)
def about(id: UUID) -> str:
    """What is written about the interview, to be corrected."""
    found = describing.read(house(), who(), id)
    return _about(found, DescriptionForm.holding(found.description), found.version)


@room.post("/about")
@names(Act.DECIDE)
def describe(id: UUID) -> AnyResponse | tuple[str, int]:
    """Corrects it. Where somebody else changed the same meanwhile, what was typed stays on the page beside theirs."""
    form, sent = DescriptionForm(), _sent()
    try:
        describing.describe(house(), who(), id, form.description(), sent)
    except BadInput as error:
        form.problem(error.field, say(error, chosen()))
        return _about(describing.read(house(), who(), id), form, sent.version), status_of(error)
    except Conflict as error:
        found = describing.read(house(), who(), id, sent.version)
        merged, both = found.merged(form.description())
        if merged != found.description:  # otherwise both wrote the same
            return _overtaken(found, merged, both, say(error, chosen())), status_of(error)
    return redirect(url_for("review.preview", id=id), 303)


@room.get("/preview")
@names(Act.REVIEW)
def preview(id: UUID) -> str:
    """Exactly what strangers would read, and what is concealed from them."""
    found = approval.preview(house(), who(), id)
    doubted = doubts(found.review)
    return render_template(
        "review/preview.html",
        review=found.review,
        people=people(found.review),
        turns=turns(found.review, doubted),
        doubts=doubted,
        preview=found,
        signatures=house().settings.review.signatures,
        mosaics=[mosaic(found.transcript, one) for one in found.mosaics],
        stranger_key=stranger_key,
    )


@room.post("/approve")
@names(Act.APPROVE)
def approve(id: UUID) -> AnyResponse:
    """The reviewer answers for the decisions; the machine goes on."""
    if not request.form.get("read"):
        return redirect(url_for("review.preview", id=id), 303)
    done = approval.approve(house(), who(), id, _sent().version)
    return redirect(url_for("interviews.index") if done else url_for("review.preview", id=id), 303)


@room.get("/original")
@names(Act.HEAR_ORIGINAL)
def original(id: UUID) -> Response:
    """The unmasked sound, for the reviewer's ears."""
    return sound.answer(lambda: review.original_sound(house(), who(), id))


@room.get("/masked")
@names(Act.HEAR_MASKED)
def masked(id: UUID) -> Response:
    """The masked sound as it would be given out."""
    return sound.answer(lambda: review.masked_sound(house(), who(), id))


def _about(found: Described, form: DescriptionForm, version: int) -> str:
    """The form on what its author saw: the version must not be newer than what they left in it as it was."""
    return render_template("review/about.html", described=found, form=form, version=version, token=uuid4().hex)


def _overtaken(found: Described, merged: Description, both: Sequence[str], says: str) -> str:
    """The form on the newer version, with what others wrote beside each field that ``both`` changed."""
    form, theirs = DescriptionForm.holding(merged), DescriptionForm.holding(found.description)
    for name in both:
        wrote = theirs[name].data or "–"
        form.problem(
            name, _("Somebody else wrote meanwhile: “%(theirs)s”. Save again if yours is right.", theirs=wrote)
        )
    if not both:
        form.problem("", says)
    return _about(found, form, found.version)


def _moment(name: str) -> float:
    """A moment as people write it (1:02:03.5, 2:03, 123.4) in seconds. Raises BadInput."""
    found = _CLOCK.fullmatch(request.form.get(name, "").strip().replace(",", "."))
    if found is None:
        raise BadInput("Write the moment as minutes and seconds, like 2:05.5.", name)
    hours, minutes, seconds = found.groups(default="0")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


def _sent() -> Sent:
    """What the change was made on."""
    form = request.form
    return Sent(form.get("version", type=int, default=-1), form.get("token", "")[:64], form.get("session", "")[:64])


def _since(id: UUID, version: int | None = None) -> dict[str, Any]:
    """What changed since the version that was sent."""
    changed = review.since(house(), who(), id, _sent().version if version is None else version)
    return update_as_json(changed, review.read(house(), who(), id) if changed.everybody else None)


def _answer(id: UUID, anchor: str) -> _Told:
    if wants_json():
        return _since(id)
    return redirect(url_for("review.page", id=id, _anchor=anchor or f"turn-{request.form.get('turn', '')}"), 303)
