"""Peers' scripts: each runs by its path in the environment of its peer, and imports no other file.

The last line that one prints is JSON of what it came to; `seconds` are of CPU, without reading.
"""
