"""Runs the rules over a build's draft and writes each family's triples to a file of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from govgraph.engine.base import Engine
from govgraph.inference.axioms import rules
from govgraph.vocabulary import inferred_graph
from govgraph_loaders.namespaces import DEFAULT_BASE

#: More than any ontology needs; one that goes on for ever is not waited for.
ROUNDS = 50


class Draft(Protocol):
    """Stated triples that derived ones are added to, wherever they are."""

    @property
    def engine(self) -> Engine:
        """Answers over what there is by now."""
        ...

    def derive(self, query: str, family: str) -> int:
        """Add the triples of a CONSTRUCT that are not there yet; return how many they are."""
        ...

    def derived(self, family: str) -> Iterator[bytes]:
        """The triples of a family as N-Triples, in chunks of whole lines."""
        ...

    def computed(self, query: str) -> Iterator[bytes]:
        """The triples of a CONSTRUCT that are not there yet, as N-Triples. They are not added."""
        ...


@dataclass
class Inferred:
    """The number of new triples by family, and the N-Quads file of each graph that has some."""

    counts: dict[str, int] = field(default_factory=dict)
    files: dict[str, Path] = field(default_factory=dict)


def infer_draft(draft: Draft, rule_files: Iterable[Path], base: str, folder: Path) -> Inferred:
    """Write `folder/inferred.<family>.nq` for all that follows from a draft.

    The rule files run once, after the axioms' fixpoint: what they say is expected, not a fact,
    and no axiom is applied to it.
    """
    found = Inferred()
    for family, new in _to_fixpoint(draft):
        found.counts[family] = found.counts.get(family, 0) + new
    for family in found.counts:
        _write(found, family, draft.derived(family), base, folder)
    for path in rule_files:
        rule = path.read_text("utf-8").replace(DEFAULT_BASE, base)
        found.counts[path.stem] = _write(found, path.stem, draft.computed(rule), base, folder)
    return found


def _to_fixpoint(draft: Draft) -> Iterator[tuple[str, int]]:
    """Each rule, round after round until one adds nothing: (family, triples added)."""
    axioms = rules(draft.engine)
    for _ in range(ROUNDS):
        added = 0
        for rule in axioms:
            new = draft.derive(rule.construct, rule.family)
            added += new
            yield rule.family, new
        if not added:
            return


def _write(found: Inferred, family: str, triples: Iterator[bytes], base: str, folder: Path) -> int:
    """Write triples as the quads of a family's graph; return how many they are."""
    graph = inferred_graph(base, family)
    path, tail, count = folder / f"inferred.{family}.nq", f" <{graph}> .\n".encode(), 0
    with path.open("wb") as stream:
        for chunk in triples:
            count += chunk.count(b"\n")
            stream.write(chunk.replace(b" .\n", tail))
    if count:
        found.files[graph] = path
    else:
        path.unlink()
    return count
