"""The scale factors of Space Ranger: from coordinates to pixels of the images, and to micrometres."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_IMAGE = "tissue_{}_scalef"


@dataclass(frozen=True, slots=True)
class ScaleFactors:
    """Numbers of ``scalefactors_json.json``; None for those that are missing or make no sense.

    Attributes
    ----------
    images
        By resolution: image pixel = coordinate x factor.
    spot_diameter
        Of a spot, or the side of a bin, in the units of the coordinates.
    microns_per_pixel
        Length of a unit of the coordinates; Visium HD has it.
    bin_size
        Side of a bin of Visium HD in micrometres.
    wrong
        Names of the numbers that make no sense.
    """

    images: Mapping[str, float | None]
    spot_diameter: float | None = None
    microns_per_pixel: float | None = None
    bin_size: float | None = None
    wrong: tuple[str, ...] = ()


def scale_factors(found: Mapping[str, Any], resolutions: tuple[str, ...]) -> ScaleFactors:
    """Take the numbers that are used, if they are lengths or factors at all."""
    wrong: list[str] = []

    def positive(name: str) -> float | None:
        if (value := found.get(name)) is None:
            return None
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if is_number and math.isfinite(value) and value > 0:
            return float(value)
        wrong.append(name)
        return None

    images = {each: positive(_IMAGE.format(each)) for each in resolutions}
    return ScaleFactors(
        images,
        positive("spot_diameter_fullres"),
        positive("microns_per_pixel"),
        positive("bin_size_um"),
        tuple(wrong),
    )
