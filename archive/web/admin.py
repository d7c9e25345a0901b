"""The administrator's room: accounts, invitations, health. No content is ever drawn here."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from archive.acts import accounts, health
from archive.errors import BadInput
from archive.policy import Act, Role
from archive.web.gate import address, house, names, who

room = Blueprint("admin", __name__, url_prefix="/admin")


@room.get("")
@names(Act.SEE_ACCOUNTS)
def accounts_page() -> str:
    """Everybody with an account, and the form for an invitation."""
    return _page()


@room.post("/invitations")
@names(Act.MANAGE_ACCOUNTS)
def invite() -> str:
    """A one-time link, shown this once: only its digest is stored."""
    try:
        role = Role(request.form.get("role", ""))
    except ValueError:
        raise BadInput("Choose a role from the list.", "role") from None
    token = accounts.invite(house(), who(), role)
    return _page(role, address(url_for("account.invitation", _anchor=token)), token)


@room.post("/accounts/<uuid:id>")
@names(Act.MANAGE_ACCOUNTS)
def set_disabled(id: UUID) -> AnyResponse:
    """Closes an account and its sessions, or opens it again."""
    accounts.set_disabled(house(), who(), id, request.form.get("disabled") == "yes")
    return redirect(url_for("admin.accounts_page"), 303)


@room.post("/accounts/<uuid:id>/erase")
@names(Act.MANAGE_ACCOUNTS)
def erase(id: UUID) -> AnyResponse:
    """What a closed account held goes for good, its notebook too."""
    accounts.erase(house(), who(), id)
    return redirect(url_for("admin.accounts_page"), 303)


@room.post("/accounts/<uuid:id>/factors")
@names(Act.MANAGE_ACCOUNTS)
def reset_factors(id: UUID) -> AnyResponse:
    """Takes lost second factors off an account."""
    accounts.reset_factors(house(), who(), id)
    return redirect(url_for("admin.accounts_page"), 303)


@room.post("/accounts/<uuid:id>/password")
@names(Act.MANAGE_ACCOUNTS)
def offer_password(id: UUID) -> str:
    """A one-time link to a new password, shown this once."""
    token = accounts.offer_password(house(), who(), id)
    return _page(None, address(url_for("account.new_password", _anchor=token)), token)


@room.post("/accounts/<uuid:id>/password/taken-back")
@names(Act.MANAGE_ACCOUNTS)
def take_password_back(id: UUID) -> AnyResponse:
    """That link sets no password any more."""
    accounts.take_password_back(house(), who(), id)
    return redirect(url_for("admin.accounts_page"), 303)


@room.post("/invitations/taken-back")
@names(Act.MANAGE_ACCOUNTS)
def take_invitation_back() -> AnyResponse:
    """An invitation makes no account any more."""
    accounts.take_invitation_back(house(), who(), request.form.get("invitation", ""))
    return redirect(url_for("admin.accounts_page"), 303)


@room.get("/log")
@names(Act.SEE_LOG)
def log_page() -> str:
    """The newest events."""
    return render_template("admin/log.html", entries=accounts.log(house(), who()))


@room.get("/health")
@names(Act.SEE_HEALTH)
def health_page() -> str:
    """How the archive does, in numbers."""
    return render_template("admin/health.html", health=health.health(house(), who()))


def _page(role: Role | None = None, link: str = "", token: str = "") -> str:
    return render_template(
        "admin/accounts.html",
        accounts=accounts.accounts(house(), who()),
        invitations=accounts.invitations(house(), who()),
        resets=accounts.offered_passwords(house(), who()),
        invited=role,
        link=link,
        token=token,
        hours=house().settings.web.invitation_hours,
    )
