"""Pages of entities: facts with their evidence, what belongs to each kind, what points here."""
