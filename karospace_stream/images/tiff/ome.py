"""What OME-XML says about the first image of a file: names and colours of channels, size of a pixel."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from karospace_stream.images.colors import of_ome
from karospace_stream.images.slide import SlideChannel

_MOST = 16 << 20
_MICRONS = {"µm": 1.0, "um": 1.0, "nm": 1e-3, "mm": 1e3, "cm": 1e4, "m": 1e6}
_ENTITIES = re.compile(r"<!(DOCTYPE|ENTITY)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class OmeFacts:
    """Channels in their order; micrometres of a pixel, None if unknown or if x and y differ."""

    channels: tuple[SlideChannel, ...] = ()
    microns_per_pixel: float | None = None


def described(text: str) -> OmeFacts:
    """Read OME-XML; nothing is known from text that is none."""
    if not text or len(text) > _MOST or _ENTITIES.search(text):
        return OmeFacts()
    try:
        root = ET.fromstring(text)  # noqa: S314 - entities were refused
    except ET.ParseError:
        return OmeFacts()
    pixels = next((each for each in root.iter() if _name(each) == "Pixels"), None)
    if pixels is None:
        return OmeFacts()
    several = [each for each in pixels if _name(each) == "Channel"]
    channels = []
    for number, each in enumerate(several):
        n_samples = int(each.get("SamplesPerPixel", "1")) if each.get("SamplesPerPixel", "1").isdigit() else 1
        name = each.get("Name") or f"channel {number + 1}"
        channels += [SlideChannel(name, of_ome(each.get("Color")))] * min(n_samples, 16)
    return OmeFacts(tuple(channels), _microns(pixels))


def _microns(pixels: ET.Element) -> float | None:
    sizes = []
    for axis in "XY":
        unit = _MICRONS.get(pixels.get(f"PhysicalSize{axis}Unit", "µm"))
        try:
            size = float(pixels.get(f"PhysicalSize{axis}", "nan"))
        except ValueError:
            return None
        if unit is None or not 0 < size < math.inf:
            return None
        sizes.append(size * unit)
    return sizes[0] if math.isclose(*sizes, rel_tol=1e-3) else None


def _name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]
