"""Names and direct identifiers: found (detector), put together into people (grouping), looked for again (recur).

Nothing here changes a text or a sound: that is transcripts/pseudonyms and transcripts/sound. As a library:

>>> from transcripts.names import Detector, Passage, PublicFigures
>>> from transcripts.shipped import shipped
>>> detector = Detector(PublicFigures.load(shipped("public_figures.toml")))
>>> text = "Меня зовут Ирина Лебедева, а про Путина молчали."
>>> [(text[one.start:one.end], one.label.value, one.why) for one in detector.find([Passage(text, "ru")])]
[('Лебедева', 'surname', 'tagged-surname'), ('Путина', 'surname', 'public-figure')]

``find`` takes all turns of an interview at once, so that a name that is sure in one place is found in the others; a
second argument lists names to find in any form. For Presidio see transcripts/names/presidio.py.
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
