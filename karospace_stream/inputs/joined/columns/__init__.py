"""Columns and embeddings of several inputs."""
