"""Highly variable genes, as ``scanpy.pp.highly_variable_genes`` finds them: pure functions on sums."""
