"""Keys inside a bundle: relative paths that mean the same on every filesystem and store."""

from __future__ import annotations

import re

#: Not allowed in file names everywhere, or would make a path of another kind.
_BARRED = re.compile(r'[<>:"|?*\\\x00-\x1f\x7f-\x9f\ud800-\udfff]')
# Windows reserves these for devices. With an ending they are files since Windows 11, and elsewhere.
_DEVICE = re.compile(r"con|prn|aux|nul|(com|lpt)[1-9\u00b9\u00b2\u00b3]", re.IGNORECASE)


def is_inside(key: str) -> bool:
    """Whether a key is a plain relative path, which no filesystem resolves elsewhere."""
    return not _BARRED.search(key) and all(map(_is_plain, key.split("/")))


def _is_plain(part: str) -> bool:
    """Whether a name is one everywhere: Windows drops blanks and dots at the end."""
    return bool(part) and part == part.rstrip(" .") and not _DEVICE.fullmatch(part)
