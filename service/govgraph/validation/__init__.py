"""SHACL shapes judge a build before it is published."""
