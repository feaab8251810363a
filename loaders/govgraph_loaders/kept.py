"""A table as an earlier run left it: its quads, and what the key check needs to know of it.

A table whose file has not changed need not be read again. Only tables without any problem are kept,
so that nothing has to be said of them anew.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from govgraph_loaders.dataset import Source
from govgraph_loaders.keyvalues import hashed
from govgraph_loaders.tablekeys import TableKeys

_STATE = "state.json"


@dataclass(frozen=True)
class Kept:
    """Where an earlier run left a table: its N-Quads file and the folder of its keys."""

    quads: Path
    keys: Path


def save(keys: TableKeys, rows: pl.DataFrame, folder: Path) -> None:
    """Write a table's keys and the sizes of its rows' texts into a new folder."""
    folder.mkdir(parents=True)
    frames = {"rows": rows, "references": pl.concat(keys.references)}
    frames["subjects"] = pl.concat(keys.subjects)
    names = list(keys.keys)
    for number, name in enumerate(names):
        frames[f"key{number}"] = keys.key(name)
    for title, frame in frames.items():
        frame.write_ipc(folder / f"{title}.arrow", compression="zstd")
    state = {"keys": names, "referenced": keys.source.table.referenced, "hash": _fingerprint()}
    (folder / _STATE).write_text(json.dumps(state), "utf-8")


def load(source: Source, kept: Kept) -> tuple[TableKeys, pl.DataFrame] | None:
    """The keys of a table and the sizes of its rows' texts, as they were saved. None if they do
    not serve: others ask for other columns now, or this machine hashes otherwise."""
    try:
        state = json.loads((kept.keys / _STATE).read_text("utf-8"))
    except FileNotFoundError:
        return None
    referenced = [list(names) for names in source.table.referenced]
    if state["hash"] != _fingerprint() or state["referenced"] != referenced:
        return None
    keys = TableKeys(source)
    for number, names in enumerate(state["keys"]):
        keys.keys[tuple(names)] = [_frame(kept, f"key{number}")]
    keys.references, keys.subjects = [_frame(kept, "references")], [_frame(kept, "subjects")]
    return keys, _frame(kept, "rows")


def link(old: Path | str, new: Path | str) -> None:
    """The same file under another name; a copy where files cannot be linked."""
    try:
        os.link(old, new)
    except OSError:
        shutil.copyfile(old, new)


def _frame(kept: Kept, title: str) -> pl.DataFrame:
    return pl.read_ipc(kept.keys / f"{title}.arrow")


def _fingerprint() -> str:
    """What this machine makes of one text."""
    return str(hashed(pl.Series(["govgraph"]))[0])
