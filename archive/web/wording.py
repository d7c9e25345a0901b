"""What stages, roles, choices and decisions are called on the pages: one table each, by the enums' values."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from archive import reasons

ROLES: dict[str, LazyString] = {
    "historian": _l("Historian"),
    "interviewer": _l("Interviewer"),
    "archivist": _l("Archivist"),
    "admin": _l("Administrator"),
}
ROLE_MAY: dict[str, LazyString] = {
    "historian": _l("searches, reads and hears what was released for research, proposes excerpts"),
    "interviewer": _l("uploads interviews, decides about names in them, approves them"),
    "archivist": _l("all that interviewers do, for all interviews; publishes excerpts, withdraws"),
    "admin": _l("accounts and health of the archive; sees no content"),
}
VOICES: dict[str, LazyString] = {
    "text-only": _l("read as text"),
    "disguised": _l("disguised voice"),
    "own": _l("own voice"),
}
STAGES: dict[str, LazyString] = {
    "received": _l("Received"),
    "transcribed": _l("Transcribed"),
    "in-review": _l("Ready for review"),
    "approved": _l("Approved"),
    "masked": _l("Sound masked"),
    "verified": _l("Checked"),
    "released": _l("Released"),
    "withdrawn": _l("Withdrawn"),
}
WORKING: dict[str, LazyString] = {
    "received": _l("Listening"),
    "transcribed": _l("Looking for names"),
    "approved": _l("Covering names in the sound"),
    "masked": _l("Listening for names that can still be heard"),
    "verified": _l("Putting it into the search index"),
}
DECISIONS: dict[str, LazyString] = {
    "conceal": _l("Conceal"),
    "keep": _l("Keep"),
    "public-figure": _l("Public figure"),
}
LABELS: dict[str, LazyString] = {code: _l(words) for code, words in reasons.LABELS.items()}
TRAITS: dict[str, LazyString] = {
    "village": _l("small place"),
    "town": _l("town"),
    "employer": _l("employer"),
    "school": _l("school or university"),
    "unit": _l("military unit"),
    "date": _l("exact date"),
    "office": _l("rare profession or office"),
    "family": _l("family"),
}
WHY: dict[str, LazyString] = {code: _l(words) for code, words in reasons.WHY.items()}
FAMILY = _l("family")
RELATIONS: dict[str, LazyString] = {
    "narrator": _l("the narrator"),
    "mother": _l("mother"),
    "father": _l("father"),
    "brother": _l("brother"),
    "sister": _l("sister"),
    "wife": _l("wife"),
    "husband": _l("husband"),
    "son": _l("son"),
    "daughter": _l("daughter"),
    "grandmother": _l("grandmother"),
    "grandfather": _l("grandfather"),
    "grandchild": _l("grandchild"),
    "aunt": _l("aunt"),
    "uncle": _l("uncle"),
    "cousin": _l("cousin"),
    "nephew": _l("nephew or niece"),
    "in-law": _l("relative by marriage"),
    "friend": _l("friend"),
    "neighbour": _l("neighbour"),
    "colleague": _l("colleague"),
    "superior": _l("superior"),
    "teacher": _l("teacher"),
    "classmate": _l("classmate"),
    "doctor": _l("doctor or nurse"),
    "lawyer": _l("lawyer"),
    "police": _l("police officer or investigator"),
    "judge": _l("judge or prosecutor"),
    "cellmate": _l("cellmate"),
}
DOUBTS: dict[str, LazyString] = {
    "unsure": _l("the recognizer was unsure"),
    "phantom": _l("may be invented: a phrase from subtitles"),
    "repeated": _l("may be invented: the same again and again"),
    "slow": _l("may be invented: nobody speaks so slowly"),
}
EXCERPT_STATES: dict[str, LazyString] = {
    "proposed": _l("Proposed"),
    "published": _l("Published"),
    "declined": _l("Declined"),
    "withdrawn": _l("Withdrawn"),
}


def sureness(value: float) -> LazyString:
    """How sure a finder is, in words."""
    return _l(reasons.sureness(value))


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of the consent form: what it is called, and what it means for the narrator."""

    value: str
    name: LazyString
    means: LazyString


NAMING = (
    Option("no-name", _l("No name"), _l("Whoever reads learns no name at all. Safest.")),
    Option("cover-name", _l("Cover name"), _l("An invented name. People who know the story may still recognise it.")),
    Option(
        "first-name", _l("First name only"), _l("With the place and the story, a first name is often enough to guess.")
    ),
    Option(
        "full-name", _l("Full name"), _l("Everybody can find the narrator, and the relatives who share the surname.")
    ),
)
VOICE = (
    Option("text-only", _l("Text only"), _l("Nobody hears the voice. Safest.")),
    Option("disguised", _l("Disguised voice"), _l("Changed in pitch. Friends may know it, and software may undo it.")),
    Option("own", _l("Own voice"), _l("A voice can be recognised by people and by machines, like a fingerprint.")),
)
RESEARCH = (
    Option("no", _l("No"), _l("Only the archive keeps it. Nobody reads it for research.")),
    Option(
        "after-date",
        _l("After a date"),
        _l("Closed until then. On that day the archive asks again; nothing opens by itself."),
    ),
    Option(
        "yes",
        _l("Yes"),
        _l("Historians with an account read it, with names withheld. We cannot look over their shoulders."),
    ),
)
EXCERPTS = (
    Option("never", _l("Never"), _l("Nothing is shown to the public.")),
    Option("ask", _l("Ask me each time"), _l("A passage is published only after the narrator has said yes to it.")),
    Option(
        "yes",
        _l("Yes"),
        _l("Passages may be published. What was once public can be copied, even if it is taken back here."),
    ),
)
