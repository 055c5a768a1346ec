"""Exports on an object store."""
