"""The forms: which fields there are and what they may hold. What the values mean is checked by the acts."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any, Self
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from archive.acts.description import Description
from archive.acts.intake import IntakeForm
from archive.collection import MAIN
from archive.consent import Consent, Excerpts, Naming, Research, Terms, Voice
from archive.errors import BadInput
from archive.web import wording
from archive.web.wording import Option


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """The gate has checked the CSRF token already; the field is drawn all the same."""

    def problem(self, field: str, sentence: str) -> None:
        """Shows a sentence beside a field, or above the form if it has no such field."""
        if field in self:
            self[field].errors = [*self[field].errors, sentence]
        else:
            self.form_errors.append(sentence)


class SignInForm(Form):
    """Name and password."""

    name = StringField(_l("Name"), [InputRequired()])
    password = PasswordField(_l("Password"), [InputRequired()])
    to = HiddenField()


class SecondStepForm(Form):
    """The second factor."""

    code = StringField(_l("Code"), [InputRequired()])
    to = HiddenField()


class InvitationForm(Form):
    """Taking up an invitation."""

    invitation = StringField(_l("Invitation code"), [InputRequired()])
    name = StringField(_l("Name you will sign in with"), [InputRequired()])
    password = PasswordField(_l("Password"), [InputRequired()])


class NewPasswordForm(Form):
    """Setting another password with a code that an administrator issued."""

    reset = StringField(_l("Code you were given"), [InputRequired()])
    password = PasswordField(_l("New password"), [InputRequired()])


def _radio(label: Any, options: tuple[Option, ...]) -> RadioField:
    choices = [SelectChoice(option.value, option.name) for option in options]
    return RadioField(label, choices=choices, default=options[0].value)


class ConsentForm(Form):
    """What the narrator agreed to. The first option of every choice is the most restrictive one."""

    naming = _radio(_l("How may the narrator be called?"), wording.NAMING)
    research = _radio(_l("May historians read it?"), wording.RESEARCH)
    research_from = DateField(_l("After which date"), [Optional()])
    voice_for_research = _radio(_l("What may historians hear?"), wording.VOICE)
    excerpts = _radio(_l("May passages be published?"), wording.EXCERPTS)
    voice_for_public = _radio(_l("What may the public hear?"), wording.VOICE)
    embargo_until = DateField(_l("Closed to everybody until"), [Optional()])
    protected_names = TextAreaField(_l("Names to conceal wherever they occur"))
    narrator = StringField(_l("The narrator’s name, first name first"))
    given_on = DateField(_l("Day on which consent was given"), [Optional()])
    spoken = BooleanField(_l("Consent was spoken and is on the recording"))

    def consent(self) -> Consent:
        """What was agreed. Raises BadInput where choices contradict each other."""
        after = Research(self.research.data) is Research.AFTER_DATE
        terms = Terms(
            naming=Naming(self.naming.data),
            voice_for_research=Voice(self.voice_for_research.data),
            voice_for_public=Voice(self.voice_for_public.data),
            research=Research(self.research.data),
            research_from=self.research_from.data if after else None,
            excerpts=Excerpts(self.excerpts.data),
            embargo_until=self.embargo_until.data,
        )
        lines = (line.strip() for line in (self.protected_names.data or "").splitlines())
        return Consent(
            terms=terms,
            protected_names=tuple(line for line in lines if line),
            narrator=" ".join((self.narrator.data or "").split()),
            given_on=self.given_on.data,
            spoken=bool(self.spoken.data),
        )

    @classmethod
    def of(cls, consent: Consent) -> Self:
        """Filled with what holds now."""
        return cls(
            formdata=None,
            **{item.name: getattr(consent.terms, item.name) for item in fields(Terms)},
            protected_names="\n".join(consent.protected_names),
            narrator=consent.narrator,
            given_on=None,
            spoken=False,
        )


class DescriptionForm(Form):
    """What is written about an interview: at the intake, and corrected in review."""

    title = StringField(_l("Title"))
    places = StringField(_l("Places it speaks of"))
    themes = StringField(_l("Themes"))
    left_in = StringField(_l("Year of leaving the country"))

    def description(self) -> Description:
        """What was typed. Raises BadInput for what is no year."""
        return Description(
            title=(self.title.data or "").strip(),
            places=_listed(self.places.data),
            themes=_listed(self.themes.data),
            left_in=_year(self.left_in.data),
        )

    @classmethod
    def holding(cls, written: Description) -> Self:
        """Filled with what is there."""
        return cls(
            formdata=None,
            title=written.title,
            places=as_typed(written.places),
            themes=as_typed(written.themes),
            left_in=str(written.left_in or ""),
        )


class NewInterviewForm(ConsentForm, DescriptionForm):
    """Consent first, then the recording."""

    recording = FileField(_l("Recording"))
    even_damaged = BooleanField(_l("It is damaged and there is no better copy: take what can be read"))
    language = SelectField(
        _l("Language of the conversation"),
        choices=[
            SelectChoice("ru", _l("Russian")),
            SelectChoice("uk", _l("Ukrainian")),
            SelectChoice("en", _l("English")),
            SelectChoice("auto", _l("find out")),
        ],
    )
    recorded_on = DateField(_l("Day of the recording"), [Optional()])
    collection = SelectField(_l("Collection"), choices=[], validate_choice=False)
    notes = TextAreaField(_l("Notes for the archive"))

    def filled(self, file_name: str) -> IntakeForm:
        """What is to be received with a recording. Raises as ``consent``."""
        about = self.description()
        return IntakeForm(
            consent=self.consent(),
            title=about.title,
            language=self.language.data,
            recorded_on=self.recorded_on.data,
            places=about.places,
            themes=about.themes,
            left_in=about.left_in,
            file_name=file_name,
            notes=self.notes.data or "",
            even_damaged=bool(self.even_damaged.data),
            collection=self._collection(),
        )

    def _collection(self) -> UUID:
        try:
            return UUID(self.collection.data) if self.collection.data else MAIN
        except ValueError:
            raise BadInput("Choose a collection from the list.", "collection") from None

    def problems(self) -> dict[str, list[str]]:
        """What is wrong with which field, for our scripts; the field None is the form itself."""
        return {name: [str(line) for line in found] for name, found in self.errors.items()}


def _year(typed: str | None) -> int | None:
    plain = (typed or "").strip()
    if plain and not (len(plain) == 4 and plain.isascii() and plain.isdecimal()):
        raise BadInput("Write the year with four figures, like 1991.", "left_in")
    return int(plain) if plain else None


def _listed(typed: str | None) -> tuple[str, ...]:
    """What stands between commas, or between semicolons if there is one, each once."""
    plain = typed or ""
    values = (" ".join(part.split()) for part in plain.split(";" if ";" in plain else ","))
    return tuple(dict.fromkeys(value for value in values if value))


def as_typed(values: tuple[str, ...]) -> str:
    """What ``_listed`` reads as these values: a consent file may have one with a comma in it."""
    return "".join(f"{value}; " for value in values).strip() if "," in "".join(values) else ", ".join(values)


class RequestForm(Form):
    """A narrator's wish."""

    request = TextAreaField(_l("What is to be concealed, changed or hidden?"), [InputRequired()])


class CodeForm(Form):
    """The code of a narrator's receipt."""

    code = StringField(_l("Code of your receipt"), [InputRequired()])


class ProofForm(Form):
    """A signed paper or a spoken consent."""

    proof = FileField(_l("Signed paper or spoken consent"))


class ProposalForm(Form):
    """A passage of an interview that is proposed as an excerpt; times as a person reads them off (12:04.5)."""

    start = StringField(_l("From"), [InputRequired()])
    end = StringField(_l("To"), [InputRequired()])
    voice = RadioField(_l("Form of voice"), choices=[SelectChoice(key, name) for key, name in wording.VOICES.items()])
    title = StringField(_l("Title"))
    context = TextAreaField(_l("Context: what a stranger needs to know"))


class AgreementForm(Form):
    """The day on which the narrator said yes to an excerpt."""

    agreed_on = DateField(_l("The narrator agreed on"), [InputRequired()], default=date.today)
