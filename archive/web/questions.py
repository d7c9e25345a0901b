"""Questions that were asked, so that their answers have an address without the words: in memory, by account."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from typing import cast
from uuid import UUID

from flask import Flask, current_app

from archive.errors import Unknown


class Questions:
    """The last questions asked, in this process's memory only."""

    def __init__(self, most: int = 2_000) -> None:
        self._most, self._lock = most, threading.Lock()
        self._asked: OrderedDict[tuple[UUID | None, str], str] = OrderedDict()

    def remember(self, account: UUID | None, question: str) -> str:
        """An id under which this account finds the question again."""
        id = secrets.token_urlsafe(12)
        with self._lock:
            self._asked[account, id] = question
            while len(self._asked) > self._most:
                self._asked.popitem(last=False)
        return id

    def recall(self, account: UUID | None, id: str) -> str:
        """Raises Unknown if the question is forgotten or another account's."""
        with self._lock:
            try:
                return self._asked[account, id]
            except KeyError:
                raise Unknown from None


def install(app: Flask) -> None:
    """Gives the app its memory."""
    app.extensions["golosa-questions"] = Questions()


def questions() -> Questions:
    """This app's."""
    return cast(Questions, current_app.extensions["golosa-questions"])
