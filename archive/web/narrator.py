"""The narrator's page: a receipt's code in, no account. It works without scripts, on a phone and in Tor Browser."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_limiter import Limiter
from werkzeug.wrappers import Response as AnyResponse

from archive.acts import narration
from archive.acts.narration import WrongCode
from archive.errors import BadInput
from archive.i18n import say
from archive.policy import Act
from archive.web import sound
from archive.web.door import network
from archive.web.failures import status_of
from archive.web.forms import CodeForm, RequestForm
from archive.web.gate import current_session, house, names, narrator, who
from archive.web.language import chosen

_GUESSES = "10 per minute; 60 per hour"  # wrong codes, of one network


def room(limiter: Limiter) -> Blueprint:
    """The blueprint, with wrong codes limited per network."""
    made = Blueprint("narrator", __name__, url_prefix="/narrator")
    limited = limiter.limit(
        _GUESSES,
        deduct_when=lambda response: response.status_code in {400, 404},
        exempt_when=lambda: not network(),  # sixteen digits, a tenth of a second each, are guessed by nobody
    )
    made.add_url_rule("", "enter", enter)
    made.add_url_rule("", "enter_now", limited(enter_now), methods=["POST"])
    made.add_url_rule("/page", "page", page)
    made.add_url_rule("/sound", "hear", hear)
    made.add_url_rule("/excerpts/<uuid:id>", "answer", answer, methods=["POST"])
    made.add_url_rule("/requests", "ask", ask, methods=["POST"])
    made.add_url_rule("/stop", "before_stopping", before_stopping)
    made.add_url_rule("/stop", "stop", stop, methods=["POST"])
    made.add_url_rule("/leave", "leave", leave, methods=["POST"])
    return made


@names(Act.SIGN_IN)
def enter() -> AnyResponse | str:
    """Where the code is typed."""
    if narrator() is not None:
        return redirect(url_for("narrator.page"), 303)
    return render_template("narrator/enter.html", form=CodeForm())


@names(Act.SIGN_IN)
def enter_now() -> AnyResponse | tuple[str, int]:
    """To the page the code stands for, or one answer to every code that is not known."""
    form = CodeForm()
    try:
        token = narration.enter(house(), form.code.data or "")
    except (BadInput, WrongCode) as error:
        form.problem("code", say(error, chosen()))
        return render_template("narrator/enter.html", form=form), status_of(error)
    current_session().begin(token)
    return redirect(url_for("narrator.page"), 303)


@names(Act.VISIT, lists=True)
def page() -> str:
    """What others may see of the interview, and what can be said to it."""
    return _page(RequestForm(formdata=None))


@names(Act.HEAR_OWN, lists=True)
def hear() -> Response:
    """What historians may hear."""
    return sound.answer(lambda: narration.sound(house(), who()))


@names(Act.ANSWER_EXCERPT)
def answer(id: UUID) -> AnyResponse:
    """Yes or no to one passage."""
    narration.answer_excerpt(house(), who(), id, request.form.get("answer") == "yes")
    return redirect(url_for("narrator.page", _anchor="excerpts"), 303)


@names(Act.ASK_ARCHIVE, lists=True)
def ask() -> AnyResponse | tuple[str, int]:
    """A wish, for the archive's people."""
    form = RequestForm()
    try:
        narration.ask(house(), who(), form.request.data or "")
    except BadInput as error:
        form.problem("request", say(error, chosen()))
        return _page(form), 400
    return redirect(url_for("narrator.page", _anchor="ask"), 303)


@names(Act.VISIT, lists=True)
def before_stopping() -> str:
    """What stopping does, and the buttons."""
    found = narration.own_page(house(), who())
    house().require(Act.STOP_SHARING, who(), found.interview)
    return render_template("narrator/stop.html", page=found)


@names(Act.STOP_SHARING, lists=True)
def stop() -> AnyResponse:
    """Closes it to everybody at once; asks for its destruction, if that was wanted."""
    narration.stop_sharing(house(), who(), withdraw=bool(request.form.get("withdraw")))
    return redirect(url_for("narrator.page"), 303)


@names(Act.SIGN_IN)
def leave() -> AnyResponse:
    """Ends the visit."""
    narration.leave(house(), current_session().token_given)
    current_session().end()
    return redirect(url_for("public.start"), 303)


def _page(form: RequestForm) -> str:
    return render_template(
        "narrator/page.html", page=narration.own_page(house(), who(), request.args.get("beside", "")), form=form
    )
