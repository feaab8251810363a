"""The rules of governance judged on whole graphs at once."""
