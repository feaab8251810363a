"""Forms are read as the standard library reads them."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from govgraph.edge.form import pairs
from govgraph.errors import GovgraphError

#: Bytes that mean something in a form or in quoted-printable, and any others.
PIECES = st.sampled_from(
    [b"%", b"%3D", b"=", b"=\n", b"=3D", b"&", b"+", b" ", b"\r\n", b"_", b"%e4%B8%ad"]
)


@given(st.lists(PIECES | st.binary(max_size=3), max_size=12).map(b"".join))
@example(b"query=a%0A%20 \nb=%3d&x")
def test_any_bytes(encoded: bytes) -> None:
    try:
        expected = parse_qsl(encoded.decode(), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        with pytest.raises(GovgraphError, match="UTF-8"):
            pairs(encoded)
        return
    assert pairs(encoded) == expected


@given(st.lists(st.tuples(st.text(max_size=8), st.text(max_size=30)), max_size=4))
def test_what_is_encoded_comes_back(given_: list[tuple[str, str]]) -> None:
    assert pairs(urlencode(given_).encode()) == given_
