"""An engine over any SPARQL 1.1 endpoint, and what a build needs to fill it."""
