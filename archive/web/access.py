"""The archivist's page of collections and grants: who may read what, until when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from archive.acts import access
from archive.errors import BadInput
from archive.i18n import say
from archive.policy import Act
from archive.web.gate import house, names, who
from archive.web.language import chosen

room = Blueprint("access", __name__)
_USUAL = timedelta(days=365)


@room.get("/access")
@names(Act.SEE_ACCESS)
def page() -> str:
    """Collections, readers and their grants, and what lies where."""
    return _page()


@room.post("/access/collections")
@names(Act.GRANT_ACCESS)
def name_collection() -> AnyResponse | tuple[str, int]:
    """A new collection, or another name for one."""
    id = _id("collection") if request.form.get("collection") else None
    return _changed("collections", lambda: access.name_collection(house(), who(), request.form.get("name", ""), id))


@room.post("/access/grants")
@names(Act.GRANT_ACCESS)
def grant() -> AnyResponse | tuple[str, int]:
    """Access of a person to a collection, until a day."""
    return _changed("grants", lambda: access.grant(house(), who(), _id("account"), _id("collection"), _day("until")))


@room.post("/access/grants/<uuid:id>/end")
@names(Act.GRANT_ACCESS)
def take_grant_back(id: UUID) -> AnyResponse:
    """It opens nothing any more."""
    access.take_grant_back(house(), who(), id)
    return _back()


@room.post("/interviews/<uuid:id>/collection")
@names(Act.PLACE)
def place(id: UUID) -> AnyResponse:
    """Puts an interview into another collection."""
    access.place(house(), who(), id, _id("collection"))
    return _back()


def _changed(section: str, change: Callable[[], object]) -> AnyResponse | tuple[str, int]:
    try:
        change()
    except BadInput as error:
        return _page(section, say(error, chosen())), 400
    return _back()


def _page(section: str = "", problem: str = "") -> str:
    today = house().today()
    return render_template(
        "access/access.html",
        overview=access.overview(house(), who()),
        usual=today + _USUAL,
        section=section,
        problem=problem,
    )


def _id(field: str) -> UUID:
    try:
        return UUID(request.form.get(field, ""))
    except ValueError:
        raise BadInput("Choose one from the list.", field) from None


def _day(field: str) -> date:
    try:
        return date.fromisoformat(request.form.get(field, ""))
    except ValueError:
        raise BadInput("Choose a day.", field) from None


def _back() -> AnyResponse:
    return redirect(url_for("access.page"), 303)
