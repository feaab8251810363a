"""CSV to N-Triples by hand: `csv`, `Graph.add`, `serialize`. PLAN.json OUT.nt"""

import csv
import gzip
import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

from rdflib import Graph, Literal, URIRef
from rdflib.term import Identifier

Row = dict[str, str]
Maker = Callable[[Row], Identifier | None]
_VARIABLE = re.compile(r"\{([^{}]+)\}")


def template(text: str) -> Maker:
    """IRIs; none where a variable is empty."""
    names = _VARIABLE.findall(text)
    pattern = _VARIABLE.sub("{}", text)

    def make(row: Row) -> URIRef | None:
        values = [quote(row[name], safe="/~") for name in names]
        return URIRef(pattern.format(*values)) if all(values) else None

    return make


def value(statement: dict[str, str]) -> Maker:
    """What makes the objects of a statement."""
    datatype = URIRef(statement["datatype"]) if statement["datatype"] else None
    if statement["template"]:
        return template(statement["template"])
    if statement["constant"]:
        text = statement["constant"]
        constant = Literal(text, datatype=datatype) if datatype else URIRef(text)
        return lambda _: constant
    name, language = statement["column"], statement["language"] or None
    return lambda row: Literal(row[name], language, datatype) if row[name] else None


def rows(file: str) -> Iterator[Row]:
    """The rows of a table by the names of its columns."""
    opened = gzip.open if file.endswith(".gz") else open
    with opened(file, "rt", encoding="utf-8-sig", newline="") as stream:
        yield from csv.DictReader(stream)


def add(graph: Graph, one: dict[str, Any]) -> None:
    """All triples of one map."""
    subject_of = template(one["subject"])
    makers = [(URIRef(s["property"]), value(s)) for s in one["statements"]]
    for row in rows(one["file"]):
        subject = subject_of(row)
        for predicate, make in makers:
            found = make(row)
            if subject is not None and found is not None:
                graph.add((subject, predicate, found))


if __name__ == "__main__":
    plan, out = sys.argv[1:]
    graph = Graph()
    with open(plan, encoding="utf-8") as stream:
        for one in json.load(stream):
            add(graph, one)
    graph.serialize(out, format="nt", encoding="utf-8")
    print(json.dumps({"seconds": time.process_time(), "triples": len(graph)}))
