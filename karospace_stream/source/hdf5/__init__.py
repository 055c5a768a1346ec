"""AnnData in a ``.h5ad`` file. HDF5 is asked for metadata; chunks are read and decoded here."""
