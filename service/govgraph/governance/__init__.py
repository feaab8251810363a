"""The questions of governance: time, concurrent posts, rules against practice, models, money."""
