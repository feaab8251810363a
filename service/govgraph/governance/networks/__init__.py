"""Networks of bodies, people and posts, and the formats that other tools read."""
