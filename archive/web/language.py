"""Which language a page is in: the account's; for strangers what the address says (?l=ru), else what the browser asks.

Strangers get no cookie for it: their links carry the choice on.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, request, url_for

from archive.web import returning
from archive.web.gate import house, visitor

NAMES = {"en": "English", "ru": "Русский", "uk": "Українська"}


def chosen() -> str:
    """The language of this request's page."""
    offered = house().settings.archive.languages
    found = visitor()
    wanted = found.account.language if found else request.args.get("l", "")
    if wanted in offered:
        return wanted
    return request.accept_languages.best_match(offered) or offered[0]


def install(app: Flask) -> None:
    """Carries ``l`` from one address to the next, and tells the templates about languages."""
    app.jinja_env.globals.update(page_language=chosen, offered_languages=_offered, here_in=_here_in)

    @app.url_defaults
    def carry(endpoint: str, values: dict[str, Any]) -> None:
        asked = request.args.get("l", "") if request else ""
        if endpoint != "static" and "l" not in values and asked in house().settings.archive.languages:
            values["l"] = asked


def _offered() -> tuple[str, ...]:
    return house().settings.archive.languages


def _here_in(language: str) -> str:
    """This very page in another language."""
    to = returning.place(request.args.get("to", ""))
    return url_for(request.endpoint or "public.start", **{**(request.view_args or {}), "to": to or None, "l": language})
