"""What is stated of each thing, in a file that is mapped into memory: a lookup needs no engine."""
