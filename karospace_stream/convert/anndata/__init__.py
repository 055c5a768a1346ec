"""Exports as a gene-major AnnData Zarr store: what is decided, and the short functions that write it."""
