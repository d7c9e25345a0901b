"""The narrator's own page: no account, only the code of a receipt. It shows what others may see, and closes at a word.

A found or stolen receipt must neither tell more than a historian may read nor destroy anything: it opens nothing of the
protected layer, it can narrow consent and never widen it, and the destruction that a narrator asks for is the act of an
archivist.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from archive.acts import consents, excerpts
from archive.acts.excerpts import cut
from archive.acts.research import of_this_release, released, translation
from archive.acts.streams import SoundStream, stream
from archive.catalogue import Kind, Paper, PaperKind
from archive.consent import Consent, Excerpts, Research, Terms, Voice
from archive.errors import ArchiveError, BadInput, KeyGone, OutOfSpace, Tampered, Unknown
from archive.excerpt import Excerpt, ExcerptState
from archive.interview import Interview
from archive.parts import Archive, even_if_full
from archive.policy import MACHINE, Act, Principal, Role, allows
from transcripts.translation import Translation
from transcripts.words import Segment, Transcript

_LONGEST_VISIT = timedelta(hours=2)
_MOST_REQUESTS = 50


class WrongCode(ArchiveError):
    """No receipt has that code."""

    code = "wrong-code"
    says = "This code is not known here. Check the digits, or ask your interviewer for a new receipt."


@dataclass(frozen=True, slots=True)
class OwnExcerpt:
    """A passage that somebody proposed or published, with its words, and whether the narrator said yes to it."""

    excerpt: Excerpt
    segments: tuple[Segment, ...]
    public: bool


@dataclass(frozen=True, slots=True)
class OwnPage:
    """What a narrator sees. ``transcript`` is what others may read now, None if nobody may.

    ``beside``: a translation, turn by turn. ``waiting`` requests were not seen to yet; their words are not shown again,
    for who may look over a shoulder.
    """

    interview: Interview
    transcript: Transcript | None
    may_hear: bool
    may_stop: bool
    excerpts: tuple[OwnExcerpt, ...]
    waiting: int
    beside: Translation | None = None


@even_if_full
def enter(house: Archive, typed: str) -> str:
    """A visit's token for a receipt's code, however its digits are spaced. Raises BadInput, WrongCode."""
    code = "".join(char for char in typed if not char.isspace() and char not in "-–—.")
    if len(code) != 16 or not (code.isascii() and code.isdigit()):
        raise BadInput("The code has 16 digits.", "code")
    digest = consents.code_digest(house, code)
    token = secrets.token_urlsafe(32)
    with house.catalogue.writing() as ledger:
        receipt = ledger.receipts.find(digest)
        if receipt is None:
            raise WrongCode
        ledger.visits.add(_handle(house, token), receipt.interview, house.now())
        ledger.audit.append(Act.VISIT, None, receipt.interview, house.now())
    return token


def visiting(house: Archive, token: str) -> Principal | None:
    """Whose page the token opens now, or None: unknown, idle for too long, over, or its receipt was replaced."""
    now, handle = house.now(), _handle(house, token)
    with house.catalogue.reading() as ledger:
        visit = ledger.visits.find(handle)
    if visit is None:
        return None
    idle = now - visit.seen > timedelta(minutes=house.settings.web.idle_minutes)
    if idle or now - visit.began > _LONGEST_VISIT:
        leave(house, token)
        return None
    if now - visit.seen > timedelta(minutes=1):
        with suppress(OutOfSpace), house.catalogue.writing() as ledger:
            ledger.visits.touch(handle, now)
    return Principal(Role.NARRATOR, interview=visit.interview)


@even_if_full
def leave(house: Archive, token: str) -> None:
    """Ends the visit; an unknown token is no error."""
    with house.catalogue.writing() as ledger:
        ledger.visits.remove(_handle(house, token))


def own_page(house: Archive, who: Principal, beside: str = "") -> OwnPage:
    """The page as it is now; ``beside`` is the language of a translation. Raises Refused, Unknown."""
    interview = _interview(house, who)
    house.require(Act.VISIT, who, interview)
    case = house.case(who, interview)
    transcript = translated = None
    if allows(Act.READ_OWN, case):
        permit = house.require(Act.READ_OWN, who, interview)
        transcript, translated = released(house, permit), translation(house, permit, beside)
    may_stop = allows(Act.STOP_SHARING, case)
    return OwnPage(
        interview=interview,
        transcript=transcript,
        may_hear=allows(Act.HEAR_OWN, case),
        may_stop=may_stop,
        excerpts=tuple(_excerpts(house, who, interview, transcript)) if transcript else (),
        waiting=sum(one.done is None for one in _requests(house, interview)) if may_stop else 0,
        beside=translated,
    )


def sound(house: Archive, who: Principal) -> SoundStream:
    """Exactly what historians may hear. Raises Refused, Unknown."""
    interview = _interview(house, who)
    permit = house.require(Act.HEAR_OWN, who, interview)
    own = interview.terms.voice_for_research is Voice.OWN
    return stream(house, permit, of_this_release(house, permit, Kind.MASKED_SOUND if own else Kind.DISGUISED_SOUND))


def answer_excerpt(house: Archive, who: Principal, id: UUID, yes: bool) -> None:
    """The narrator's yes, dated today, or no, which takes it off the public pages at once. Raises Refused, Unknown."""
    if yes:
        excerpts.agree(house, who, id, (Act.ANSWER_EXCERPT, house.today()))
    else:
        excerpts.decline(house, who, id, Act.ANSWER_EXCERPT)


def ask(house: Archive, who: Principal, text: str) -> None:
    """Lays a request before the archive's people, sealed. Raises Refused, BadInput."""
    if not text.strip():
        raise BadInput("Write what is to be concealed or changed.", "request")
    if len(text) > 2_000:
        raise BadInput("This is longer than {limit} characters.", "request", limit=2_000)
    interview = _interview(house, who)
    house.require(Act.ASK_ARCHIVE, who, interview)
    _request(house, interview, text.strip(), withdraw=False)


def stop_sharing(house: Archive, who: Principal, *, withdraw: bool = False) -> None:
    """From this moment on nobody reads or hears it, and no passage is public. Raises Refused.

    ``withdraw`` asks an archivist to destroy it as well.
    """
    saved = _stopped(house, who)
    consents.settle(house, saved)
    if withdraw:
        _request(house, saved, "", withdraw=True)


@even_if_full
def _stopped(house: Archive, who: Principal) -> Interview:
    with house.catalogue.writing() as ledger:
        interview = _interview(house, who)
        house.require(Act.STOP_SHARING, who, interview)
        permit = house.require(Act.PROCESS, MACHINE, interview)  # for the paper: a narrator's page opens none of them
        there = ledger.papers.get(permit, interview.id, PaperKind.CONSENT)
        if there is None:
            raise Unknown
        before = Consent.from_json(there.content)
        closed = Terms(naming=before.terms.naming, research=Research.NO, excerpts=Excerpts.NEVER)
        word = replace(before, terms=closed, given_on=house.today(), recorded_by=None, recorded_at=house.now())
        saved = consents.put(house, ledger, permit, interview, word)
        ledger.audit.append(Act.STOP_SHARING, None, interview.id, house.now())
    return saved


def _interview(house: Archive, who: Principal) -> Interview:
    if who.interview is None:
        raise Unknown
    with house.catalogue.reading() as ledger:
        return ledger.interviews.get(who.interview)


def _excerpts(house: Archive, who: Principal, interview: Interview, transcript: Transcript) -> Iterator[OwnExcerpt]:
    """Those of this release that can be answered; one that does not open is left out."""
    with house.catalogue.reading() as ledger:
        found = ledger.excerpts.of(interview.id)
    for excerpt in found:
        live = excerpt.state in (ExcerptState.PROPOSED, ExcerptState.PUBLISHED)
        if live and excerpt.redaction == interview.redaction:
            public = excerpt.state is ExcerptState.PUBLISHED
            with suppress(KeyGone, Tampered):
                if allows(Act.ANSWER_EXCERPT, house.case(who, interview, excerpt)):
                    # A proposal's title is whatever a historian typed; the narrator is asked about the passage.
                    shown = excerpt if public else replace(excerpt, title="", context="")
                    yield OwnExcerpt(shown, cut(transcript, excerpt.start, excerpt.end), public)


def _requests(house: Archive, interview: Interview) -> tuple[consents.Request, ...]:
    permit = house.require(Act.PROCESS, MACHINE, interview)  # to count them; their words stay here
    with house.catalogue.reading() as ledger:
        return consents.requests(ledger, permit)


@even_if_full
def _request(house: Archive, interview: Interview, text: str, *, withdraw: bool) -> None:
    permit = house.require(Act.PROCESS, MACHINE, interview)  # to lay it into the protected layer
    with house.catalogue.writing() as ledger:
        number = len(ledger.papers.parts(permit, interview.id, PaperKind.REQUEST))
        if number >= _MOST_REQUESTS:
            raise BadInput(
                "There are many requests already. The archive’s people have to answer them first.", "request"
            )
        at = house.now().isoformat(timespec="seconds")
        content = {"text": text, "at": at, "withdraw": withdraw, "done": None}
        ledger.papers.put(permit, Paper.new(interview.id, PaperKind.REQUEST, content, number), 0)
        ledger.audit.append(Act.ASK_ARCHIVE, None, interview.id, house.now())


def _handle(house: Archive, token: str) -> str:
    return house.vault.rows.handle(f"visit:{token}")
