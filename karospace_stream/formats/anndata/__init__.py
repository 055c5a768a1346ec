"""Gene-major AnnData Zarr: arrays, chunks, names and documents of a standard store."""
