"""Pictures of answers, as the catalogue's hints ask for them."""
