"""MuData: several AnnData (modalities) of overlapping cells, in one HDF5 file or Zarr store."""
