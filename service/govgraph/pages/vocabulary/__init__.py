"""Pages about the ontology and the shapes, made from their files."""
