"""The mosaic warning: which quasi-identifiers of an interview together say who somebody is, and where they stand.

After Sweeney's observation that birth date, place and sex name most people (Simple Demographics Often Identify People
Uniquely, 2000): each kind of trait divides the crowd once, however often it is said. A hint to a reader, no measure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from transcripts.names.traits import Trait, TraitKind

# By how much each kind narrows the crowd, in decimal orders of magnitude, roughly: a village a thousandfold more than a
# country, an unusual family tenfold.
_WEIGHTS = {
    TraitKind.VILLAGE: 4.0,
    TraitKind.UNIT: 3.0,
    TraitKind.TOWN: 2.5,
    TraitKind.EMPLOYER: 2.5,
    TraitKind.SCHOOL: 2.5,
    TraitKind.OFFICE: 2.0,
    TraitKind.DATE: 2.0,
    TraitKind.FAMILY: 1.5,
}
_TELLS = 4.5  # of some eight orders of magnitude that all who could speak here make
_NEAR = 6  # passages: what a listener still has in mind


@dataclass(frozen=True, slots=True)
class Mosaic:
    """Traits of at least two kinds, in order. ``weight`` compares mosaics, nothing more."""

    stones: tuple[Trait, ...]
    weight: float

    @property
    def kinds(self) -> tuple[TraitKind, ...]:
        """What they are about, the narrowest first."""
        found = {stone.kind for stone in self.stones}
        return tuple(kind for kind in _WEIGHTS if kind in found)


def mosaics(traits: Sequence[Trait]) -> list[Mosaic]:
    """The combinations that tell too much, the heaviest first: traits that stand together, else all there are."""
    near = [Mosaic(stones, _weight(stones)) for stones in _together(traits)]
    telling = [one for one in near if _tells(one)]
    whole = Mosaic(tuple(traits), _weight(traits))
    if not telling and _tells(whole):
        telling = [whole]
    return sorted(telling, key=lambda one: -one.weight)


def _tells(mosaic: Mosaic) -> bool:
    return mosaic.weight >= _TELLS and len(mosaic.kinds) > 1


def _weight(stones: Sequence[Trait]) -> float:
    """The surest trait of each kind counts, once; a village is also a town."""
    best: dict[TraitKind, float] = {}
    for stone in stones:
        best[stone.kind] = max(best.get(stone.kind, 0.0), _WEIGHTS[stone.kind] * stone.sureness)
    if TraitKind.VILLAGE in best:
        best.pop(TraitKind.TOWN, None)
    return sum(best.values())


def _together(traits: Sequence[Trait]) -> Iterator[tuple[Trait, ...]]:
    """Runs of traits with few passages between one and the next."""
    run: list[Trait] = []
    for trait in traits:
        if run and trait.passage - run[-1].passage > _NEAR:
            yield tuple(run)
            run = []
        run.append(trait)
    if run:
        yield tuple(run)
