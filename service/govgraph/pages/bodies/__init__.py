"""Pages about bodies: what is part of what, who holds which post, whom bodies share."""
