"""All parts of the site, each with its router."""

from __future__ import annotations

from govgraph.pages import home, search, static_files, theme

PARTS = (home, search, static_files, theme)
