"""Posts that one person holds at once: pairs, chains, what joins them, and where."""
