"""One gene-major AnnData Zarr store: see ``docs/formats/anndata.md``."""
