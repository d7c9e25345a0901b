"""Excerpts before and after publication: the narrator's agreement, publishing, taking back."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from archive.acts import excerpts
from archive.errors import BadInput
from archive.excerpt import ExcerptState
from archive.i18n import say
from archive.policy import Act
from archive.web.forms import AgreementForm
from archive.web.gate import house, names, who
from archive.web.language import chosen

room = Blueprint("drafts", __name__, url_prefix="/drafts")


@room.get("")
@names(Act.SEE_EXCERPT_DRAFTS, lists=True)
def drafts() -> str:
    """All that were proposed or published, of the interviews this person may read."""
    house().require(Act.SEARCH, who())
    return _page()


@room.post("/<uuid:id>/agreement")
@names(Act.RECORD_AGREEMENT)
def agree(id: UUID) -> AnyResponse | tuple[str, int]:
    """The day the narrator said yes."""
    form = AgreementForm()
    if not form.validate():
        return _page(id, str(next(iter(form.agreed_on.errors), ""))), 400
    try:
        excerpts.record_agreement(house(), who(), id, form.agreed_on.data)
    except BadInput as error:
        return _page(id, say(error, chosen())), 400
    return _back(id)


@room.post("/<uuid:id>/publish")
@names(Act.PUBLISH_EXCERPT)
def publish(id: UUID) -> AnyResponse:
    """Shows it to everybody."""
    excerpts.publish(house(), who(), id)
    return _back(id)


@room.post("/<uuid:id>/take-back")
@names(Act.TAKE_BACK_EXCERPT)
def take_back(id: UUID) -> AnyResponse:
    """Declines it, or takes it off the public pages at once."""
    excerpts.take_back(house(), who(), id)
    return redirect(url_for("drafts.drafts"), 303)


def _page(wrong: UUID | None = None, problem: str = "") -> str:
    found = excerpts.drafts(house(), who())
    return render_template(
        "drafts/drafts.html", drafts=found, State=ExcerptState, today=house().today(), wrong=wrong, problem=problem
    )


def _back(id: UUID) -> AnyResponse:
    return redirect(url_for("drafts.drafts", _anchor=f"draft-{id}"), 303)
