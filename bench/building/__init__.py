"""How long it takes to make a release and each of its parts, beside tools that do the same."""
