"""All parts of the site, each with its router."""

from __future__ import annotations

from govgraph.pages import home, queries, search, static_files, theme
from govgraph.pages.compare import page as compare
from govgraph.pages.entity import page as entity
from govgraph.pages.rules import one as finding
from govgraph.pages.rules import page as rules

PARTS = (home, search, entity, compare, rules, finding, queries, static_files, theme)
