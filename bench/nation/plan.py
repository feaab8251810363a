"""Where each fault goes: spread evenly over the nation, in an order that the seed decides."""

from __future__ import annotations

from collections import defaultdict
from random import Random

from bench.nation.bad_rows import BAD_ROWS, BAD_ROWS_ONCE
from bench.nation.blueprint import model_of
from bench.nation.breaches import BREACHES, Breach
from bench.nation.faults import Fault
from bench.nation.register import REGISTER_FAULTS
from bench.nation.shape_faults import SHAPE_FAULTS
from bench.nation.unit_faults import UNIT_FAULTS


class Plan:
    """Breaches and faults by the number of the community that they are planted in."""

    def __init__(self, communities: int, seed: int, breaches: int, bad_rows: int) -> None:
        self.communities = communities
        random = Random(seed)
        self._breaches: dict[int, Breach] = {}
        self._faults: dict[int, list[tuple[int, Fault]]] = defaultdict(list)
        for model in ("n-gm-a", "n-gm-b"):
            kinds = [breach for breach in BREACHES if breach.model == model] * breaches
            random.shuffle(kinds)
            self._spread_breaches(model, kinds)
        faults = [*SHAPE_FAULTS, *UNIT_FAULTS, *REGISTER_FAULTS] * breaches
        faults += [*BAD_ROWS] * bad_rows + [*BAD_ROWS_ONCE] * (bad_rows > 0)
        random.shuffle(faults)
        for number, fault in enumerate(faults):
            self._faults[_spread(number, len(faults), communities)].append((number, fault))

    def breach(self, community: int) -> Breach | None:
        return self._breaches.get(community)

    def faults(self, community: int) -> list[tuple[int, Fault]]:
        """The faults of a community, each with its number in the nation."""
        return self._faults.get(community, [])

    def _spread_breaches(self, model: str, kinds: list[Breach]) -> None:
        """At most one breach in a community of the model, since it changes who holds what."""
        fitting = [n for n in range(self.communities) if model_of(n) == model] if kinds else []
        if len(fitting) < len(kinds):
            raise ValueError(f"{len(kinds)} breaches need as many communities of {model}")
        for number, breach in enumerate(kinds):
            self._breaches[fitting[_spread(number, len(kinds), len(fitting))]] = breach


def _spread(number: int, of: int, over: int) -> int:
    """Place `number` of `of` things evenly over `over` places.

    >>> [_spread(n, 3, 12) for n in range(3)]
    [2, 6, 10]
    """
    return (2 * number + 1) * over // (2 * of)
