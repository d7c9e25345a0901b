"""What a visitor sees when something goes wrong. Nothing here says more than the tree of errors does.

Refused and unknown are the same page, byte for byte: the page draws nothing of the visitor's session.
"""

from __future__ import annotations

from flask import Flask, Response, make_response, render_template
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from archive.acts.excerpts import Gone
from archive.acts.intake import NotAsSent
from archive.acts.narration import WrongCode
from archive.acts.signing_in import TooManyTries, WrongFactor, WrongSignIn
from archive.errors import (
    ArchiveError,
    BadInput,
    BadQuery,
    Conflict,
    EnoughForToday,
    HeardEnoughToday,
    IllegalMove,
    Locked,
    NothingStopped,
    NotSettled,
    OutOfSpace,
    PieceDamaged,
    Refused,
    SignedAlready,
    StillHeard,
    TooLarge,
    Undecided,
    Unknown,
    UploadInUse,
)
from archive.i18n import say
from archive.vault.passkeys import NoPasskey
from archive.web.gate import wants_json
from archive.web.language import chosen
from transcripts.errors import TranscriptsError

STATUS: dict[type[ArchiveError], int] = {
    Gone: 410,
    Refused: 404,
    Unknown: 404,
    Conflict: 409,
    IllegalMove: 409,
    NothingStopped: 409,
    NotSettled: 409,
    SignedAlready: 409,
    Undecided: 409,
    StillHeard: 409,
    BadInput: 400,
    BadQuery: 400,
    WrongCode: 404,
    NotAsSent: 422,
    TooLarge: 413,
    UploadInUse: 423,
    WrongSignIn: 401,
    WrongFactor: 401,
    NoPasskey: 401,
    TooManyTries: 429,
    EnoughForToday: 429,
    HeardEnoughToday: 429,
    PieceDamaged: 460,  # tus’s own
    Locked: 503,
    OutOfSpace: 507,
}


def install(app: Flask) -> None:
    """Registers the pages of failure."""
    app.register_error_handler(ArchiveError, _archive)
    app.register_error_handler(TranscriptsError, _transcripts)
    app.register_error_handler(CSRFError, _stale)
    app.register_error_handler(HTTPException, _http)


def status_of(error: ArchiveError) -> int:
    """The HTTP status of the nearest class in STATUS; 500 for what nobody outside can mend."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def _archive(error: ArchiveError) -> Response:
    status = status_of(error)
    if status == 404:
        return nothing_here()
    field = error.field if isinstance(error, BadInput) else ""
    return _page(status, say(error, chosen()), error.code, field)


def _transcripts(error: TranscriptsError) -> Response:
    return _page(422, say(error, chosen()), error.code)


def _stale(_error: CSRFError) -> Response:
    return _page(400, _("This page was open for too long. Go back, reload it and try again."), "stale-page")


def _http(error: HTTPException) -> Response:
    if error.code == 404:
        return nothing_here()
    sentences = {
        405: _("This address is not meant to be opened like that."),
        413: _("What was sent is larger than this archive accepts."),
        429: _("Too many tries. Wait a minute and try again."),
    }
    return _page(
        error.code or 500,
        sentences.get(error.code or 500, _("Something went wrong here. Nothing was lost; try again.")),
        "http",
    )


def nothing_here() -> Response:
    """The one answer to everything unknown and everything refused."""
    return _page(404, _("There is nothing here under that name."), "unknown")


def _page(status: int, sentence: str, code: str, field: str = "") -> Response:
    if wants_json():
        return make_response({"error": code, "says": sentence, **({"field": field} if field else {})}, status)
    return make_response(render_template("failure.html", sentence=sentence), status)
