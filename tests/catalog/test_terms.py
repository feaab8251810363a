"""Columns of terms become values of their types, whatever a text holds."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, Store

from govgraph.catalog.entry import Column
from govgraph.catalog.terms import typed
from govgraph.engine.oxigraph import OxigraphEngine
from govgraph.governance import frames

ENGINE = OxigraphEngine(Store())


def answer(expression: str, kind: str) -> object:
    """The one value of an expression, as a column of that type."""
    query = f"SELECT ({expression} AS ?x) (1 AS ?y) {{ }}"
    found = frames.frame(ENGINE, query, pl.String())
    return typed(found, (Column("x", kind, "", ""),)).item()


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_a_text_comes_out_as_it_is(text: str) -> None:
    assert answer(str(Literal(text)), "string") == text
    assert answer(str(Literal(text, language="zh")), "string") == text


@pytest.mark.parametrize(
    ("expression", "kind", "expected"),
    [
        ("<urn:a>", "iri", "urn:a"),
        ("7", "integer", 7),
        ("1.50", "decimal", Decimal("1.5")),
        ("1e2", "number", 100.0),
        ("true", "boolean", True),
        ('"2021-04-01"^^xsd:date', "date", date(2021, 4, 1)),
        ("?nothing", "integer", None),
    ],
)
def test_a_value_has_the_type_that_is_declared(
    expression: str, kind: str, expected: object
) -> None:
    assert answer(expression, kind) == expected


@pytest.mark.parametrize(
    ("expression", "kind"), [('"x"', "integer"), ('"x"', "decimal"), ("1", "date")]
)
def test_another_value_is_an_error_and_no_gap(expression: str, kind: str) -> None:
    with pytest.raises(ValueError):
        answer(expression, kind)


def test_no_rows_have_the_types_of_rows() -> None:
    columns = tuple(
        Column(kind, kind, kind, kind) for kind in ("entity", "decimal", "date", "list", "integer")
    )
    some = {
        "entity": "<x:a>",
        "decimal": '"1.5"',
        "date": '"2020-01-02"',
        "list": '"a|b"',
        "integer": "1",
    }
    frame = pl.DataFrame(some, schema=dict.fromkeys(some, pl.String))
    ours, none = typed(frame, columns), typed(frame.clear(), columns)
    assert [kind.base_type() for kind in none.dtypes] == [kind.base_type() for kind in ours.dtypes]
    assert (none.height, ours.rows()) == (
        0,
        [("x:a", Decimal("1.5"), date(2020, 1, 2), ["a", "b"], 1)],
    )
