"""Bytes by range, from a file of this machine, a store or a web server."""
