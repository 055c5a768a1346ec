"""Exports in the KaroSpace format: what is decided, and the short functions that write it."""
