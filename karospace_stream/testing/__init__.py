"""Shipped help for tests and measurements: synthetic data sets of any size."""
