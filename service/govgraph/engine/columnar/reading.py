"""N-Quads files into the temporary table `raw(f, s, p, o)` of term texts, not one line lost.

A file holds the quads of one graph, one on each line, as `S P O <graph> .` with single spaces: what
our loaders and pyoxigraph write. Each byte of each file is accounted for after the reading.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import duckdb

#: Three quotes in a row stand nowhere in N-Quads, so no line is ever cut into columns.
_DELIMITER = '"""'
_LONGEST_LINE = 16_000_000
_BUFFER = 32_000_000

# `rest` words follow the object: the graph, unless it is the default graph, and the full stop.
_INSERT = f"""
    INSERT INTO raw SELECT f, w[1], w[2],
        CASE WHEN NOT ends_with(line, tail) OR len(w) < 3 + rest
            THEN error(path || ': ' || left(line, 200))
        WHEN len(w) = 3 + rest THEN w[3]
        ELSE array_to_string(w[3 : len(w) - rest], ' ') END
    FROM (SELECT line, string_split(line, ' ') AS w, parse_filename(filename, true)::INTEGER AS f
          FROM read_csv(?, columns = {{'line': 'VARCHAR'}}, auto_detect = false, header = false,
            delim = '{_DELIMITER}', quote = '', escape = '', new_line = '\\n',
            compression = 'none', filename = true,
            max_line_size = {_LONGEST_LINE}, buffer_size = {_BUFFER}))
    JOIN file USING (f)"""


def read(con: duckdb.DuckDBPyConnection, files: Sequence[tuple[str, Path]], scratch: Path) -> None:
    """Make `raw`, and `file(f, t, …)` of the files' numbers and graphs.

    A graph is given as N-Triples text, "" for the default graph. ValueError for a file that is not
    as the module says."""
    con.execute("CREATE TEMP TABLE raw(f INTEGER, s VARCHAR, p VARCHAR, o VARCHAR)")
    con.execute("""
        CREATE TEMP TABLE file(f INTEGER, t VARCHAR, path VARCHAR, tail VARCHAR, rest INTEGER)
    """)
    if not files:
        return
    links = []
    for number, (graph, path) in enumerate(files):
        # the reader would take *, ? and [ in a name for wildcards
        links.append(scratch / f"{number}.nq")
        links[-1].symlink_to(path.resolve())
        tail = _tail(graph)
        con.execute(
            "INSERT INTO file VALUES (?, ?, ?, ?, ?)",
            [number, graph, str(path), tail, tail.count(" ")],
        )
    try:
        con.execute(_INSERT, [[str(link) for link in links]])
    except duckdb.InvalidInputException as error:
        why = re.sub(r"\S*/(\d+)\.nq", lambda link: str(files[int(link[1])][1]), str(error))
        raise ValueError(f"not canonical N-Quads of the file's graph: {why}") from error
    _account(con, files)


def _tail(graph: str) -> str:
    """What stands after the object on each line."""
    return f" {graph} ." if graph else " ."


def _account(con: duckdb.DuckDBPyConnection, files: Sequence[tuple[str, Path]]) -> None:
    """ValueError if the rows of a file do not add up to its bytes (the last newline may miss)."""
    read = con.execute("""
        SELECT f, count(*), sum(strlen(s) + strlen(p) + strlen(o)) FROM raw GROUP BY f
    """).fetchall()
    rows = {f: (count, size or 0) for f, count, size in read}
    for number, (graph, path) in enumerate(files):
        count, size = rows.get(number, (0, 0))
        expected = size + count * (len(_tail(graph).encode()) + 3)  # two spaces and the newline
        if path.stat().st_size not in (expected, expected - 1):
            raise ValueError(f"{path}: {path.stat().st_size} bytes, but its quads have {expected}")
