"""A browser without scripts: follows forms as a person would, with the tokens that stand in them."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from archive.parts import Archive
from archive.policy import Role
from archive.web import make_app
from tests.rooms import PASSWORD

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Browser:
    """One visitor of one app: of ``app``, or of an app of their own."""

    def __init__(self, house: Archive, app: Flask | None = None) -> None:
        self.app = app or make_app(house)
        self.client: FlaskClient = self.app.test_client()

    def signed_in(self, role: Role) -> Browser:
        """This browser after signing in as the test account of that role."""
        answer = self.post("/sign-in", on="/sign-in", name=role.value, password=PASSWORD)
        assert answer.status_code == 303, answer.status
        return self

    def get(self, path: str, **headers: str) -> TestResponse:
        """A page."""
        return self.client.get(path, headers=headers)

    def post(
        self, path: str, on: str | None = None, headers: dict[str, str] | None = None, **fields: Any
    ) -> TestResponse:
        """Sends a form that stands on the page ``on``, with that page's token; without ``on`` with none."""
        if on is not None:
            fields["csrf_token"] = self.token(on)
        return self.client.post(path, data=fields, headers=headers or {})

    def token(self, page: str) -> str:
        """The token in the first form of a page."""
        found = _TOKEN.search(self.get(page).text)
        assert found is not None, f"no form on {page}"
        return unescape(found[1])


def text_of(answer: TestResponse) -> str:
    """What a page says, without its markup."""
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.text)))
