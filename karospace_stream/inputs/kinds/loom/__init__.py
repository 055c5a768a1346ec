"""Loom files: genes x cells in HDF5, with attributes of both."""
