"""Suggestions: existing names and paths that are similar to a missing one."""
