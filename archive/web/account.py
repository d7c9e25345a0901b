"""At the door: signing in and out, the second factor, passkeys, taking up an invitation."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from archive.acts import accounts, signing_in
from archive.acts.signing_in import Entry, TooManyTries, WrongFactor, WrongSignIn
from archive.errors import BadInput, Unknown
from archive.i18n import say
from archive.policy import Act, Role
from archive.vault import passkeys
from archive.vault.passkeys import NoPasskey
from archive.web import returning
from archive.web.door import Challenges, challenges, door, network, site, takes_passkeys, visitor_key
from archive.web.failures import status_of
from archive.web.forms import InvitationForm, NewPasswordForm, SecondStepForm, SignInForm
from archive.web.gate import current_session, house, names, visitor
from archive.web.language import chosen

_HOME = {
    Role.HISTORIAN: "search.page",
    Role.ADMIN: "admin.accounts_page",
    Role.ENROLLING: "own.page",
}

room = Blueprint("account", __name__)


@room.record_once
def _memory(state: Any) -> None:
    state.app.extensions["golosa-challenges"] = Challenges()


@room.get("/sign-in")
@names(Act.SIGN_IN)
def sign_in() -> AnyResponse | str:
    """The form; who is signed in already goes on."""
    found, to = visitor(), returning.place(request.args.get("to", ""))
    if found:
        return redirect(_onward(found.principal.role, to), 303)
    return _sign_in_page(SignInForm(to=to))


@room.post("/sign-in")
@names(Act.SIGN_IN)
def sign_in_now() -> AnyResponse | tuple[str, int]:
    """A new session, or one answer for everything that is wrong."""
    form = SignInForm()
    try:
        entry = signing_in.sign_in(house(), form.name.data or "", form.password.data or "", door())
    except (WrongSignIn, TooManyTries) as error:
        form.problem("", say(error, chosen()))
        return _sign_in_page(form), status_of(error)
    return _go_on(entry, form.to.data or "")


@room.get("/sign-in/code")
@names(Act.SIGN_IN)
def code() -> AnyResponse | str:
    """The second factor, for whoever has just shown a password."""
    to = returning.place(request.args.get("to", ""))
    if not signing_in.waits_for_code(house(), current_session().token_given):
        return _again(to)
    return _code_page(SecondStepForm(to=to))


@room.post("/sign-in/code")
@names(Act.SIGN_IN)
def show_code() -> AnyResponse | tuple[str, int]:
    """A complete session, or another try."""
    form = SecondStepForm()
    try:
        entry = signing_in.show_code(house(), current_session().token_given, form.code.data or "", door())
    except WrongSignIn:
        return _again(form.to.data or "")
    except (WrongFactor, TooManyTries) as error:
        form.problem("code", say(error, chosen()))
        return _code_page(form), status_of(error)
    return _enter(entry, form.to.data or "")


@room.post("/sign-in/passkey/challenge")
@names(Act.SIGN_IN)
def challenge() -> dict[str, Any]:
    """What the page's script asks the browser for."""
    wanted: dict[str, Any] = json.loads(passkeys.to_sign_in(site(), challenges().make(visitor_key())))
    return wanted


@room.post("/sign-in/passkey")
@names(Act.SIGN_IN)
def show_passkey() -> AnyResponse | tuple[str, int]:
    """A complete session for the owner of a passkey, without a name and a password."""
    form, answer = SignInForm(), request.form.get("answer", "")
    try:
        entry = signing_in.show_passkey(house(), site(), answer, challenges().take(visitor_key()), door())
    except NoPasskey as error:
        form.problem("", say(error, chosen()))
        return _sign_in_page(form), status_of(error)
    return _enter(entry, form.to.data or "")


@room.post("/sign-out")
@names(Act.SIGN_IN)
def sign_out() -> AnyResponse:
    """Ends the session here and in the catalogue."""
    signing_in.sign_out(house(), current_session().token_given)
    current_session().end()
    return redirect(url_for("public.start"), 303)


@room.get("/invitation")
@names(Act.SIGN_IN)
def invitation() -> str:
    """The form. The code comes behind the ``#`` of the link, which browsers do not send, or is typed in."""
    return render_template("account/invitation.html", form=InvitationForm())


@room.post("/invitation")
@names(Act.SIGN_IN)
def accept() -> AnyResponse | tuple[str, int]:
    """A new account, signed in at once."""
    form = InvitationForm()
    person = (form.name.data or "", form.password.data or "")
    try:
        accounts.accept(house(), (form.invitation.data or "").strip(), person, chosen(), network())
    except (BadInput, TooManyTries) as error:
        form.problem(error.field if isinstance(error, BadInput) else "", say(error, chosen()))
        return render_template("account/invitation.html", form=form), status_of(error)
    except Unknown:
        form.problem("invitation", _("This invitation was used already, or it is too old. Ask for a new one."))
        return render_template("account/invitation.html", form=form), 404
    return _enter(signing_in.sign_in(house(), *person, door()), "")


@room.get("/new-password")
@names(Act.SIGN_IN)
def new_password() -> str:
    """The form for whoever was given a code because they forgot theirs."""
    return render_template("account/new_password.html", form=NewPasswordForm())


@room.post("/new-password")
@names(Act.SIGN_IN)
def set_password() -> AnyResponse | tuple[str, int]:
    """Another password; then as after any password, also to the second factor."""
    form, password = NewPasswordForm(), request.form.get("password", "")
    try:
        account = accounts.set_password(house(), (form.reset.data or "").strip(), password, network())
    except (BadInput, TooManyTries) as error:
        form.problem(error.field if isinstance(error, BadInput) else "", say(error, chosen()))
        return render_template("account/new_password.html", form=form), status_of(error)
    except Unknown:
        form.problem("reset", _("This code was used already, or it is too old. Ask for a new one."))
        return render_template("account/new_password.html", form=form), 404
    return _go_on(signing_in.sign_in(house(), account.name, password, door()), "")


def home_of(role: Role) -> str:
    """Where somebody with this role begins."""
    return url_for(_HOME.get(role, "interviews.index"))


def _sign_in_page(form: SignInForm) -> str:
    return render_template("account/sign_in.html", form=form, passkeys=takes_passkeys())


def _code_page(form: SecondStepForm) -> str:
    return render_template("account/code.html", form=form, passkeys=takes_passkeys())


def _go_on(entry: Entry, to: str) -> AnyResponse:
    """Inside, or to the second factor."""
    if entry.complete:
        return _enter(entry, to)
    current_session().begin(entry.token)
    return redirect(url_for("account.code", to=returning.place(to) or None), 303)


def _again(to: str) -> AnyResponse:
    """To the first step, for whom took too long over the second."""
    return redirect(url_for("account.sign_in", to=returning.place(to) or None), 303)


def _enter(entry: Entry, to: str) -> Response:
    current_session().begin(entry.token)
    signed = signing_in.signed_in(house(), entry.token)
    assert signed is not None
    response = redirect(_onward(signed.principal.role, to), 303)
    assert isinstance(response, Response)
    return response


def _onward(role: Role, to: str) -> str:
    """The place that was asked for, or where this role begins; whoever still lacks a second factor begins with that."""
    asked = returning.place(to) if role is not Role.ENROLLING else ""
    return asked or home_of(role)
