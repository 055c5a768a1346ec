"""The preview server: exports on this machine, for a browser on this machine."""

from karospace_stream.serving.server import Server, start

__all__ = ["Server", "start"]
