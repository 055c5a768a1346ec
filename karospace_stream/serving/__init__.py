"""The preview server: exports, on this machine, for this machine's browser."""

from karospace_stream.serving.server import Server, serve, start

__all__ = ["Server", "serve", "start"]
