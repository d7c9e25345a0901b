"""Who may do what: a list of refusals written by hand, and promises that hold over every case there can be.

Neither is derived from the table in policy.py, so that a mistake in the table shows here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from uuid import UUID

import pytest

from archive.collection import MAIN, Grant
from archive.consent import Excerpts, Research, Terms, Voice
from archive.errors import Refused
from archive.excerpt import Excerpt, ExcerptState
from archive.interview import Interview, Stage
from archive.policy import (
    MACHINE,
    OPENS,
    OPERATOR,
    PUBLIC,
    RULES,
    TOUCHES,
    Act,
    Case,
    Layer,
    Permit,
    Principal,
    Role,
    allows,
    require,
)

TODAY = date(2026, 11, 24)
ANNA, BORIS = UUID(int=1), UUID(int=2)
OWNER = Principal(Role.INTERVIEWER, ANNA)
OTHER = Principal(Role.INTERVIEWER, BORIS)
ARCHIVIST = Principal(Role.ARCHIVIST, UUID(int=3))
HISTORIAN = Principal(
    Role.HISTORIAN, UUID(int=4), grants=(Grant(UUID(int=40), UUID(int=4), MAIN, TODAY, None, TODAY, accepted_on=TODAY),)
)
STRANGER = Principal(Role.HISTORIAN, UUID(int=6))
OTHER_GRANTED = Principal(
    Role.INTERVIEWER, BORIS, grants=(Grant(UUID(int=41), BORIS, MAIN, TODAY, None, TODAY, accepted_on=TODAY),)
)
ENROLLING = Principal(Role.ENROLLING, UUID(int=3), grants=HISTORIAN.grants)
ADMIN = Principal(Role.ADMIN, UUID(int=5))
NARRATOR = Principal(Role.NARRATOR, interview=UUID(int=10))
STRANGE_NARRATOR = Principal(Role.NARRATOR, interview=UUID(int=11))
EVERYBODY = (
    *(PUBLIC, ENROLLING, NARRATOR, STRANGE_NARRATOR, HISTORIAN, STRANGER, OWNER, OTHER, OTHER_GRANTED),
    *(ARCHIVIST, ADMIN, OPERATOR, MACHINE),
)

OPEN = Terms(voice_for_research=Voice.OWN, voice_for_public=Voice.OWN, research=Research.YES, excerpts=Excerpts.YES)
INTERVIEW = Interview(
    id=UUID(int=10),
    accession="2026-0042",
    stage=Stage.RELEASED,
    owner=ANNA,
    day=TODAY,
    terms=OPEN,
    title="Каноничевский",
    redaction=1,
)
EXCERPT = Excerpt(
    id=UUID(int=20),
    interview=INTERVIEW.id,
    start=1.0,
    end=9.0,
    voice=Voice.OWN,
    state=ExcerptState.PUBLISHED,
    proposed_by=None,
    redaction=1,
    agreed_on=date(2026, 11, 1),
)


def at(stage: Stage) -> Interview:
    return replace(INTERVIEW, stage=stage)


def having(**changes: object) -> Principal:
    """The historian with another grant."""
    return replace(HISTORIAN, grants=(replace(HISTORIAN.grants[0], **changes),))


def under(**terms: object) -> Interview:
    return replace(INTERVIEW, terms=replace(OPEN, **terms))


@dataclass(frozen=True)
class No:
    """One thing that must be refused, and why."""

    who: Principal
    act: Act
    interview: Interview | None = INTERVIEW
    excerpt: Excerpt | None = None
    because: str = ""


REFUSALS = (
    # Strangers see published excerpts and the way in, nothing else.
    No(PUBLIC, Act.LIST_INTERVIEWS, None, because="titles are content"),
    No(PUBLIC, Act.RECEIVE, None, because="uploads are by invitation"),
    No(PUBLIC, Act.SEARCH, None, because="search reads what only historians may"),
    No(PUBLIC, Act.READ_RELEASED, because="the released layer is for historians"),
    No(PUBLIC, Act.HEAR_RELEASED, because="the released layer is for historians"),
    No(PUBLIC, Act.EXPORT, because="the released layer is for historians"),
    No(PUBLIC, Act.PROPOSE_EXCERPT, because="no account"),
    No(PUBLIC, Act.SEE_EXCERPT_DRAFTS, because="drafts are not public yet"),
    No(PUBLIC, Act.SEE_OWN_ACCOUNT, None, because="no account"),
    No(PUBLIC, Act.MANAGE_ACCOUNTS, None, because="no account"),
    No(PUBLIC, Act.SEE_HEALTH, None, because="health tells about the machine"),
    No(PUBLIC, Act.PROCESS, because="only the machine processes"),
    No(PUBLIC, Act.READ_EXCERPT, INTERVIEW, None, because="there is no excerpt"),
    # Historians have the released layer, as far as consent goes, and no more.
    No(HISTORIAN, Act.LIST_INTERVIEWS, None, because="not their work"),
    No(HISTORIAN, Act.RECEIVE, None, because="historians do not upload"),
    No(HISTORIAN, Act.WATCH, because="what is not released does not exist for them"),
    No(HISTORIAN, Act.REVIEW, at(Stage.IN_REVIEW), because="the protected layer"),
    No(HISTORIAN, Act.HEAR_ORIGINAL, at(Stage.IN_REVIEW), because="the protected layer"),
    No(HISTORIAN, Act.DECIDE, at(Stage.IN_REVIEW), because="reviewers decide"),
    No(HISTORIAN, Act.APPROVE, at(Stage.IN_REVIEW), because="reviewers approve"),
    No(HISTORIAN, Act.SIGN, at(Stage.IN_REVIEW), because="reviewers sign"),
    No(OPERATOR, Act.SIGN, at(Stage.IN_REVIEW), because="a signature is an account's"),
    No(HISTORIAN, Act.REOPEN, because="archivists reopen"),
    No(HISTORIAN, Act.WITHDRAW, because="archivists withdraw"),
    No(HISTORIAN, Act.RECORD_AGREEMENT, INTERVIEW, EXCERPT, because="who proposes does not record the narrator's yes"),
    No(HISTORIAN, Act.PUBLISH_EXCERPT, INTERVIEW, EXCERPT, because="archivists publish"),
    No(HISTORIAN, Act.MANAGE_ACCOUNTS, None, because="admins do"),
    No(HISTORIAN, Act.READ_RELEASED, at(Stage.VERIFIED), because="not released yet"),
    No(HISTORIAN, Act.READ_RELEASED, at(Stage.MASKED), because="not verified yet"),
    No(HISTORIAN, Act.READ_RELEASED, at(Stage.IN_REVIEW), because="reopened: somebody found a mistake"),
    No(HISTORIAN, Act.READ_RELEASED, at(Stage.WITHDRAWN), because="withdrawn"),
    No(HISTORIAN, Act.READ_RELEASED, under(research=Research.NO, excerpts=Excerpts.NEVER), because="no consent"),
    No(
        HISTORIAN,
        Act.READ_RELEASED,
        under(research=Research.AFTER_DATE, research_from=date(2027, 1, 1)),
        because="not yet",
    ),
    No(
        HISTORIAN,
        Act.READ_RELEASED,
        under(research=Research.AFTER_DATE, research_from=date(2020, 1, 1)),
        because="the day has passed, but nobody has asked again",
    ),
    No(HISTORIAN, Act.READ_RELEASED, under(embargo_until=date(2027, 1, 1)), because="embargo"),
    No(HISTORIAN, Act.READ_RELEASED, under(embargo_until=date(2020, 1, 1)), because="no embargo lapses by itself"),
    No(HISTORIAN, Act.EXPORT, under(embargo_until=date(2027, 1, 1)), because="embargo"),
    No(HISTORIAN, Act.SAVE_PASSAGE, under(embargo_until=date(2027, 1, 1)), because="embargo"),
    No(HISTORIAN, Act.SAVE_PASSAGE, at(Stage.IN_REVIEW), because="reopened: somebody found a mistake"),
    No(HISTORIAN, Act.SAVE_PASSAGE, at(Stage.WITHDRAWN), because="withdrawn"),
    No(STRANGER, Act.SAVE_PASSAGE, because="no grant"),
    No(ADMIN, Act.SAVE_PASSAGE, because="content"),
    No(ADMIN, Act.SEE_NOTEBOOK, None, because="who sees no content has nothing to note"),
    No(ADMIN, Act.CHANGE_NOTEBOOK, None, because="who sees no content has nothing to note"),
    No(PUBLIC, Act.SEE_NOTEBOOK, None, because="no account"),
    No(ENROLLING, Act.SEE_NOTEBOOK, None, because="no second factor yet"),
    No(NARRATOR, Act.SEE_NOTEBOOK, None, because="that is the reading room"),
    No(NARRATOR, Act.SAVE_PASSAGE, because="that is the reading room"),
    No(HISTORIAN, Act.PROPOSE_EXCERPT, under(embargo_until=date(2027, 1, 1)), because="embargo"),
    No(
        HISTORIAN,
        Act.HEAR_RELEASED,
        under(voice_for_research=Voice.TEXT_ONLY, voice_for_public=Voice.TEXT_ONLY),
        because="text only",
    ),
    No(HISTORIAN, Act.PROPOSE_EXCERPT, under(excerpts=Excerpts.NEVER), because="never"),
    No(HISTORIAN, Act.READ_PROPOSAL, INTERVIEW, EXCERPT, because="somebody else typed it: it may name the concealed"),
    No(OTHER, Act.READ_PROPOSAL, INTERVIEW, EXCERPT, because="another's interview"),
    No(PUBLIC, Act.READ_PROPOSAL, INTERVIEW, replace(EXCERPT, proposed_by=None), because="nobody wrote it"),
    No(ADMIN, Act.READ_PROPOSAL, INTERVIEW, replace(EXCERPT, proposed_by=ADMIN.account), because="a historian once"),
    No(OWNER, Act.READ_PROPOSAL, at(Stage.IN_REVIEW), EXCERPT, because="reopened"),
    No(OWNER, Act.READ_PROPOSAL, under(embargo_until=date(2027, 1, 1)), EXCERPT, because="embargo"),
    No(OWNER, Act.READ_PROPOSAL, INTERVIEW, replace(EXCERPT, interview=UUID(int=99)), because="another interview's"),
    No(HISTORIAN, Act.HEAR_RELEASED, at(Stage.IN_REVIEW), because="reopened: somebody found a mistake"),
    No(HISTORIAN, Act.HEAR_RELEASED, under(embargo_until=date(2027, 1, 1)), because="embargo"),
    No(HISTORIAN, Act.EXPORT, at(Stage.IN_REVIEW), because="reopened: somebody found a mistake"),
    No(HISTORIAN, Act.PROPOSE_EXCERPT, at(Stage.IN_REVIEW), because="reopened: somebody found a mistake"),
    No(HISTORIAN, Act.SEE_EXCERPT_DRAFTS, at(Stage.IN_REVIEW), because="reopened: somebody found a mistake"),
    No(HISTORIAN, Act.SEE_EXCERPT_DRAFTS, under(embargo_until=date(2027, 1, 1)), because="embargo"),
    No(HISTORIAN, Act.RETRY, at(Stage.RECEIVED), because="not their work"),
    No(HISTORIAN, Act.SEND_BACK, at(Stage.MASKED), because="reviewers send back"),
    No(HISTORIAN, Act.TAKE_BACK_EXCERPT, INTERVIEW, EXCERPT, because="not theirs to take back"),
    # Who reads by grant reads what was granted, as long as it was, once the terms are accepted.
    No(STRANGER, Act.READ_RELEASED, because="no grant"),
    No(STRANGER, Act.HEAR_RELEASED, because="no grant"),
    No(STRANGER, Act.EXPORT, because="no grant"),
    No(STRANGER, Act.PROPOSE_EXCERPT, because="no grant"),
    No(STRANGER, Act.SEE_EXCERPT_DRAFTS, because="no grant"),
    No(STRANGER, Act.READ_PROPOSAL, INTERVIEW, replace(EXCERPT, proposed_by=UUID(int=6)), because="a grant once"),
    No(OTHER, Act.READ_RELEASED, because="another's interview, and no grant"),
    No(OTHER, Act.HEAR_RELEASED, because="another's interview, and no grant"),
    No(OTHER_GRANTED, Act.WATCH, because="a grant is for the released layer"),
    No(OTHER_GRANTED, Act.REVIEW, at(Stage.IN_REVIEW), because="a grant is for the released layer"),
    No(OTHER_GRANTED, Act.RECORD_AGREEMENT, INTERVIEW, EXCERPT, because="another's narrator"),
    No(HISTORIAN, Act.READ_RELEASED, replace(INTERVIEW, collection=UUID(int=77)), because="another collection"),
    No(HISTORIAN, Act.HEAR_RELEASED, replace(INTERVIEW, collection=UUID(int=77)), because="another collection"),
    No(having(accepted_on=None), Act.READ_RELEASED, because="terms not accepted"),
    No(having(until=date(2026, 11, 23)), Act.READ_RELEASED, because="ended yesterday"),
    No(having(until=date(2026, 11, 23)), Act.EXPORT, because="ended yesterday"),
    No(having(account=BORIS), Act.READ_RELEASED, because="somebody else's grant"),
    No(replace(HISTORIAN, account=None), Act.READ_RELEASED, because="nobody's grant"),
    No(replace(ADMIN, grants=HISTORIAN.grants), Act.READ_RELEASED, because="content, grant or not"),
    No(replace(PUBLIC, grants=HISTORIAN.grants), Act.READ_RELEASED, because="strangers hold no grants"),
    No(HISTORIAN, Act.GRANT_ACCESS, None, because="nobody grants to themselves"),
    No(OWNER, Act.GRANT_ACCESS, None, because="archivists grant"),
    No(OWNER, Act.PLACE, because="archivists place"),
    No(ADMIN, Act.GRANT_ACCESS, None, because="an admin opens no content, by no detour"),
    No(ADMIN, Act.PLACE, because="an admin opens no content, by no detour"),
    No(ARCHIVIST, Act.PLACE, at(Stage.WITHDRAWN), because="nothing is left to place"),
    No(ARCHIVIST, Act.SEE_LOG, None, because="admins look after the log"),
    # Who has yet to take a second factor is a stranger with an account page.
    No(ENROLLING, Act.SEARCH, None, because="no second factor yet"),
    No(ENROLLING, Act.LIST_INTERVIEWS, None, because="no second factor yet"),
    No(ENROLLING, Act.MANAGE_ACCOUNTS, None, because="no second factor yet"),
    No(ENROLLING, Act.READ_RELEASED, because="no second factor yet"),
    No(ENROLLING, Act.REVIEW, at(Stage.IN_REVIEW), because="no second factor yet"),
    No(ENROLLING, Act.GRANT_ACCESS, None, because="no second factor yet"),
    # Interviewers have their own interviews.
    No(OTHER, Act.WATCH, because="another's interview"),
    No(OTHER, Act.RETRY, at(Stage.RECEIVED), because="another's interview"),
    No(OTHER, Act.REVIEW, at(Stage.IN_REVIEW), because="another's interview"),
    No(OTHER, Act.HEAR_ORIGINAL, at(Stage.IN_REVIEW), because="another's interview"),
    No(OTHER, Act.CLEAR_FINDING, at(Stage.IN_REVIEW), because="another's interview"),
    No(OTHER, Act.HEAR_MASKED, at(Stage.IN_REVIEW), because="another's interview"),
    No(HISTORIAN, Act.CLEAR_FINDING, at(Stage.IN_REVIEW), because="a name may be heard there"),
    No(HISTORIAN, Act.HEAR_MASKED, at(Stage.MASKED), because="not verified yet"),
    No(OWNER, Act.CLEAR_FINDING, at(Stage.MASKED), because="back to review first"),
    No(OWNER, Act.HEAR_MASKED, because="released: as every reader"),
    No(MACHINE, Act.CLEAR_FINDING, at(Stage.IN_REVIEW), because="only a person hears"),
    No(OTHER, Act.DECIDE, at(Stage.IN_REVIEW), because="another's interview"),
    No(OTHER, Act.APPROVE, at(Stage.IN_REVIEW), because="another's interview"),
    No(OTHER, Act.SEND_BACK, at(Stage.MASKED), because="another's interview"),
    No(OTHER, Act.RECORD_AGREEMENT, INTERVIEW, EXCERPT, because="another's narrator"),
    No(OTHER, Act.TAKE_BACK_EXCERPT, INTERVIEW, EXCERPT, because="another's interview"),
    No(Principal(Role.INTERVIEWER), Act.REVIEW, at(Stage.IN_REVIEW), because="no account owns nothing"),
    No(OWNER, Act.REOPEN, because="archivists reopen"),
    No(OWNER, Act.WITHDRAW, because="archivists withdraw"),
    No(OWNER, Act.PUBLISH_EXCERPT, INTERVIEW, EXCERPT, because="archivists publish"),
    No(OWNER, Act.MANAGE_ACCOUNTS, None, because="admins do"),
    No(OWNER, Act.RECORD_AGREEMENT, under(excerpts=Excerpts.NEVER), EXCERPT, because="never"),
    No(
        OWNER,
        Act.RECORD_AGREEMENT,
        INTERVIEW,
        replace(EXCERPT, interview=UUID(int=99)),
        because="another narrator's yes",
    ),
    No(
        OWNER,
        Act.TAKE_BACK_EXCERPT,
        INTERVIEW,
        replace(EXCERPT, interview=UUID(int=99)),
        because="another interview's excerpt",
    ),
    # The stage holds for everybody.
    No(OWNER, Act.RECORD_AGREEMENT, at(Stage.IN_REVIEW), EXCERPT, because="reopened: the words may change"),
    No(OWNER, Act.SEND_BACK, at(Stage.RELEASED), because="released: reopen first"),
    No(OWNER, Act.REVIEW, at(Stage.RECEIVED), because="nothing to review yet"),
    No(OWNER, Act.REVIEW, at(Stage.RELEASED), because="released: reopen first"),
    No(ARCHIVIST, Act.REVIEW, at(Stage.WITHDRAWN), because="withdrawn"),
    No(ARCHIVIST, Act.HEAR_ORIGINAL, at(Stage.RELEASED), because="released: reopen first"),
    No(ARCHIVIST, Act.HEAR_ORIGINAL, at(Stage.WITHDRAWN), because="withdrawn"),
    No(ARCHIVIST, Act.DECIDE, at(Stage.APPROVED), because="approved: send back first"),
    No(ARCHIVIST, Act.APPROVE, at(Stage.TRANSCRIBED), because="nobody has looked"),
    No(ARCHIVIST, Act.REOPEN, at(Stage.WITHDRAWN), because="withdrawn"),
    No(ARCHIVIST, Act.WITHDRAW, at(Stage.WITHDRAWN), because="withdrawn already"),
    No(ARCHIVIST, Act.READ_RELEASED, at(Stage.VERIFIED), because="not released yet"),
    No(ARCHIVIST, Act.READ_RELEASED, under(research=Research.NO, excerpts=Excerpts.NEVER), because="no consent"),
    No(OPERATOR, Act.READ_RELEASED, under(embargo_until=date(2027, 1, 1)), because="embargo"),
    No(MACHINE, Act.PROCESS, at(Stage.WITHDRAWN), because="nothing is left to process"),
    # Excerpts: the narrator's word, in the voice the narrator chose.
    No(ARCHIVIST, Act.PUBLISH_EXCERPT, INTERVIEW, None, because="there is no excerpt"),
    No(ARCHIVIST, Act.PUBLISH_EXCERPT, under(excerpts=Excerpts.NEVER), EXCERPT, because="never"),
    No(
        ARCHIVIST,
        Act.PUBLISH_EXCERPT,
        under(excerpts=Excerpts.ASK),
        replace(EXCERPT, agreed_on=None),
        because="asked, not answered",
    ),
    No(
        ARCHIVIST, Act.PUBLISH_EXCERPT, under(voice_for_public=Voice.DISGUISED), EXCERPT, because="own voice not agreed"
    ),
    No(ARCHIVIST, Act.PUBLISH_EXCERPT, under(voice_for_public=Voice.TEXT_ONLY), EXCERPT, because="no voice agreed"),
    No(ARCHIVIST, Act.PUBLISH_EXCERPT, at(Stage.IN_REVIEW), EXCERPT, because="reopened"),
    No(ARCHIVIST, Act.PUBLISH_EXCERPT, under(embargo_until=date(2027, 1, 1)), EXCERPT, because="embargo"),
    No(
        ARCHIVIST,
        Act.PUBLISH_EXCERPT,
        INTERVIEW,
        replace(EXCERPT, interview=UUID(int=99)),
        because="another interview's excerpt borrows these terms",
    ),
    No(PUBLIC, Act.READ_EXCERPT, INTERVIEW, replace(EXCERPT, state=ExcerptState.PROPOSED), because="a draft"),
    No(PUBLIC, Act.READ_EXCERPT, INTERVIEW, replace(EXCERPT, state=ExcerptState.DECLINED), because="declined"),
    No(PUBLIC, Act.READ_EXCERPT, INTERVIEW, replace(EXCERPT, state=ExcerptState.WITHDRAWN), because="taken back"),
    No(PUBLIC, Act.READ_EXCERPT, at(Stage.WITHDRAWN), EXCERPT, because="the interview is withdrawn"),
    No(PUBLIC, Act.READ_EXCERPT, at(Stage.IN_REVIEW), EXCERPT, because="the interview is reopened"),
    No(PUBLIC, Act.READ_EXCERPT, replace(INTERVIEW, redaction=2), EXCERPT, because="a name in it was concealed since"),
    No(ARCHIVIST, Act.PUBLISH_EXCERPT, replace(INTERVIEW, redaction=2), EXCERPT, because="of an earlier release"),
    No(OWNER, Act.RETRY, at(Stage.IN_REVIEW), because="a person is to act, not the machine"),
    No(ARCHIVIST, Act.RETRY, at(Stage.WITHDRAWN), because="nothing is left to work on"),
    No(HISTORIAN, Act.TAKE_DAMAGED, at(Stage.RECEIVED), because="not their work"),
    No(OTHER, Act.TAKE_DAMAGED, at(Stage.RECEIVED), because="another's interview"),
    No(MACHINE, Act.TAKE_DAMAGED, at(Stage.RECEIVED), because="a person answers for what is lost"),
    No(OWNER, Act.TAKE_DAMAGED, at(Stage.IN_REVIEW), because="decoded already"),
    No(PUBLIC, Act.READ_EXCERPT, under(excerpts=Excerpts.NEVER), EXCERPT, because="consent was taken back"),
    No(PUBLIC, Act.READ_EXCERPT, under(voice_for_public=Voice.TEXT_ONLY), EXCERPT, because="the voice was taken back"),
    No(PUBLIC, Act.READ_EXCERPT, under(embargo_until=date(2020, 1, 1)), EXCERPT, because="no embargo lapses by itself"),
    No(
        PUBLIC,
        Act.READ_EXCERPT,
        INTERVIEW,
        replace(EXCERPT, interview=UUID(int=99)),
        because="another interview's excerpt borrows these terms",
    ),
    # Admins keep the house and see no content.
    No(ADMIN, Act.LIST_INTERVIEWS, None, because="titles are content"),
    No(ADMIN, Act.RECEIVE, None, because="content"),
    No(ADMIN, Act.UPLOAD, at(Stage.RECEIVED), because="content"),
    No(replace(ADMIN, account=ANNA), Act.UPLOAD, at(Stage.RECEIVED), because="content, even if it were theirs"),
    # What is on its way in is its sender's alone.
    No(PUBLIC, Act.UPLOAD, at(Stage.RECEIVED), because="no account"),
    No(HISTORIAN, Act.UPLOAD, at(Stage.RECEIVED), because="historians do not upload"),
    No(OTHER, Act.UPLOAD, at(Stage.RECEIVED), because="another's upload"),
    No(ARCHIVIST, Act.UPLOAD, at(Stage.RECEIVED), because="an archivist sees what has come, not what is coming"),
    No(OPERATOR, Act.UPLOAD, replace(at(Stage.RECEIVED), owner=UUID(int=0)), because="nobody's is not everybody's"),
    No(MACHINE, Act.UPLOAD, at(Stage.RECEIVED), because="people send"),
    No(OWNER, Act.UPLOAD, at(Stage.IN_REVIEW), because="it has come long ago"),
    No(OWNER, Act.UPLOAD, None, because="no upload"),
    No(ADMIN, Act.WATCH, because="content"),
    No(ADMIN, Act.REVIEW, at(Stage.IN_REVIEW), because="content"),
    No(ADMIN, Act.HEAR_ORIGINAL, at(Stage.IN_REVIEW), because="content"),
    No(ADMIN, Act.SEARCH, None, because="content"),
    No(ADMIN, Act.READ_RELEASED, because="content"),
    No(ADMIN, Act.HEAR_RELEASED, because="content"),
    No(ADMIN, Act.EXPORT, because="content"),
    No(ADMIN, Act.SEE_EXCERPT_DRAFTS, because="content"),
    No(ADMIN, Act.WITHDRAW, because="archivists withdraw"),
    No(ARCHIVIST, Act.MANAGE_ACCOUNTS, None, because="who keeps interviews does not make accounts"),
    # Narrators have their own interview as others may see it, and nothing of what reviewers see.
    No(STRANGE_NARRATOR, Act.VISIT, because="another narrator's"),
    No(STRANGE_NARRATOR, Act.READ_OWN, because="another narrator's"),
    No(STRANGE_NARRATOR, Act.HEAR_OWN, because="another narrator's"),
    No(STRANGE_NARRATOR, Act.ANSWER_EXCERPT, INTERVIEW, EXCERPT, because="another narrator's"),
    No(STRANGE_NARRATOR, Act.STOP_SHARING, because="another narrator's"),
    No(STRANGE_NARRATOR, Act.ASK_ARCHIVE, because="another narrator's"),
    No(Principal(Role.NARRATOR), Act.VISIT, because="a receipt for nothing"),
    No(NARRATOR, Act.READ_OWN, at(Stage.IN_REVIEW), because="exactly what others may read: nothing yet"),
    No(NARRATOR, Act.READ_OWN, under(embargo_until=date(2027, 1, 1)), because="exactly what others may read"),
    No(NARRATOR, Act.HEAR_OWN, at(Stage.VERIFIED), because="exactly what others may hear: nothing yet"),
    No(
        NARRATOR,
        Act.HEAR_OWN,
        under(voice_for_research=Voice.TEXT_ONLY, voice_for_public=Voice.TEXT_ONLY),
        because="text only",
    ),
    No(NARRATOR, Act.ANSWER_EXCERPT, INTERVIEW, replace(EXCERPT, interview=UUID(int=99)), because="another's excerpt"),
    No(NARRATOR, Act.ANSWER_EXCERPT, under(excerpts=Excerpts.NEVER), EXCERPT, because="never: there is no question"),
    No(NARRATOR, Act.STOP_SHARING, at(Stage.WITHDRAWN), because="withdrawn already"),
    No(NARRATOR, Act.ASK_ARCHIVE, at(Stage.WITHDRAWN), because="nobody is left to ask about it"),
    No(NARRATOR, Act.READ_RELEASED, because="that is the reading room"),
    No(NARRATOR, Act.EXPORT, because="that is the reading room"),
    No(NARRATOR, Act.SEARCH, None, because="that is the reading room"),
    No(NARRATOR, Act.READ_CONSENT, because="a found receipt must not tell the protected list"),
    No(NARRATOR, Act.HEAR_ORIGINAL, at(Stage.IN_REVIEW), because="a found receipt must not open the original"),
    No(NARRATOR, Act.WITHDRAW, because="a found receipt must not destroy; sharing is stopped at once"),
    No(NARRATOR, Act.PUBLISH_EXCERPT, INTERVIEW, EXCERPT, because="archivists publish"),
    No(PUBLIC, Act.VISIT, because="no receipt"),
    No(HISTORIAN, Act.READ_CONSENT, because="the protected layer"),
    No(HISTORIAN, Act.CHANGE_CONSENT, because="not theirs"),
    No(HISTORIAN, Act.ISSUE_RECEIPT, because="not their narrator"),
    No(HISTORIAN, Act.ANSWER_EXCERPT, INTERVIEW, EXCERPT, because="the narrator answers"),
    No(OTHER, Act.READ_CONSENT, because="another's interview"),
    No(OTHER, Act.CHANGE_CONSENT, because="another's interview"),
    No(OTHER, Act.ISSUE_RECEIPT, because="another's interview"),
    No(OWNER, Act.CHANGE_CONSENT, at(Stage.WITHDRAWN), because="withdrawn"),
    No(OWNER, Act.READ_CONSENT, at(Stage.WITHDRAWN), because="withdrawn"),
    No(ADMIN, Act.READ_CONSENT, because="content"),
    No(ADMIN, Act.ISSUE_RECEIPT, because="content"),
    No(MACHINE, Act.CHANGE_CONSENT, because="consent is a person's"),
    # The machine does its steps and nothing that people do.
    No(MACHINE, Act.APPROVE, at(Stage.IN_REVIEW), because="approval is a person's act"),
    No(MACHINE, Act.DECIDE, at(Stage.IN_REVIEW), because="decisions are a person's"),
    No(MACHINE, Act.PUBLISH_EXCERPT, INTERVIEW, EXCERPT, because="publishing is a person's act"),
    No(ARCHIVIST, Act.PROCESS, because="only the machine processes"),
)


@pytest.mark.parametrize("no", REFUSALS, ids=lambda no: f"{no.who.role}-{no.act}-{no.because}".replace(" ", "_"))
def test_what_must_be_refused_is_refused(no: No) -> None:
    """One case, written down by hand, that nobody may be let through."""
    case = Case(no.who, TODAY, no.interview, no.excerpt)
    with pytest.raises(Refused) as caught:
        require(no.act, case)
    assert not allows(no.act, case)
    assert "Канон" not in f"{caught.value!r} {caught.value.told()}"


YES = (
    (PUBLIC, Act.SEE_PUBLIC_PAGES, None, None),
    (PUBLIC, Act.SIGN_IN, None, None),
    (PUBLIC, Act.READ_EXCERPT, INTERVIEW, EXCERPT),
    (HISTORIAN, Act.SEARCH, None, None),
    (HISTORIAN, Act.READ_RELEASED, INTERVIEW, None),
    (HISTORIAN, Act.SAVE_PASSAGE, INTERVIEW, None),
    (STRANGER, Act.SEE_NOTEBOOK, None, None),
    (STRANGER, Act.CHANGE_NOTEBOOK, None, None),
    (HISTORIAN, Act.HEAR_RELEASED, INTERVIEW, None),
    (HISTORIAN, Act.PROPOSE_EXCERPT, under(excerpts=Excerpts.ASK), None),
    (HISTORIAN, Act.READ_PROPOSAL, INTERVIEW, replace(EXCERPT, proposed_by=HISTORIAN.account)),
    (OWNER, Act.READ_PROPOSAL, INTERVIEW, EXCERPT),
    (OTHER_GRANTED, Act.READ_RELEASED, INTERVIEW, None),
    (OWNER, Act.READ_RELEASED, INTERVIEW, None),
    (ENROLLING, Act.CHANGE_OWN_ACCOUNT, None, None),
    (ARCHIVIST, Act.GRANT_ACCESS, None, None),
    (ARCHIVIST, Act.PLACE, at(Stage.RECEIVED), None),
    (ADMIN, Act.SEE_LOG, None, None),
    (OWNER, Act.RECEIVE, None, None),
    (OWNER, Act.UPLOAD, at(Stage.RECEIVED), None),
    (OWNER, Act.TAKE_DAMAGED, at(Stage.RECEIVED), None),
    (OWNER, Act.RETRY, at(Stage.RECEIVED), None),
    (OWNER, Act.REVIEW, at(Stage.IN_REVIEW), None),
    (OWNER, Act.HEAR_ORIGINAL, at(Stage.IN_REVIEW), None),
    (OWNER, Act.APPROVE, at(Stage.IN_REVIEW), None),
    (OWNER, Act.CLEAR_FINDING, at(Stage.IN_REVIEW), None),
    (OWNER, Act.HEAR_MASKED, at(Stage.MASKED), None),
    (OWNER, Act.RECORD_AGREEMENT, INTERVIEW, EXCERPT),
    (ARCHIVIST, Act.PUBLISH_EXCERPT, under(excerpts=Excerpts.ASK), EXCERPT),
    (ARCHIVIST, Act.WITHDRAW, at(Stage.RECEIVED), None),
    (ARCHIVIST, Act.REOPEN, INTERVIEW, None),
    (NARRATOR, Act.VISIT, at(Stage.WITHDRAWN), None),
    (NARRATOR, Act.READ_OWN, INTERVIEW, None),
    (NARRATOR, Act.HEAR_OWN, INTERVIEW, None),
    (NARRATOR, Act.ANSWER_EXCERPT, under(excerpts=Excerpts.ASK), EXCERPT),
    (NARRATOR, Act.STOP_SHARING, at(Stage.RECEIVED), None),
    (NARRATOR, Act.ASK_ARCHIVE, INTERVIEW, None),
    (OWNER, Act.READ_CONSENT, at(Stage.RECEIVED), None),
    (OWNER, Act.CHANGE_CONSENT, INTERVIEW, None),
    (ARCHIVIST, Act.ISSUE_RECEIPT, INTERVIEW, None),
    (ADMIN, Act.MANAGE_ACCOUNTS, None, None),
    (MACHINE, Act.PROCESS, at(Stage.APPROVED), None),
)


@pytest.mark.parametrize(("who", "act", "interview", "excerpt"), YES)
def test_the_archive_can_be_used(
    who: Principal, act: Act, interview: Interview | None, excerpt: Excerpt | None
) -> None:
    """A policy that refuses everything would pass every other test here."""
    permit = require(act, Case(who, TODAY, interview, excerpt))
    assert (permit.act, permit.interview) == (act, interview.id if interview else None)


def test_the_tables_are_complete() -> None:
    """Every act needs a right; no list of conditions is empty; only acts that exist open layers, none an empty set."""
    assert set(TOUCHES) == set(Act)
    assert all(TOUCHES.values())
    assert set(RULES) <= set(Act)
    assert all(RULES.values())
    assert set(OPENS) <= set(Act)
    assert all(OPENS.values())


TERMS = tuple(
    Terms(voice_for_research=heard, voice_for_public=public, research=research, research_from=day, excerpts=excerpts)
    for heard, public in ((Voice.OWN, Voice.OWN), (Voice.OWN, Voice.DISGUISED), (Voice.TEXT_ONLY, Voice.TEXT_ONLY))
    for research, day, excerpts in (
        (Research.NO, None, Excerpts.NEVER),
        (Research.AFTER_DATE, date(2020, 1, 1), Excerpts.YES),
        (Research.YES, None, Excerpts.NEVER),
        (Research.YES, None, Excerpts.ASK),
        (Research.YES, None, Excerpts.YES),
    )
)


def _cases() -> Iterator[Case]:
    """13 principals x 8 stages x 15 terms x embargo or none x 11 excerpts or none: 34,320 cases."""
    published = [replace(EXCERPT, voice=v, agreed_on=day) for v in Voice for day in (None, TODAY)]
    others = [replace(EXCERPT, state=state) for state in ExcerptState if state is not ExcerptState.PUBLISHED]
    others.append(replace(EXCERPT, redaction=INTERVIEW.redaction - 1))
    for who, stage, terms, embargo in product(EVERYBODY, Stage, TERMS, (None, date(2020, 1, 1))):
        interview = replace(INTERVIEW, stage=stage, terms=replace(terms, embargo_until=embargo))
        for excerpt in (None, *published, *others):
            yield Case(who, TODAY, interview, excerpt)


RESEARCH = {
    Act.READ_RELEASED,
    Act.HEAR_RELEASED,
    Act.EXPORT,
    Act.PROPOSE_EXCERPT,
    Act.SEE_EXCERPT_DRAFTS,
    Act.READ_PROPOSAL,
    Act.READ_OWN,
    Act.HEAR_OWN,
}
STAFF = {
    Act.UPLOAD,
    Act.WATCH,
    Act.RETRY,
    Act.TAKE_DAMAGED,
    Act.REVIEW,
    Act.HEAR_ORIGINAL,
    Act.DECIDE,
    Act.SIGN,
    Act.APPROVE,
    Act.SEND_BACK,
    Act.CLEAR_FINDING,
    Act.HEAR_MASKED,
    Act.READ_CONSENT,
    Act.CHANGE_CONSENT,
    Act.ISSUE_RECEIPT,
}
NARRATORS = {Act.VISIT, Act.READ_OWN, Act.HEAR_OWN, Act.ANSWER_EXCERPT, Act.STOP_SHARING, Act.ASK_ARCHIVE}


def _broken(act: Act, case: Case) -> str | None:
    """The promise that a permit for ``act`` in ``case`` would break."""
    role, interview, excerpt = case.principal.role, case.interview, case.excerpt
    assert interview is not None
    terms, opened = interview.terms, OPENS.get(act, frozenset())
    broken = {
        "only reviewers and the machine open the protected layer": Layer.PROTECTED in opened
        and role not in {Role.INTERVIEWER, Role.ARCHIVIST, Role.OPERATOR, Role.MACHINE},
        "strangers and admins open the public layer at most": role in {Role.PUBLIC, Role.ADMIN}
        and not opened <= {Layer.PUBLIC},
        "nothing of a withdrawn interview opens": interview.stage is Stage.WITHDRAWN
        and act in OPENS.keys() - {Act.RECEIVE},  # a receipt is for an interview that is being made
        "research needs a release": act in RESEARCH and interview.stage is not Stage.RELEASED,
        "research needs consent": act in RESEARCH and terms.research is not Research.YES,
        "an embargo holds until a person lifts it": act in RESEARCH | {Act.READ_EXCERPT, Act.PUBLISH_EXCERPT}
        and terms.embargo_until is not None,
        "other people's work is closed": act in STAFF and case.principal in {OTHER, OTHER_GRANTED},
        "who reads by grant needs one": act in RESEARCH - NARRATORS and case.principal in {STRANGER, OTHER},
        "who has no second factor yet reads nothing": role is Role.ENROLLING and not opened <= {Layer.PUBLIC},
        "a narrator acts on the own interview": act in NARRATORS and case.principal != NARRATOR,
        "the narrator said never": act in {Act.PUBLISH_EXCERPT, Act.READ_EXCERPT, Act.PROPOSE_EXCERPT}
        and terms.excerpts is Excerpts.NEVER,
        "the narrator has not answered": act in {Act.PUBLISH_EXCERPT, Act.READ_EXCERPT}
        and terms.excerpts is Excerpts.ASK
        and (excerpt is None or excerpt.agreed_on is None),
        "more of the voice than agreed": act in {Act.PUBLISH_EXCERPT, Act.READ_EXCERPT}
        and excerpt is not None
        and (excerpt.voice, terms.voice_for_public)
        in {(Voice.OWN, Voice.DISGUISED), (Voice.OWN, Voice.TEXT_ONLY), (Voice.DISGUISED, Voice.TEXT_ONLY)},
        "an excerpt ends with its release": act in {Act.PUBLISH_EXCERPT, Act.READ_EXCERPT}
        and (excerpt is None or excerpt.redaction != interview.redaction),
        "strangers read what is published": act is Act.READ_EXCERPT
        and (excerpt is None or excerpt.state is not ExcerptState.PUBLISHED),
    }
    return next((promise for promise, is_broken in broken.items() if is_broken), None)


@pytest.mark.slow
def test_no_permit_breaks_a_promise() -> None:
    """Every act in every case: half a million questions, and each yes is held against the promises of the house."""
    given = 0
    for case in _cases():
        for act in Act:
            if allows(act, case):
                given += 1
                assert _broken(act, case) is None, f"{case.principal.role} may {act}: {_broken(act, case)}"
    assert given > 10_000


def test_a_permit_opens_its_own_interview_and_layers_alone() -> None:
    """Each act x each layer x this, another or no interview: open only where OPENS and the permit agree."""
    for act, layer, interview in product(Act, Layer, (INTERVIEW.id, UUID(int=11), None)):
        permit = Permit(act, interview)
        if interview == INTERVIEW.id and layer in OPENS.get(act, ()):
            permit.must_open(INTERVIEW.id, layer)
        else:
            with pytest.raises(Refused):
                permit.must_open(INTERVIEW.id, layer)


def test_an_upload_is_handled_by_its_own_permit_alone() -> None:
    """Each act, for this, another or no upload."""
    for act, interview in product(Act, (INTERVIEW.id, UUID(int=11), None)):
        permit = Permit(act, interview)
        if (act, interview) == (Act.UPLOAD, INTERVIEW.id):
            permit.must_handle(INTERVIEW.id)
        else:
            with pytest.raises(Refused):
                permit.must_handle(INTERVIEW.id)


def test_few_acts_open_the_dangerous_layers() -> None:
    """The acts that open what was really said, and those that touch what strangers get, counted by hand."""
    assert {act for act in OPENS if Layer.PROTECTED in OPENS[act]} == {
        Act.RECEIVE,
        Act.READ_CONSENT,
        Act.CHANGE_CONSENT,
        Act.REVIEW,
        Act.HEAR_ORIGINAL,
        Act.DECIDE,
        Act.CLEAR_FINDING,
        Act.SIGN,
        Act.APPROVE,
        Act.PROCESS,
    }
    assert {act for act in OPENS if Layer.PUBLIC in OPENS[act]} == {Act.PROCESS, Act.PUBLISH_EXCERPT, Act.READ_EXCERPT}
