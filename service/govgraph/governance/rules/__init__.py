"""Rules against practice: one checker for every type of rule, driven by the rule tables alone."""
