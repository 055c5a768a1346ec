"""Folders that are recognised by the names of their files: what instruments and pipelines write."""
