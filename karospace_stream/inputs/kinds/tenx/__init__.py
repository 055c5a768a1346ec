"""Matrices of 10x Genomics in HDF5, as Cell Ranger, CellBender and others write them."""
