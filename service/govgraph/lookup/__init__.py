"""Lookups by identifier: roles, holders, organizations, models, with their evidence."""
