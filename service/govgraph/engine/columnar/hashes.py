"""SHA384 and SHA512 (§17.4.6), which DuckDB lacks: Python functions over Arrow arrays."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import duckdb
import pyarrow as pa
from duckdb.func import PythonUDFType

DIGESTS = ("sha384", "sha512")


def register(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the functions known to a connection and all its cursors. About 2 s a million texts.

    Called when a query first needs them: registering imports numpy."""
    for name in DIGESTS:
        connection.create_function(
            name, _digest(name), ["VARCHAR"], "VARCHAR", type=PythonUDFType.ARROW
        )


def _digest(name: str) -> Callable[[pa.Array], pa.Array]:
    """NULLs never get here: DuckDB answers them itself."""
    return lambda texts: pa.array(
        [hashlib.new(name, text.encode()).hexdigest() for text in texts.to_pylist()], pa.string()
    )
