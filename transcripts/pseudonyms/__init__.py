"""Decisions applied to text: the released transcript, and the spans of sound that must fall silent.

What is unsure or undecided is concealed, what is protected always. Times never move. The finding itself is in
transcripts/names.
"""

from transcripts.pseudonyms.clashes import clashes
from transcripts.pseudonyms.listened import Cleared, Listened
from transcripts.pseudonyms.places import Replacement, filled, replacements
from transcripts.pseudonyms.proof import Finding, second_pass, still_heard
from transcripts.pseudonyms.released import MADE_BY, Released, pseudonymise
from transcripts.pseudonyms.silences import silences
from transcripts.pseudonyms.titles import Find, conceal_text
from transcripts.pseudonyms.translated import Rendered, is_strangers, pseudonymise_translation, stranger_key
from transcripts.pseudonyms.unwritten import unwritten

__all__ = [
    "MADE_BY",
    "Cleared",
    "Find",
    "Finding",
    "Listened",
    "Released",
    "Rendered",
    "Replacement",
    "clashes",
    "conceal_text",
    "filled",
    "is_strangers",
    "pseudonymise",
    "pseudonymise_translation",
    "replacements",
    "second_pass",
    "silences",
    "still_heard",
    "stranger_key",
    "unwritten",
]
