"""Exports as one gene-major AnnData Zarr store: what is decided, and the short functions that write it."""
