"""AnnData in a Zarr store: a folder, a URL, or a zip file."""
