"""Models side by side: cells with their states and sources, changes, similarity, truth tables."""
