"""Correcting in review what is written about an interview, and what to do where somebody else did so meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from uuid import UUID

from archive.acts import changes
from archive.acts.changes import Log, On
from archive.acts.description import Description
from archive.acts.editing import Describe
from archive.interview import Interview
from archive.parts import Archive
from archive.policy import Act, Principal


@dataclass(frozen=True, slots=True)
class Described:
    """What is written about an interview in ``version`` of its review; somebody ``saw`` an older version."""

    interview: Interview
    version: int
    description: Description
    saw: Description = field(default_factory=Description)

    def merged(self, typed: Description) -> tuple[Description, tuple[str, ...]]:
        """What somebody typed into the version that they ``saw``, put onto this one; names of fields both changed.

        Those hold what was typed. What its author left as it was, others may have changed: that stays.
        """
        names = [one.name for one in fields(Description)]
        mine = {name for name in names if getattr(typed, name) != getattr(self.saw, name)}
        theirs = {name for name in names if getattr(self.description, name) != getattr(self.saw, name)}
        made = replace(self.description, **{name: getattr(typed, name) for name in mine})
        differ = {name for name in mine & theirs if getattr(typed, name) != getattr(self.description, name)}
        return made, tuple(name for name in names if name in differ)


def read(house: Archive, who: Principal, id: UUID, saw: int | None = None) -> Described:
    """What is to be corrected, and what was written there in the version ``saw``. Raises Refused, Unknown."""
    with house.catalogue.reading() as ledger:
        interview = ledger.interviews.get(id)
        permit = house.require(Act.DECIDE, who, interview)
        version, draft, _ = changes.draft(ledger, permit, id, text=False)
        others = Log(ledger, permit, id).since(version if saw is None else saw, version)
    before = replace(draft, seen=changes.seen(others or ()))
    held = {one.name: before.saw(f"about:{one.name}") for one in fields(Description)}
    return Described(interview, version, Description.from_json(draft.intake), Description.from_json(held))


def describe(house: Archive, who: Principal, id: UUID, description: Description, on: On) -> int:
    """Writes what its author changed of it; the review's version. Raises Conflict, BadInput, Refused, Unknown, Busy."""
    return changes.make(house, who, id, Describe(description, house.today().year), on)
