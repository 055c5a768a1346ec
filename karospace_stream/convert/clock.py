"""The one time stamp of an export."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from karospace_stream.errors import BadOptionError


def timestamp() -> datetime:
    """Now, or ``SOURCE_DATE_EPOCH`` where that is set; UTC."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        return datetime.now(UTC) if not epoch else datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise BadOptionError(f"SOURCE_DATE_EPOCH should be seconds since 1970, got {epoch!r}") from error
