"""Sparse and dense matrices, read by rows or by genes."""
