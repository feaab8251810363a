"""The comparisons, one module each: `compare` measures at one size."""
