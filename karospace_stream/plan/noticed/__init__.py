"""Findings of a plan about an input and its export. One file for each kind."""
