"""The door that every line typed about an interview goes through before others read it."""

from __future__ import annotations

from archive.acts.review import choices_from
from archive.catalogue import PaperKind
from archive.interview import Interview
from archive.parts import Archive
from archive.policy import MACHINE, Act
from transcripts.names import Roster
from transcripts.pseudonyms import conceal_text


def concealed(house: Archive, interview: Interview, text: str) -> str:
    """The text without any name that the interview's roster or the finders conceal.

    The roster is opened for the machine, not for the person who typed; nothing of it comes back but the text.
    """
    if not text:
        return ""
    permit = house.require(Act.PROCESS, MACHINE, interview)
    with house.catalogue.reading() as ledger:
        roster = ledger.papers.get(permit, interview.id, PaperKind.ROSTER)
        decisions = ledger.papers.get(permit, interview.id, PaperKind.DECISIONS)
    if roster is None or decisions is None:
        return conceal_text(text, interview.language, house.detector)
    known = Roster.from_json(roster.content), choices_from(decisions.content)
    return conceal_text(text, interview.language, house.detector, *known)
