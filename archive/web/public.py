"""What anybody may see: what this archive is, and excerpts whose narrators agreed to it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, render_template

from archive.acts import excerpts
from archive.acts.citations import FORMS
from archive.policy import Act
from archive.web import sound
from archive.web.citing import of_excerpt
from archive.web.gate import house, names

room = Blueprint("public", __name__)
_NEWEST = 12


@room.get("/")
@names(Act.SEE_PUBLIC_PAGES)
def start() -> str:
    """What this archive is, the newest excerpts."""
    return render_template("public/start.html", excerpts=excerpts.published(house())[:_NEWEST])


@room.get("/consent")
@names(Act.SEE_PUBLIC_PAGES)
def consent() -> str:
    """How consent works here."""
    return render_template("public/consent.html")


@room.get("/promises")
@names(Act.SEE_PUBLIC_PAGES)
def promises() -> str:
    """What we promise, and what we do not."""
    return render_template("public/promises.html")


@room.get("/terms")
@names(Act.SEE_PUBLIC_PAGES)
def terms() -> str:
    """What whoever reads here accepts first."""
    return render_template("public/terms.html")


@room.get("/excerpts/<uuid:id>")
@names(Act.READ_EXCERPT)
def excerpt(id: UUID) -> str:
    """One excerpt: its words, its sound, how to cite it."""
    found = excerpts.shown(house(), id)
    return render_template("public/excerpt.html", shown=found, citation=of_excerpt(found), forms=FORMS)


@room.get("/excerpts/<uuid:id>/sound")
@names(Act.READ_EXCERPT)
def clip(id: UUID) -> Response:
    """Its sound, by ranges."""
    return sound.answer(lambda: excerpts.clip(house(), id), whole=True)
