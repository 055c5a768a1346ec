"""Bytes by range, from a local file, a store or a web server."""
