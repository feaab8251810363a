"""SERVICE: patterns of a query that other endpoints answer, those on an allow-list."""
