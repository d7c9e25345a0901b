"""One's own account: language, access, second factors, recovery codes, password, where one is signed in."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import segno
from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from archive.acts import access, own_account, signing_in
from archive.acts.own_account import Proof
from archive.acts.signing_in import SignedIn, TooManyTries
from archive.errors import ArchiveError, BadInput, Conflict
from archive.i18n import say
from archive.policy import Act
from archive.vault.passkeys import NoPasskey
from archive.web.door import challenges, network, site, takes_passkeys, visitor_key
from archive.web.failures import status_of
from archive.web.gate import house, names, visitor, who
from archive.web.language import chosen

room = Blueprint("own", __name__, url_prefix="/account")
_Page = AnyResponse | tuple[str, int] | str


@room.get("")
@names(Act.SEE_OWN_ACCOUNT)
def page() -> str:
    """Everything about one's own account."""
    return _page()


@room.post("/language")
@names(Act.CHANGE_OWN_ACCOUNT)
def set_language() -> AnyResponse:
    """The language of pages from now on."""
    own_account.set_language(house(), who(), request.form.get("language", ""))
    return _back()


@room.post("/password")
@names(Act.CHANGE_OWN_ACCOUNT)
def change_password() -> _Page:
    """Another password; everywhere else one is signed out."""
    new = request.form.get("new_password", "")
    return _changed("password", lambda: own_account.change_password(house(), who(), _proof(), new))


@room.get("/app")
@names(Act.CHANGE_OWN_ACCOUNT)
def app() -> str:
    """A secret for an authenticator app, as a picture and as text."""
    return _app_page()


@room.post("/app")
@names(Act.CHANGE_OWN_ACCOUNT)
def take_app() -> _Page:
    """The app is asked for from now on, once it has shown a right code."""
    shown = (request.form.get("secret", ""), request.form.get("code", ""))
    try:
        codes = own_account.take_app(house(), who(), _proof(), shown)
    except (BadInput, TooManyTries, Conflict) as error:
        return _app_page(shown[0], error), status_of(error)
    return _codes(codes) if codes else _back("factors")


@room.post("/app/drop")
@names(Act.CHANGE_OWN_ACCOUNT)
def drop_app() -> _Page:
    """The app is no longer asked for."""
    return _changed("app", lambda: own_account.drop_app(house(), who(), _proof()))


@room.post("/passkeys/challenge")
@names(Act.CHANGE_OWN_ACCOUNT)
def challenge() -> dict[str, Any]:
    """What the page's script asks the browser for."""
    wanted = own_account.offer_passkey(house(), who(), site(), challenges().make(visitor_key()))
    found: dict[str, Any] = json.loads(wanted)
    return found


@room.post("/passkeys")
@names(Act.CHANGE_OWN_ACCOUNT)
def take_passkey() -> _Page:
    """Stores a passkey that the browser has just made."""
    codes, name = list[str](), request.form.get("passkey_name", "")

    def take() -> None:
        made = (site(), request.form.get("answer", ""), challenges().take(visitor_key()))
        codes.extend(own_account.take_passkey(house(), who(), _proof(), made, name))

    answer = _changed("passkey", take)
    return _codes(tuple(codes)) if codes else answer


@room.post("/passkeys/drop")
@names(Act.CHANGE_OWN_ACCOUNT)
def drop_passkey() -> _Page:
    """A passkey opens nothing any more."""
    key = request.form.get("key", "")
    return _changed(f"key-{key}", lambda: own_account.drop_passkey(house(), who(), _proof(), key))


@room.post("/recovery")
@names(Act.CHANGE_OWN_ACCOUNT)
def new_recovery_codes() -> _Page:
    """New recovery codes, shown this once."""
    try:
        return _codes(own_account.new_recovery_codes(house(), who(), _proof()))
    except (BadInput, TooManyTries, Conflict) as error:
        return _page("recovery", error), status_of(error)


@room.post("/sessions/<uuid:id>/end")
@names(Act.CHANGE_OWN_ACCOUNT)
def end_session(id: UUID) -> AnyResponse:
    """Signs out in one other place."""
    signing_in.end_session(house(), who(), id)
    return _back("sessions")


@room.post("/sessions/end")
@names(Act.CHANGE_OWN_ACCOUNT)
def end_other_sessions() -> AnyResponse:
    """Signs out everywhere else."""
    signing_in.end_other_sessions(house(), who(), _here().session.id)
    return _back("sessions")


@room.post("/grants/<uuid:id>/accept")
@names(Act.CHANGE_OWN_ACCOUNT)
def accept_terms(id: UUID) -> AnyResponse:
    """The terms of use of a collection, accepted today."""
    if request.form.get("read"):
        access.accept_terms(house(), who(), id)
    return _back("access")


def _changed(section: str, change: Callable[[], object]) -> _Page:
    """Back to the page after a change, or the page with what is wrong with it."""
    try:
        change()
    except (BadInput, TooManyTries, NoPasskey, Conflict) as error:
        return _page(section, error), status_of(error)
    return _back("factors")


def _page(section: str = "", error: ArchiveError | None = None) -> str:
    here = _here()
    return render_template(
        "account/own.html",
        account=here.account,
        enrolling=here.principal.role != here.account.role,
        held=access.own(house(), who()),
        sessions=signing_in.sessions(house(), who()),
        this=here.session.id,
        passkeys=takes_passkeys(),
        section=section,
        problem=say(error, chosen()) if error else "",
    )


def _app_page(secret: str = "", error: ArchiveError | None = None) -> str:
    offer = own_account.offer_app(house(), who(), secret)
    picture = segno.make(offer.address, error="m", micro=False)
    return render_template(
        "account/app.html",
        secret=offer.secret,
        drawing=_path(picture.matrix),
        size=len(picture.matrix) + 8,
        field=error.field if isinstance(error, BadInput) else "",
        problem=say(error, chosen()) if error else "",
    )


def _path(matrix: tuple[bytearray, ...]) -> str:
    """The dark squares as an SVG path, with the four empty squares around that readers need."""
    return "".join(f"M{x + 4} {y + 4}h1v1h-1z" for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark)


def _codes(codes: tuple[str, ...]) -> str:
    return render_template("account/codes.html", codes=codes)


def _proof() -> Proof:
    return Proof(request.form.get("password", ""), _here().session.id, network())


def _here() -> SignedIn:
    found = visitor()
    assert found is not None  # the gate lets nobody else in
    return found


def _back(section: str = "") -> AnyResponse:
    return redirect(url_for("own.page", _anchor=section or None), 303)
