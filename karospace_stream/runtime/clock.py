"""The one time stamp of an export."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from karospace_stream.errors import BadOptionError

EPOCH = "SOURCE_DATE_EPOCH"


def timestamp() -> datetime:
    """Now, or ``SOURCE_DATE_EPOCH`` if it is set; UTC."""
    epoch = os.environ.get(EPOCH)
    if not epoch:
        return datetime.now(UTC)
    try:
        if not (epoch.isascii() and epoch.isdecimal()):
            raise ValueError("not a whole number")
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise BadOptionError(
            f"SOURCE_DATE_EPOCH must be seconds since 1970, got {epoch[:60]!r}; correct or unset it"
        ) from error
