"""A plan in RML, and the configuration of morph-kgc that runs it.

Source: https://rml.io/specs/rml/ and https://www.w3.org/TR/r2rml/.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from bench.building.plan import Statement, TriplesMap

_PROLOGUE = """\
@prefix rr: <http://www.w3.org/ns/r2rml#> .
@prefix rml: <http://semweb.mmlab.be/ns/rml#> .
@prefix ql: <http://semweb.mmlab.be/ns/ql#> .
"""


def mapping(maps: Iterable[TriplesMap]) -> str:
    """The maps as Turtle."""
    return _PROLOGUE + "".join(_triples_map(number, one) for number, one in enumerate(maps, 1))


def _triples_map(number: int, one: TriplesMap) -> str:
    statements = "".join(f" ;\n  {_predicate_object(statement)}" for statement in one.statements)
    return f"""
<#map{number}> a rr:TriplesMap ;
  rml:logicalSource [ rml:source {_text(str(one.file))} ; rml:referenceFormulation ql:CSV ] ;
  rr:subjectMap [ rr:template {_text(one.subject)} ; rr:graphMap [ rr:constant <{one.graph}> ] ]{statements} .
"""


def _predicate_object(statement: Statement) -> str:
    return (
        f"rr:predicateObjectMap [ rr:predicate <{statement.property}> ; "
        f"rr:objectMap [ {_object(statement)} ] ]"
    )


def _object(statement: Statement) -> str:
    if statement.template:
        return f"rr:template {_text(statement.template)}"
    if statement.constant and statement.datatype:
        return f"rr:constant {_text(statement.constant)}^^<{statement.datatype}>"
    if statement.constant:
        return f"rr:constant <{statement.constant}>"
    kind = f" ; rr:datatype <{statement.datatype}>" if statement.datatype else ""
    kind += f" ; rr:language {_text(statement.language)}" if statement.language else ""
    return f"rml:reference {_text(statement.column)}{kind}"


def configuration(mapping_file: Path, output: Path) -> str:
    """morph-kgc's settings: one process, N-Quads into one file.

    A slash is kept, as the templates of the tables keep it where a cell names kind and key.
    """
    return f"""\
[CONFIGURATION]
output_file: {output}
output_format: N-QUADS
number_of_processes: 1
safe_percent_encoding: /
logging_level: ERROR

[tables]
mappings: {mapping_file}
"""


def _text(text: str) -> str:
    """A text as a literal of Turtle, whose escapes are those of JSON."""
    return json.dumps(text, ensure_ascii=False)
