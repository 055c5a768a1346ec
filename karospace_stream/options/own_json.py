"""Options of single formats as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any


def own_json(own: Mapping[str, Any]) -> dict[str, Any]:
    """Options of formats as plain data: under the format's name, or at the top if its class says so."""
    made: dict[str, Any] = {}
    for name, one in own.items():
        made |= {name: asdict(one)} if getattr(one, "nested", True) else asdict(one)
    return made
