"""Terms of query results as values."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal

from govgraph.governance.money import cells

XSD = "http://www.w3.org/2001/XMLSchema#"


def one(expression: pl.Expr, term: str) -> object:
    return pl.DataFrame({"x": [term]}).select(expression).item()


@pytest.mark.parametrize(
    ("term", "value"),
    [
        (f'"334000"^^<{XSD}decimal>', Decimal(334000)),
        (f'"0.15"^^<{XSD}decimal>', Decimal("0.15")),
        (f'"-7."^^<{XSD}decimal>', Decimal(-7)),
        (f'".5"^^<{XSD}decimal>', Decimal("0.5")),
        ("12.50", Decimal("12.5")),
        (f'"1e3"^^<{XSD}double>', None),
        ('"unknown"', None),
        ("<http://x.example/5>", None),
    ],
)
def test_amounts(term: str, value: Decimal | None) -> None:
    assert one(cells.amount("x"), term) == value


@given(st.text(alphabet='ab"\\\n\r\t€@^<>'), st.none() | st.sampled_from(["zh", "en-GB"]))
def test_texts_and_their_languages(text: str, language: str | None) -> None:
    term = str(Literal(text, language=language))
    assert one(cells.text("x"), term) == text
    assert one(cells.language("x"), term) == (language.lower() if language else None)


def test_amounts_are_shown_with_the_digits_they_need() -> None:
    frame = pl.DataFrame({"a": ["3.50", None], "b": ["10", "0.25"]})
    amounts = frame.select(pl.all().str.to_decimal(scale=10).cast(cells.AMOUNT))
    shown = cells.plain(amounts, ["a", "b"])
    assert shown.schema == {"a": pl.Decimal(38, 2), "b": pl.Decimal(38, 2)}
    assert shown.rows() == [(Decimal("3.50"), Decimal("10.00")), (None, Decimal("0.25"))]
