"""Blob to Receipt, on any filesystem; sealed as a whole or not at all."""

from karospace_stream.target.local import LocalTarget, begin_local
from karospace_stream.target.protocol import Target

__all__ = ["LocalTarget", "Target", "begin_local"]
