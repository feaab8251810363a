"""The query bench: govgraph beside other engines, on one machine, in one run."""
