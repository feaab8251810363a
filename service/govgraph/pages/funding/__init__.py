"""Pages about money: where it comes from, by what way, where it goes, and what is not known of it."""
