"""The preview server: exports, on this machine, for this machine's browser."""

from karospace_stream.serving.server import Server, start

__all__ = ["Server", "start"]
