"""Blob to Receipt, on any filesystem; sealed completely or not at all."""

from karospace_stream.targets.local.folder import LocalTarget, begin_local
from karospace_stream.targets.local.preflight import check_local
from karospace_stream.targets.protocol import Sink, Target
from karospace_stream.targets.stores.objects import BundleLayout, RemoteTarget, begin_remote
from karospace_stream.targets.zips.local import LocalZip, begin_local_zip, check_local_zip
from karospace_stream.targets.zips.remote import RemoteZip, begin_remote_zip, claim_location
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
    "begin_local",
    "begin_local_zip",
    "begin_remote",
    "begin_remote_zip",
    "check_local",
    "check_local_zip",
    "claim_location",
    "is_archive",
]
