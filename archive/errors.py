"""Everything that can go wrong in archive/, as one tree; the same manners as transcripts/errors.py.

A message holds ids, codes and numbers, never a name, a text, a search word or a file name.
"""

from __future__ import annotations

from transcripts.errors import GolosaError


class ArchiveError(GolosaError):
    """The root of the tree."""

    code = "archive"


class BadSettings(ArchiveError):
    """One or more settings are wrong; ``problems`` lists all of them."""

    code = "bad-settings"
    says = "The settings cannot be used: {problems}"


class NoArchive(ArchiveError):
    """There is no archive in that folder."""

    code = "no-archive"
    says = "There is no archive here. Make one with “golosa init”."


class ArchiveExists(ArchiveError):
    """An archive is there already and is not touched."""

    code = "archive-exists"
    says = "There is an archive here already; nothing was changed."


class Refused(ArchiveError):
    """Policy says no. Over HTTP this is a 404 identical to an unknown id."""

    code = "refused"
    says = "This is not allowed."


class Unknown(ArchiveError):
    """No such thing, or nothing this person may know of."""

    code = "unknown"
    says = "There is nothing here under that name."


class IllegalMove(ArchiveError):
    """An event that the interview's stage does not admit."""

    code = "illegal-move"
    says = "This cannot be done at the stage the interview is at now."


class NothingStopped(ArchiveError):
    """Trying again what waits or is under way."""

    code = "nothing-stopped"
    says = "Nothing has stopped here: the work waits for its turn or is under way."


class Conflict(ArchiveError):
    """Somebody else changed it since it was read."""

    code = "conflict"
    says = "Somebody else has changed this meanwhile. Your change was not written: look at theirs, then repeat yours."


class BadInput(ArchiveError):
    """What a person typed cannot be used; ``field`` names the form field."""

    code = "bad-input"
    says = "Please check what was entered."

    def __init__(self, says: str, field: str = "", **facts: float | int | str) -> None:
        super().__init__(says, **facts)
        self.says = says
        self.field = field


class UploadInUse(ArchiveError):
    """Another request writes to this upload, or finishes it."""

    code = "upload-in-use"
    says = "This file is being sent from another window. Wait a moment, or go on there."


class WrongOffset(Conflict):
    """A piece of an upload that does not begin where the stored bytes end."""

    code = "wrong-offset"
    says = "The archive has another number of bytes of this file: ask for it, then go on from there."


class TooLarge(ArchiveError):
    """More bytes than a recording may have, or than its sender announced."""

    code = "too-large"
    says = "The file is larger than this archive accepts, or than was said before it was sent."


class PieceDamaged(ArchiveError):
    """A piece of an upload whose checksum is another one than its sender's. Nothing of it was kept."""

    code = "piece-damaged"
    says = "A piece of the file was damaged on its way. It was not kept: send it again."


class NotAllArrived(Conflict):
    """An upload that is to be entered before its last byte is here."""

    code = "not-all-arrived"
    says = "Not all of the file has arrived. Go on with sending it."


class Undecided(ArchiveError):
    """Approval was asked for while people are left to decide."""

    code = "undecided"
    says = "{left} people are still to be decided. Decide them, then approve."


class NotSettled(ArchiveError):
    """Approval was asked for a text that was changed after everybody in it was found."""

    code = "not-settled"
    says = "The text was changed since names were looked for in it. Open the preview again, then approve."


class SignedAlready(ArchiveError):
    """This archive asks for the signatures of two people, and the one who approves gave the first."""

    code = "signed-already"
    says = "You have approved this already. Now somebody else has to read and approve it."


class NamesLeft(ArchiveError):
    """The second pass over the released text found a concealed form, a cover name that is one among them."""

    code = "names-left"
    says = (
        "A concealed name would still stand in the text at {places}. Send it back to review, look there and at the "
        "cover names, then approve again."
    )


class NotMasked(ArchiveError):
    """The masked file does not hold the tone alone where it must."""

    code = "not-masked"
    says = (
        "Something of the original may be left in the masked sound at {places}. Send it back to review, listen there "
        "and say what you hear, then approve again: it is then masked anew."
    )


class StillHeard(ArchiveError):
    """Verification heard concealed names in the masked sound."""

    code = "still-heard"
    says = (
        "A concealed name may still be heard at {places}. Send it back to review, listen there and say what you hear,"
        " then approve again."
    )


class EnoughForToday(ArchiveError):
    """Somebody who reads by grant has opened as many interviews as the archive shows one reader in a day."""

    code = "enough-for-today"
    says = (
        "You have opened {most} interviews today, as many as this archive shows one reader in a day. Those stay open "
        "to you; go on with others tomorrow, or ask an archivist."
    )


class HeardEnoughToday(ArchiveError):
    """Somebody who reads by grant has heard as many unopened interviews as the archive plays one reader in a day."""

    code = "heard-enough-today"
    says = (
        "You have heard {most} interviews today without opening them, as many as this archive plays one reader in a "
        "day. Open this one to hear it, go on tomorrow, or ask an archivist."
    )


class BadQuery(ArchiveError):
    """A search that cannot be run."""

    code = "bad-query"
    says = "This search cannot be run. Try fewer or longer words."


class EmptyQuery(BadQuery):
    """Nothing to look for: no word at all, signs only, or only what is not wanted."""

    code = "empty-query"
    says = "There is no word to look for here. Type at least one that should be there, not only what should be missing."


class QueryTooLong(BadQuery):
    """More characters than a query may have."""

    code = "query-too-long"
    says = "This is too long for a search: {most} characters at most."


class TooManyWords(BadQuery):
    """More words than a query may have."""

    code = "too-many-words"
    says = "These are too many words for one search: {most} at most."


class TooManyShapes(BadQuery):
    """More different words with a star or a tilde than are looked up at once."""

    code = "too-many-shapes"
    says = "These are too many words with a star or a tilde for one search: {most} at most."


class TooManyNear(BadQuery):
    """More words that are to stand near each other than a query may have."""

    code = "too-many-near"
    says = "At most {most} words can be looked for near each other."


class QueryTooDeep(BadQuery):
    """Groups within groups within groups."""

    code = "query-too-deep"
    says = "There are too many brackets within brackets. Take some of them out."


class WordTooShort(BadQuery):
    """A beginning or a pattern that nearly every word fits."""

    code = "word-too-short"
    says = "With a star a word needs at least {least} letters, or too many words fit."


class YearUnclear(BadQuery):
    """A year or a range of years that cannot be read."""

    code = "year-unclear"
    says = "This year cannot be read. Write year:2019, year:2019..2022, year:..1990 or year:1991.."


class VaultError(ArchiveError):
    """Root of what is wrong with keys and sealed files."""

    code = "vault"


class WrongPassphrase(VaultError):
    """No slot opens with it."""

    code = "wrong-passphrase"
    says = "The passphrase is wrong. Nothing was opened and nothing was changed."


class Locked(VaultError):
    """The root key is not in memory."""

    code = "locked"
    says = "The archive is locked. Unlock it on the machine it runs on."


class Tampered(VaultError):
    """A sealed thing was changed, cut, swapped, or the key is another one's."""

    code = "tampered"
    says = "A stored file is damaged or was changed. It is not used. Run “golosa verify” and restore it from a backup."


class KeyGone(VaultError):
    """The key was destroyed (withdrawal, sealing) or never was."""

    code = "key-gone"
    says = "The key to this is not on this machine."


class OutOfSpace(VaultError):
    """The disk is full or a quota is reached; nothing half-written is left. Also said by what only wanted to read."""

    code = "out-of-space"
    says = (
        "The disk is full or a quota is reached. Nothing new was stored, what is here is not harmed: free some space "
        "and try again."
    )


class CatalogueError(ArchiveError):
    """Root of what is wrong with the catalogue's file."""

    code = "catalogue"
    says = "The catalogue cannot be used. Run “golosa doctor” on the machine it lies on."


class CatalogueGone(CatalogueError):
    """There are recordings but no catalogue: an empty one must not be taken for theirs."""

    code = "catalogue-gone"
    says = (
        "The catalogue is missing, but recordings are here. Nothing was changed: put catalogue.db back from a backup."
    )


class Busy(CatalogueError):
    """Another process held the catalogue longer than one waits; nothing was written."""

    code = "busy"
    says = "The archive is busy. Nothing was changed: please try again in a moment."


class NewerCatalogue(CatalogueError):
    """The catalogue was made by a later version of the program; it is not touched."""

    code = "newer-catalogue"
    says = "This archive was made by a newer version of Golosa. Install that version or a later one."
