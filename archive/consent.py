"""What the narrator agreed to, and until when. The most restrictive choice is the default of each part.

``Terms`` holds only choices, so that it can lie in the released layer and be asked at every reading; ``Consent`` adds
what is of the protected layer: the names to conceal, and how consent was given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from archive.errors import BadInput


class Naming(StrEnum):
    """How the narrator may be called."""

    NO_NAME = "no-name"
    COVER_NAME = "cover-name"
    FIRST_NAME = "first-name"
    FULL_NAME = "full-name"


class Voice(StrEnum):
    """In which form the voice may be heard."""

    TEXT_ONLY = "text-only"
    DISGUISED = "disguised"
    OWN = "own"


class Research(StrEnum):
    """Whether historians may read and hear it. AFTER_DATE opens nothing by itself: a person is asked then."""

    NO = "no"
    AFTER_DATE = "after-date"
    YES = "yes"


class Excerpts(StrEnum):
    """Whether passages may be published."""

    NEVER = "never"
    ASK = "ask"
    YES = "yes"


@dataclass(frozen=True, slots=True)
class Terms:
    """The choices. ``research_from`` is the date of AFTER_DATE; ``embargo_until`` closes everything
    until a person lifts it: on that day the archive asks for it, and opens nothing by itself."""

    naming: Naming = Naming.NO_NAME
    voice_for_research: Voice = Voice.TEXT_ONLY
    voice_for_public: Voice = Voice.TEXT_ONLY
    research: Research = Research.NO
    research_from: date | None = None
    excerpts: Excerpts = Excerpts.NEVER
    embargo_until: date | None = None

    def __post_init__(self) -> None:
        if (self.research is Research.AFTER_DATE) != (self.research_from is not None):
            raise BadInput("Say the date after which research may be asked for, or choose yes or no.", "research_from")
        if self.research is Research.NO and self.excerpts is not Excerpts.NEVER:
            raise BadInput("Excerpts cannot be published from an interview closed to research.", "excerpts")
        if _openness(self.voice_for_public) > _openness(self.voice_for_research):
            raise BadInput("The public cannot hear more of the voice than researchers do.", "voice_for_public")

    @property
    def days(self) -> tuple[date | None, date | None]:
        """On which the narrator is to be asked again."""
        return self.research_from, self.embargo_until

    def as_json(self) -> dict[str, str | None]:
        """A plain object that ``from_json`` turns back into equal terms."""
        return {
            "naming": self.naming,
            "voice_for_research": self.voice_for_research,
            "voice_for_public": self.voice_for_public,
            "research": self.research,
            "research_from": _text(self.research_from),
            "excerpts": self.excerpts,
            "embargo_until": _text(self.embargo_until),
        }

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Self:
        """The terms in ``found``, as ``as_json`` wrote them."""
        return cls(
            naming=Naming(found["naming"]),
            voice_for_research=Voice(found["voice_for_research"]),
            voice_for_public=Voice(found["voice_for_public"]),
            research=Research(found["research"]),
            research_from=_day(found["research_from"]),
            excerpts=Excerpts(found["excerpts"]),
            embargo_until=_day(found["embargo_until"]),
        )


@dataclass(frozen=True, slots=True)
class Consent:
    """What was agreed, with the protected list. Of the protected layer: its repr shows nothing.

    ``recorded_by`` (None: on the command line, or by the narrator) wrote it down at ``recorded_at``.
    """

    terms: Terms = field(default_factory=Terms)
    protected_names: tuple[str, ...] = field(default=(), repr=False)
    narrator: str = field(default="", repr=False)
    given_on: date | None = None
    spoken: bool = False
    recorded_by: UUID | None = None
    recorded_at: datetime | None = None

    @property
    def concealed_names(self) -> tuple[str, ...]:
        """The protected list with what the choice of naming withholds of the narrator's own name.

        ``narrator`` is written first name first; surnames of others are concealed whatever is chosen here.
        """
        own = self.narrator.split()
        withheld = {Naming.FULL_NAME: [], Naming.FIRST_NAME: own[1:]}.get(self.terms.naming, own)
        return (*self.protected_names, *withheld)

    def as_json(self) -> dict[str, Any]:
        """A plain object that ``from_json`` turns back into an equal consent."""
        return {
            "terms": self.terms.as_json(),
            "protected_names": list(self.protected_names),
            "narrator": self.narrator,
            "given_on": _text(self.given_on),
            "spoken": self.spoken,
            "recorded_by": str(self.recorded_by) if self.recorded_by else None,
            "recorded_at": _text(self.recorded_at),
        }

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Self:
        """The consent in ``found``, as ``as_json`` wrote it."""
        return cls(
            terms=Terms.from_json(found["terms"]),
            protected_names=tuple(found["protected_names"]),
            narrator=found["narrator"],
            given_on=_day(found["given_on"]),
            spoken=found["spoken"],
            recorded_by=UUID(found["recorded_by"]) if found.get("recorded_by") else None,
            recorded_at=datetime.fromisoformat(found["recorded_at"]) if found.get("recorded_at") else None,
        )


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _openness(voice: Voice) -> int:
    return list(Voice).index(voice)
