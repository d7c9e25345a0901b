"""Questions that were asked, so that their answers have an address without the words: in memory, by account."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict, defaultdict
from typing import cast
from uuid import UUID

from flask import Flask, current_app

from archive.errors import Unknown


class Questions:
    """The last questions that each account asked, in this process's memory only."""

    def __init__(self, most: int = 100) -> None:
        """``most`` of each account."""
        self._most, self._lock = most, threading.Lock()
        self._asked: defaultdict[UUID | None, OrderedDict[str, str]] = defaultdict(OrderedDict)

    def remember(self, account: UUID | None, question: str) -> str:
        """An id under which this account finds the question again; what it looked at longest ago is forgotten."""
        id = secrets.token_urlsafe(12)
        with self._lock:
            asked = self._asked[account]
            asked[id] = question
            while len(asked) > self._most:
                asked.popitem(last=False)
        return id

    def recall(self, account: UUID | None, id: str) -> str:
        """Raises Unknown if the question is forgotten or another account's."""
        with self._lock:
            asked = self._asked.get(account)
            if asked is None or id not in asked:
                raise Unknown
            asked.move_to_end(id)
            return asked[id]


def install(app: Flask) -> None:
    """Gives the app its memory."""
    app.extensions["golosa-questions"] = Questions()


def questions() -> Questions:
    """This app's."""
    return cast(Questions, current_app.extensions["golosa-questions"])
