"""Explain in one sentence what is wrong with an input."""
