"""An interview's consent: what holds, what held before, papers, the narrator's receipt and requests; the field card."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, cast
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from archive.acts import consents
from archive.acts.consents import ConsentFile
from archive.consent import Consent
from archive.errors import BadInput, OutOfSpace
from archive.i18n import say
from archive.policy import Act
from archive.web import sound, wording
from archive.web.failures import status_of
from archive.web.forms import ConsentForm, ProofForm
from archive.web.gate import address, house, names, who
from archive.web.language import chosen
from archive.web.show import day

room = Blueprint("consents", __name__)
_SUFFIX = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/heic": "heic",
    "audio/mp4": "m4a",
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
    "audio/flac": "flac",
    "audio/amr": "amr",
    "video/webm": "webm",
}


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version of the consent: its number, when and by whom it was recorded, what it says, in how far it is new."""

    number: int
    at: datetime | None
    by: str
    lines: list[str]
    changed: list[str]


@room.get("/field-card")
@names(Act.LIST_INTERVIEWS)
def field_card() -> str:
    """One page to print, for the talk before the talk."""
    return render_template("consents/field_card.html")


@room.get("/interviews/<uuid:id>/consent")
@names(Act.READ_CONSENT)
def consent(id: UUID) -> str:
    """All that is known of it, and the form to record a newer word."""
    found = consents.consent_file(house(), who(), id)
    return _page(found, ConsentForm.of(found.current))


@room.post("/interviews/<uuid:id>/consent")
@names(Act.CHANGE_CONSENT)
def change(id: UUID) -> AnyResponse | tuple[str, int]:
    """The narrator's newest word."""
    form = ConsentForm()
    if form.validate():
        try:
            consents.change(house(), who(), id, form.consent(), request.form.get("version", type=int, default=-1))
            return redirect(url_for("consents.consent", id=id), 303)
        except BadInput as error:
            form.problem(error.field, say(error, chosen()))
    return _page(consents.consent_file(house(), who(), id), form), 400


@room.post("/interviews/<uuid:id>/consent/proofs")
@names(Act.CHANGE_CONSENT, uploads=True)
def attach(id: UUID) -> AnyResponse | tuple[str, int]:
    """Keeps a signed paper or a spoken consent."""
    sent, form = request.files.get("proof"), ProofForm()
    source = cast(BinaryIO, sent.stream) if sent else io.BytesIO()
    try:
        consents.attach(house(), who(), id, source, (sent.filename or "") if sent else "")
    except (BadInput, OutOfSpace) as error:
        form.problem("proof", say(error, chosen()))
        found = consents.consent_file(house(), who(), id)
        return _page(found, ConsentForm.of(found.current), form), status_of(error)
    return redirect(url_for("consents.consent", id=id, _anchor="papers"), 303)


@room.get("/interviews/<uuid:id>/consent/proofs/<uuid:proof>")
@names(Act.READ_CONSENT)
def proof(id: UUID, proof: UUID) -> Response:
    """The file itself, always as a download and under a name of ours."""
    answer = sound.answer(lambda: consents.proof(house(), who(), id, proof), whole=True)
    suffix = _SUFFIX.get(answer.mimetype or "", "bin")
    answer.headers["Content-Disposition"] = f"attachment; filename=consent-{str(proof)[:8]}.{suffix}"
    return answer


@room.post("/interviews/<uuid:id>/consent/proofs/<uuid:proof>/none")
@names(Act.CHANGE_CONSENT)
def detach(id: UUID, proof: UUID) -> AnyResponse:
    """Destroys a file that does not belong there."""
    consents.detach(house(), who(), id, proof)
    return redirect(url_for("consents.consent", id=id, _anchor="papers"), 303)


@room.post("/interviews/<uuid:id>/consent/receipt")
@names(Act.ISSUE_RECEIPT)
def receipt(id: UUID) -> str:
    """A receipt for the narrator; its code is shown on this one page and nowhere again."""
    code = consents.issue_receipt(house(), who(), id)
    found = consents.consent_file(house(), who(), id)
    grouped = " ".join(code[at : at + 4] for at in range(0, 16, 4))
    return render_template(
        "consents/narrator_receipt.html",
        interview=found.interview,
        code=grouped,
        door=address(url_for("narrator.enter")),
        lines=lines(found.current),
    )


@room.post("/interviews/<uuid:id>/consent/requests/<int:number>")
@names(Act.CHANGE_CONSENT)
def see_to(id: UUID, number: int) -> AnyResponse:
    """A request of the narrator was seen to."""
    consents.see_to(house(), who(), id, number)
    return redirect(url_for("consents.consent", id=id), 303)


def lines(consent: Consent) -> list[str]:
    """What a consent says, one answer a line; of the protected list only how long it is."""
    terms = consent.terms
    research = _name(wording.RESEARCH, terms.research)
    if terms.research_from:
        research = f"{research} ({day(terms.research_from)})"
    told = [
        _("Name: %(answer)s", answer=_name(wording.NAMING, terms.naming)),
        _("Historians read: %(answer)s", answer=research),
        _("Historians hear: %(answer)s", answer=_name(wording.VOICE, terms.voice_for_research)),
        _("Passages published: %(answer)s", answer=_name(wording.EXCERPTS, terms.excerpts)),
        _("The public hears: %(answer)s", answer=_name(wording.VOICE, terms.voice_for_public)),
    ]
    if terms.embargo_until:
        told.append(_("Closed to everybody until %(day)s", day=day(terms.embargo_until)))
    number = len(consent.protected_names)
    told.append(ngettext("%(num)d name on the protected list", "%(num)d names on the protected list", number))
    if consent.given_on:
        told.append(_("Given on %(day)s", day=day(consent.given_on)))
    if consent.spoken:
        told.append(_("Spoken, on the recording"))
    return [str(line) for line in told]


def _name(options: tuple[wording.Option, ...], value: str) -> str:
    return str(next(option.name for option in options if option.value == value))


def _page(found: ConsentFile, form: ConsentForm, proof_form: ProofForm | None = None) -> str:
    return render_template(
        "consents/consent.html",
        file=found,
        form=form,
        proof_form=proof_form or ProofForm(),
        versions=_versions(found),
        megabytes=consents.LARGEST_PROOF // 1_000_000,
    )


def _versions(found: ConsentFile) -> list[VersionRow]:
    """Newest first."""
    rows: list[VersionRow] = []
    before: list[str] = []
    for number, one in enumerate((*found.earlier, found.current), 1):
        told: list[str] = lines(one)
        changed = [line for line in told if before and line not in before]
        by = found.names.get(one.recorded_by, "") if one.recorded_by else ""
        rows.insert(0, VersionRow(number, one.recorded_at, by, told, changed))
        before = told
    return rows
