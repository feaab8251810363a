"""N-Quads files into the temporary table `raw(f, s, p, o)` of term texts, not one line lost.

A file holds the quads of one graph, one on each line, as `S P O <graph> .` with single spaces: what
our loaders and pyoxigraph write. Each byte of each file is accounted for after the reading.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

#: Three quotes in a row stand nowhere in N-Quads, so no line is ever cut into columns.
_DELIMITER = '"""'
_LONGEST_LINE = 16_000_000
_BUFFER = 64_000_000


def read(con: duckdb.DuckDBPyConnection, files: Sequence[tuple[str, Path]], scratch: Path) -> None:
    """Make `raw`; `f` is a file's number. A file's graph is given as N-Triples text, "" if its
    quads are of the default graph. ValueError for a file that is not as the module says."""
    con.execute("CREATE TEMP TABLE raw(f INTEGER, s VARCHAR, p VARCHAR, o VARCHAR)")
    for number, (graph, path) in enumerate(files):
        # the reader would take *, ? and [ in a name for wildcards
        link = scratch / f"{number}.nq"
        link.symlink_to(path.resolve())
        try:
            con.execute(_insert(number, graph, link))
        except duckdb.InvalidInputException as error:
            raise ValueError(f"{path}: not canonical N-Quads of {graph}: {error}") from error
    _account(con, files)


def _end(graph: str) -> str:
    return f" {graph} ." if graph else " ."


def _insert(number: int, graph: str, path: Path) -> str:
    end = _end(graph)
    after = end.count(" ")
    return f"""
        INSERT INTO raw SELECT {number}, w[1], w[2],
            CASE WHEN NOT ends_with(line, {_text(end)}) OR len(w) < {3 + after}
                THEN error('this line: ' || left(line, 200))
            WHEN len(w) = {3 + after} THEN w[3]
            ELSE array_to_string(w[3 : len(w) - {after}], ' ') END
        FROM (SELECT line, string_split(line, ' ') AS w FROM read_csv({_text(str(path))},
            columns = {{'line': 'VARCHAR'}}, auto_detect = false, header = false,
            delim = '{_DELIMITER}', quote = '', escape = '', new_line = '\\n',
            compression = 'none', max_line_size = {_LONGEST_LINE}, buffer_size = {_BUFFER}))"""


def _account(con: duckdb.DuckDBPyConnection, files: Sequence[tuple[str, Path]]) -> None:
    """ValueError if the rows of a file do not add up to its bytes (the last newline may miss)."""
    read = con.execute("""
        SELECT f, count(*), sum(strlen(s) + strlen(p) + strlen(o)) FROM raw GROUP BY f
    """).fetchall()
    rows = {f: (count, size) for f, count, size in read}
    for number, (graph, path) in enumerate(files):
        count, size = rows.get(number, (0, 0))
        expected = size + count * (len(_end(graph).encode()) + 3)  # two spaces and the newline
        if path.stat().st_size not in (expected, expected - 1):
            raise ValueError(f"{path}: {path.stat().st_size} bytes, but its quads have {expected}")


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
