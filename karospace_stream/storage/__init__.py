"""Put, read by ranges, list and delete objects anywhere that fsspec reaches, with retries.

The only room that knows fsspec. It holds nothing open: locations and stores are plain values that travel to
worker processes.
"""

from karospace_stream.storage.calls import StoredInfo
from karospace_stream.storage.errors import NoBucketError, NoCredentialsError, StorageError, TooLargeError
from karospace_stream.storage.headers import Headers
from karospace_stream.storage.location import Location, is_url, local_path, location_of, read_storage_options
from karospace_stream.storage.regular import UnreadableFileError, check_regular, open_regular, read_regular
from karospace_stream.storage.store import Sending, Store

__all__ = [
    "Headers",
    "Location",
    "NoBucketError",
    "NoCredentialsError",
    "Sending",
    "StorageError",
    "Store",
    "StoredInfo",
    "TooLargeError",
    "UnreadableFileError",
    "check_regular",
    "is_url",
    "local_path",
    "location_of",
    "open_regular",
    "read_regular",
    "read_storage_options",
]
