"""SHACL property paths (§2.3.1) as values, and in SPARQL's words."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode


@dataclass(frozen=True, slots=True)
class Predicate:
    iri: NamedNode


@dataclass(frozen=True, slots=True)
class Inverse:
    path: Path


@dataclass(frozen=True, slots=True)
class Sequence:
    steps: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Alternative:
    choices: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """`sign` is `*` (zeroOrMore), `+` (oneOrMore) or `?` (zeroOrOne)."""

    path: Path
    sign: str


Path = Predicate | Inverse | Sequence | Alternative | Repeat


def sparql(path: Path) -> str:
    """The path in SPARQL 1.1, parts in parentheses."""
    match path:
        case Predicate(iri):
            return str(iri)
        case Inverse(inner):
            return f"^{_part(inner)}"
        case Sequence(steps):
            return "/".join(map(_part, steps))
        case Alternative(choices):
            return "|".join(map(_part, choices))
        case Repeat(inner, sign):
            return _part(inner) + sign


def _part(path: Path) -> str:
    return sparql(path) if isinstance(path, Predicate) else f"({sparql(path)})"


def reaches_itself(path: Path) -> bool:
    """Whether each node is a value of its own path: a path that no triple is needed for."""
    match path:
        case Predicate():
            return False
        case Inverse(inner):
            return reaches_itself(inner)
        case Sequence(steps):
            return all(map(reaches_itself, steps))
        case Alternative(choices):
            return any(map(reaches_itself, choices))
        case Repeat(inner, sign):
            return sign != "+" or reaches_itself(inner)


def steps_once(path: Path) -> bool:
    """Whether the path is one triple, forwards or backwards, or a choice of such."""
    match path:
        case Predicate():
            return True
        case Inverse(inner):
            return isinstance(inner, Predicate)
        case Alternative(choices):
            return all(map(steps_once, choices))
        case _:
            return False
