"""All parts of the site, each with its router."""

from __future__ import annotations

from govgraph.pages import home, queries, reference, search, static_files, theme
from govgraph.pages.bodies import chart, network
from govgraph.pages.compare import page as compare
from govgraph.pages.data import changes, contents, releases, upload
from govgraph.pages.editor import page as editor
from govgraph.pages.entity import page as entity
from govgraph.pages.funding import page as funding
from govgraph.pages.rules import one as finding
from govgraph.pages.rules import page as rules
from govgraph.pages.vocabulary import one as vocabulary
from govgraph.pages.vocabulary import ontology, shapes

PARTS = (
    home, search, entity, compare, rules, finding, queries, editor, funding, chart, network,
    ontology, shapes, vocabulary, contents, releases, changes, upload, static_files, theme, reference,
)  # fmt: skip
