"""Names of tiles, and the entry of a slide in ``atlas.json``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from karospace_stream.formats.karospace.tissue.slides.planned import PlannedSlide
from karospace_stream.formats.karospace.tissue.slides.pyramid import TILE
from karospace_stream.images.colors import default_color

KEY = "slides"


def picture_pattern(number: int, extension: str) -> str:
    """Path of the tiles of a picture in colours."""
    return f"assets/slides/{number:03d}/{{level}}/{{row}}_{{column}}.{extension}"


def channel_pattern(number: int, channel: int, *, gzip: bool) -> str:
    """Path of the tiles of a channel."""
    ending = ".gz" if gzip else ""
    return f"assets/slides/{number:03d}/c{channel:02d}/{{level}}/{{row}}_{{column}}.bin{ending}"


def slide_entry(slide: PlannedSlide, section: int | None) -> dict[str, Any]:
    """What all kinds of slides say."""
    facts = slide.facts
    return {
        "name": slide.name,
        "section": section,
        "embedding": slide.embedding,
        "width": facts.width,
        "height": facts.height,
        "tile": TILE,
        "to_pixel": None if slide.to_pixel is None else list(slide.to_pixel),
        "microns_per_pixel": slide.microns_per_pixel,
        "levels": [{"width": width, "height": height} for height, width in slide.levels],
    }


def channel_entries(
    slide: PlannedSlide, windows: Sequence[tuple[float, float]], ranges: Sequence[tuple[float, float]]
) -> list[dict[str, Any]]:
    """Channels without their tiles; bounds are whole numbers if the values are."""
    is_whole = slide.facts.dtype != "float32"
    own = slide.facts.channels if slide.referred is None else slide.referred.channels
    channels = [(each.name, each.color) for each in own]
    return [
        {
            "name": name,
            "color": color or default_color(number, len(channels)),
            "window": _plain(windows[number], is_whole=is_whole),
            "range": _plain(ranges[number], is_whole=is_whole),
        }
        for number, (name, color) in enumerate(channels)
    ]


def _plain(bounds: tuple[float, float], *, is_whole: bool) -> list[float]:
    return [round(each) if is_whole else each for each in bounds]
