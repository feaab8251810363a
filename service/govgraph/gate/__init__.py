"""Changes to what is published: each becomes a release, through the gate of every build."""
