"""Exports in the Cellucid format: what is decided, and the short functions that write it."""
