"""Names and direct identifiers: found (detector), put together into people (grouping), looked for again (recur).

Nothing here changes a text or a sound: that is transcripts/pseudonyms and transcripts/sound.
"""

from transcripts.names.detector import Detector, Thresholds
from transcripts.names.figures import PublicFigures
from transcripts.names.grouping import group
from transcripts.names.mention import Label, Mention, Passage
from transcripts.names.people import Choice, Decision, Decisions, Person, Roster, as_decided

__all__ = [
    "Choice",
    "Decision",
    "Decisions",
    "Detector",
    "Label",
    "Mention",
    "Passage",
    "Person",
    "PublicFigures",
    "Roster",
    "Thresholds",
    "as_decided",
    "group",
]
