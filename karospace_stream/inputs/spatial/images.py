"""The images of a folder of Space Ranger, and the factors that place them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from karospace_stream.inputs.folders.folder import InputFolder
from karospace_stream.inputs.spatial.pictures import PngArray
from karospace_stream.inputs.spatial.scale_factors import ScaleFactors, scale_factors
from karospace_stream.inputs.spatial.whole_files import read_object
from karospace_stream.model.catalog import ImageInfo
from karospace_stream.source.elements.images import StoredImage
from karospace_stream.source.files.stream import AnyFile
from karospace_stream.source.problems.unreadable import Unreadable, optional

RESOLUTIONS = ("hires", "lowres")
SCALES = "spatial/scalefactors_json.json"


@dataclass(frozen=True, slots=True)
class Pictures:
    """The images, the scale factors, and their files."""

    images: tuple[StoredImage, ...]
    scales: ScaleFactors
    files: tuple[AnyFile, ...]


def read_pictures(
    folder: InputFolder, above: Sequence[InputFolder], library: str, unreadable: Unreadable
) -> Pictures:
    """Describe the images; reads their headers, and the scale factors.

    Parameters
    ----------
    folder
        The one that holds ``spatial``.
    above
        Where an image may lie that is not there: Visium HD has the same for all sizes of bins.
    unreadable
        Takes what is damaged, and why.
    """
    key = f"uns/spatial/{library}"
    files: list[AnyFile] = []
    scales = ScaleFactors({})
    with optional(unreadable, f"{key}/scalefactors"):
        if folder.has(SCALES):
            file = folder.file(SCALES)
            scales = scale_factors(read_object(file), RESOLUTIONS)
            files.append(file)
    for name in scales.wrong:
        unreadable.append((f"{key}/scalefactors/{name}", "it must be a number above zero"))
    images = []
    for resolution in RESOLUTIONS:
        path = f"spatial/tissue_{resolution}_image.png"
        owner = next((each for each in (folder, *above) if each.has(path)), None)
        if owner is None:
            continue
        with optional(unreadable, f"{key}/images/{resolution}"):
            file = owner.file(path)
            values = PngArray.of(file, f"{key}/images/{resolution}")
            height, width = values.shape[:2]
            scale = scales.images.get(resolution)
            info = ImageInfo(library, resolution, height, width, scale, scales.spot_diameter)
            images.append(StoredImage(info, values))
            files.append(file)
    return Pictures(tuple(images), scales, tuple(files))
