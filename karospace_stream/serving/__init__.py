"""The preview server: one bundle, on this machine, for this machine's browser."""

from karospace_stream.serving.server import Server, serve

__all__ = ["Server", "serve"]
