"""What a visitor sees when something goes wrong. Nothing here says more than the tree of errors does.

Refused and unknown are the same page, byte for byte: the page draws nothing of the visitor's session.
"""

from __future__ import annotations

from flask import Flask, Response, current_app, g, make_response, render_template, request
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
    KeyGone,
    Locked,
    NothingStopped,
    NotSettled,
    OutOfSpace,
    PieceDamaged,
    Refused,
    SignedAlready,
    StillHeard,
    Tampered,
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
    app.register_error_handler(KeyGone, _once_more)
    app.register_error_handler(Tampered, _once_more)
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


def _once_more(error: ArchiveError) -> Response:
    """What was allowed a moment ago may be withdrawn or reopened while it is opened, and its key and files are gone.

    So whoever asks is asked about once more, from the beginning: refused, it is as if it had never been; allowed, they
    get what is there now. Only what does not open then either is damaged. A body that was a stream is read and gone.
    """
    view = current_app.view_functions[request.endpoint or ""]
    is_read = getattr(view, "uploads", False) or getattr(view, "streams", False)
    if g.get("is_asked_again") or (is_read and request.method not in {"GET", "HEAD"}):
        return _archive(error)
    g.is_asked_again = True
    try:
        return current_app.make_response(current_app.dispatch_request())
    except (ArchiveError, TranscriptsError, HTTPException) as now:
        return current_app.make_response(current_app.handle_user_exception(now))


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
