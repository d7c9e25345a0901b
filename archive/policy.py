"""The one module that says who may do what.

``TOUCHES`` says which rights an act needs, and the table in ``rights`` who has them; ``RULES`` adds what no table can
say (consent, one exact stage, this excerpt). ``require`` walks both and hands out a ``Permit``, and what opens a sealed
thing demands the permit. ``OPENS`` says which layers an act may open at all. All of it reads only the ``Case``: no
database, no clock.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from archive.collection import Grant
from archive.consent import Excerpts, Research, Voice
from archive.errors import Refused
from archive.excerpt import Excerpt, ExcerptState
from archive.interview import Interview, Stage
from archive.rights import Access, Resource, Right, Situation, Standing, may


class Role(StrEnum):
    """Who acts. MACHINE is the worker; PUBLIC anybody; OPERATOR who holds the passphrase on the machine itself.

    NARRATOR has no account: a receipt's code stands for their own interview. ENROLLING has an account whose role asks
    for a second factor, and none yet: of the archive it sees what a stranger sees.
    """

    PUBLIC = "public"
    ENROLLING = "enrolling"
    NARRATOR = "narrator"
    HISTORIAN = "historian"
    INTERVIEWER = "interviewer"
    ARCHIVIST = "archivist"
    ADMIN = "admin"
    OPERATOR = "operator"
    MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class Principal:
    """A role and, for people with an account, which one and the grants it holds.

    For a narrator, which ``interview`` is theirs.
    """

    role: Role
    account: UUID | None = None
    interview: UUID | None = None
    grants: tuple[Grant, ...] = ()


PUBLIC = Principal(Role.PUBLIC)
MACHINE = Principal(Role.MACHINE)
OPERATOR = Principal(Role.OPERATOR)


class Act(StrEnum):
    """Everything that can be asked for. A route, command or step names exactly one."""

    SEE_PUBLIC_PAGES = "see-public-pages"
    SIGN_IN = "sign-in"
    SEE_OWN_ACCOUNT = "see-own-account"
    CHANGE_OWN_ACCOUNT = "change-own-account"
    LIST_INTERVIEWS = "list-interviews"
    RECEIVE = "receive"
    READ_CONSENT = "read-consent"
    CHANGE_CONSENT = "change-consent"
    ISSUE_RECEIPT = "issue-receipt"
    UPLOAD = "upload"
    WATCH = "watch"
    RETRY = "retry"
    TAKE_DAMAGED = "take-damaged"
    REVIEW = "review"
    HEAR_ORIGINAL = "hear-original"
    HEAR_MASKED = "hear-masked"
    DECIDE = "decide"
    CLEAR_FINDING = "clear-finding"
    SIGN = "sign"
    APPROVE = "approve"
    SEND_BACK = "send-back"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    PROCESS = "process"
    SEARCH = "search"
    READ_RELEASED = "read-released"
    HEAR_RELEASED = "hear-released"
    EXPORT = "export"
    SAVE_PASSAGE = "save-passage"
    SEE_NOTEBOOK = "see-notebook"
    CHANGE_NOTEBOOK = "change-notebook"
    PROPOSE_EXCERPT = "propose-excerpt"
    SEE_EXCERPT_DRAFTS = "see-excerpt-drafts"
    READ_PROPOSAL = "read-proposal"
    RECORD_AGREEMENT = "record-agreement"
    PUBLISH_EXCERPT = "publish-excerpt"
    TAKE_BACK_EXCERPT = "take-back-excerpt"
    READ_EXCERPT = "read-excerpt"
    VISIT = "visit"
    READ_OWN = "read-own"
    HEAR_OWN = "hear-own"
    ANSWER_EXCERPT = "answer-excerpt"
    ASK_ARCHIVE = "ask-archive"
    STOP_SHARING = "stop-sharing"
    PLACE = "place"
    SEE_ACCESS = "see-access"
    GRANT_ACCESS = "grant-access"
    SEE_ACCOUNTS = "see-accounts"
    MANAGE_ACCOUNTS = "manage-accounts"
    SEE_LOG = "see-log"
    SEE_HEALTH = "see-health"


class Layer(StrEnum):
    """Which key a sealed thing lies under, and so who may ever see it."""

    PROTECTED = "protected"
    RELEASED = "released"
    PUBLIC = "public"


_BOTH = frozenset({Layer.PROTECTED, Layer.RELEASED})
_PROTECTED_LAYER = frozenset({Layer.PROTECTED})
_RELEASED_LAYER = frozenset({Layer.RELEASED})

OPENS: dict[Act, frozenset[Layer]] = {
    Act.RECEIVE: _BOTH,
    Act.READ_CONSENT: _PROTECTED_LAYER,
    Act.CHANGE_CONSENT: _PROTECTED_LAYER,
    Act.REVIEW: _BOTH,
    Act.HEAR_ORIGINAL: _PROTECTED_LAYER,
    Act.HEAR_MASKED: _RELEASED_LAYER,
    Act.DECIDE: _BOTH,
    Act.CLEAR_FINDING: _BOTH,
    Act.SIGN: _PROTECTED_LAYER,
    Act.APPROVE: _BOTH,
    Act.PROCESS: frozenset(Layer),
    Act.READ_RELEASED: _RELEASED_LAYER,
    Act.HEAR_RELEASED: _RELEASED_LAYER,
    Act.EXPORT: _RELEASED_LAYER,
    Act.SAVE_PASSAGE: _RELEASED_LAYER,
    Act.PROPOSE_EXCERPT: _RELEASED_LAYER,
    Act.SEE_EXCERPT_DRAFTS: _RELEASED_LAYER,
    Act.PUBLISH_EXCERPT: frozenset({Layer.RELEASED, Layer.PUBLIC}),
    Act.READ_EXCERPT: frozenset({Layer.PUBLIC}),
    Act.READ_OWN: _RELEASED_LAYER,
    Act.HEAR_OWN: _RELEASED_LAYER,
}
"""An act that is not here opens nothing."""


@dataclass(frozen=True, slots=True)
class Case:
    """What is asked about: who, about which interview or excerpt, on which day.

    ``signed``: accounts that approved what is to be released, as it is now; the archive asks for ``signatures``.
    """

    principal: Principal
    today: date
    interview: Interview | None = None
    excerpt: Excerpt | None = None
    signatures: int = 1
    signed: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Permit:
    """Proof that ``require`` said yes to ``account``. ``interview`` is the only one it opens; None opens none."""

    act: Act
    interview: UUID | None
    account: UUID | None = None

    def must_open(self, interview: UUID, layer: Layer) -> None:
        """Raises Refused unless this permit is for that interview and its act may open that layer."""
        if self.interview != interview or layer not in OPENS.get(self.act, frozenset()):
            raise Refused(f"{self.act} does not open {layer}")

    def must_handle(self, upload: UUID) -> None:
        """Raises Refused unless this permit is for that upload under way, which opens nothing that is stored."""
        if self.interview != upload or self.act is not Act.UPLOAD:
            raise Refused(f"{self.act} does not handle this upload")


Rule: TypeAlias = Callable[[Case], str | None]
"""None if the rule is content, or its objection as a fixed phrase for logs and tests (never shown to strangers)."""


def _at(*stages: Stage) -> Rule:
    def rule(case: Case) -> str | None:
        return None if case.interview is not None and case.interview.stage in stages else "stage"

    return rule


def _signs_once(case: Case) -> str | None:
    """With an account of their own, which has not signed yet."""
    if case.principal.account is None:
        return "no account"
    return "signed already" if case.principal.account in case.signed else None


def _signed_by_others(case: Case) -> str | None:
    """All signatures but the last one are there, by other accounts than the one that gives the last."""
    others = case.signed - {case.principal.account}
    return None if len(others) >= case.signatures - 1 else "signatures"


def _own(case: Case) -> str | None:
    """What is on its way in is its sender's alone; nobody else knows yet that it will come."""
    if case.interview is None:
        return "no interview"
    mine = case.principal.account is not None and case.interview.owner == case.principal.account
    return None if mine else "not the owner"


def _open_to_research(case: Case) -> str | None:
    """Consent as it is today. A date that has passed opens nothing: it makes the archive ask a person."""
    if case.interview is None:
        return "no interview"
    terms = case.interview.terms
    if terms.research is not Research.YES:
        return "research not agreed"
    return _not_embargoed(case)


def _not_embargoed(case: Case) -> str | None:
    """A day that has passed opens nothing either: a person lifts the embargo, and then the terms hold none."""
    if case.interview is None:
        return "no interview"
    return None if case.interview.terms.embargo_until is None else "embargo"


def _voice_for_research(case: Case) -> str | None:
    """Some form of the voice; which one is stored for research is what the narrator chose."""
    if case.interview is None:
        return "no interview"
    return "voice not agreed" if case.interview.terms.voice_for_research is Voice.TEXT_ONLY else None


def _excerpts_possible(case: Case) -> str | None:
    if case.interview is None:
        return "no interview"
    return "excerpts not agreed" if case.interview.terms.excerpts is Excerpts.NEVER else None


def _of_this_interview(case: Case) -> str | None:
    """An excerpt is judged by the terms of its own interview; with no excerpt there is nothing to object to."""
    if case.excerpt is None or case.interview is None:
        return None
    return None if case.excerpt.interview == case.interview.id else "an excerpt of another interview"


def _of_this_release(case: Case) -> str | None:
    """Words and sound of an earlier release may hold the very name that the interview was reopened for."""
    if case.interview is None or case.excerpt is None:
        return "no excerpt"
    return None if case.excerpt.redaction == case.interview.redaction else "an excerpt of another release"


def _agreed_to(case: Case) -> str | None:
    """The narrator agreed to this very excerpt, or to excerpts as such."""
    if case.interview is None or case.excerpt is None:
        return "no excerpt"
    terms = case.interview.terms
    if terms.excerpts is Excerpts.YES:
        return None
    return None if terms.excerpts is Excerpts.ASK and case.excerpt.agreed_on is not None else "not agreed"


def _wrote_it_or_answers(case: Case) -> str | None:
    """Who proposes may type a concealed name, knowingly or not: that is for them and for those who know it anyway."""
    if case.excerpt is None:
        return "no excerpt"
    if case.principal.account is not None and case.excerpt.proposed_by == case.principal.account:
        return None
    return None if _has(case, _WRITES_CONSENT) else "somebody else proposed it"


def _voice_for_public(case: Case) -> str | None:
    if case.interview is None or case.excerpt is None:
        return "no excerpt"
    order = list(Voice)
    allowed = case.interview.terms.voice_for_public
    return None if order.index(case.excerpt.voice) <= order.index(allowed) else "voice not agreed"


def _published(case: Case) -> str | None:
    return None if case.excerpt is not None and case.excerpt.state is ExcerptState.PUBLISHED else "not published"


_BEFORE_RELEASE = _at(Stage.IN_REVIEW, Stage.APPROVED, Stage.MASKED, Stage.VERIFIED)
_RELEASED = _at(Stage.RELEASED)
_READS_TEXT, _READS_SOUND = Right(Resource.TEXT, Access.READ), Right(Resource.SOUND, Access.READ)
_ORDERS_RELEASE = (Right(Resource.TEXT, Access.WRITE), Right(Resource.SOUND, Access.WRITE))
_WRITES_CONSENT = Right(Resource.CONSENT, Access.WRITE)
_WRITES_JOB = Right(Resource.JOB, Access.WRITE)
_DISPOSES = Right(Resource.DISPOSITION, Access.WRITE)
_READS_DRAFT, _WRITES_DRAFT = Right(Resource.DRAFT, Access.READ), Right(Resource.DRAFT, Access.WRITE)
_VISITS, _ANSWERS = Right(Resource.VISIT, Access.READ), Right(Resource.VISIT, Access.WRITE)
_READS_CATALOGUE = Right(Resource.CATALOGUE, Access.READ)

TOUCHES: dict[Act, tuple[Right, ...]] = {
    Act.SEE_PUBLIC_PAGES: (Right(Resource.DOOR, Access.READ),),
    Act.SIGN_IN: (Right(Resource.DOOR, Access.WRITE),),
    Act.SEE_OWN_ACCOUNT: (Right(Resource.OWN, Access.READ),),
    Act.CHANGE_OWN_ACCOUNT: (Right(Resource.OWN, Access.WRITE),),
    Act.LIST_INTERVIEWS: (_READS_CATALOGUE,),
    Act.RECEIVE: (Right(Resource.ORIGINAL, Access.WRITE), Right(Resource.CATALOGUE, Access.WRITE), _WRITES_CONSENT),
    Act.UPLOAD: (Right(Resource.ORIGINAL, Access.WRITE),),
    Act.READ_CONSENT: (Right(Resource.CONSENT, Access.READ),),
    Act.CHANGE_CONSENT: (_WRITES_CONSENT,),
    Act.ISSUE_RECEIPT: (_WRITES_CONSENT,),
    Act.WATCH: (_READS_CATALOGUE, Right(Resource.JOB, Access.READ)),
    Act.RETRY: (_WRITES_JOB,),
    Act.TAKE_DAMAGED: (_WRITES_JOB,),
    Act.REVIEW: (Right(Resource.TRANSCRIPT, Access.READ), Right(Resource.NAMES, Access.READ)),
    Act.HEAR_ORIGINAL: (Right(Resource.ORIGINAL, Access.READ),),
    Act.HEAR_MASKED: (_READS_SOUND,),
    Act.DECIDE: (Right(Resource.TRANSCRIPT, Access.WRITE), Right(Resource.NAMES, Access.WRITE)),
    Act.CLEAR_FINDING: (Right(Resource.NAMES, Access.WRITE),),
    Act.SIGN: _ORDERS_RELEASE,
    Act.APPROVE: _ORDERS_RELEASE,
    Act.SEND_BACK: _ORDERS_RELEASE,
    Act.REOPEN: (_DISPOSES,),
    Act.WITHDRAW: (_DISPOSES,),
    Act.PLACE: (_DISPOSES,),
    Act.PROCESS: (Right(Resource.STEP, Access.WRITE),),
    Act.SEARCH: (_READS_TEXT,),
    Act.READ_RELEASED: (_READS_TEXT, _READS_CATALOGUE),
    Act.HEAR_RELEASED: (_READS_SOUND, _READS_CATALOGUE),
    Act.EXPORT: (_READS_TEXT, _READS_CATALOGUE),
    Act.SAVE_PASSAGE: (_READS_TEXT, _READS_CATALOGUE),
    Act.SEE_NOTEBOOK: (Right(Resource.NOTEBOOK, Access.READ),),
    Act.CHANGE_NOTEBOOK: (Right(Resource.NOTEBOOK, Access.WRITE),),
    Act.PROPOSE_EXCERPT: (_WRITES_DRAFT,),
    Act.SEE_EXCERPT_DRAFTS: (_READS_DRAFT,),
    Act.READ_PROPOSAL: (_READS_DRAFT,),
    Act.RECORD_AGREEMENT: (_WRITES_CONSENT,),
    Act.PUBLISH_EXCERPT: (Right(Resource.EXCERPT, Access.WRITE),),
    Act.TAKE_BACK_EXCERPT: (_WRITES_CONSENT,),
    Act.READ_EXCERPT: (Right(Resource.EXCERPT, Access.READ),),
    Act.VISIT: (_VISITS,),
    Act.READ_OWN: (_VISITS, _READS_TEXT),
    Act.HEAR_OWN: (_VISITS, _READS_SOUND),
    Act.ANSWER_EXCERPT: (_ANSWERS,),
    Act.ASK_ARCHIVE: (_ANSWERS,),
    Act.STOP_SHARING: (_ANSWERS,),
    Act.SEE_ACCESS: (Right(Resource.ACCESS, Access.READ),),
    Act.GRANT_ACCESS: (Right(Resource.ACCESS, Access.WRITE),),
    Act.SEE_ACCOUNTS: (Right(Resource.ACCOUNTS, Access.READ),),
    Act.MANAGE_ACCOUNTS: (Right(Resource.ACCOUNTS, Access.WRITE),),
    Act.SEE_LOG: (Right(Resource.LOG, Access.READ),),
    Act.SEE_HEALTH: (Right(Resource.HEALTH, Access.READ),),
}
"""The rights an act needs, all of them."""

RULES: dict[Act, tuple[Rule, ...]] = {
    Act.UPLOAD: (_own, _at(Stage.RECEIVED)),
    Act.RETRY: (_at(Stage.RECEIVED, Stage.TRANSCRIBED, Stage.APPROVED, Stage.MASKED, Stage.VERIFIED),),
    Act.TAKE_DAMAGED: (_at(Stage.RECEIVED),),
    Act.HEAR_MASKED: (_BEFORE_RELEASE,),
    Act.SIGN: (_at(Stage.IN_REVIEW), _signs_once),
    Act.APPROVE: (_at(Stage.IN_REVIEW), _signed_by_others),
    Act.SEND_BACK: (_at(Stage.APPROVED, Stage.MASKED, Stage.VERIFIED),),
    Act.REOPEN: (_RELEASED,),
    Act.READ_RELEASED: (_RELEASED, _open_to_research),
    Act.HEAR_RELEASED: (_RELEASED, _open_to_research, _voice_for_research),
    Act.EXPORT: (_RELEASED, _open_to_research),
    Act.SAVE_PASSAGE: (_RELEASED, _open_to_research),
    Act.PROPOSE_EXCERPT: (_RELEASED, _open_to_research, _excerpts_possible),
    Act.SEE_EXCERPT_DRAFTS: (_RELEASED, _open_to_research),
    Act.READ_PROPOSAL: (_RELEASED, _open_to_research, _of_this_interview, _wrote_it_or_answers),
    Act.RECORD_AGREEMENT: (_RELEASED, _of_this_interview, _excerpts_possible),
    Act.PUBLISH_EXCERPT: (
        _RELEASED,
        _open_to_research,
        _of_this_interview,
        _of_this_release,
        _agreed_to,
        _voice_for_public,
    ),
    Act.TAKE_BACK_EXCERPT: (_of_this_interview,),
    Act.READ_EXCERPT: (
        _RELEASED,
        _of_this_interview,
        _of_this_release,
        _published,
        _not_embargoed,
        _agreed_to,
        _voice_for_public,
    ),
    Act.READ_OWN: (_RELEASED, _open_to_research),
    Act.HEAR_OWN: (_RELEASED, _open_to_research, _voice_for_research),
    Act.ANSWER_EXCERPT: (_RELEASED, _of_this_interview, _excerpts_possible),
}
"""What the table of rights cannot say of an act; an act that is not here has no more conditions."""


def standing(case: Case) -> Standing:
    """How the one who asks stands to what is asked about."""
    who, interview = case.principal, case.interview
    asks_about_own = interview is not None and who.account is not None and interview.owner == who.account
    if who.role is Role.INTERVIEWER and asks_about_own:
        return Standing.OWNER
    if who.role is Role.NARRATOR:
        return Standing.NARRATOR if interview is None or interview.id == who.interview else Standing.ANYONE
    granted = any(
        grant.account == who.account
        and grant.holds(case.today)
        and (interview is None or grant.collection == interview.collection)
        for grant in who.grants
    )
    return _STANDINGS[who.role, granted and who.role in {Role.HISTORIAN, Role.INTERVIEWER}]


_STANDINGS: dict[tuple[Role, bool], Standing] = {
    (Role.PUBLIC, False): Standing.ANYONE,
    (Role.ENROLLING, False): Standing.ENROLLING,
    (Role.HISTORIAN, False): Standing.HISTORIAN,
    (Role.HISTORIAN, True): Standing.HISTORIAN_GRANTED,
    (Role.INTERVIEWER, False): Standing.INTERVIEWER,
    (Role.INTERVIEWER, True): Standing.INTERVIEWER_GRANTED,
    (Role.ARCHIVIST, False): Standing.ARCHIVIST,
    (Role.ADMIN, False): Standing.ADMIN,
    (Role.OPERATOR, False): Standing.OPERATOR,
    (Role.MACHINE, False): Standing.MACHINE,
}
_SITUATIONS: dict[Stage, Situation] = {
    Stage.RECEIVED: Situation.RECEIVED,
    Stage.TRANSCRIBED: Situation.RECEIVED,
    Stage.IN_REVIEW: Situation.IN_REVIEW,
    Stage.APPROVED: Situation.APPROVED,
    Stage.MASKED: Situation.APPROVED,
    Stage.VERIFIED: Situation.APPROVED,
    Stage.RELEASED: Situation.RELEASED,
    Stage.WITHDRAWN: Situation.WITHDRAWN,
}


def situation(case: Case) -> Situation:
    """Where the interview is, as far as rights go."""
    if case.interview is None:
        return Situation.HOUSE
    found = _SITUATIONS[case.interview.stage]
    return Situation.CLOSED if found is Situation.RELEASED and _open_to_research(case) else found


def require(act: Act, case: Case) -> Permit:
    """The permit, or Refused with the first objection."""
    if objection := _objection(act, case):
        raise Refused(f"{act}: {objection}")
    return Permit(act, case.interview.id if case.interview else None, case.principal.account)


def enough_for_today(case: Case, opened: frozenset[UUID], most: int) -> bool:
    """Whether somebody who reads by grant has opened ``most`` other interviews today (0: there is no such limit).

    An account that was given away, or whose holder is not who they said, should not carry the archive off in a night.
    """
    others = opened - ({case.interview.id} if case.interview else frozenset())
    return _by_grant(case) and 0 < most <= len(others)


def only_in_part(case: Case, opened: frozenset[UUID], most: int, readable: int) -> bool:
    """Whether somebody who reads by grant sees no more of an interview than an answer shows of each.

    Until they open it that is so, where there are more ``readable`` ones than they may open in a day.
    """
    assert case.interview is not None
    return _by_grant(case) and 0 < most < readable and case.interview.id not in opened


def _by_grant(case: Case) -> bool:
    return standing(case) in {Standing.HISTORIAN_GRANTED, Standing.INTERVIEWER_GRANTED}


def allows(act: Act, case: Case) -> bool:
    """Whether ``require`` would hand out a permit: for drawing only what may be pressed."""
    return _objection(act, case) is None


def _objection(act: Act, case: Case) -> str | None:
    who, where = standing(case), situation(case)
    for right in TOUCHES[act]:
        if not may(who, where, right):
            return f"no {right.access}:{right.resource}"
    return next((found for rule in RULES.get(act, ()) if (found := rule(case))), None)


def _has(case: Case, right: Right) -> bool:
    return may(standing(case), situation(case), right)
