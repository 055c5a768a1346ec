"""AnnData in a ``.h5ad`` file. HDF5 supplies the metadata; we read and decode the chunks ourselves."""
