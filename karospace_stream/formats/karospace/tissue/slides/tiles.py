"""Tasks that make tiles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from karospace_stream.formats.karospace.job import KarospaceJob
from karospace_stream.formats.karospace.tissue.part import part_of
from karospace_stream.formats.karospace.tissue.slides.encode import MEDIA_TYPES, encode_picture, encode_values
from karospace_stream.formats.karospace.tissue.slides.layout import channel_pattern, picture_pattern
from karospace_stream.formats.karospace.tissue.slides.plan import SlidesPart
from karospace_stream.formats.karospace.tissue.slides.planned import PlannedSlide
from karospace_stream.formats.karospace.tissue.slides.pyramid import Tier, Window, tiles_of
from karospace_stream.images.reduced import halved
from karospace_stream.images.slide import Pixels, WholeImage, WindowedImage
from karospace_stream.model.blob import Receipt
from karospace_stream.transpose.array_scratch import ArraysReceipt

_SAMPLE = 1 << 16  # values of a channel by which its window is chosen
_PART = "slide"


@dataclass(frozen=True, slots=True)
class PassedOn:
    """A part of a level that waits in scratch for the next tier."""

    number: int
    top: int
    left: int
    height: int
    width: int
    receipt: ArraysReceipt

    @property
    def window(self) -> Window:
        """Where it lies."""
        return Window(self.number, self.top, self.left, self.height, self.width)


@dataclass(frozen=True, slots=True, eq=False)
class WindowWritten:
    """What a task has made of a window.

    Attributes
    ----------
    receipts
        Of its tiles.
    passed_on
        Parts of the next level.
    bounds
        Smallest and largest value; empty for colours, and if there is no number.
    sample
        Some values of a channel, of the full size.
    """

    receipts: tuple[Receipt, ...]
    passed_on: tuple[PassedOn, ...]
    bounds: tuple[float, ...]
    sample: npt.NDArray[np.generic]


def unpack(job: KarospaceJob, number: int) -> WindowWritten:
    """Decode a picture that can only be decoded as a whole, and put its lines into scratch."""
    slide = slide_of(job, number)
    tier = slide.tiers[0]
    starts = [window.top for window in tier.windows]
    n_rows = next((after - before for before, after in pairwise(starts)), slide.facts.height)
    passed = []
    assert isinstance(slide.image, WholeImage)
    for window, band in zip(tier.windows, slide.image.bands(n_rows), strict=True):
        passed.append(_pass_on(job, f"{_PART}_{number:03d}_whole", window, band))
    return WindowWritten((), tuple(passed), (), np.zeros(0, np.uint8))


def write_window(
    job: KarospaceJob,
    number: int,
    channel: int,
    tier_number: int,
    window_number: int,
    before: Sequence[WindowWritten],
) -> WindowWritten:
    """Make the tiles of several levels of one window of one channel.

    Parameters
    ----------
    before
        What the tier above has passed on; empty if the window is read from the picture.
    """
    slide = slide_of(job, number)
    tier = slide.tiers[tier_number]
    window = tier.windows[window_number]
    if before:
        values = _gathered(job, window, [each for written in before for each in written.passed_on])
    else:
        assert isinstance(slide.image, WindowedImage)
        values = slide.image.read(channel, window.rows, window.columns)
    is_first = tier_number == 0 and not slide.facts.samples
    bounds = _bounds(values) if is_first else ()
    sample = _sampled(values, slide, window) if is_first else np.zeros(0, values.dtype)
    receipts: list[Receipt] = []
    for step in range(tier.n_levels):
        receipts += _write_level(job, number, channel, tier.level + step, window.reduced(step), values)
        if step + 1 < tier.n_levels or not tier.is_last:
            values = halved(values)
    passed: tuple[PassedOn, ...] = ()
    if not tier.is_last:
        part = f"{_PART}_{number:03d}_{channel:03d}_{tier_number}"
        passed = (_pass_on(job, part, window.reduced(tier.n_levels), values),)
    return WindowWritten(tuple(receipts), passed, bounds, sample)


def slide_of(job: KarospaceJob, number: int) -> PlannedSlide:
    """A slide of the plan."""
    return part_of(job.plan.tissue, SlidesPart).slides[number]


def needed_of(tier: Tier, window: Window) -> list[int]:
    """The windows of a tier whose parts of the next level a window of that level needs."""
    return [each.number for each in tier.windows if each.reduced(tier.n_levels).meets(window)]


def _write_level(
    job: KarospaceJob, number: int, channel: int, level: int, window: Window, values: Pixels
) -> Iterator[Receipt]:
    slide = slide_of(job, number)
    pattern = (
        picture_pattern(number, slide.extension)
        if slide.facts.samples
        else channel_pattern(number, channel, gzip=job.plan.options.gzip)
    )
    with job.batch() as many:
        for row, column, part in tiles_of(window):
            tile = values[part.rows, part.columns]
            key = pattern.format(level=level, row=row, column=column)
            if slide.facts.samples:
                data = encode_picture(tile, slide.extension)
                yield many.put(key, data, MEDIA_TYPES[slide.extension])
            else:
                yield many.put_packed(key, [encode_values(tile)])


def _pass_on(job: KarospaceJob, part: str, window: Window, values: Pixels) -> PassedOn:
    assert job.scratch is not None
    receipt = job.scratch.put(part, window.number, {"values": values})
    height, width = values.shape[:2]
    return PassedOn(window.number, window.top, window.left, height, width, receipt)


def _gathered(job: KarospaceJob, window: Window, parts: Sequence[PassedOn]) -> Pixels:
    """A window, from the parts of it in scratch."""
    assert job.scratch is not None
    made: Pixels | None = None
    for part in parts:
        if not part.window.meets(window):
            continue
        values = job.scratch.get(part.receipt)["values"]
        if made is None:
            made = np.empty((window.height, window.width, *values.shape[2:]), values.dtype)
        top, left = part.top - window.top, part.left - window.left
        rows = slice(max(0, top), min(window.height, top + part.height))
        columns = slice(max(0, left), min(window.width, left + part.width))
        made[rows, columns] = values[
            rows.start - top : rows.stop - top, columns.start - left : columns.stop - left
        ]
    assert made is not None
    return made


def _bounds(values: Pixels) -> tuple[float, ...]:
    numbers = values[np.isfinite(values)] if values.dtype.kind == "f" else values
    return (float(numbers.min()), float(numbers.max())) if numbers.size else ()


def _sampled(values: Pixels, slide: PlannedSlide, window: Window) -> Pixels:
    """Values at a grid that is that of the whole picture, so that windows do not matter."""
    step = max(1, round((slide.facts.height * slide.facts.width / _SAMPLE) ** 0.5))
    found: Pixels = values[-window.top % step :: step, -window.left % step :: step].ravel().copy()
    return found
