"""Releases, and what changed from one to another, as documents."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from threading import Lock
from typing import Any

import polars as pl

from govgraph.errors import GovgraphError
from govgraph.governance.differences.corrections import REUSED
from govgraph.governance.differences.releases import Edition, changes_between_releases
from govgraph.lookup.entities import Context
from govgraph.release import Home, Release

Json = dict[str, Any]


def listed(home: Home) -> list[Json]:
    """All releases, the newest first, the served one marked."""
    try:
        current = home.current().id
    except GovgraphError:
        current = None
    found = (_about(release, current) for release in reversed(home.releases()))
    return [about for about in found if about]


def _about(release: Release, current: str | None) -> Json | None:
    """None of a release that has just been removed."""
    try:
        manifest = release.manifest
    except GovgraphError:
        return None
    counts = {name: manifest.get(name) for name in ("created", "tables", "rows", "quads")}
    return {"id": release.id, "current": release.id == current, **counts}


def before(home: Home, release: Release) -> Release:
    """The release published before another. GovgraphError(no-earlier-release)."""
    older = [each for each in home.releases() if each.id < release.id]
    if not older:
        raise GovgraphError("no-earlier-release", id=release.id)
    return older[-1]


def differences(
    old: tuple[Release, Context],
    new: tuple[Release, Context],
    *,
    kind: str | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> Json:
    """What changed from one release to another: how many changes of each kind, and the rows, or
    `limit` of them from `offset` on; `kind` keeps those of one kind."""
    frame = _changes(old, new)
    counts = frame.group_by("kind").len().sort("kind").iter_rows()
    kept = frame if kind is None else frame.filter(kind=kind)
    return {
        "release": new[0].id,
        "since": old[0].id,
        "counts": dict(counts),
        "total": kept.height,
        "offset": offset,
        "changes": _rows(kept.slice(offset, limit), old[1], new[1]),
    }


#: The changes between the last pairs of releases that were asked for: neither ever changes.
_known: OrderedDict[tuple[Path, Path], pl.DataFrame] = OrderedDict()
_KEPT, _LARGEST = 8, 32 << 20
_lock = Lock()


def _changes(old: tuple[Release, Context], new: tuple[Release, Context]) -> pl.DataFrame:
    """All changes between two releases, so that a page of them is not found anew for each."""
    pair = old[0].path, new[0].path
    with _lock:
        if pair in _known:
            _known.move_to_end(pair)
            return _known[pair]
    frame = changes_between_releases(*(Edition(r, c.engine) for r, c in (old, new))).frame
    if frame.estimated_size() <= _LARGEST:
        with _lock:
            _known[pair] = frame
            while len(_known) > _KEPT:
                _known.popitem(last=False)
    return frame


def _rows(frame: pl.DataFrame, old: Context, new: Context) -> list[Json]:
    iris = pl.concat([frame[name] for name in ("subject", "property", "type")]).drop_nulls()
    wanted = iris.unique().to_list()
    labels = old.labels(wanted) | new.labels(wanted)
    labels |= {iri: {"zh": zh, "en": en} for iri, (zh, en) in REUSED.items()}
    return [
        {
            "kind": row["kind"],
            "how": row["how"],
            **{
                name: new.reference(row[name], labels) if row[name] else None
                for name in ("type", "subject", "property")
            },
            "language": row["language"],
            "before": row["before"],
            "after": row["after"],
            "sentence": {"zh": row["sentence_zh"], "en": row["sentence_en"]},
        }
        for row in frame.iter_rows(named=True)
    ]
