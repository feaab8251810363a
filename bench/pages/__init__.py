"""How long pages and searches take, on the shipped data and on a nation (docs/bench-pages.md)."""
