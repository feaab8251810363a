"""govgraph: a knowledge graph and semantic query service for local governance."""

__version__ = "0.1.0"
