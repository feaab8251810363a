"""Pages about the data: releases, what changed between them, load reports."""
