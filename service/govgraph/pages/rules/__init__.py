"""Pages of rules: what a model's rules ask, drawn and in words, and whether practice keeps them."""
