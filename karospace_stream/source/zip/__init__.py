"""Zip files, read by ranges."""
