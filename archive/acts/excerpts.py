"""Excerpts: proposed from the released layer, agreed to by the narrator, published by an archivist, taken back at once.

What the public reads and hears of an excerpt is stored apart when it is published (its own words, its own sound), so
that a public page never opens more than that.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import TypeVar
from uuid import UUID, uuid4

import numpy as np

from archive.acts.research import note_reading, of_this_release, released
from archive.acts.streams import SoundStream, stream
from archive.catalogue import Blob, Kind, Ledger, PaperKind
from archive.consent import Consent, Voice
from archive.errors import BadInput, Conflict, KeyGone, Refused, Tampered, Unknown
from archive.excerpt import Excerpt, ExcerptState
from archive.interview import Interview
from archive.parts import Archive, even_if_full
from archive.policy import MACHINE, PUBLIC, Act, Layer, Permit, Principal, allows
from transcripts.names import as_decided
from transcripts.pseudonyms import conceal_text
from transcripts.sound import RATE, SoundForm, decoded, disguised, encode
from transcripts.words import Segment, Transcript, Word

_LONGEST = 600.0  # seconds

T = TypeVar("T")


class Gone(Unknown):
    """An excerpt that was published once and is withdrawn: the page says only that."""

    code = "gone"
    says = "This excerpt was withdrawn."


@dataclass(frozen=True, slots=True)
class Wish:
    """What is proposed: seconds on the interview's timeline, the form of voice, and words around it."""

    start: float
    end: float
    voice: Voice
    title: str = ""
    context: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """An excerpt before publication, with its words and whether this person may publish it now.

    Its title and context are empty for whoever may not read what was typed there. ``outdated``: of an earlier release,
    so it is not shown to the public, and cannot be.
    """

    excerpt: Excerpt
    interview: Interview
    segments: tuple[Segment, ...]
    outdated: bool
    may_publish: bool
    may_record_agreement: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A published excerpt. Times of ``segments`` are relative to the clip, which lasts ``seconds``."""

    excerpt: Excerpt
    accession: str
    language: str
    recorded_on: date | None
    segments: tuple[Segment, ...]
    seconds: float


def propose(house: Archive, who: Principal, id: UUID, wish: Wish) -> Excerpt:
    """Proposes a passage, which is reading its interview. Its title and context lose every concealed name.

    Raises BadInput, EnoughForToday, Refused, Unknown.
    """
    with house.catalogue.reading() as ledger:
        interview = ledger.interviews.get(id)
    permit = house.require(Act.PROPOSE_EXCERPT, who, interview)
    if not 0 <= wish.start < wish.end <= (interview.seconds or 0) + 1:
        raise BadInput("Choose a beginning and a later end within the recording.", "start")
    if wish.end - wish.start > _LONGEST:
        raise BadInput("An excerpt lasts {minutes:g} minutes at the most.", "end", minutes=_LONGEST / 60)
    if len(wish.title) > 200 or len(wish.context) > 2_000:
        raise BadInput("The title or the context is too long.", "title")
    if not cut(released(house, permit), wish.start, wish.end):
        raise BadInput("There are no words between these times.", "start")
    made = Excerpt(
        id=uuid4(),
        interview=id,
        start=wish.start,
        end=wish.end,
        voice=wish.voice,
        state=ExcerptState.PROPOSED,
        proposed_by=who.account,
        redaction=interview.redaction,
        # The finders alone, not the roster: an answer that depended on it would tell a guesser who is concealed.
        title=conceal_text(wish.title, interview.language, house.detector.find),
        context=conceal_text(wish.context, interview.language, house.detector.find),
    )
    with house.catalogue.writing() as ledger:
        note_reading(house, ledger, house.case(who, interview))
        ledger.excerpts.add(made)
        ledger.audit.append(Act.PROPOSE_EXCERPT, who.account, made.id, house.now())
    return made


def drafts(house: Archive, who: Principal) -> list[Draft]:
    """Proposed and published excerpts of the interviews this person may read, newest first.

    One whose words do not open is left out, here and on public pages: it must not close the page for the others.
    """
    with house.catalogue.reading() as ledger:
        pairs = [(excerpt, ledger.interviews.get(excerpt.interview)) for excerpt in ledger.excerpts.all()]
    return _those_that_open(
        partial(_draft, house, who, excerpt, interview)
        for excerpt, interview in pairs
        if excerpt.state in (ExcerptState.PROPOSED, ExcerptState.PUBLISHED)
        and allows(Act.SEE_EXCERPT_DRAFTS, house.case(who, interview))
    )


def record_agreement(house: Archive, who: Principal, id: UUID, on: date) -> None:
    """Notes that the narrator said yes to this excerpt on that day. Raises BadInput, Refused, Unknown."""
    agree(house, who, id, (Act.RECORD_AGREEMENT, on))


def agree(house: Archive, who: Principal, id: UUID, word: tuple[Act, date]) -> None:
    """A yes to this excerpt: by which act it reached the archive, and when it was said."""
    act, on = word
    with house.catalogue.writing() as ledger:
        excerpt, interview = _pair(ledger, id)
        house.require(act, who, interview, excerpt)
        if on > house.today():
            raise BadInput("This day has not come yet.", "agreed_on")
        ledger.excerpts.save(replace(excerpt, agreed_on=on))
        ledger.audit.append(act, who.account, id, house.now())


def publish(house: Archive, who: Principal, id: UUID) -> Excerpt:
    """Cuts words and sound and shows them to everybody. Raises Refused, Unknown, Conflict."""
    with house.catalogue.reading() as ledger:
        excerpt, interview = _pair(ledger, id)
    permit = house.require(Act.PUBLISH_EXCERPT, who, interview, excerpt)
    if excerpt.state is not ExcerptState.PROPOSED or excerpt.redaction != interview.redaction:
        raise Refused(f"{Act.PUBLISH_EXCERPT}: state")
    segments = cut(released(house, permit), excerpt.start, excerpt.end)
    passage = Transcript(str(excerpt.id), segments, excerpt.end - excerpt.start, "excerpt").as_json()
    public = replace(
        excerpt,
        state=ExcerptState.PUBLISHED,
        published_on=house.today(),
        title=_concealed(house, interview, excerpt.title),
        context=_concealed(house, interview, excerpt.context),
    )
    clips = list[Blob]()
    with house.half_made(clips):
        if excerpt.voice is not Voice.TEXT_ONLY:
            clips.append(_clip(house, permit, excerpt))
        with house.catalogue.writing() as ledger:
            if ledger.interviews.get(interview.id) != interview:  # reopened or withdrawn while the sound was cut
                raise Conflict
            for blob in clips:
                ledger.blobs.add(blob)
            published = ledger.excerpts.save(public)
            ledger.excerpts.set_passage(id, {"transcript": passage, "clip": str(clips[0].id) if clips else None})
            ledger.audit.append(Act.PUBLISH_EXCERPT, who.account, id, house.now())
    return published


def take_back(house: Archive, who: Principal, id: UUID) -> None:
    """Declines a proposed excerpt, or withdraws a published one at once. Raises Refused, Unknown."""
    decline(house, who, id, Act.TAKE_BACK_EXCERPT)


def decline(house: Archive, who: Principal, id: UUID, act: Act) -> None:
    """As ``take_back``, by the act of whoever says no."""
    clip = _declined(house, who, id, act)
    if clip is not None:
        house.vault.remove(clip)


@even_if_full
def _declined(house: Archive, who: Principal, id: UUID, act: Act) -> Blob | None:
    """Its sound, whose row is gone."""
    with house.catalogue.writing() as ledger:
        excerpt, interview = _pair(ledger, id)
        house.require(act, who, interview, excerpt)
        if excerpt.state not in (ExcerptState.PROPOSED, ExcerptState.PUBLISHED):
            raise Unknown
        was_public = excerpt.state is ExcerptState.PUBLISHED
        passage = ledger.excerpts.passage(id) if was_public else None
        state = ExcerptState.WITHDRAWN if was_public else ExcerptState.DECLINED
        ledger.excerpts.save(replace(excerpt, state=state, agreed_on=None))
        clip = _clip_of(ledger, excerpt, passage)
        if clip is not None:
            house.vault.condemn(clip)
            ledger.blobs.remove(clip.id)
        ledger.excerpts.clear_passage(id)
        ledger.audit.append(act, who.account, id, house.now())
    return clip


def published(house: Archive) -> list[Shown]:
    """What the public may read today, newest first."""
    with house.catalogue.reading() as ledger:
        pairs = [(excerpt, ledger.interviews.get(excerpt.interview)) for excerpt in ledger.excerpts.published()]
        return _those_that_open(
            partial(_shown, ledger, excerpt, interview)
            for excerpt, interview in pairs
            if allows(Act.READ_EXCERPT, house.case(PUBLIC, interview, excerpt))
        )


def shown(house: Archive, id: UUID) -> Shown:
    """One published excerpt. Raises Gone if it was published once, Unknown otherwise."""
    with house.catalogue.reading() as ledger:
        excerpt, interview = _pair(ledger, id)
        if excerpt.state is ExcerptState.WITHDRAWN:
            raise Gone
        house.require(Act.READ_EXCERPT, PUBLIC, interview, excerpt)
        return _shown(ledger, excerpt, interview)


def clip(house: Archive, id: UUID) -> SoundStream:
    """The sound of a published excerpt. Raises Refused, Unknown."""
    with house.catalogue.reading() as ledger:
        excerpt, interview = _pair(ledger, id)
        permit = house.require(Act.READ_EXCERPT, PUBLIC, interview, excerpt)
        blob = _clip_of(ledger, excerpt, ledger.excerpts.passage(id))
    if blob is None:
        raise Unknown
    return stream(house, permit, blob)


def cut(transcript: Transcript, start: float, end: float, zero: float | None = None) -> tuple[Segment, ...]:
    """The words that begin between two seconds, with times counted from ``zero``, or ``start``; withheld names stay
    marked.

    Compared in hundredths, as pages show and send times: 41.336 is shown as 41.34, and its word belongs to 41.34.
    """
    first, last, parts = round(start, 2), round(end, 2), []
    for segment in transcript.segments:
        inside = [index for index, word in enumerate(segment.words) if first <= round(word.start, 2) < last]
        if inside:
            parts.append(_part(segment, range(inside[0], inside[-1] + 1), start if zero is None else zero))
    return tuple(parts)


def _part(segment: Segment, chosen: range, zero: float) -> Segment:
    words = tuple(
        Word(word.text, max(0.0, word.start - zero), max(0.0, word.end - zero), word.sureness)
        for word in segment.words[chosen.start : chosen.stop]
    )
    first = segment.offsets[chosen.start]
    last = segment.offsets[chosen.stop - 1] + len(segment.words[chosen.stop - 1].text)
    spans = tuple(
        replace(span, start=span.start - first, end=span.end - first)
        for span in segment.withheld
        if first <= span.start and span.end <= last
    )
    return replace(segment, words=words, withheld=spans)


def _concealed(house: Archive, interview: Interview, text: str) -> str:
    """The text without any name that the interview's roster or the finders conceal.

    The roster is opened for the machine, not for the person who publishes; nothing of it comes back but the text.
    """
    if not text:
        return ""
    permit = house.require(Act.PROCESS, MACHINE, interview)
    with house.catalogue.reading() as ledger:
        roster = ledger.papers.get(permit, interview.id, PaperKind.ROSTER)
        decisions = ledger.papers.get(permit, interview.id, PaperKind.DECISIONS)
        consent = ledger.papers.get(permit, interview.id, PaperKind.CONSENT)
    if roster is None or decisions is None or consent is None:
        raise Unknown
    people, decided = as_decided(roster.content, decisions.content)
    listed = (*Consent.from_json(consent.content).concealed_names, *decided.selected)
    find = partial(house.detector.find, protected=listed)
    return conceal_text(text, interview.language, find, people, decided.choices)


def _clip(house: Archive, permit: Permit, excerpt: Excerpt) -> Blob:
    with house.vault.open(permit, of_this_release(house, permit, Kind.MASKED_SOUND)) as reader:
        blocks = iter([_stretch(decoded(reader), excerpt.start, excerpt.end)])
    if excerpt.voice is Voice.DISGUISED:
        blocks = disguised(blocks)
    out = io.BytesIO()
    encode(blocks, out, SoundForm.OPUS)
    with house.vault.write(permit, excerpt.interview, Layer.PUBLIC) as writer:
        writer.write(out.getvalue())
    return Blob.of(writer.blob, excerpt.interview, Kind.CLIP, mime=SoundForm.OPUS.mime)


def _stretch(blocks: Iterator[np.ndarray], start: float, end: float) -> np.ndarray:
    """Samples (int16, 16 kHz) between two seconds of a stream of blocks."""
    first, last, edge, kept = int(start * RATE), int(end * RATE), 0, []
    for block in blocks:
        kept.append(block[max(0, first - edge) : max(0, last - edge)])
        edge += len(block)
        if edge >= last:
            break
    return np.concatenate(kept) if kept else np.zeros(0, np.int16)


def _those_that_open(openings: Iterable[Callable[[], T]]) -> list[T]:
    """``verify`` names the others."""
    found = list[T]()
    for opening in openings:
        with suppress(Tampered, KeyGone, Unknown):
            found.append(opening())
    return found


def _pair(ledger: Ledger, id: UUID) -> tuple[Excerpt, Interview]:
    excerpt = ledger.excerpts.get(id)
    return excerpt, ledger.interviews.get(excerpt.interview)


def _draft(house: Archive, who: Principal, excerpt: Excerpt, interview: Interview) -> Draft:
    permit = house.require(Act.SEE_EXCERPT_DRAFTS, who, interview)
    case = house.case(who, interview, excerpt)
    proposed = excerpt.state is ExcerptState.PROPOSED
    is_public = allows(Act.READ_EXCERPT, house.case(PUBLIC, interview, excerpt))
    may_read = is_public or allows(Act.READ_PROPOSAL, case)
    return Draft(
        excerpt=excerpt if may_read else replace(excerpt, title="", context=""),
        interview=interview,
        segments=cut(released(house, permit), excerpt.start, excerpt.end),
        outdated=excerpt.redaction != interview.redaction,
        may_publish=proposed and allows(Act.PUBLISH_EXCERPT, case),
        may_record_agreement=proposed and excerpt.agreed_on is None and allows(Act.RECORD_AGREEMENT, case),
    )


def _shown(ledger: Ledger, excerpt: Excerpt, interview: Interview) -> Shown:
    passage = ledger.excerpts.passage(excerpt.id)
    transcript = Transcript.from_json(passage["transcript"])
    return Shown(
        excerpt=excerpt,
        accession=interview.accession,
        language=interview.language,
        recorded_on=interview.recorded_on,
        segments=transcript.segments,
        seconds=transcript.seconds,
    )


def _clip_of(ledger: Ledger, excerpt: Excerpt, passage: dict[str, object] | None) -> Blob | None:
    wanted = passage.get("clip") if passage else None
    return next((blob for blob in ledger.blobs.of(excerpt.interview, Kind.CLIP) if str(blob.id) == wanted), None)
