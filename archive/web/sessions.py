"""The one cookie. It holds a random token and nothing else; what the token stands for is kept by the catalogue.

Flask's own sessions write their content into a signed cookie. This one keeps no content: the only thing forms need, a
secret to bind their CSRF token to, is derived from the token.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin

COOKIE = "__Host-golosa"


class TokenSession(dict[str, Any], SessionMixin):
    """A visitor's token. ``token_given`` is what the browser sent; a new one is sent back only if a form needs it."""

    modified = False

    def __init__(self, token: str) -> None:
        self.token_given = token
        self._set = ""
        self._ended = False
        super().__init__(csrf_token=_csrf(token)) if token else super().__init__()

    def __contains__(self, key: object) -> bool:
        if key == "csrf_token" and not super().__contains__(key):
            self.begin(secrets.token_urlsafe(32))  # a form is being drawn for somebody without a cookie
        return super().__contains__(key)

    def begin(self, token: str) -> None:
        """From this response on the visitor holds this token."""
        self._set, self._ended = token, False
        self["csrf_token"] = _csrf(token)

    def end(self) -> None:
        """The visitor is to forget the token."""
        self._set, self._ended = "", True

    def answer(self, response: Response) -> None:
        """Writes what changed into the response. The ``__Host-`` prefix demands Secure, Path=/ and no Domain."""
        if self._ended:
            response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="Strict")
        elif self._set:
            response.set_cookie(COOKIE, self._set, path="/", secure=True, httponly=True, samesite="Strict")


class TokenSessions(SessionInterface):
    """Opens and writes ``TokenSession`` for Flask."""

    def open_session(self, app: Flask, request: Request) -> TokenSession:
        """The session of the token that came with the request, known or not."""
        return TokenSession(request.cookies.get(COOKIE, "")[:200])

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Sets or deletes the cookie if the session asks for it."""
        assert isinstance(session, TokenSession)
        session.answer(response)


def _csrf(token: str) -> str:
    return hashlib.sha256(b"golosa/csrf/v1\0" + token.encode()).hexdigest()
