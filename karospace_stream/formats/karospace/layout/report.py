"""``report.json``: how the bundle was made. The only file that differs from run to run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from karospace_stream.encode.tables import dump_json
from karospace_stream.formats.karospace.layout import names
from karospace_stream.model.blob import Blob


def report_blob(facts: Mapping[str, Any]) -> Blob:
    """Encode ``report.json``."""
    return Blob(
        names.REPORT,
        dump_json({"format": "karospace-report", "version": 1, **facts}, indent=True),
        names.JSON,
    )
