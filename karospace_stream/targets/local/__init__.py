"""Exports in a folder of this machine."""
