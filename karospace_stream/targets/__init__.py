"""Blob to Receipt, on any filesystem; sealed completely or not at all."""

from karospace_stream.targets.kinds import kind_of
from karospace_stream.targets.layout import BundleLayout
from karospace_stream.targets.local.folder import LocalTarget, begin_local
from karospace_stream.targets.protocol import Sink, Target
from karospace_stream.targets.request import TargetRequest, claim_location
from karospace_stream.targets.stores.objects import RemoteTarget, begin_remote
from karospace_stream.targets.zips.local import LocalZip, begin_local_zip
from karospace_stream.targets.zips.remote import RemoteZip, begin_remote_zip
from karospace_stream.targets.zips.zipping import Packing, is_archive

__all__ = [
    "BundleLayout",
    "LocalTarget",
    "LocalZip",
    "Packing",
    "RemoteTarget",
    "RemoteZip",
    "Sink",
    "Target",
    "TargetRequest",
    "begin_local",
    "begin_local_zip",
    "begin_remote",
    "begin_remote_zip",
    "claim_location",
    "is_archive",
    "kind_of",
]
