"""govgraph's part of each comparison: jobs that run in processes of their own, by `python -m`.

They are the one place where the bench calls the functions that a build consists of. The last line
that one prints is JSON of what it came to; `seconds` are of CPU, without starting and reading.
"""
