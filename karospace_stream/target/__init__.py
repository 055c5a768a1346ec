"""Blob to Receipt, on any filesystem; sealed as a whole or not at all."""

from karospace_stream.target.free import check_local
from karospace_stream.target.local import LocalTarget, begin_local
from karospace_stream.target.local_zip import LocalZip, begin_local_zip, check_local_zip
from karospace_stream.target.protocol import Sink, Target
from karospace_stream.target.remote import RemoteTarget, Shape, begin_remote
from karospace_stream.target.remote_zip import RemoteZip, begin_remote_zip, work_place
from karospace_stream.target.zipping import Packing, is_archive

__all__ = [
    "LocalTarget",
    "LocalZip",
    "Packing",
    "RemoteTarget",
    "RemoteZip",
    "Shape",
    "Sink",
    "Target",
    "begin_local",
    "begin_local_zip",
    "begin_remote",
    "begin_remote_zip",
    "check_local",
    "check_local_zip",
    "is_archive",
    "work_place",
]
