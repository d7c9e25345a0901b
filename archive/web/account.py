"""Signing in and out, taking up an invitation, one's own account."""

from __future__ import annotations

import ipaddress

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_limiter import Limiter
from werkzeug.wrappers import Response as AnyResponse

from archive.acts import accounts
from archive.acts.accounts import TooManyTries, WrongSignIn
from archive.errors import BadInput, Unknown
from archive.i18n import say
from archive.policy import Act, Role
from archive.web.forms import InvitationForm, SignInForm
from archive.web.gate import current_session, house, names, visitor, who
from archive.web.language import chosen

_HOME = {Role.HISTORIAN: "reading.search", Role.ADMIN: "admin.accounts_page"}
_TRIES = "20 per minute"  # wrong ones, of one network


def network() -> str:
    """The visitor's /24 or /48: whom wrong tries are counted for. Behind our own proxy, what the proxy says."""
    address = request.remote_addr or "0.0.0.0"  # noqa: S104  # a key for counting, nothing is bound to it
    if ipaddress.ip_address(address).is_loopback and request.access_route:
        address = request.access_route[-1]
    try:
        found = ipaddress.ip_address(address)
    except ValueError:  # a proxy that writes something else than an address
        return "unknown"
    return str(ipaddress.ip_network((found, 24 if found.version == 4 else 48), strict=False))


def room(limiter: Limiter) -> Blueprint:
    """The blueprint, with wrong tries limited per network on top of the acts' limit per account."""
    made = Blueprint("account", __name__)
    limited = limiter.limit(_TRIES, deduct_when=lambda response: response.status_code in {400, 401, 404})
    made.add_url_rule("/sign-in", "sign_in", sign_in)
    made.add_url_rule("/sign-in", "sign_in_now", limited(sign_in_now), methods=["POST"])
    made.add_url_rule("/sign-out", "sign_out", sign_out, methods=["POST"])
    made.add_url_rule("/invitation", "invitation", invitation)
    made.add_url_rule("/invitation", "accept", limited(accept), methods=["POST"])
    made.add_url_rule("/account", "own", own)
    made.add_url_rule("/account/language", "set_language", set_language, methods=["POST"])
    return made


@names(Act.SIGN_IN)
def sign_in() -> AnyResponse | str:
    """The form; who is signed in already goes to their room."""
    found = visitor()
    if found:
        return redirect(home_of(found.principal.role), 303)
    return render_template("account/sign_in.html", form=SignInForm(to=request.args.get("to", "")))


@names(Act.SIGN_IN)
def sign_in_now() -> AnyResponse | tuple[str, int]:
    """A new session, or one answer for everything that is wrong."""
    form = SignInForm()
    try:
        token = accounts.sign_in(house(), form.name.data or "", form.password.data or "")
    except (WrongSignIn, TooManyTries) as error:
        form.problem("", say(error, chosen()))
        status = 429 if isinstance(error, TooManyTries) else 401
        return render_template("account/sign_in.html", form=form), status
    return _enter(token, form.to.data or "")


@names(Act.SIGN_IN)
def sign_out() -> AnyResponse:
    """Ends the session here and in the catalogue."""
    accounts.sign_out(house(), current_session().token_given)
    current_session().end()
    return redirect(url_for("public.start"), 303)


@names(Act.SIGN_IN)
def invitation() -> str:
    """The form. The code comes behind the ``#`` of the link, which browsers do not send, or is typed in."""
    return render_template("account/invitation.html", form=InvitationForm())


@names(Act.SIGN_IN)
def accept() -> AnyResponse | tuple[str, int]:
    """A new account, signed in at once."""
    form = InvitationForm()
    person = (form.name.data or "", form.password.data or "")
    try:
        accounts.accept(house(), (form.invitation.data or "").strip(), person, chosen())
    except BadInput as error:
        form.problem(error.field, say(error, chosen()))
        return render_template("account/invitation.html", form=form), 400
    except Unknown:
        form.problem("invitation", _("This invitation was used already, or it is too old. Ask for a new one."))
        return render_template("account/invitation.html", form=form), 404
    return _enter(accounts.sign_in(house(), *person), "")


@names(Act.SEE_OWN_ACCOUNT)
def own() -> str:
    """Name, role, language, signing out."""
    return render_template("account/own.html")


@names(Act.SEE_OWN_ACCOUNT)
def set_language() -> AnyResponse:
    """The language of pages from now on."""
    accounts.set_language(house(), who(), request.form.get("language", ""))
    return redirect(url_for("account.own"), 303)


def home_of(role: Role) -> str:
    """Where somebody with this role begins."""
    return url_for(_HOME.get(role, "desk.interviews"))


def _enter(token: str, to: str) -> Response:
    current_session().begin(token)
    signed = accounts.signed_in(house(), token)
    assert signed is not None
    inside = to.startswith("/") and not to.startswith(("//", "/\\"))
    response = redirect(to if inside and to != "/" else home_of(signed.principal.role), 303)
    assert isinstance(response, Response)
    return response
