"""Changes between two releases: what was added, withdrawn, corrected, in the words of the domain."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from govgraph.changes import Changes
from govgraph.engine.base import Engine
from govgraph.engine.columnar.columns import Columns
from govgraph.engine.hybrid import HybridEngine
from govgraph.engine.temporary import own_folder
from govgraph.governance import frames, terms
from govgraph.governance.answer import Answer
from govgraph.governance.differences.corrections import told
from govgraph.governance.differences.entities import Entities
from govgraph.release import Release
from govgraph.vocabulary import PROLOGUE

COLUMNS = (
    "kind", "how", "type", "subject", "property", "language", "before", "after",
    "sentence_zh", "sentence_en", "source",
)  # fmt: skip
_DERIVED = "SELECT ?property ?derived WHERE { ?property gov:bounds ?derived }"


@dataclass(frozen=True)
class Edition:
    """A release and an engine that answers on it."""

    release: Release
    engine: Engine

    @property
    def stated(self) -> dict[str, Path]:
        """The N-Quads file of each table's graph."""
        manifest = self.release.manifest
        return {
            graph: self.release.quads / name
            for graph, name in manifest["files"].items()
            if graph.startswith(f"{manifest['base']}table/")
        }

    @property
    def columns(self) -> Columns | None:
        """The columns of the merge, if the engine has them."""
        return self.engine.columns.columns if isinstance(self.engine, HybridEngine) else None


def changes_between_releases(before: Edition, after: Edition) -> Answer:
    """What the tables of one release state and those of the other do not, a row for each entity
    that came or went and for each property of an entity in both.

    `how` is `added` or `withdrawn` for an entity, `stated`, `unstated` or `corrected` for a value;
    `kind` says it in the words of the domain where there are such (took-post, left-post,
    body-added, amount-changed …), else it repeats `how`. `before` and `after` are lexical forms
    and IRIs, several joined by `|`. Only what differs is read into memory; what follows from other
    values (bounds of dates, inferences) is not told again, nor in which row or table a fact stands.
    """
    facts = _facts(before, after)
    entities = Entities.read(before.engine, after.engine, facts["subject"].unique())
    rows = told(facts.join(entities.types, on="subject", how="left"), entities)
    order = ["kind", "type", "subject", "property", "language", "before", "after"]
    return Answer(rows.sort(order, nulls_last=True).select(COLUMNS))


def _facts(before: Edition, after: Edition) -> pl.DataFrame:
    """The statements that differ: came, subject, property (IRIs), object (a term)."""
    old, new = before.stated, after.stated
    with TemporaryDirectory(dir=own_folder()) as folder, Changes(old, new, Path(folder)) as changes:
        found = changes.statements(old, new, (before.columns, after.columns))
    derived = frames.frame(after.engine, PROLOGUE + _DERIVED, frames.terms())
    return found.filter(
        ~pl.col("predicate").is_in(derived["derived"].cast(pl.String).implode())
    ).select("came", terms.iri("subject"), terms.iri("predicate").alias("property"), "object")
