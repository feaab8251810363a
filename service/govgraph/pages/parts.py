"""All parts of the site, each with its router."""

from __future__ import annotations

from govgraph.pages import home, queries, search, static_files, theme
from govgraph.pages.bodies import chart, network
from govgraph.pages.data import changes, releases
from govgraph.pages.editor import page as editor
from govgraph.pages.entity import page as entity
from govgraph.pages.funding import page as funding
from govgraph.pages.vocabulary import ontology, shapes

PARTS = (
    home, search, entity, queries, editor, funding, chart, network, ontology, shapes, releases,
    changes, static_files, theme,
)  # fmt: skip
