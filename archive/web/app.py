"""The app factory: rooms, gate, headers, errors and languages put together."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import IO, TypeAlias, cast

from flask import Flask, Request, current_app
from flask_babel import Babel
from flask_limiter import Limiter
from flask_wtf.csrf import CSRFProtect

from archive.i18n import DOMAIN, FOLDER
from archive.parts import Archive
from archive.web import (
    access,
    account,
    admin,
    consents,
    door,
    drafts,
    failures,
    gate,
    headers,
    interviews,
    language,
    narrator,
    notebook,
    own,
    public,
    questions,
    reading,
    review,
    search,
    show,
    translations,
    uploads,
)
from archive.web.arriving import Arriving
from archive.web.sessions import TokenSessions

ExcInfo: TypeAlias = "tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]"


class SealedRequest(Request):
    """Uploaded files go into the vault's spool: Werkzeug would write larger ones to the disk in clear."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return cast("IO[bytes]", Arriving(current_app.extensions["golosa"].vault.spool))


class Web(Flask):
    """Flask, without its habit of writing whole tracebacks: a message may hold what somebody typed."""

    request_class = SealedRequest

    def log_exception(
        self,
        exc_info: ExcInfo,
        **_: object,
    ) -> None:
        """One line: the class of the error and where it arose."""
        print(f"golosa web: {told(exc_info)}", file=sys.stderr)


def told(exc_info: ExcInfo) -> str:
    """All that may be told of an exception, which can quote whatever was sent: its class, and where it arose."""
    kind, _error, trace = exc_info
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
    return f"{kind.__name__ if kind else '?'} at {place}"


def make_app(house: Archive) -> Flask:
    """The pages of an unlocked archive. Raises LookupError if a route names no act."""
    app = Web("archive.web")
    app.extensions["golosa"] = house
    app.config.update(
        SECRET_KEY=house.vault.keeper.sessions_key(),
        WTF_CSRF_CHECK_DEFAULT=False,  # the gate asks for it, after it knows who asks
        WTF_CSRF_TIME_LIMIT=None,  # it lives as long as the session
        WTF_CSRF_SSL_STRICT=False,  # no referrer is ever sent; the gate looks at Sec-Fetch-Site
        WTF_CSRF_CHECK_ON_FORM=False,
        BABEL_DEFAULT_LOCALE=house.settings.archive.languages[0],
        SESSION_COOKIE_NAME="__Host-golosa",
    )
    app.session_interface = TokenSessions()
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    csrf = CSRFProtect(app)
    app.before_request(gate.guard(csrf))
    app.after_request(headers.add)
    Babel(
        app,
        default_domain=DOMAIN,
        default_translation_directories=str(FOLDER),
        locale_selector=language.chosen,
    )
    language.install(app)
    show.install(app)
    failures.install(app)
    questions.install(app)
    limiter = Limiter(door.network, app=app, storage_uri="memory://")
    rooms = (
        *(public.room, account.room, own.room, narrator.room(limiter), interviews.room, consents.room),
        *(review.room, translations.room, search.room, reading.room, notebook.room, drafts.room),
        *(access.room, admin.room),
    )
    for room in rooms:
        app.register_blueprint(room)
    uploads.install(app)
    gate.check(app)
    return app
