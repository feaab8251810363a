"""Money: flows and their sums, never counted twice, unknown amounts never read as zero."""
