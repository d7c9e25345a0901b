"""What every request passes before it reaches a page: who asks, from where, and which act the route performs.

Each view names its act with ``@names``; ``check`` refuses an app in which one does not. The gate asks for a session
before it looks at the address, so that a stranger learns nothing about ids; policy itself is asked by the acts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import Flask, Response, current_app, g, redirect, request, session, url_for
from flask_wtf.csrf import CSRFError, CSRFProtect, validate_csrf
from wtforms.validators import ValidationError

from archive.acts import narration, signing_in
from archive.acts.signing_in import SignedIn
from archive.errors import Refused
from archive.parts import Archive
from archive.policy import PUBLIC, Act, Principal
from archive.web import returning
from archive.web.sessions import TokenSession

_View = TypeVar("_View", bound=Callable[..., Any])
_OPEN_TO_ALL = frozenset({Act.SEE_PUBLIC_PAGES, Act.SIGN_IN, Act.READ_EXCERPT})
_NARRATORS = frozenset({Act.VISIT, Act.READ_OWN, Act.HEAR_OWN, Act.ANSWER_EXCERPT, Act.ASK_ARCHIVE, Act.STOP_SHARING})
_FORM_BYTES = 1_000_000  # of a body that is not an upload


def names(act: Act, *, uploads: bool = False, lists: bool = False, streams: bool = False) -> Callable[[_View], _View]:
    """Marks a view with the act it performs.

    ``uploads`` lets its body be as large as a recording may be; ``lists`` says that the act is asked about each thing
    on the page, and not about the page itself. ``streams``: as large, read by the view itself, and no form, so its CSRF
    token comes in a header.
    """

    def mark(view: _View) -> _View:
        view.act = act  # type: ignore[attr-defined]
        view.uploads = uploads  # type: ignore[attr-defined]
        view.lists = lists  # type: ignore[attr-defined]
        view.streams = streams  # type: ignore[attr-defined]
        return view

    return mark


def check(app: Flask) -> None:
    """Raises LookupError if a view of the app names no act. Files in ``static`` are pages for everybody."""
    names(Act.SEE_PUBLIC_PAGES)(app.view_functions["static"])
    nameless = [end for end, view in app.view_functions.items() if not hasattr(view, "act")]
    if nameless:
        raise LookupError(f"these views name no act: {', '.join(sorted(nameless))}")


def house() -> Archive:
    """The archive this app serves."""
    return cast(Archive, current_app.extensions["golosa"])


def visitor() -> SignedIn | None:
    """Whoever is signed in, looked up once per request."""
    if not hasattr(g, "visitor"):
        token = current_session().token_given
        g.visitor = signing_in.signed_in(house(), token) if token else None
    return cast("SignedIn | None", g.visitor)


def who() -> Principal:
    """In whose name this request acts."""
    found = visitor()
    return found.principal if found else narrator() or PUBLIC


def narrator() -> Principal | None:
    """The narrator whose receipt's code was typed here, looked up once per request."""
    if not hasattr(g, "narrator"):
        token = current_session().token_given
        g.narrator = narration.visiting(house(), token) if token and visitor() is None else None
    return cast("Principal | None", g.narrator)


def current_session() -> TokenSession:
    """This visitor's session, with its real type."""
    return cast(TokenSession, session)


def address(path: str) -> str:
    """The whole address of a path, to be handed out: behind a proxy only the settings know where the archive is."""
    return (house().settings.web.address or request.host_url).rstrip("/") + path


def wants_json() -> bool:
    """Whether our own scripts ask, and not a person who turns a page."""
    return request.accept_mimetypes.best == "application/json"


def guard(csrf: CSRFProtect) -> Callable[[], Response | tuple[dict[str, str], int] | None]:
    """The function that runs before each request.

    Order matters: the body is read last of all, because the gigabytes of somebody who may not send them are not worth
    spooling.
    """

    def before() -> Response | tuple[dict[str, str], int] | None:
        view = cast(Any, current_app.view_functions.get(request.endpoint or ""))
        if view is None:
            return _without_full_stop()
        if request.endpoint == "static":
            return None
        act: Act = view.act
        if act not in _OPEN_TO_ALL and who() == PUBLIC:
            return _sign_in_first(view)
        if "id" not in (request.view_args or {}) and not view.lists:
            house().require(act, who())  # what has an id is asked about by its act, which knows the thing
        if request.method not in {"GET", "HEAD", "OPTIONS"}:
            _before_changing(csrf, view)
        return None

    return before


def _without_full_stop() -> Response | None:
    """Whoever follows the address of a citation with the full stop behind it goes to the page without."""
    path = returning.place(returning.unpunctuated(request.path))
    if path in {"", request.path} or request.method not in {"GET", "HEAD"}:
        return None
    return cast(Response, redirect(path, 308))


def _sign_in_first(view: Any) -> Response | tuple[dict[str, str], int]:
    if view.act in _NARRATORS:
        return cast(Response, redirect(url_for("narrator.enter"), 303))
    if wants_json() or view.streams or request.method not in {"GET", "HEAD"}:
        return {"error": "signed-out"}, 401
    return cast(Response, redirect(url_for("account.sign_in", to=returning.here()), 303))


def _before_changing(csrf: CSRFProtect, view: Any) -> None:
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        raise Refused("another site asks")
    large = view.uploads or view.streams
    recording = int(house().settings.intake.max_gigabytes * 1e9) if large else 0
    request.max_content_length = recording + _FORM_BYTES
    if view.streams:
        _check_token_in_header()
    else:
        csrf.protect()


def _check_token_in_header() -> None:
    """As ``CSRFProtect.protect``, which would look for a form in the body first."""
    try:
        validate_csrf(request.headers.get("X-CSRFToken"))
    except ValidationError as cause:
        raise CSRFError from cause
