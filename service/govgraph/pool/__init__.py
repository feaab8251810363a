"""Requests answered by processes that can be killed: none of them can take the service down."""
