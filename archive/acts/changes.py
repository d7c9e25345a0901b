"""The log of a review: every change with its inverse, who made it and when; merged, undone and made again from it.

The version of a review is that of its DECISIONS paper; the CHANGE paper of part n holds what made version n. A change
is made on the version its author saw. What others changed since is merged unless it is about the same cells: then
nothing is written, Conflict says so. The log holds names and corrected text: it lies in the protected layer like them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias
from uuid import UUID

from archive.acts import naming
from archive.acts.cells import Change, Draft, Text, touches_text
from archive.acts.editing import Operation
from archive.catalogue import Ledger, Paper, PaperKind
from archive.errors import BadInput, Busy, Conflict, Unknown
from archive.parts import Archive
from archive.policy import Permit, Principal
from transcripts.pseudonyms import Listened


@dataclass(frozen=True, slots=True)
class Sent:
    """What a change was made on: the ``version`` its author saw.

    ``token`` is the author's own name for the change: sent again, it is not made again. Changes of one ``session`` (a
    turn that somebody types in) are undone together.
    """

    version: int
    token: str = ""
    session: str = ""


On: TypeAlias = "Sent | int"
"""A change's base; a version alone where it cannot come twice."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One change of the log: it made ``version`` of ``base``. ``undoes``, ``redoes``: versions that it is about.

    ``skipped``: newer ones of the same person that could not be undone, because others built on them.
    """

    version: int
    base: int
    change: Change
    who: str
    when: str
    token: str = ""
    session: str = ""
    undoes: tuple[int, ...] = ()
    redoes: tuple[int, ...] = ()
    skipped: tuple[int, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """What is sealed."""
        return {
            "base": self.base,
            "cells": {cell: list(values) for cell, values in self.change.cells.items()},
            "who": self.who,
            "when": self.when,
            "token": self.token,
            "session": self.session,
            "undoes": list(self.undoes),
            "redoes": list(self.redoes),
            "skipped": list(self.skipped),
        }

    @classmethod
    def of(cls, paper: Paper) -> Entry:
        """What ``as_json`` wrote."""
        found = paper.content
        return cls(
            version=paper.part,
            base=found["base"],
            change=Change({cell: (old, new) for cell, (old, new) in found["cells"].items()}),
            who=found["who"],
            when=found["when"],
            token=found["token"],
            session=found["session"],
            undoes=tuple(found["undoes"]),
            redoes=tuple(found["redoes"]),
            skipped=tuple(found.get("skipped", ())),
        )


@dataclass(frozen=True, slots=True)
class Log:
    """The changes of one review, newest first."""

    ledger: Ledger = field(repr=False)
    permit: Permit
    id: UUID

    def back(self, version: int) -> Iterator[Entry]:
        """From that version on back, as far as the log goes."""
        while (paper := self.ledger.papers.get(self.permit, self.id, PaperKind.CHANGE, version)) is not None:
            entry = Entry.of(paper)
            yield entry
            version = entry.base

    def since(self, base: int, version: int) -> list[Entry] | None:
        """What led from ``base`` to ``version``; None if the log does not say: somebody else wrote it all anew."""
        found = []
        for entry in self.back(version) if base < version else ():
            found.append(entry)
            if entry.base <= base:
                return found
        return found if base == version else None


@dataclass(frozen=True, slots=True)
class State:
    """The review as it is stored: the draft, and the versions of its papers (0: there is none) and of the interview."""

    version: int
    interview: int
    draft: Draft
    papers: Mapping[PaperKind, int]
    roster: Mapping[str, Any] = field(repr=False)


_ALWAYS_READ = (PaperKind.DECISIONS, PaperKind.ROSTER, PaperKind.LISTENED, PaperKind.INTAKE)
TRIES = 8  # somebody else may write between the reading and the writing of a change


def make(house: Archive, who: Principal, id: UUID, operation: Operation, on: On) -> int:
    """Makes a change and returns the new version. Raises BadInput, Conflict, Refused, Unknown, Busy."""
    sent = on if isinstance(on, Sent) else Sent(on)
    for _ in range(TRIES):
        with house.catalogue.reading() as ledger:
            permit = house.require(operation.act, who, ledger.interviews.get(id))
            state = stored(ledger, permit, id, text=operation.needs_text)
            log = Log(ledger, permit, id)
            others = log.since(sent.version, state.version)
            begun = _begun(log, state.version, sent, str(who.account)) if sent.session else {}
        if others and sent.token and any(one.token == sent.token for one in others):
            return state.version  # the answer was lost on its way, the change was not
        if others is None:
            raise Conflict
        change = operation.change(replace(state.draft, begun=begun, seen=seen(others)))
        if not change.cells:
            return state.version  # nothing that its author saw is to be otherwise: no signature is void for that
        if any(cell in other.change.cells for other in others for cell in change.cells):
            raise Conflict
        entry = Entry(state.version + 1, state.version, change, str(who.account), now(house), sent.token, sent.session)
        try:
            return write(house, permit, state, entry)
        except Conflict:
            continue
    raise Busy


def seen(others: Sequence[Entry]) -> dict[str, Any]:
    """What cells held before these changes, newest first, were made: of two about one cell the older one says it."""
    return {cell: old for entry in others for cell, (old, _) in entry.change.cells.items()}


def draft(ledger: Ledger, permit: Permit, id: UUID, *, text: bool) -> tuple[int, Draft, bool]:
    """A review's version and draft, and whether its roster waits to be found anew. Raises Unknown."""
    state = stored(ledger, permit, id, text=text)
    return state.version, state.draft, bool(state.roster.get(naming.STALE))


def _begun(log: Log, version: int, sent: Sent, who: str) -> dict[str, Any]:
    """What cells held before the session began; of a cell that somebody else changed in between, nothing."""
    held: dict[str, Any] = {}
    lost: set[str] = set()
    for entry in log.back(version):
        if entry.who == who and entry.session != sent.session:
            break
        ours = entry.who == who
        for cell, (old, new) in entry.change.cells.items():
            if not ours or (cell in held and held[cell] != new):
                lost.add(cell)
            elif cell not in lost:
                held[cell] = old
    return held


def stored(ledger: Ledger, permit: Permit, id: UUID, *, text: bool) -> State:
    of_text = [PaperKind.REVIEWED, PaperKind.TRANSLATIONS] if text else []
    papers = {kind: ledger.papers.get(permit, id, kind) for kind in (*_ALWAYS_READ, *of_text)}
    decided, people, listened = papers[PaperKind.DECISIONS], papers[PaperKind.ROSTER], papers[PaperKind.LISTENED]
    reviewed, intake, translated = (
        papers.get(kind) for kind in (PaperKind.REVIEWED, PaperKind.INTAKE, PaperKind.TRANSLATIONS)
    )
    if decided is None or people is None or (text and reviewed is None):
        raise Unknown
    content, roster, decisions = naming.stored(people.content, decided.content)
    by_ear = Listened.from_json(listened.content) if listened else Listened()
    made = Draft(
        decisions=decisions,
        listened=by_ear,
        roster=roster,
        text=Text(reviewed.content) if reviewed else None,
        intake=intake.content if intake else {},
        renderings=translated.content if translated else {},
    )
    versions = {kind: one.version if one else 0 for kind, one in papers.items()}
    return State(decided.version, ledger.interviews.get(id).version, made, versions, content)


def version(ledger: Ledger, permit: Permit, id: UUID) -> int:
    """A review's version, without opening the rest of it. Raises Unknown."""
    decided = ledger.papers.get(permit, id, PaperKind.DECISIONS)
    if decided is None:
        raise Unknown
    return decided.version


def write(house: Archive, permit: Permit, state: State, entry: Entry) -> int:
    """Writes what changed and, whatever it was, the DECISIONS paper: its version is the review's. Raises Conflict."""
    id = permit.interview
    assert id is not None
    papers = _papers(state, entry.change)
    with house.catalogue.writing() as ledger:
        if ledger.interviews.get(id).version != state.interview:
            raise Conflict  # perhaps it was approved meanwhile: whoever asks again is told
        for kind, value in papers.items():
            ledger.papers.put(permit, Paper.new(id, kind, value), state.papers[kind])
        ledger.papers.put(permit, Paper.new(id, PaperKind.CHANGE, entry.as_json(), entry.version), 0)
        ledger.audit.append(permit.act, permit.account, id, house.now())
    return entry.version


def _papers(state: State, change: Change) -> dict[PaperKind, Mapping[str, Any]]:
    """What is to be written for a change. Raises BadInput."""
    after = state.draft.changed(change)
    papers: dict[PaperKind, Mapping[str, Any]] = {PaperKind.DECISIONS: after.decisions.as_json()}
    if after.listened != state.draft.listened:
        papers[PaperKind.LISTENED] = after.listened.as_json()
    if after.intake != state.draft.intake:
        papers[PaperKind.INTAKE] = after.intake
    if after.renderings != state.draft.renderings:
        papers[PaperKind.TRANSLATIONS] = after.renderings
    kinds = {cell.partition(":")[0] for cell in change.cells}
    if after.text is not None and touches_text(change.cells):
        if not after.text.is_in_order:
            raise BadInput("This no longer fits what others changed meanwhile.")
        papers[PaperKind.REVIEWED] = after.text.as_json()
    if after.text is not None and "turn" in kinds:
        turns = [cell.partition(":")[2] for cell in change.cells if cell.startswith("turn:")]
        papers[PaperKind.ROSTER] = naming.carried(state.roster, after.text, turns)
    elif "selected" in kinds:
        papers[PaperKind.ROSTER] = {**state.roster, naming.STALE: True}
    return papers


def now(house: Archive) -> str:
    return house.now().isoformat(timespec="seconds")
