"""The packed layout holds the contract of a format: the same bytes any way, resume, verify, budgets."""

from __future__ import annotations

from typing import Any, ClassVar

from karospace_stream.testing.format_contract import FormatContract


class TestPacked(FormatContract):
    format = "karospace"
    options: ClassVar[dict[str, Any]] = {"layout": "packed"}
    steady: ClassVar[dict[str, Any]] = {"group_by": "none"}
