"""The one module that says who may do what.

``RULES`` gives each act its conditions; ``require`` walks them and hands out a ``Permit``, and what opens a sealed
thing demands the permit. ``OPENS`` says which layers an act may open at all. Rules read only the ``Case``; they ask no
database and no clock.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from archive.consent import Excerpts, Research, Voice
from archive.errors import Refused
from archive.excerpt import Excerpt, ExcerptState
from archive.interview import Interview, Stage


class Role(StrEnum):
    """Who acts. MACHINE is the worker; PUBLIC anybody; OPERATOR who holds the passphrase on the machine itself.

    NARRATOR has no account: a receipt's code stands for their own interview.
    """

    PUBLIC = "public"
    NARRATOR = "narrator"
    HISTORIAN = "historian"
    INTERVIEWER = "interviewer"
    ARCHIVIST = "archivist"
    ADMIN = "admin"
    OPERATOR = "operator"
    MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class Principal:
    """A role and, for people with an account, which one; for a narrator, which ``interview`` is theirs."""

    role: Role
    account: UUID | None = None
    interview: UUID | None = None


PUBLIC = Principal(Role.PUBLIC)
MACHINE = Principal(Role.MACHINE)
OPERATOR = Principal(Role.OPERATOR)


class Act(StrEnum):
    """Everything that can be asked for. A route, command or step names exactly one."""

    SEE_PUBLIC_PAGES = "see-public-pages"
    SIGN_IN = "sign-in"
    SEE_OWN_ACCOUNT = "see-own-account"
    SEE_DESK = "see-desk"
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
    APPROVE = "approve"
    SEND_BACK = "send-back"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    PROCESS = "process"
    SEARCH = "search"
    READ_RELEASED = "read-released"
    HEAR_RELEASED = "hear-released"
    EXPORT = "export"
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
    MANAGE_ACCOUNTS = "manage-accounts"
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
    Act.APPROVE: _BOTH,
    Act.PROCESS: frozenset(Layer),
    Act.READ_RELEASED: _RELEASED_LAYER,
    Act.HEAR_RELEASED: _RELEASED_LAYER,
    Act.EXPORT: _RELEASED_LAYER,
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
    """What is asked about: who, about which interview or excerpt, on which day."""

    principal: Principal
    today: date
    interview: Interview | None = None
    excerpt: Excerpt | None = None


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


def _role(*roles: Role) -> Rule:
    def rule(case: Case) -> str | None:
        return None if case.principal.role in roles else "role"

    return rule


def _at(*stages: Stage) -> Rule:
    def rule(case: Case) -> str | None:
        return None if case.interview is not None and case.interview.stage in stages else "stage"

    return rule


def _any_role(_: Case) -> str | None:
    return None


def _own_or_keeper(case: Case) -> str | None:
    """An interviewer acts on own interviews only; archivist, operator and machine on all."""
    if case.interview is None:
        return "no interview"
    if case.principal.role is Role.INTERVIEWER and case.interview.owner != case.principal.account:
        return "not the owner"
    return None


def _own_narration(case: Case) -> str | None:
    """A narrator acts on the one interview that the receipt is for."""
    if case.interview is None:
        return "no interview"
    return None if case.interview.id == case.principal.interview else "another narrator's"


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
    return _DESK(case) or _own_or_keeper(case)


def _voice_for_public(case: Case) -> str | None:
    if case.interview is None or case.excerpt is None:
        return "no excerpt"
    order = list(Voice)
    allowed = case.interview.terms.voice_for_public
    return None if order.index(case.excerpt.voice) <= order.index(allowed) else "voice not agreed"


def _published(case: Case) -> str | None:
    return None if case.excerpt is not None and case.excerpt.state is ExcerptState.PUBLISHED else "not published"


_DESK = _role(Role.INTERVIEWER, Role.ARCHIVIST, Role.OPERATOR)
_ARCHIVIST = _role(Role.ARCHIVIST, Role.OPERATOR)
_READERS = _role(Role.HISTORIAN, Role.INTERVIEWER, Role.ARCHIVIST, Role.OPERATOR)
_BEFORE_RELEASE = _at(Stage.IN_REVIEW, Stage.APPROVED, Stage.MASKED, Stage.VERIFIED)
_RELEASED = _at(Stage.RELEASED)
_NARRATOR = _role(Role.NARRATOR)
_NOT_WITHDRAWN = _at(*(stage for stage in Stage if stage is not Stage.WITHDRAWN))
_AT_WORK = _at(Stage.RECEIVED, Stage.TRANSCRIBED, Stage.APPROVED, Stage.MASKED, Stage.VERIFIED)

RULES: dict[Act, tuple[Rule, ...]] = {
    Act.SEE_PUBLIC_PAGES: (_any_role,),
    Act.SIGN_IN: (_any_role,),
    Act.SEE_OWN_ACCOUNT: (_role(Role.HISTORIAN, Role.INTERVIEWER, Role.ARCHIVIST, Role.ADMIN),),
    Act.SEE_DESK: (_DESK,),
    Act.RECEIVE: (_DESK,),
    Act.READ_CONSENT: (_DESK, _own_or_keeper, _NOT_WITHDRAWN),
    Act.CHANGE_CONSENT: (_DESK, _own_or_keeper, _NOT_WITHDRAWN),
    Act.ISSUE_RECEIPT: (_DESK, _own_or_keeper, _NOT_WITHDRAWN),
    Act.UPLOAD: (_role(Role.INTERVIEWER, Role.ARCHIVIST), _own, _at(Stage.RECEIVED)),
    Act.WATCH: (_DESK, _own_or_keeper),
    Act.RETRY: (_DESK, _own_or_keeper, _AT_WORK),
    Act.TAKE_DAMAGED: (_DESK, _own_or_keeper, _at(Stage.RECEIVED)),
    Act.REVIEW: (_DESK, _own_or_keeper, _BEFORE_RELEASE),
    Act.HEAR_ORIGINAL: (_DESK, _own_or_keeper, _BEFORE_RELEASE),
    Act.HEAR_MASKED: (_DESK, _own_or_keeper, _BEFORE_RELEASE),
    Act.DECIDE: (_DESK, _own_or_keeper, _at(Stage.IN_REVIEW)),
    Act.CLEAR_FINDING: (_DESK, _own_or_keeper, _at(Stage.IN_REVIEW)),
    Act.APPROVE: (_DESK, _own_or_keeper, _at(Stage.IN_REVIEW)),
    Act.SEND_BACK: (_DESK, _own_or_keeper, _at(Stage.APPROVED, Stage.MASKED, Stage.VERIFIED)),
    Act.REOPEN: (_ARCHIVIST, _RELEASED),
    Act.WITHDRAW: (_ARCHIVIST, _NOT_WITHDRAWN),
    Act.PROCESS: (_role(Role.MACHINE), _NOT_WITHDRAWN),
    Act.SEARCH: (_READERS,),
    Act.READ_RELEASED: (_READERS, _RELEASED, _open_to_research),
    Act.HEAR_RELEASED: (_READERS, _RELEASED, _open_to_research, _voice_for_research),
    Act.EXPORT: (_READERS, _RELEASED, _open_to_research),
    Act.PROPOSE_EXCERPT: (_READERS, _RELEASED, _open_to_research, _excerpts_possible),
    Act.SEE_EXCERPT_DRAFTS: (_READERS, _RELEASED, _open_to_research),
    Act.READ_PROPOSAL: (_READERS, _RELEASED, _open_to_research, _of_this_interview, _wrote_it_or_answers),
    Act.RECORD_AGREEMENT: (_DESK, _own_or_keeper, _RELEASED, _of_this_interview, _excerpts_possible),
    Act.PUBLISH_EXCERPT: (
        _ARCHIVIST,
        _RELEASED,
        _open_to_research,
        _of_this_interview,
        _of_this_release,
        _agreed_to,
        _voice_for_public,
    ),
    Act.TAKE_BACK_EXCERPT: (_DESK, _own_or_keeper, _of_this_interview),
    Act.READ_EXCERPT: (
        _any_role,
        _RELEASED,
        _of_this_interview,
        _of_this_release,
        _published,
        _not_embargoed,
        _agreed_to,
        _voice_for_public,
    ),
    Act.VISIT: (_NARRATOR, _own_narration),
    Act.READ_OWN: (_NARRATOR, _own_narration, _RELEASED, _open_to_research),
    Act.HEAR_OWN: (_NARRATOR, _own_narration, _RELEASED, _open_to_research, _voice_for_research),
    Act.ANSWER_EXCERPT: (_NARRATOR, _own_narration, _RELEASED, _of_this_interview, _excerpts_possible),
    Act.ASK_ARCHIVE: (_NARRATOR, _own_narration, _NOT_WITHDRAWN),
    Act.STOP_SHARING: (_NARRATOR, _own_narration, _NOT_WITHDRAWN),
    Act.MANAGE_ACCOUNTS: (_role(Role.ADMIN, Role.OPERATOR),),
    Act.SEE_HEALTH: (_role(Role.ADMIN, Role.OPERATOR),),
}


def require(act: Act, case: Case) -> Permit:
    """The permit, or Refused with the first objection."""
    for rule in RULES[act]:
        if objection := rule(case):
            raise Refused(f"{act}: {objection}")
    return Permit(act, case.interview.id if case.interview else None, case.principal.account)


def allows(act: Act, case: Case) -> bool:
    """Whether ``require`` would hand out a permit: for drawing only what may be pressed."""
    return all(rule(case) is None for rule in RULES[act])
