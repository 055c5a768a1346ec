"""The page of every bundle: the viewer, as built into the package."""

from __future__ import annotations

from importlib import resources

from karospace_stream.formats.karospace.layout import names


def page_bytes() -> bytes:
    """The viewer, as built into the package."""
    return (resources.files("karospace_stream") / "page" / names.PAGE).read_bytes()
