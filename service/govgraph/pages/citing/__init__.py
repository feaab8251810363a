"""Citations of what the site shows, pinned to a release, in the formats that readers' tools take."""
