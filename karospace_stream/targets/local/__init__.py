"""Exports in a local folder."""
