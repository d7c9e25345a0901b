"""What the narrator agreed to, and until when. The most restrictive choice is the default of each part.

``Terms`` holds only choices, so that it can lie in the released layer and be asked at every reading; ``Consent`` adds
what is of the protected layer: the names to conceal, and how consent was given.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

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
    """The choices. ``research_from`` is the date of AFTER_DATE; ``embargo_until`` closes everything before that day."""

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


@dataclass(frozen=True, slots=True)
class Consent:
    """What was agreed, with the protected list. Of the protected layer: its repr shows nothing."""

    terms: Terms = field(default_factory=Terms)
    protected_names: tuple[str, ...] = field(default=(), repr=False)
    narrator: str = field(default="", repr=False)
    given_on: date | None = None
    spoken: bool = False


def _openness(voice: Voice) -> int:
    return list(Voice).index(voice)
