"""SPARQL 1.1 queries as values: terms, paths, expressions, patterns (§18.1 and §18.2).

Blank nodes of a pattern are variables whose names begin with `_:`; they are never projected.
All classes are frozen and compare by value, so a query can be a cache key.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal as Word

from pyoxigraph import Literal, NamedNode

# -- terms ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Var:
    """A variable, without its question mark."""

    name: str

    @property
    def hidden(self) -> bool:
        return self.name.startswith("_:")


Constant = NamedNode | Literal
Node = Var | Constant

# -- property paths ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Link:
    iri: NamedNode


@dataclass(frozen=True, slots=True)
class Inverse:
    path: PropertyPath


@dataclass(frozen=True, slots=True)
class Sequence:
    left: PropertyPath
    right: PropertyPath


@dataclass(frozen=True, slots=True)
class Alternative:
    left: PropertyPath
    right: PropertyPath


@dataclass(frozen=True, slots=True)
class Repeat:
    """`*` (zero, many), `+` (not zero, many) or `?` (zero, not many)."""

    path: PropertyPath
    zero: bool
    many: bool


@dataclass(frozen=True, slots=True)
class Negated:
    """`!(a|^b)`: any link but the forward ones, any inverse link but the inverse ones.

    Only the directions that are named take part: `!a` has no inverse side.
    """

    forward: tuple[NamedNode, ...]
    inverse: tuple[NamedNode, ...]


PropertyPath = Link | Inverse | Sequence | Alternative | Repeat | Negated

# -- expressions ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Or:
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class And:
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Not:
    operand: Expression


@dataclass(frozen=True, slots=True)
class Compare:
    op: Word["=", "!=", "<", ">", "<=", ">="]
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class In:
    operand: Expression
    choices: tuple[Expression, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class Arithmetic:
    op: Word["+", "-", "*", "/"]
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Minus1:
    """Unary minus; unary plus is `0 + x` in effect and parsed as Plus1."""

    operand: Expression


@dataclass(frozen=True, slots=True)
class Plus1:
    operand: Expression


@dataclass(frozen=True, slots=True)
class Call:
    """A built-in by its name in upper case: STR, LANG, BOUND, IF, COALESCE, REGEX, NOW, …"""

    name: str
    args: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Function:
    """A function by IRI: a cast such as xsd:integer, or an extension."""

    iri: NamedNode
    args: tuple[Expression, ...]
    distinct: bool = False


@dataclass(frozen=True, slots=True)
class Exists:
    pattern: Pattern
    negated: bool


@dataclass(frozen=True, slots=True)
class Aggregate:
    """COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT; `operand` None is `*`."""

    name: str
    operand: Expression | None
    distinct: bool = False
    separator: str = " "


Expression = (
    Var | NamedNode | Literal | Or | And | Not | Compare | In | Arithmetic | Minus1 | Plus1
    | Call | Function | Exists | Aggregate
)  # fmt: skip

# -- patterns ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TriplePattern:
    subject: Node
    predicate: Var | NamedNode
    object: Node


@dataclass(frozen=True, slots=True)
class Bgp:
    """A basic graph pattern; without triples it is the unit of Join."""

    triples: tuple[TriplePattern, ...]


@dataclass(frozen=True, slots=True)
class PathPattern:
    """A path that is more than one link, as it stands (§18.2.2.4 is the compiler's to apply)."""

    subject: Node
    path: PropertyPath
    object: Node


@dataclass(frozen=True, slots=True)
class Join:
    left: Pattern
    right: Pattern


@dataclass(frozen=True, slots=True)
class LeftJoin:
    left: Pattern
    right: Pattern
    condition: Expression | None


@dataclass(frozen=True, slots=True)
class Filter:
    condition: Expression
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class Union:
    left: Pattern
    right: Pattern


@dataclass(frozen=True, slots=True)
class Minus:
    left: Pattern
    right: Pattern


@dataclass(frozen=True, slots=True)
class Graph:
    name: Var | NamedNode
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class Extend:
    pattern: Pattern
    var: Var
    expression: Expression


@dataclass(frozen=True, slots=True)
class Values:
    """Inline data; None is UNDEF."""

    vars: tuple[Var, ...]
    rows: tuple[tuple[Constant | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """GROUP BY: each key has a variable (of its own where the query names none), each aggregate
    too. No keys: one group over everything, also over nothing. Aggregates in SELECT, HAVING and
    ORDER BY are replaced by these variables; a plain variable there that is no key is SAMPLE."""

    pattern: Pattern
    keys: tuple[tuple[Var, Expression], ...]
    aggregates: tuple[tuple[Var, Aggregate], ...]


@dataclass(frozen=True, slots=True)
class OrderBy:
    pattern: Pattern
    keys: tuple[tuple[Expression, bool], ...]
    """(expression, descending)"""


@dataclass(frozen=True, slots=True)
class Project:
    """A sub-select's or the query's variables, in order."""

    pattern: Pattern
    vars: tuple[Var, ...]


@dataclass(frozen=True, slots=True)
class Distinct:
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class Reduced:
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class Slice:
    pattern: Pattern
    offset: int
    limit: int | None


Pattern = (
    Bgp | PathPattern | Join | LeftJoin | Filter | Union | Minus | Graph | Extend | Values | Group
    | OrderBy | Project | Distinct | Reduced | Slice
)  # fmt: skip

# -- queries -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Query:
    """A whole query. `vars` are the columns of SELECT; `template` the triples of CONSTRUCT (a blank
    node there is a Var whose name begins with `_:`); `describe` what DESCRIBE names, `*` resolved
    to variables. `default` and `named` are the FROM clauses, None without any."""

    form: Word["select", "ask", "construct", "describe"]
    pattern: Pattern
    vars: tuple[Var, ...] = ()
    template: tuple[TriplePattern, ...] = ()
    describe: tuple[Node, ...] = ()
    default: tuple[NamedNode, ...] | None = None
    named: tuple[NamedNode, ...] | None = None
    base: str | None = None
