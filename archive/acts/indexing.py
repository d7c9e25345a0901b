"""What leaves the index, and building it anew.

The catalogue says what is released, the index follows. Whoever closes an interview notes it in the same transaction;
its words are taken out at once, or by the worker if that was interrupted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias
from uuid import UUID

from archive.acts.research import released
from archive.catalogue import Ledger
from archive.errors import KeyGone, Tampered, Unknown
from archive.interview import Interview, Stage
from archive.parts import Archive
from archive.policy import MACHINE, Act
from archive.search import IndexState, Passage, passages

Watch: TypeAlias = Callable[[int, int], None]

_LEAVING = "words to take out of the index"


def leaves(ledger: Ledger, id: UUID) -> None:
    """Notes that an interview's words must leave the index, in the transaction that closes it."""
    ledger.marks.put(_LEAVING, {"interviews": [*_leaving(ledger), str(id)]})


def settle(house: Archive) -> None:
    """Takes out what was noted, unless it has been released again since. Safe to repeat. Raises OutOfSpace, Busy."""
    with house.catalogue.reading() as ledger:
        if not _leaving(ledger):
            return
    with house.engine.alone():
        with house.catalogue.reading() as ledger:
            noted = _leaving(ledger)
            standing = {str(interview.id) for interview in ledger.interviews.all() if _stands(interview)}
        try:
            gone = {UUID(id): () for id in noted if id not in standing}
            state = house.engine.replace(gone, house.index_state())
        except Tampered:  # damaged, or an older one that was put back: what it holds is not known
            state, _ = _built(house)
        house.keep_index_state(state)
        with house.catalogue.writing() as ledger:
            ledger.marks.put(_LEAVING, {"interviews": [id for id in _leaving(ledger) if id not in noted]})


def renew(house: Archive) -> None:
    """Builds the index anew if it was made by another version of the search. Raises OutOfSpace."""
    if house.engine.outdated(house.index_state()):
        rebuild(house)


def rebuild(house: Archive, watch: Watch = lambda done, of: None) -> int:
    """A new index of everything released, from nothing; how many passages it holds.

    The old one answers meanwhile. ``watch`` is told after each interview how many of how many are done.
    """
    with house.engine.alone():
        state, count = _built(house, watch)
        house.keep_index_state(state)
    return count


def _built(house: Archive, watch: Watch = lambda done, of: None) -> tuple[IndexState, int]:
    """The list is read here, where nobody can release anything until the index of it is the current one.

    What does not open is left out: one damaged file, or a withdrawal at the same time, must not keep the words of
    another interview in the index. ``verify`` names it.
    """
    with house.catalogue.reading() as ledger:
        standing = [interview for interview in ledger.interviews.all() if _stands(interview)]
    count = 0

    def found() -> Iterator[Passage]:
        nonlocal count
        for done, interview in enumerate(standing, 1):
            opened = _what_opens(house, interview)
            count += len(opened)
            yield from opened
            watch(done, len(standing))

    return house.engine.rebuild(found(), house.index_state()), count


def _stands(interview: Interview) -> bool:
    return interview.stage is Stage.RELEASED


def _what_opens(house: Archive, interview: Interview) -> list[Passage]:
    permit = house.require(Act.PROCESS, MACHINE, interview)
    try:
        return passages(interview.id, released(house, permit), interview.recorded_on)
    except (KeyGone, Tampered, Unknown):
        return []


def _leaving(ledger: Ledger) -> list[str]:
    mark = ledger.marks.get(_LEAVING)
    return list(mark["interviews"]) if mark else []
