"""One slide as planned, and what its tasks cost."""

from __future__ import annotations

from dataclasses import dataclass

from karospace_stream.formats.karospace.tissue.slides.pyramid import TILE as TILE
from karospace_stream.formats.karospace.tissue.slides.pyramid import Tier, level_sizes, tiers_of
from karospace_stream.images.referred import ReferredImage
from karospace_stream.images.slide import Affine, SlideFacts, SlideImage
from karospace_stream.model.size import Size

#: Larger pictures are JPEG, if they have no transparency: a few tiles may be exact.
LARGEST_EXACT = 2048
#: Of pixels in colours, and of values of channels, that one worker decodes, halves and writes.
_PIXELS_A_SECOND, _VALUES_A_SECOND = 20e6, 35e6
_ITEMSIZE = {"uint8": 1, "uint16": 2, "float32": 4}
_SLACK = 24 << 20  # tiles as encoded, sums of a band
_JPEG, _PNG, _PACKED = Size(0.03, 0.2), Size(0.3, 0.9), Size(0.2, 0.9)  # of the values


@dataclass(frozen=True, slots=True)
class PlannedSlide:
    """A picture, and where it lies.

    Attributes
    ----------
    name
        For people.
    image
        The picture; what is referred to is read for its description only.
    section
        Name of the section that it lies under; None for all cells.
    to_pixel
        From the coordinates of the embedding; None if unknown.
    url
        Of an OME-Zarr that is referred to instead of copied; empty if it is copied.
    referred
        What the page must know of it; None if it is copied.
    fingerprint
        Of a file that the user names.
    """

    name: str
    image: SlideImage
    section: str | None
    embedding: int
    to_pixel: Affine | None
    microns_per_pixel: float | None
    url: str = ""
    referred: ReferredImage | None = None
    fingerprint: str = ""

    @property
    def facts(self) -> SlideFacts:
        """What is known of the picture."""
        return self.image.facts

    @property
    def tiers(self) -> tuple[Tier, ...]:
        """The windows that are computed; none for what is referred to."""
        if self.url:
            return ()
        facts = self.facts
        lines = facts.whole or (facts.block[1] >= facts.width > 2 * TILE)
        return tiers_of(facts.height, facts.width, lines=lines)

    @property
    def levels(self) -> tuple[tuple[int, int], ...]:
        """Height and width of each level."""
        if self.referred is not None:
            return self.referred.levels
        return level_sizes(self.facts.height, self.facts.width)

    @property
    def extension(self) -> str:
        """Of tiles of a picture in colours."""
        is_exact = self.facts.samples == 4 or max(self.facts.height, self.facts.width) <= LARGEST_EXACT
        return "png" if is_exact else "jpg"

    @property
    def pixel_nbytes(self) -> int:
        """Bytes of a pixel of one plane."""
        return self.facts.samples or _ITEMSIZE[self.facts.dtype]

    @property
    def n_tiles(self) -> int:
        """Files."""
        if self.url:
            return 0
        return self.facts.n_planes * sum(
            -(-height // TILE) * -(-width // TILE) for height, width in self.levels
        )

    @property
    def n_tasks(self) -> int:
        """Tasks that compute it."""
        windows = sum(len(tier.windows) for tier in self.tiers)
        return self.facts.n_planes * windows + bool(self.tiers and self.facts.whole)

    @property
    def task_nbytes(self) -> int:
        """Memory of the largest task."""
        if self.referred is not None:
            return _SLACK + self.referred.sample_nbytes
        largest = max(window.height * window.width for tier in self.tiers for window in tier.windows)
        nbytes = 3 * largest * self.pixel_nbytes + _SLACK
        return nbytes + self.facts.read_nbytes

    @property
    def scratch_nbytes(self) -> int:
        """What tasks pass on."""
        if self.url:
            return 0
        pixels = self.facts.height * self.facts.width * self.facts.n_planes * self.pixel_nbytes
        passed = pixels // 40 if len(self.tiers) > 1 else 0
        return passed + (pixels if self.facts.whole else 0) + 1024 * self.n_tasks

    @property
    def seconds(self) -> float:
        """What it takes one worker."""
        if self.url:
            return 0.0
        values = self.facts.height * self.facts.width * self.facts.n_planes
        return values / (_PIXELS_A_SECOND if self.facts.samples else _VALUES_A_SECOND)

    @property
    def size(self) -> Size:
        """Of all tiles."""
        if self.url:
            return Size()
        pixels = self.facts.height * self.facts.width * self.facts.n_planes * self.pixel_nbytes * 4 / 3
        share = (_PNG if self.extension == "png" else _JPEG) if self.facts.samples else _PACKED
        return Size.exactly(pixels) * share
