"""Shapes, targets and constraints as frozen values: what a shapes graph says, without RDF.

Terms are pyoxigraph's, as the engines give them. Constraints are named after the components of
SHACL Core (§4), SPARQL-based constraints (§5) and SPARQL-based constraint components (§6).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal as Word

from pyoxigraph import Literal, NamedNode

from govgraph.engine.base import Term
from govgraph.validation.paths import Path
from govgraph.vocabulary import SH

# -- targets -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ClassTarget:
    """Instances of a class and of its subclasses, declared or implicit (§2.1.3.2, §2.1.3.3)."""

    iri: NamedNode


@dataclass(frozen=True, slots=True)
class NodeTarget:
    node: NamedNode | Literal


@dataclass(frozen=True, slots=True)
class SubjectsTarget:
    predicate: NamedNode


@dataclass(frozen=True, slots=True)
class ObjectsTarget:
    predicate: NamedNode


Target = ClassTarget | NodeTarget | SubjectsTarget | ObjectsTarget

# -- constraints of single values ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Class:
    iri: NamedNode


@dataclass(frozen=True, slots=True)
class Datatype:
    iri: NamedNode


@dataclass(frozen=True, slots=True)
class NodeKind:
    """`kind` as in SHACL: IRI, BlankNodeOrLiteral …"""

    kind: str


@dataclass(frozen=True, slots=True)
class Bound:
    """`op` is how a good value compares with the limit."""

    name: str
    op: Word["<", "<=", ">", ">="]
    limit: Literal


@dataclass(frozen=True, slots=True)
class Length:
    """Of the value's text, in characters."""

    name: str
    op: Word["<=", ">="]
    limit: int


@dataclass(frozen=True, slots=True)
class Pattern:
    regex: str
    flags: str


@dataclass(frozen=True, slots=True)
class LanguageIn:
    ranges: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class In:
    terms: tuple[NamedNode | Literal, ...]


# -- constraints of a node's values together -----------------------------------------------------


@dataclass(frozen=True, slots=True)
class Count:
    """`name` is MinCount or MaxCount."""

    name: str
    limit: int


@dataclass(frozen=True, slots=True)
class UniqueLang:
    pass


@dataclass(frozen=True, slots=True)
class HasValue:
    term: NamedNode | Literal


@dataclass(frozen=True, slots=True)
class Pair:
    """`name` is Equals, Disjoint, LessThan or LessThanOrEquals."""

    name: str
    predicate: NamedNode


@dataclass(frozen=True, slots=True)
class Closed:
    allowed: tuple[NamedNode, ...]


# -- constraints by other shapes -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Logical:
    """`name` is Node, Not, And, Or or Xone."""

    name: str
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Property:
    shape: Shape


@dataclass(frozen=True, slots=True)
class Qualified:
    """Values that conform to the shape, and to no sibling where those are disjoint."""

    name: str
    limit: int
    shape: Shape
    siblings: tuple[Shape, ...] = ()


# -- constraints by SPARQL -----------------------------------------------------------------------


@dataclass(frozen=True)
class Sparql:
    """A SELECT query that finds violations, or an ASK query that values have to satisfy.

    `text` has its PREFIX lines apart in `prologue`; `parameters` are those of a constraint
    component, by variable.
    """

    component: str
    form: Word["select", "ask"]
    prologue: str
    text: str
    parameters: Mapping[str, Term] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()
    messages: tuple[Literal, ...] = ()


Constraint = (
    Class | Datatype | NodeKind | Bound | Length | Pattern | LanguageIn | In | Count | UniqueLang
    | HasValue | Pair | Closed | Logical | Property | Qualified | Sparql
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Shape:
    """A node shape, or with a path a property shape. `name` is its IRI or blank node label.

    Shapes compare by identity: each is read once.
    """

    name: str
    term: Term
    path: Path | None
    severity: str
    messages: tuple[Literal, ...]
    constraints: tuple[Constraint, ...]
    targets: tuple[Target, ...] = ()


def component(constraint: Constraint) -> str:
    """The IRI of the constraint component, as in sh:sourceConstraintComponent."""
    if isinstance(constraint, Sparql):
        return constraint.component
    name = getattr(constraint, "name", type(constraint).__name__)
    return f"{SH}{name}ConstraintComponent"
