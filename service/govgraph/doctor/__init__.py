"""What is well and what is not with a home, its settings and the machine, and what to do about it."""
