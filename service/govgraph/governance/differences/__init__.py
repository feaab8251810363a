"""What changed between two dates, and between two releases, in the words of the domain."""
