"""Undoing and making again what one reviewer changed, whatever others changed since.

What others built on stays: a change that somebody else's later change is about, even if that only looked, is skipped,
and with it what lies under it. Undoing is a change like any other and stands in the log: see changes.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from archive.acts import changes
from archive.acts.cells import Change, Draft, touches_text
from archive.acts.changes import Entry, Log, On, Sent, State
from archive.errors import BadInput, Busy, Conflict
from archive.parts import Archive
from archive.policy import Act, Principal


def undo(house: Archive, who: Principal, id: UUID, on: On, *, again: bool = False) -> Entry:
    """Undoes this person's last change that is not undone yet, or makes it ``again``; what the log says of that.

    A change whose cells somebody else's later change is about stays, and so does what lies under it; the one before it
    is undone, and the entry names it as ``skipped``. Raises BadInput if there is nothing, Conflict if nothing is free,
    Refused, Unknown.
    """
    sent = on if isinstance(on, Sent) else Sent(on)
    for _ in range(changes.TRIES):
        with house.catalogue.reading() as ledger:
            permit = house.require(Act.DECIDE, who, ledger.interviews.get(id))
            state = changes.stored(ledger, permit, id, text=True)
            log = Log(ledger, permit, id)
            done = log.since(sent.version, state.version) if sent.token else ()
            if there := next((one for one in done or () if one.token == sent.token), None):
                return there
            made = _to_redo(log, state, who) if again else _to_undo(log, state, who)
        entry = Entry(
            version=state.version + 1,
            base=state.version,
            change=made.change,
            who=str(who.account),
            when=changes.now(house),
            token=sent.token,
            undoes=() if again else made.versions,
            redoes=made.versions if again else (),
            skipped=made.skipped,
        )
        try:
            changes.write(house, permit, state, entry)
        except Conflict:
            continue
        return entry
    raise Busy


@dataclass(frozen=True, slots=True)
class _Undoing:
    """A change that undoes those ``versions`` or makes them again, and newer ones that had to be ``skipped``."""

    change: Change
    versions: tuple[int, ...]
    skipped: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Run:
    """Changes of one person and session as one; ``free`` if nobody else's later change that stands is about them."""

    change: Change
    entries: tuple[Entry, ...]
    free: bool

    @property
    def versions(self) -> tuple[int, ...]:
        return tuple(entry.version for entry in self.entries)


def _to_undo(log: Log, state: State, who: Principal) -> _Undoing:
    """The inverse of somebody's last run of changes that stands and is free."""
    skipped: tuple[int, ...] = ()
    held: set[str] = set()
    for run in _runs(log, state.version, str(who.account)):
        inverse = run.change.inverse
        if run.free and held.isdisjoint(run.change.cells) and _fits(state.draft, inverse):
            return _Undoing(inverse, run.versions, skipped)
        held.update(run.change.cells)
        skipped += run.versions
    if skipped:
        raise Conflict
    raise BadInput("There is nothing to undo.")


def _runs(log: Log, version: int, who: str) -> Iterator[_Run]:
    """Somebody's changes that stand, newest first, those of one session together."""
    others: set[str] = set()
    run: _Run | None = None
    for entry in _standing(log, version):
        if entry.who != who:
            others.update(entry.change.cells)
            continue
        free = others.isdisjoint(entry.change.cells)
        same = run is not None and run.free and free and entry.session and entry.session == run.entries[-1].session
        whole = entry.change.then(run.change) if run is not None and same else None
        if run is not None and whole is not None:
            run = _Run(whole, (*run.entries, entry), free=True)
            continue
        if run is not None:
            yield run
        run = _Run(entry.change, (entry,), free)
    if run is not None:
        yield run


def _standing(log: Log, version: int) -> Iterator[Entry]:
    """Changes that are not undone, newest first; undoing is none of them."""
    stands: dict[int, bool] = {}
    for entry in log.back(version):
        for part in (*entry.undoes, *entry.redoes):
            stands.setdefault(part, bool(entry.redoes))
        if not entry.undoes and not entry.redoes and stands.get(entry.version, True):
            yield entry


def _fits(draft: Draft, change: Change) -> bool:
    """Whether it can be made now, and no turn begins before the one it follows then."""
    if not draft.admits(change):
        return False
    if not touches_text(change.cells):
        return True
    return replace(draft, text=draft.words.copy()).changed(change).words.is_in_order


def _to_redo(log: Log, state: State, who: Principal) -> _Undoing:
    """The inverse of somebody's last undoing, if they changed nothing else since."""
    again: set[int] = set()
    others: set[str] = set()
    for entry in log.back(state.version):
        if entry.who != str(who.account):
            others.update(entry.change.cells)
        elif entry.redoes:
            again.update(entry.redoes)
        elif not entry.undoes:
            break
        elif not again.issuperset(entry.undoes):
            change = entry.change.inverse
            if others.isdisjoint(change.cells) and _fits(state.draft, change):
                return _Undoing(change, entry.undoes)
            raise Conflict
    raise BadInput("There is nothing to do again.")
