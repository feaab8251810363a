"""Releases and the audit log as one file, and back: a tar archive compressed by zstd.

Its first member says what the others are, with their sizes and digests.
"""
