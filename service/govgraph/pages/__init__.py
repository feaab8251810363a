"""The pages: rendered on the server, in Chinese and English, complete without scripts."""
