"""`python -m govgraph.cli` is the command `govgraph`."""

from govgraph.cli import app

app()
