"""Exports as one zip file."""
