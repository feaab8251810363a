"""The analytical engine: SPARQL algebra compiled to SQL over dictionary-encoded columns."""
