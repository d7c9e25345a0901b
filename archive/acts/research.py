"""Reading and hearing one interview of the released layer, as far as consent allows it today."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from archive.acts.streams import SoundStream, stream
from archive.catalogue import Blob, Kind, Ledger
from archive.consent import Voice
from archive.errors import BadInput, EnoughForToday, HeardEnoughToday, Tampered, Unknown
from archive.interview import Interview
from archive.parts import Archive
from archive.policy import Act, Case, Permit, Principal, allows, enough_for_today
from archive.search import Texts
from transcripts.translation import Translation
from transcripts.words import Transcript

_HEARING = (Act.READ_RELEASED, Act.HEAR_RELEASED)
_HEARD_FOR_ONE_OPENED = 5
"""How many interviews may be heard in a day, unopened, for each that may be opened."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One released interview, and what its collection is called ("" for one without a name).

    ``beside``: a translation of it, turn by turn.
    """

    interview: Interview
    transcript: Transcript
    collection: str = field(repr=False)
    may_hear: bool
    may_propose: bool
    beside: Translation | None = None


def read(house: Archive, who: Principal, id: UUID, beside: str = "") -> Reading:
    """The released transcript; ``beside`` it what was translated into that language, if anything was.

    Raises EnoughForToday, Refused, Unknown.
    """
    interview, permit = _open(house, who, id, Act.READ_RELEASED)
    with house.catalogue.writing() as ledger:
        note_reading(house, ledger, house.case(who, interview))
        collection = ledger.collections.get(interview.collection).name
    case = house.case(who, interview)
    return Reading(
        interview=interview,
        transcript=released(house, permit),
        collection=collection,
        may_hear=allows(Act.HEAR_RELEASED, case),
        may_propose=allows(Act.PROPOSE_EXCERPT, case),
        beside=translation(house, permit, beside),
    )


def read_on(house: Archive, who: Principal, id: UUID, beside: str = "") -> tuple[Transcript, Translation | None]:
    """The same words again, of what is being read: noted and counted only if it was not opened yet today.

    Raises EnoughForToday, Refused, Unknown.
    """
    interview, permit = _open(house, who, id, Act.READ_RELEASED)
    with house.catalogue.reading() as ledger:
        opened = who.account is not None and id in opened_today(house, ledger, who.account)
    if not opened:
        with house.catalogue.writing() as ledger:
            note_reading(house, ledger, house.case(who, interview))
    return released(house, permit), translation(house, permit, beside)


def export(house: Archive, who: Principal, id: UUID, language: str = "") -> Transcript:
    """The released transcript, or its translation, for a copy that leaves the archive.

    Raises BadInput, EnoughForToday, Refused, Unknown.
    """
    interview, permit = _open(house, who, id, Act.EXPORT)
    if language and language not in interview.translations:
        raise BadInput("There is no translation into this language.", "language")
    with house.catalogue.writing() as ledger:
        note_reading(house, ledger, house.case(who, interview))
        ledger.audit.append(Act.EXPORT, who.account, id, house.now())
    transcript = released(house, permit)
    if not language:
        return transcript
    found = translation(house, permit, language)
    if found is None:  # released anew meanwhile, without it
        raise Unknown
    return found.transcript(transcript)


def sound(house: Archive, who: Principal, id: UUID) -> SoundStream:
    """The masked sound, in the form of voice that the narrator allows researchers.

    Raises HeardEnoughToday, Refused, Unknown.
    """
    with house.catalogue.reading() as ledger:
        interview = ledger.interviews.get(id)
        noted = who.account is None or id in _since_midnight(house, ledger, who.account, *_HEARING)
    permit = house.require(Act.HEAR_RELEASED, who, interview)
    if not noted:
        _note_hearing(house, house.case(who, interview))
    own = interview.terms.voice_for_research is Voice.OWN
    kind = Kind.MASKED_SOUND if own else Kind.DISGUISED_SOUND
    return stream(house, permit, of_this_release(house, permit, kind))


def peaks(house: Archive, who: Principal, id: UUID) -> bytes:
    """The waveform of the masked sound, 20 bytes a second (0 to 255). Raises Refused, Unknown."""
    _, permit = _open(house, who, id, Act.HEAR_RELEASED)
    with house.vault.open(permit, of_this_release(house, permit, Kind.PEAKS)) as reader:
        return reader.read()


def note_reading(house: Archive, ledger: Ledger, case: Case) -> None:
    """That somebody reads an interview or a part of it: logged and limited by day. Raises EnoughForToday."""
    assert case.interview is not None
    account, most = case.principal.account, house.settings.reading.interviews_a_day
    if account is not None and enough_for_today(case, opened_today(house, ledger, account), most):
        raise EnoughForToday(most=most)
    ledger.audit.append(Act.READ_RELEASED, account, case.interview.id, house.now())


def opened_today(house: Archive, ledger: Ledger, account: UUID) -> frozenset[UUID]:
    """Interviews that were read by this account since midnight."""
    return _since_midnight(house, ledger, account, Act.READ_RELEASED)


def _note_hearing(house: Archive, case: Case) -> None:
    """That somebody hears an interview which they did not open: logged once a day, and limited.

    Raises HeardEnoughToday.
    """
    assert case.interview is not None
    assert case.principal.account is not None
    account, id = case.principal.account, case.interview.id
    most = _HEARD_FOR_ONE_OPENED * house.settings.reading.interviews_a_day
    with house.catalogue.writing() as ledger:
        heard = _since_midnight(house, ledger, account, Act.HEAR_RELEASED)
        if id in heard:  # a player asks for several pieces at once
            return
        if enough_for_today(case, heard - opened_today(house, ledger, account), most):
            raise HeardEnoughToday(most=most)
        ledger.audit.append(Act.HEAR_RELEASED, account, id, house.now())


def _since_midnight(house: Archive, ledger: Ledger, account: UUID, *acts: Act) -> frozenset[UUID]:
    morning = house.now().replace(hour=0, minute=0, second=0, microsecond=0)
    return ledger.audit.subjects(acts, account, morning)


def released(house: Archive, permit: Permit) -> Transcript:
    """The released transcript that the permit is for."""
    return Transcript.from_json(house.vault.open_json(permit, of_this_release(house, permit, Kind.RELEASED_TRANSCRIPT)))


def translation(house: Archive, permit: Permit, language: str) -> Translation | None:
    """The released translation into a language, if there is one."""
    with house.catalogue.reading() as ledger:
        assert permit.interview is not None
        if language not in ledger.interviews.get(permit.interview).translations:
            return None
    kept = house.vault.open_json(permit, of_this_release(house, permit, Kind.RELEASED_TRANSLATIONS))["translations"]
    return next((one for one in map(Translation.from_json, kept) if one.language == language), None)


@contextmanager
def texts(house: Archive, permit: Permit) -> Iterator[Texts]:
    """The interview's passages, to be read one by one. Raises Unknown, Tampered, KeyGone."""
    try:
        blob = of_this_release(house, permit, Kind.PASSAGES)
    except Unknown:  # released before there were such files
        yield Texts.of(released(house, permit))
        return
    with house.vault.open(permit, blob) as reader:
        yield Texts(reader)


def of_this_release(house: Archive, permit: Permit, kind: Kind) -> Blob:
    """The blob of the release that the interview's row names. Raises Unknown, Tampered."""
    assert permit.interview is not None
    with house.catalogue.reading() as ledger:
        blob = ledger.blobs.newest(permit.interview, kind)
        interview = ledger.interviews.get(permit.interview)
    if blob is None:
        raise Unknown
    if blob.note.get("redaction") != interview.redaction:
        raise Tampered(f"blob {blob.id} is of another release")
    return blob


def _open(house: Archive, who: Principal, id: UUID, act: Act) -> tuple[Interview, Permit]:
    with house.catalogue.reading() as ledger:
        interview = ledger.interviews.get(id)
    return interview, house.require(act, who, interview)
