"""The page of comparisons: choose models or places, and see them side by side."""
