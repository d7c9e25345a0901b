"""The table of rights: who stands how to an interview, where the interview is, and what of it they may read or write.

Only what stands here is allowed. ``policy`` asks this table first; its rules can only take away from it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Resource(StrEnum):
    """What there is to read or write. The letters are those of the table."""

    ORIGINAL = "O"  # the recording and its unmasked decode
    TRANSCRIPT = "T"  # the text before pseudonymisation
    NAMES = "N"  # people, decisions, findings of the proof
    TEXT = "S"  # the released transcript; writing: ordering a release or stopping it
    SOUND = "B"  # the masked sound; writing: as for the text
    CATALOGUE = "C"  # number, title, stage, days
    CONSENT = "K"  # the narrator’s word, about the interview or one excerpt
    JOB = "J"  # the machine’s work: progress, trying again, stopping
    DRAFT = "X"  # proposed excerpts
    EXCERPT = "F"  # published excerpts
    VISIT = "V"  # the narrator’s own page: what others see of it, answers, stopping the sharing
    DISPOSITION = "D"  # withdrawing, reopening, moving to another collection
    STEP = "M"  # doing the machine’s work
    ACCESS = "A"  # collections, and grants to them
    ACCOUNTS = "G"  # accounts of others, invitations, codes for new passwords
    LOG = "L"  # the audit log
    HEALTH = "Z"  # keys, queue and counters
    OWN = "U"  # one’s own account
    NOTEBOOK = "Q"  # one’s own notebook: passages, notes, searches
    DOOR = "P"  # pages for everybody, signing in and out


class Access(StrEnum):
    """Reading or writing."""

    READ = "r"
    WRITE = "w"


class Standing(StrEnum):
    """How somebody stands to an interview.

    “granted”: holds a grant to its collection, today, with accepted terms. “narrator”: of this very interview.

    “enrolling”: is signed in, but has yet to take the second factor that the role asks for.
    """

    ANYONE = "anyone"
    ENROLLING = "enrolling"
    NARRATOR = "narrator"
    HISTORIAN = "historian"
    HISTORIAN_GRANTED = "historian, granted"
    INTERVIEWER = "interviewer"
    INTERVIEWER_GRANTED = "interviewer, granted"
    OWNER = "interviewer, own"
    ARCHIVIST = "archivist"
    ADMIN = "admin"
    OPERATOR = "operator"
    MACHINE = "machine"


class Situation(StrEnum):
    """Where an interview is, as far as rights go. HOUSE: no interview is asked about."""

    HOUSE = "house"
    RECEIVED = "received"  # and being transcribed
    IN_REVIEW = "in review"
    APPROVED = "approved"  # and being masked and verified
    RELEASED = "released"  # and open to research today
    CLOSED = "closed"  # released, but embargoed or not open to research
    WITHDRAWN = "withdrawn"


class Right(NamedTuple):
    """One access to one resource."""

    resource: Resource
    access: Access


TABLE = """
house                | P  U  O  S  C  K  A  G  L  Z  Q
anyone               | rw -  -  -  -  -  -  -  -  -  -
enrolling            | rw rw -  -  -  -  -  -  -  -  -
narrator             | rw -  -  -  -  -  -  -  -  -  -
historian            | rw rw -  r  -  -  -  -  -  -  rw
historian, granted   | rw rw -  r  -  -  -  -  -  -  rw
interviewer          | rw rw w  r  rw w  -  -  -  -  rw
interviewer, granted | rw rw w  r  rw w  -  -  -  -  rw
interviewer, own     | rw rw w  r  rw w  -  -  -  -  rw
archivist            | rw rw w  r  rw w  rw -  -  -  rw
admin                | rw rw -  -  -  -  -  rw r  r  -
machine              | -  -  -  -  -  -  -  -  -  -  -

received             | O  T  N  S  B  C  K  J  X  F  V  D  M
anyone               | -  -  -  -  -  -  -  -  -  -  -  -  -
enrolling            | -  -  -  -  -  -  -  -  -  -  -  -  -
narrator             | -  -  -  -  -  -  -  -  -  -  rw -  -
historian            | -  -  -  -  -  -  -  -  -  -  -  -  -
historian, granted   | -  -  -  -  -  -  -  -  -  -  -  -  -
interviewer          | -  -  -  -  -  -  -  -  -  -  -  -  -
interviewer, granted | -  -  -  -  -  -  -  -  -  -  -  -  -
interviewer, own     | w  -  -  -  -  rw rw rw -  -  -  -  -
archivist            | w  -  -  -  -  rw rw rw -  -  -  w  -
admin                | -  -  -  -  -  -  -  -  -  -  -  -  -
machine              | -  -  -  -  -  -  -  -  -  -  -  -  w

in review            | O  T  N  S  B  C  K  J  X  F  V  D  M
anyone               | -  -  -  -  -  -  -  -  -  -  -  -  -
enrolling            | -  -  -  -  -  -  -  -  -  -  -  -  -
narrator             | -  -  -  -  -  -  -  -  -  -  rw -  -
historian            | -  -  -  -  -  -  -  -  -  -  -  -  -
historian, granted   | -  -  -  -  -  -  -  -  -  -  -  -  -
interviewer          | -  -  -  -  -  -  -  -  -  -  -  -  -
interviewer, granted | -  -  -  -  -  -  -  -  -  -  -  -  -
interviewer, own     | r  rw rw w  rw r  rw r  -  -  -  -  -
archivist            | r  rw rw w  rw r  rw r  -  -  -  w  -
admin                | -  -  -  -  -  -  -  -  -  -  -  -  -
machine              | -  -  -  -  -  -  -  -  -  -  -  -  w

approved             | O  T  N  S  B  C  K  J  X  F  V  D  M
anyone               | -  -  -  -  -  -  -  -  -  -  -  -  -
enrolling            | -  -  -  -  -  -  -  -  -  -  -  -  -
narrator             | -  -  -  -  -  -  -  -  -  -  rw -  -
historian            | -  -  -  -  -  -  -  -  -  -  -  -  -
historian, granted   | -  -  -  -  -  -  -  -  -  -  -  -  -
interviewer          | -  -  -  -  -  -  -  -  -  -  -  -  -
interviewer, granted | -  -  -  -  -  -  -  -  -  -  -  -  -
interviewer, own     | r  r  r  w  rw r  rw rw -  -  -  -  -
archivist            | r  r  r  w  rw r  rw rw -  -  -  w  -
admin                | -  -  -  -  -  -  -  -  -  -  -  -  -
machine              | -  -  -  -  -  -  -  -  -  -  -  -  w

released             | O  T  N  S  B  C  K  J  X  F  V  D  M
anyone               | -  -  -  -  -  -  -  -  -  r  -  -  -
enrolling            | -  -  -  -  -  -  -  -  -  r  -  -  -
narrator             | -  -  -  r  r  -  -  -  -  r  rw -  -
historian            | -  -  -  -  -  -  -  -  -  r  -  -  -
historian, granted   | -  -  -  r  r  r  -  -  rw r  -  -  -
interviewer          | -  -  -  -  -  -  -  -  -  r  -  -  -
interviewer, granted | -  -  -  r  r  r  -  -  rw r  -  -  -
interviewer, own     | -  -  -  r  r  r  rw r  rw r  -  -  -
archivist            | -  -  -  r  r  r  rw r  rw rw -  w  -
admin                | -  -  -  -  -  -  -  -  -  r  -  -  -
machine              | -  -  -  -  -  -  -  -  -  r  -  -  w

closed               | O  T  N  S  B  C  K  J  X  F  V  D  M
anyone               | -  -  -  -  -  -  -  -  -  -  -  -  -
enrolling            | -  -  -  -  -  -  -  -  -  -  -  -  -
narrator             | -  -  -  -  -  -  -  -  -  -  rw -  -
historian            | -  -  -  -  -  -  -  -  -  -  -  -  -
historian, granted   | -  -  -  -  -  -  -  -  -  -  -  -  -
interviewer          | -  -  -  -  -  -  -  -  -  -  -  -  -
interviewer, granted | -  -  -  -  -  -  -  -  -  -  -  -  -
interviewer, own     | -  -  -  -  -  r  rw r  -  -  -  -  -
archivist            | -  -  -  -  -  r  rw r  -  -  -  w  -
admin                | -  -  -  -  -  -  -  -  -  -  -  -  -
machine              | -  -  -  -  -  -  -  -  -  -  -  -  w

withdrawn            | O  T  N  S  B  C  K  J  X  F  V  D  M
anyone               | -  -  -  -  -  -  -  -  -  -  -  -  -
enrolling            | -  -  -  -  -  -  -  -  -  -  -  -  -
narrator             | -  -  -  -  -  -  -  -  -  -  r  -  -
historian            | -  -  -  -  -  -  -  -  -  -  -  -  -
historian, granted   | -  -  -  -  -  -  -  -  -  -  -  -  -
interviewer          | -  -  -  -  -  -  -  -  -  -  -  -  -
interviewer, granted | -  -  -  -  -  -  -  -  -  -  -  -  -
interviewer, own     | -  -  -  -  -  r  -  r  -  -  -  -  -
archivist            | -  -  -  -  -  r  -  r  -  -  -  -  -
admin                | -  -  -  -  -  -  -  -  -  -  -  -  -
machine              | -  -  -  -  -  -  -  -  -  -  -  -  -
"""
"""One block for each situation, one row for each standing: r reads, w writes. What is not here is not allowed."""


_Rights = frozenset[tuple[Standing, Situation, Right]]


def _read(table: str) -> _Rights:
    """The cells of the table that say yes. ValueError or KeyError for what is no cell of it: a slip stops the start."""
    found = set()
    for block in table.strip().split("\n\n"):
        head, *lines = (line.split("|") for line in block.splitlines())
        situation, resources = Situation(head[0].strip()), [Resource(letter) for letter in head[1].split()]
        for who, cells in lines:
            for resource, cell in zip(resources, cells.split(), strict=True):
                accesses = "" if cell == "-" else cell
                found |= {(Standing(who.strip()), situation, Right(resource, Access(letter))) for letter in accesses}
    return frozenset(found)


CELLS = _read(TABLE)
"""Every yes of the table."""


def may(standing: Standing, situation: Situation, right: Right) -> bool:
    """What the table says. The operator, who holds the passphrase on the machine, may what archivist and admin may."""
    rows = (Standing.ARCHIVIST, Standing.ADMIN) if standing is Standing.OPERATOR else (standing,)
    return any((row, situation, right) in CELLS for row in rows)
