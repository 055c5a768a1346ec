"""Describe the root group of a file or store: an AnnData, or another kind that is read as one."""
