"""The editor of queries and what it shows."""
