"""The catalogue: questions that are asked again and again, each a file that documents itself."""
