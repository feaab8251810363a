"""Columns against Oxigraph on one random query: agreed, refused or differing.

`python tests/columnar/agreement.py CASES [SEED]` runs so many cases, prints the counts and each
difference, and fails if there is one."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from answers import Row, built, compiled, rows_of
from pyoxigraph import BlankNode, Literal, QueryBoolean, QueryTriples, RdfFormat, Store, parse
from random_queries import XSD, Writer, ours, spelled

from govgraph.engine import merge
from govgraph.engine.columnar.columns import Columns
from govgraph.engine.columnar.encode import write_quads
from govgraph.engine.columnar.notcompiled import NotCompiled

#: Queries on one graph, whose encoding takes longer than a query.
QUERIES = 25
#: Larger answers are not compared: Oxigraph could not be stopped.
MOST_ROWS = 20_000
_NUMBERS = (XSD + "decimal", XSD + "double", XSD + "integer", XSD + "boolean")


@dataclass(frozen=True)
class Outcome:
    """What came of a case: `agreed`, `refused`, `skipped` or `differs`; the reason; the columns'
    rows."""

    verdict: str
    why: str
    rows: int
    graph: str
    query: str


def outcomes(seed: str, count: int) -> Iterator[Outcome]:
    """So many cases from a seed, a new graph every so often."""
    for start in range(0, count, QUERIES):
        yield from _on_one_graph(f"{seed}/{start}", min(QUERIES, count - start))


def _on_one_graph(seed: str, count: int) -> Iterator[Outcome]:
    writer = Writer(seed)
    graph = writer.graph()
    quads = list(parse(graph, RdfFormat.TRIG))
    store = Store()
    merge.extend(store, quads)
    with TemporaryDirectory() as name:
        folder = Path(name) / "columns"
        write_quads(quads, folder, merged=True)
        with Columns(folder, threads=writer.random.choice((1, 2))) as columns:
            for _ in range(count):
                query = writer.query()
                yield Outcome(*judged(query, store, columns), graph, query)


def judged(query: str, store: Store, columns: Columns) -> tuple[str, str, int]:
    """The verdict on a query, why, and the number of rows."""
    try:
        plan = compiled(ours(query), columns)
        rows = rows_of(plan, columns)
    except NotCompiled as refusal:
        return "refused", str(refusal), 0
    if len(rows) > MOST_ROWS:
        return "skipped", "rows", len(rows)
    try:
        result = store.query(spelled(query))
    except SyntaxError:  # its grammar stumbles over some calls inside CONCAT
        return "skipped", "syntax", len(rows)
    if isinstance(result, QueryBoolean):
        mine, theirs = [str(bool(rows))], [str(bool(result))]
    elif isinstance(result, QueryTriples):
        mine = sorted({_words(triple) for triple in built(plan, rows)})
        theirs = sorted({_words((t.subject, t.predicate, t.object)) for t in result})
    else:
        names = [variable.value for variable in result.variables]
        mine = [_words(_cells(row, names)) for row in rows]
        theirs = [_words(tuple(solution[name] for name in names)) for solution in result]
        if "ORDER BY" not in query:
            mine, theirs = sorted(mine), sorted(theirs)
    if mine == theirs:
        return "agreed", "", len(mine)
    return "differs", f"columns {_short(mine, theirs)}, Oxigraph {_short(theirs, mine)}", len(mine)


def _short(rows: list[str], others: list[str]) -> str:
    more = Counter(rows) - Counter(others)
    return f"{len(rows)} rows, alone {list(more.elements())[:4]}"


def _cells(row: Row, names: list[str]) -> tuple[object, ...]:
    return tuple(row.get(name) for name in names)


def _words(terms: tuple[object, ...]) -> str:
    return " ".join(_word(term) for term in terms)


def _word(term: object) -> str:
    """A term, numbers by value: Oxigraph keeps values, not forms. New blank nodes are alike."""
    if isinstance(term, BlankNode):
        return "_:b" if term.value == "b" else "[]"
    if not isinstance(term, Literal) or term.datatype.value not in _NUMBERS or term.value == "x":
        return str(term)
    text = {"true": "1", "false": "0"}.get(term.value, term.value)
    return f"{float(text.replace('INF', 'inf')):.12g} {term.datatype.value.removeprefix(XSD)}"


def main(count: int, seed: str) -> int:
    found: Counter[str] = Counter()
    for outcome in outcomes(seed, count):
        found[outcome.verdict] += 1
        if outcome.verdict == "differs":
            print(f"\n{outcome.graph}\n{ours(outcome.query)}\n{outcome.why}", flush=True)
    print(f"seed {seed}: {found['agreed'] + found['differs']} compared, {found['refused']} refused,"
          f" {found['skipped']} skipped, {found['differs']} disagreements")  # fmt: skip
    return 1 if found["differs"] else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else str(time.time_ns())))
