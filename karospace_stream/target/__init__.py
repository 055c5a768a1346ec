"""Blob to Receipt, on any filesystem; sealed as a whole or not at all."""

from karospace_stream.target.free import check_local
from karospace_stream.target.local import LocalTarget, begin_local
from karospace_stream.target.protocol import Sink, Target
from karospace_stream.target.remote import RemoteTarget, Shape, begin_remote

__all__ = [
    "LocalTarget",
    "RemoteTarget",
    "Shape",
    "Sink",
    "Target",
    "begin_local",
    "begin_remote",
    "check_local",
]
