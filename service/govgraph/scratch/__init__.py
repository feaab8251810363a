"""An empty dataset in memory that anyone on this machine may change: for tests of the protocols."""
