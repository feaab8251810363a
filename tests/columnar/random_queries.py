"""Random graphs and SPARQL queries over them, each wholly given by its seed.

`GRAPH ?g { P }` is written ⟦P⟧: `ours` prints it so, `spelled` as §18.5 defines it, the union over
the graphs of P in that graph joined with ?g. That is what Oxigraph is asked, whose own GRAPH ?g
leaks into the pattern. `MINUS { P }` is written ⟪shared variables¦P⟫ and spelled as a sub-select of
these, without any as nothing (§18.5): inside OPTIONAL and EXISTS Oxigraph lets outer values into
MINUS. `OPTIONAL { P }` is written ⟨P⟩ and spelled as a sub-select, unless P has a filter of its
own: Oxigraph lets outer values into the OPTIONAL of an OPTIONAL too.

Left out is what else Oxigraph reads otherwise than the specification: the duplicates of
alternatives and negated sets, paths of length zero from terms that are not in the data,
COUNT(DISTINCT *) over the middle of paths, comparison with NaN, two lexical forms of one value (each
graph has one).
"""

from __future__ import annotations

import re
from random import Random

XSD = "http://www.w3.org/2001/XMLSchema#"
GRAPHS = ("<http://x/g0>", "<http://x/g1>")
VARIABLES = ("?a", "?b", "?c", "?d")
NODES = tuple(f"<http://x/s{n}>" for n in range(3))
LINKS = tuple(f"<http://x/p{n}>" for n in range(2))
#: One form of each value goes into a graph and the queries on it; Oxigraph keeps the first.
FORMS = (
    ("1", '"01"^^<{}integer>'), ("2", '"+2"^^<{}integer>'), ("-7",), ("1.5", '"1.50"^^<{}decimal>'),
    ("2.5", '"02.5"^^<{}decimal>'), ("true", '"1"^^<{}boolean>'), ("false", '"0"^^<{}boolean>'),
    ('"a"',), ('"b"',), ('"ab"',), ('""',), ('"a"@en',), ('"A"@de',), ('"2"^^<{}double>',),
    ('"1.5"^^<{}double>', '"15e-1"^^<{}double>'), ('"INF"^^<{}double>',),
    ('"2020-01-01"^^<{}date>',), ('"2020-02-01"^^<{}date>',), ('"2020-02-01Z"^^<{}date>',),
    ('"2020-01-01T00:00:00"^^<{}dateTime>',), ('"2020-01-01T05:30:00.5+02:00"^^<{}dateTime>',),
    ('"2020-03-01T00:00:00Z"^^<{}dateTime>',), ('"x"^^<{}integer>',), ('"z"^^<http://x/t>',),
)  # fmt: skip
_FUNCTIONS = """STR LANG DATATYPE UCASE LCASE STRLEN ABS CEIL FLOOR ROUND YEAR MONTH HOURS MINUTES
    TZ MD5 SHA512"""
_CASTS = "integer decimal double string boolean date"
_UNARY = _FUNCTIONS.split() + [f"<{XSD}{name}>" for name in _CASTS.split()]


class Writer:
    """Writes the graph and the queries of one seed."""

    def __init__(self, seed: str) -> None:
        self.random = Random(seed)
        self.plain = self.random.random() < 0.7
        forms = [[form.format(XSD) for form in value] for value in FORMS]
        several = self.random.sample(forms, 7)
        self.literals = [value[0] if self.plain else self.one(value) for value in several]
        #: Oxigraph takes the effective boolean value of these for an error (against 17.2.2).
        self.truths = not {'"a"@en', '"A"@de', f'"x"^^<{XSD}integer>'} & set(self.literals)
        self.budget = 0

    def one(self, choices: object) -> str:
        return self.random.choice(list(choices))  # type: ignore[call-overload, no-any-return]

    def likely(self, share: float) -> bool:
        return self.random.random() < share

    def graph(self) -> str:
        """TriG of two named graphs."""
        return "\n".join(self._statement() for _ in range(self.random.randint(8, 20)))

    def _statement(self) -> str:
        subject = self.one((*NODES, "_:b"))
        value = self.one(NODES) if self.likely(0.45) else self.one((*self.literals, "_:b"))
        return f"{self.one(GRAPHS)} {{ {subject} {self.one(LINKS)} {value} }}"

    # -- terms and triples ---------------------------------------------------------------------

    def variable(self) -> str:
        return self.one(VARIABLES)

    def term(self) -> str:
        return self.one(
            (self.variable(), self.variable(), self.one(self.literals), self.one(NODES))
        )

    def path(self) -> str:
        link = self.one(LINKS)
        shapes = [
            f"^{link}", f"({link}/{self.one(LINKS)})", f"{link}+", f"{link}*", f"{link}?",
            f"(^{link}/{self.one(LINKS)})", f"({link}|^{self.one(LINKS)})+", f"({link}/{link})*",
            f"(!({link}|^{self.one(LINKS)}))+",
        ]  # fmt: skip
        return self.one(shapes)

    def triple(self) -> str:
        self.budget -= 1
        kind = self.random.random()
        if kind < 0.25:
            return f"{self.variable()} {self.path()} {self.variable()} ."
        if kind < 0.8:
            return f"{self.variable()} {self.one(LINKS)} {self.variable()} ."
        subject = self.one((self.variable(), self.one(NODES)))
        link = self.one((self.one(LINKS), self.one(LINKS), self.variable()))
        return f"{subject} {link} {self.one((self.variable(), self.one(self.literals)))} ."

    def triples(self) -> str:
        return " ".join(self.triple() for _ in range(self.random.choice((1, 1, 1, 2))))

    # -- expressions ---------------------------------------------------------------------------

    def value(self, depth: int = 2) -> str:
        if depth == 0 or self.likely(0.4) or not self.plain:
            return self.term()
        a, b = self.value(depth - 1), self.value(depth - 1)
        return self.one((
            f"({a} {self.one('+-*/')} {b})", f"{self.one(_UNARY)}({a})",
            f"{self.one(_UNARY)}({a})", f"COALESCE({a}, {b})",
            f"{self.one(('CONCAT', 'STRBEFORE', 'STRAFTER'))}({a}, {b})",
            f"IF({a} {self.one(('=', '<', '>='))} {b}, {a}, {self.term()})",
            f"SUBSTR({a}, {self.one('012')}, {self.one('12')})",
        ))  # fmt: skip

    def test(self, depth: int = 2) -> str:
        if depth and self.likely(0.3):
            a, b = self.test(depth - 1), self.test(depth - 1)
            return self.one((f"({a} && {b})", f"({a} || {b})", f"(!{a})"))
        a, b = self.value(1), self.value(1)
        if self.truths and self.likely(0.1):
            return f"({a})"
        if self.budget > 0 and self.likely(0.25):
            return f"{self.one(('EXISTS', 'NOT EXISTS'))} {{ {self.group(1)} }}"
        return self.one((
            f"({a} {self.one(('=', '!=', '<', '>', '<=', '>='))} {b})",
            f"({a} {self.one(('=', '!=', '<', '>', '<=', '>='))} {b})",
            f"BOUND({self.variable()})", f"({a} {self.one(('IN', 'NOT IN'))} ({b}, {self.term()}))",
            f"{self.one(('isIRI', 'isLITERAL', 'isNUMERIC', 'isBLANK'))}({a})",
            f"{self.one(('CONTAINS', 'STRSTARTS', 'STRENDS'))}({a}, {b})",
            # not of computed numbers, whose lexical form is the engine's
            f"sameTerm({self.variable()}, {self.variable()})",
        ))  # fmt: skip

    # -- groups --------------------------------------------------------------------------------

    def group(self, depth: int) -> str:
        if depth == 0 or self.budget <= 1:
            return self.triples()
        inner = self.group(depth - 1)
        shape = self.one(_SHAPES)
        return str(getattr(self, f"_{shape}")(inner, depth))

    def _optional(self, inner: str, depth: int) -> str:
        condition = f"FILTER ({self.test(1)})" if self.likely(0.3) else ""
        return f"{inner} OPTIONAL ⟨{self.group(depth - 1)} {condition}⟩"

    def _nested_optional(self, inner: str, depth: int) -> str:
        """Not well designed more often than not."""
        outer = f"{self.triples()} OPTIONAL ⟨{self.group(depth - 1)}⟩"
        return f"{inner} OPTIONAL ⟨{outer}⟩"

    def _minus_in_optional(self, inner: str, depth: int) -> str:
        return f"{inner} OPTIONAL {{ {self._minus(self.triples(), depth)} }}"

    def _union(self, inner: str, depth: int) -> str:
        return f"{{ {inner} }} UNION {{ {self.group(depth - 1)} }}"

    def _minus(self, inner: str, depth: int) -> str:
        less = self.group(depth - 1)
        shared = set(_VARIABLE.findall(inner)) & set(_VARIABLE.findall(less))
        return f"{inner} ⟪{' '.join(sorted(shared))}¦{less}⟫"

    def _filter(self, inner: str, _depth: int) -> str:
        return f"{inner} FILTER ({self.test()})"

    def _bind(self, inner: str, _depth: int) -> str:
        return f"{{ {inner} BIND ({self.value()} AS ?x) }}"

    def _values(self, inner: str, _depth: int) -> str:
        if self.likely(0.5):
            rows = [self.one((*NODES, *self.literals, "UNDEF")) for _ in range(2)]
            return f"{inner} VALUES {self.variable()} {{ {' '.join(rows)} }}"
        names = self.random.sample(VARIABLES, 2)
        cells = [
            " ".join(self.one((*NODES, *self.literals, "UNDEF")) for _ in names) for _ in range(2)
        ]
        return f"{inner} VALUES ({' '.join(names)}) {{ ({cells[0]}) ({cells[1]}) }}"

    def _graph(self, inner: str, depth: int) -> str:
        within = self.group(depth - 1)
        if self.likely(0.3):
            within += f" FILTER({self.one(('BOUND(?g)', '!BOUND(?g)', '?a != ?g'))})"
        if self.likely(0.2):
            within += f" OPTIONAL {{ ?g {self.one(LINKS)} {self.variable()} }}"
        return f"{inner} " + (
            f"⟦{within}⟧" if self.likely(0.7) else f"GRAPH {GRAPHS[0]} {{{within}}}"
        )

    def _distinct(self, inner: str, depth: int) -> str:
        return f"{inner} {{ SELECT DISTINCT ?a ?c {{ {self.group(depth - 1)} }} }}"

    def _aggregate(self, inner: str, depth: int) -> str:
        by = self.one(("GROUP BY ?a", "GROUP BY ?a ?c", ""))
        shown = by.removeprefix("GROUP BY")
        having = f"HAVING ({self.calculated()} {self.one('<>=')} {self.one('123')})"
        rest = f"{by} {having if self.likely(0.3) else ''}"
        return f"{inner} {{ SELECT {shown} ({self.calculated()} AS ?n) {{ {self.group(depth - 1)} }} {rest} }}"

    def calculated(self) -> str:
        """An aggregate."""
        name, word = (
            self.one(["COUNT", "COUNT", "SUM", "AVG", "MIN", "MAX"]),
            self.one(("", "", "DISTINCT ")),
        )
        if name == "COUNT" and self.likely(0.4):
            return "COUNT(*)"
        if self.plain and self.likely(0.15):
            return f"STRLEN(GROUP_CONCAT({word}STR({self.variable()}); SEPARATOR='-'))"
        return f"{name}({word}{self.variable()})"

    # -- queries -------------------------------------------------------------------------------

    def query(self) -> str:
        self.budget = 5
        shape = self.random.random()
        if shape < 0.45:
            names = self.one(("*", "?a ?b", "DISTINCT ?b ?c", "?a ?g ?x"))
            return f"SELECT {names} {{ {self.group(3)} }}"
        if shape < 0.6:
            calculated = f"({self.calculated()} AS ?m) ({self.calculated()} AS ?n)"
            by = self.one(("", "?a", "?b", "?a ?c"))
            return f"SELECT {by} {calculated} {{ {self.group(3)} }} {by and f'GROUP BY {by}'}"
        if shape < 0.7:
            return f"ASK {{ {self.group(3)} }}"
        if shape < 0.8:
            template = f"?a <http://x/q> ?b . ?c ?d {self.one(('[]', '?x', '1'))}"
            return f"CONSTRUCT {{ {template} }} {{ {self.group(3)} }}"
        return self._sorted()

    def _sorted(self) -> str:
        """?k is the key, by which the rows are compared."""
        v = self.variable()
        key = f"<{XSD}decimal>({v})"
        if self.plain:
            key = self.one((key, f"STR({v})", f"STRLEN(STR({v}))"))
        way = self.one(("?k", "DESC(?k)"))
        cut = self.one(("", "LIMIT 3", "LIMIT 2 OFFSET 1", "OFFSET 2"))
        word = self.one(("", "DISTINCT"))
        return f"SELECT {word} ({key} AS ?k) {{ {self.group(3)} }} ORDER BY {way} {cut}"


_OPERATORS = """optional optional nested_optional minus_in_optional union minus filter filter
    filter bind values graph graph distinct aggregate"""
_SHAPES = _OPERATORS.split()
_VARIABLE = re.compile(r"\?\w+")


def ours(query: str) -> str:
    query = re.sub("⟪[^¦⟪]*¦", "MINUS { ", query).replace("⟫", " }")
    query = query.replace("⟦", "GRAPH ?g { ").replace("⟨", "{ ")
    return re.sub("[⟧⟩]", " }", query)


def spelled(query: str) -> str:
    """The query with each GRAPH ?g, MINUS and OPTIONAL in the words that Oxigraph reads as the
    specification does, from the inside out."""

    def union(match: re.Match[str]) -> str:
        each = (f"{{ {{ GRAPH {g} {{ {match[1]} }} }} VALUES ?g {{ {g} }} }}" for g in GRAPHS)
        return f"{{ {' UNION '.join(each)} }}"

    def minus(match: re.Match[str]) -> str:
        shared, less = match.groups()
        return f"MINUS {{ SELECT {shared} {{ {less} }} }}" if shared else ""

    def optional(match: re.Match[str]) -> str:
        inside = match[1]
        return f"{{ {inside} }}" if _filtered(inside) else f"{{ {{ SELECT * {{ {inside} }} }} }}"

    while any(mark in query for mark in "⟦⟪⟨"):
        query = re.sub("⟨([^⟦⟧⟪⟫⟨⟩]*)⟩", optional, query)
        query = re.sub("⟦([^⟦⟧⟪⟫⟨⟩]*)⟧", union, query)
        query = re.sub("⟪([^¦⟪]*)¦([^⟦⟧⟪⟫⟨⟩]*)⟫", minus, query)
    return query


def _filtered(group: str) -> bool:
    """Whether the group has a FILTER of its own, not only inside of other groups."""
    depth = 0
    for token in re.findall(r"[{}]|FILTER", group):
        if token == "FILTER" and depth == 0:
            return True
        depth += {"{": 1, "}": -1}.get(token, 0)
    return False
