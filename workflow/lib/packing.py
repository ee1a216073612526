"""Let a job do several seeds, where each takes about as long as its imports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from leakcore.runtime import seed_words


@dataclass(frozen=True)
class Pack:
    """The seeds of one rule's jobs.

    Attributes
    ----------
    seeds : for `expand`; the wildcard `{seed}` where a job does one seed, whichever.
    place : of the pack among all, from 0.
    """

    seeds: tuple[str, ...]
    place: int = 0

    @property
    def label(self) -> str:
        """Return a name for the jobs' logs."""
        if len(self.seeds) == 1:
            return f"seed-{self.seeds[0]}"
        return f"seeds-{self.seeds[0]}-{self.seeds[-1]}"

    @property
    def words(self) -> str:
        """Return which seeds these are, for a message."""
        return "seed {wildcards.seed}" if self == ONE else seed_words(self.seeds)

    def name(self, rule: str) -> str:
        """Return the name of the rule for this pack: its own for the first."""
        return numbered(rule, self.place)


ONE = Pack(("{seed}",))  # one seed a job, whichever it is


def numbered(rule: str, place: int) -> str:
    """Return the name of the rule at a place among those that do the same; the first has none."""
    return f"{rule}_{place + 1}" if place else rule


def packs(seeds: Sequence[int], most: int) -> list[Pack]:
    """Share seeds out, in their order, with `most` in a job; a seed added at the end moves none."""
    if most == 1:
        return [ONE]
    parts = [seeds[start : start + most] for start in range(0, len(seeds), most)]
    return [Pack(tuple(map(str, part)), place) for place, part in enumerate(parts)]
