"""Writing columns whatever the folder is called: DuckDB cuts a path at `?`, expands `*` and `[`."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from govgraph.engine.columnar.encode import Stats, write_columns
from govgraph.engine.temporary import own_folder

AWKWARD = set("?*[")


@contextmanager
def scratch(near: Path) -> Iterator[Path]:
    """A folder to write columns in for a while: inside `near` if DuckDB can name that."""
    inside = None if AWKWARD & set(str(near)) else near
    with TemporaryDirectory(prefix="govgraph-draft-", dir=inside) as name:
        yield Path(name)


def write_anywhere(files: Mapping[str, Path], target: Path, *, draft: bool = False) -> Stats:
    """`write_columns` for graph IRI -> N-Quads file; by way of a plain folder where need be."""
    if not AWKWARD & set(str(target)):
        return write_columns(list(files.items()), target, draft=draft)
    with TemporaryDirectory(dir=own_folder()) as name:
        scratch = Path(name)
        linked = []
        for number, (graph, path) in enumerate(files.items()):
            link = scratch / f"{number}.nq"
            link.symlink_to(path.resolve())
            linked.append((graph, link))
        stats = write_columns(linked, scratch / "columns", draft=draft)
        shutil.copytree(scratch / "columns", target)
    return stats
