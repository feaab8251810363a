"""What one compilation knows: the release's columns, the dataset, names, constants and CTEs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from pyoxigraph import Literal, NamedNode

from govgraph.engine.base import Dataset, Term
from govgraph.engine.columnar import algebra
from govgraph.engine.columnar.notcompiled import NotCompiled
from govgraph.engine.columnar.relation import GRAPH, HIDDEN, OUTER, Column, Relation, derived
from govgraph.engine.columnar.tags import IRI
from govgraph.engine.columnar.terms import tag_of


class Columns(Protocol):
    """What the compiler asks of a release."""

    def id_of(self, term: Term) -> int | None:
        """The id of a term, None if it is neither inline nor in the data."""
        ...

    def tags_of(self, predicate: int) -> int:
        """The bits of the tags of a predicate's objects; 0 for an unknown predicate."""
        ...

    def subject_tags_of(self, predicate: int) -> int:
        """The bits of the tags of a predicate's subjects; 0 for an unknown predicate."""
        ...

    def scale_of(self, predicate: int) -> int | None:
        """The one scale of a predicate's inline decimals, if there is one."""
        ...

    def know_hashes(self) -> None:
        """See that the SQL functions of `hashes` are there."""
        ...


@dataclass(frozen=True, slots=True)
class Given:
    """Values put in for variables (substitution, §18.6): a table with a numbered row for each."""

    table: str
    columns: Mapping[str, Column]

    def only(self, names: set[str]) -> Given:
        """What a sub-select with these variables sees of it."""
        kept = {v: c for v, c in self.columns.items() if v in names or v in HIDDEN}
        return Given(self.table, kept)


@dataclass(frozen=True, slots=True)
class Active:
    """The active graph: the default graph, one named graph, or each named graph in turn; and the
    values that are put in for variables."""

    graph: int | None = None
    every: bool = False
    given: Given | None = None

    @property
    def hidden(self) -> list[str]:
        """The hidden columns of each relation evaluated here."""
        return [GRAPH] * self.every + [OUTER] * (self.given is not None)


DEFAULT = Active()

Operator = Callable[[Any, Active, "Context"], Relation]


@dataclass
class Context:
    """The state of one compilation."""

    columns: Columns
    operators: Mapping[type, Operator]
    exists: Callable[[Any, algebra.Exists], str]
    now: Literal
    base: str | None = None
    default: tuple[int, ...] | None = None
    named: tuple[int, ...] | None = None
    inference: bool = True
    ctes: list[str] = field(default_factory=list)
    local: dict[algebra.Constant, int] = field(default_factory=dict)
    volatile: bool = False
    _names: dict[str, str] = field(default_factory=dict)
    _serial: int = 0

    def translate(self, pattern: algebra.Pattern, active: Active) -> Relation:
        """The relation of a pattern's solutions. NotCompiled if it is outside the compiled part."""
        operator = self.operators.get(type(pattern))
        if operator is None:
            raise NotCompiled(f"operator {type(pattern).__name__}")
        return operator(pattern, active, self)

    def name(self, variable: str) -> str:
        """The column of a variable: numbered, for SQL does not tell ?x from ?X."""
        return self._names.setdefault(variable, f"c{len(self._names)}")

    def fresh(self, prefix: str = "t") -> str:
        self._serial += 1
        return f"{prefix}{self._serial}"

    def id(self, term: algebra.Constant) -> int:
        """The id of a constant; one that is not in the data gets an id of this query."""
        found = self.columns.id_of(term)
        if found is None:
            free = (tag_of(term) << 56) + (1 << 55) + len(self.local)
            found = self.local.setdefault(term, free)
        return found

    def is_local(self, number: int) -> bool:
        return number in self.local.values()

    def derive(self, sql: str, columns: Mapping[str, Column]) -> Relation:
        return derived(sql, self.fresh("r"), columns)

    def closed(self, relation: Relation) -> Relation:
        """The relation as a sub-select, its order given up."""
        return self.derive(relation.sql(), relation.columns)

    def open(self, relation: Relation) -> Relation:
        """A relation that can be joined and filtered: LIMIT closed, order given up."""
        if relation.cut:
            return self.closed(relation)
        return relation if not relation.order else Relation(
            relation.sources, relation.where, relation.columns, relation.terms
        )  # fmt: skip

    def once(self, relation: Relation) -> Relation:
        """The relation as a table computed once, so that printing it twice is cheap and gives the
        same rows."""
        return self.derive(f"SELECT * FROM {self.cte(relation.sql())}", relation.columns)

    def cte(self, sql: str) -> str:
        """The name of a table computed once."""
        name = self.fresh("m")
        self.ctes.append(f"{name} AS MATERIALIZED ({sql})")
        return name

    # -- the dataset ---------------------------------------------------------------------------

    def triples(self, active: Active, by_object: bool = False) -> tuple[str, list[str]]:
        """Table of the active graph's triples, and conditions with {} for its alias."""
        if active.every:
            return "quad", self._named_only()
        if active.graph is not None:
            inside = self.named is None or active.graph in self.named
            return "quad", [f"{{}}.g={active.graph}", *self._named_only()] if inside else ["false"]
        if self.default is None:
            return "pos" if by_object else "pso", [] if self.inference else ["NOT {}.inferred"]
        if len(self.default) == 1:
            return "quad", [f"{{}}.g={self.default[0]}"]
        graphs = ", ".join(map(str, self.default)) or "NULL"
        return f"(SELECT DISTINCT s, p, o FROM quad WHERE g IN ({graphs}))", []

    def _named_only(self) -> list[str]:
        if self.named is not None:
            return [f"{{}}.g IN ({', '.join(map(str, self.named)) or 'NULL'})"]
        return [] if self.inference else ["{}.g NOT IN (SELECT id FROM graph WHERE inferred)"]

    def graphs(self) -> str:
        """SELECT of the named graphs, as g."""
        if self.named is None:
            return "SELECT id AS g FROM graph" + ("" if self.inference else " WHERE NOT inferred")
        if not self.named:
            return "SELECT CAST(NULL AS BIGINT) AS g WHERE false"
        rows = ", ".join(f"({graph})" for graph in sorted(set(self.named)))
        return f"SELECT CAST(g AS BIGINT) AS g FROM (VALUES {rows}) v(g)"

    def unit(self, active: Active) -> Relation:
        """The one empty solution; one for each graph inside GRAPH ?g, and for each given row."""
        rows = self.given(active)
        if not active.every:
            return rows
        column = Column(self.name(GRAPH), "g", tags=IRI)
        source = f"SELECT g AS {column.name} FROM ({self.graphs()})"
        graphs = self.derive(source, {GRAPH: column})
        same = [
            f"{c.sql}={graphs.columns[GRAPH].sql}" for v, c in rows.columns.items() if v == GRAPH
        ]
        return Relation(
            rows.sources + graphs.sources, tuple(same), {**rows.columns, **graphs.columns}
        )

    def given(self, active: Active) -> Relation:
        """The given rows, if there are any."""
        if active.given is None:
            return Relation()
        return self.derive(f"SELECT * FROM {active.given.table}", active.given.columns)


def dataset_of(
    query: algebra.Query, dataset: Dataset
) -> tuple[list[NamedNode] | None, list[NamedNode] | None, bool]:
    """Default graphs, named graphs and inference: the request's dataset wins over FROM."""
    if dataset.default is not None or dataset.named is not None:
        default = [NamedNode(iri) for iri in dataset.default or ()]
        return default, [NamedNode(iri) for iri in dataset.named or ()], True
    if query.default is not None or query.named is not None:
        return list(query.default or ()), list(query.named or ()), True
    return None, None, dataset.inference
