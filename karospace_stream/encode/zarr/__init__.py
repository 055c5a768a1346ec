"""Chunks and shards of Zarr arrays as bytes."""
