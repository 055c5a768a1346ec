"""Synthetic data sets of any size, and contract tests for formats and targets."""
