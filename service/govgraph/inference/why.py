"""Why a triple is in a release: asserted, or derived by rules from what is asserted.

The search goes back breadth first from the triple: a level's triples are looked up together, those
that no table states are derived one step back, and their premises are the next level. It ends with
the first level by which the triple rests on asserted ones alone, so its derivation is a shortest one
and never rests on itself. Every lookup has ends that are known; no closure is computed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pyoxigraph import Triple

from govgraph.engine.base import Engine
from govgraph.inference.axioms import TRANSITIVE, rules
from govgraph.inference.derive import Derivation, derivations
from govgraph.inference.graph import Graph
from govgraph.inference.rule import Rule
from govgraph.inference.rulefile import RuleFile, file_derivations
from govgraph.vocabulary import is_inferred

#: Levels of the search, and triples that it looks at.
DEPTH, FACTS = 64, 1_000
#: Derivations of the triple asked about that are shown.
SHOWN = 4
#: Inferred triples of one answer that are explained.
EXPLAINED = 40


@dataclass
class Fact:
    """A triple with the graphs that state it, and how it is derived, the shortest way first. No
    graphs and no derivations: the search gave up."""

    triple: Triple
    stated_in: list[str] = field(default_factory=list)
    families: list[str] = field(default_factory=list)
    derivations: list[Derivation] = field(default_factory=list)
    rank: int | None = None
    """The depth of the shortest derivation, 0 for what is asserted, None if none is known."""


@dataclass(frozen=True)
class Explanation:
    """The triple asked about and all it rests on: a tree whose repeated parts are shared."""

    triple: Triple
    facts: dict[Triple, Fact]

    @property
    def asserted(self) -> bool:
        return bool(self.facts[self.triple].stated_in)


def why(engine: Engine, triple: Triple, files: Sequence[RuleFile] = ()) -> Explanation | None:
    """Explain a triple of a release; None if the release does not hold it."""
    return _Search(Graph(engine), rules(engine), files).explain(triple)


def why_all(
    engine: Engine,
    triples: Sequence[Triple],
    files: Sequence[RuleFile] = (),
    explained: int = EXPLAINED,
) -> dict[Triple, Fact]:
    """The triples that a release holds and all that they rest on, the triples first. Of so many
    inferred ones the derivation is looked for; of the others only the rules' families are told."""
    graph = Graph(engine)
    facts = stated(graph, triples)
    search = _Search(graph, rules(engine), files)
    for triple in [t for t, fact in facts.items() if not fact.stated_in][:explained]:
        found = search.explain(triple)
        if found:
            facts[triple] = found.facts[triple]
            facts = facts | {t: f for t, f in found.facts.items() if t not in facts}
    return facts


def stated(graph: Graph, triples: Sequence[Triple]) -> dict[Triple, Fact]:
    """The triples that a release holds, with the graphs that state them or the rules' families."""
    return {t: _found(t, names) for t, names in graph.graphs_of(triples).items() if names}


def _found(triple: Triple, graphs: Iterable[str]) -> Fact:
    fact = Fact(triple)
    fact.stated_in = [name for name in graphs if not is_inferred(name)]
    fact.families = [name.rpartition("/")[2] for name in graphs if is_inferred(name)]
    fact.rank = 0 if fact.stated_in else None
    return fact


class _Search:
    def __init__(self, graph: Graph, rules: Sequence[Rule], files: Sequence[RuleFile]) -> None:
        self.graph, self.rules = graph, rules
        self.files = {file.family: file for file in files}
        self.facts: dict[Triple, Fact] = {}

    def explain(self, triple: Triple) -> Explanation | None:
        frontier = [triple]
        for _ in range(DEPTH):
            self._look_up(frontier)
            if not self.facts[triple].stated_in and not self.facts[triple].families:
                return None
            self._settle()
            if self.facts[triple].rank is not None or len(self.facts) > FACTS:
                break
            frontier = self._next(frontier)
        return Explanation(triple, {t: self._shown(t, triple) for t in self._reached(triple)})

    def _look_up(self, triples: list[Triple]) -> None:
        graphs = self.graph.graphs_of(triples)
        for triple in triples:
            names = graphs.get(triple, [])
            fact = self.facts[triple] = _found(triple, names)
            if names and not fact.stated_in:
                fact.derivations = list(dict.fromkeys(self._derived(fact)))

    def _derived(self, fact: Fact) -> Iterator[Derivation]:
        for rule in self.rules:
            yield from derivations(self.graph, rule, fact.triple)
        for family in fact.families:
            if family in self.files:
                yield from file_derivations(self.graph, self.files[family], fact.triple)

    def _next(self, triples: Iterable[Triple]) -> list[Triple]:
        premises = [p for t in triples for d in self.facts[t].derivations for p in d.premises]
        return [premise for premise in dict.fromkeys(premises) if premise not in self.facts]

    def _settle(self) -> None:
        """Rank what rests on ranked premises, until nothing changes."""
        open_ = [fact for fact in self.facts.values() if fact.derivations]
        changed = True
        while changed:
            changed = False
            for fact in open_:
                ranks = [r for d in fact.derivations if (r := self._rank(d)) is not None]
                best = min(ranks, default=None)
                if best is not None and (fact.rank is None or best < fact.rank):
                    fact.rank, changed = best, True

    def _rank(self, derivation: Derivation) -> int | None:
        ranks = [self._known(premise) for premise in derivation.premises]
        known = [rank for rank in ranks if rank is not None]
        return 1 + max(known, default=0) if len(known) == len(ranks) else None

    def _known(self, triple: Triple) -> int | None:
        return self.facts[triple].rank if triple in self.facts else None

    # -- what is shown -------------------------------------------------------------------------

    def _best(self, triple: Triple) -> list[Derivation]:
        """The derivations that rest on what is known, the shortest and then the smallest first."""
        known = [d for d in self.facts[triple].derivations if self._rank(d) is not None]
        return sorted(known, key=lambda d: (self._rank(d), len(d.premises), str(d)))

    def _reached(self, triple: Triple) -> list[Triple]:
        """The triple and all that what is shown of it rests on."""
        shown = self._shown(triple, triple).derivations
        return list(dict.fromkeys([triple, *self._basis(shown)]))

    def _basis(self, derivations: Iterable[Derivation]) -> list[Triple]:
        """What derivations rest on, each triple derived in its shortest way."""
        found = list(dict.fromkeys(p for d in derivations for p in d.premises))
        seen = set(found)
        for reached in found:  # grows as it is read
            for derivation in self._best(reached)[:1]:
                new = [p for p in dict.fromkeys(derivation.premises) if p not in seen]
                found += new
                seen.update(new)
        return found

    def _shown(self, triple: Triple, asked: Triple) -> Fact:
        fact = self.facts[triple]
        shown = self._best(triple)[: 1 if triple != asked else None]
        others = [d for d in shown[1:] if self._is_another(d, asked)][: SHOWN - 1]
        return Fact(triple, fact.stated_in, fact.families, shown[:1] + others, fact.rank)

    def _is_another(self, derivation: Derivation, asked: Triple) -> bool:
        """Whether a derivation does not rest on the triple itself, nor is the beginning of a way
        whose rest is given by the same rule."""
        begun = derivation.family == TRANSITIVE and any(
            self.facts[premise].families == [TRANSITIVE] for premise in derivation.premises
        )
        return not begun and asked not in self._basis([derivation])
