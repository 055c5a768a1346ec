"""The URL of a folder in a zip file: ``s3://bucket/atlas.zarr.zip/tables/table``."""

from __future__ import annotations

import re
from dataclasses import replace

from karospace_stream.storage import Location

_IN_ZIP = re.compile(r"^(?P<file>[^?#]*?\.zip)/(?P<inner>[^?#]+)(?P<query>\?.*)?$", re.IGNORECASE)


def split_zip(location: Location) -> tuple[Location, str]:
    """The zip file, and the folder in it; the location itself if it names none."""
    found = _IN_ZIP.match(location.url)
    if found is None or found["file"].endswith("://"):
        return location, ""
    return replace(location, url=found["file"] + (found["query"] or "")), found["inner"].rstrip("/")
