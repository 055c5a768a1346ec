"""A matrix as text: the folder with ``matrix.mtx.gz`` that Cell Ranger and others write."""
