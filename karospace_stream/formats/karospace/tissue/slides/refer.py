"""Images that stay on their host: the page reads them itself, if it can."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from karospace_stream.errors import BadInputError
from karospace_stream.formats.karospace.options import KarospaceOptions
from karospace_stream.images.open_file import open_referred
from karospace_stream.images.referred import ReferredImage
from karospace_stream.model.finding import Finding
from karospace_stream.storage.location import is_url, location_of

#: Address and description; empty and None for an image that is copied.
Referred = tuple[str, ReferredImage | None]


def referred_to(
    own: KarospaceOptions, name: str, path: str, storage_options: Mapping[str, Any] | None
) -> tuple[Referred, list[Finding]]:
    """Whether an image is referred to; says why one is copied that the user wants to refer to."""
    if own.image_mode != "refer":
        return ("", None), []
    found: ReferredImage | str = _unfit(path)
    if not found:
        try:
            found = open_referred(path, storage_options)
        except BadInputError as error:  # the levels that are not copied may be damaged
            found = str(error)
    if isinstance(found, ReferredImage):
        return (location_of(path).shown, found), []
    text = f"the image {name} is copied: {found}"
    return ("", None), [Finding("image-copied", text, "image_mode", "copy")]


def _unfit(path: str) -> str:
    """Why an address is none that a page can read; empty if it is one."""
    if not (is_url(path) and path.startswith(("http://", "https://")) and ".zarr" in path):
        return "only an OME-Zarr at a web address is referred to"
    parts = urlsplit(path)
    if parts.query or parts.username or parts.password:
        return "its address has a password or a query, which a bundle must not show"
    return ""
