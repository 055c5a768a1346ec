"""The lazy tasks of all slides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from karospace_stream.formats.karospace.job import KarospaceJob
from karospace_stream.formats.karospace.tissue.part import TissueWritten, part_of
from karospace_stream.formats.karospace.tissue.slides.layout import (
    KEY,
    channel_entries,
    channel_pattern,
    picture_pattern,
    slide_entry,
)
from karospace_stream.formats.karospace.tissue.slides.plan import SlidesPart
from karospace_stream.formats.karospace.tissue.slides.planned import PlannedSlide
from karospace_stream.formats.karospace.tissue.slides.section_numbers import section_number
from karospace_stream.formats.karospace.tissue.slides.tiles import (
    WindowWritten,
    needed_of,
    slide_of,
    unpack,
    write_window,
)
from karospace_stream.formats.karospace.tissue.slides.windows import drawn_window
from karospace_stream.images.referred import ReferredImage, Window
from karospace_stream.runtime.task import Task
from karospace_stream.runtime.tasks import Tasks

STAGE = "slides"

Written = list[list[Task[WindowWritten]]]


def build_slides(tasks: Tasks, job: KarospaceJob, shared: Task[KarospaceJob]) -> Task[TissueWritten]:
    """The lazy tiles of all slides, and their entries."""
    n_slides = len(part_of(job.plan.tissue, SlidesPart).slides)
    written = [_slide_tasks(tasks, job, shared, each) for each in range(n_slides)]
    return tasks.checkpointed(STAGE, describe_slides, shared, written)


def _slide_tasks(tasks: Tasks, job: KarospaceJob, shared: Task[KarospaceJob], number: int) -> Written:
    """Windows of each channel."""
    slide = slide_of(job, number)
    whole = [tasks.checkpointed(STAGE, unpack, shared, number)] if slide.tiers and slide.facts.whole else []
    return [
        _channel_tasks(tasks, slide, (shared, number, channel), whole)
        for channel in range(slide.facts.n_planes)
    ]


def _channel_tasks(
    tasks: Tasks, slide: PlannedSlide, which: tuple[Any, ...], whole: list[Task[WindowWritten]]
) -> list[Task[WindowWritten]]:
    made: list[Task[WindowWritten]] = []
    above: list[Task[WindowWritten]] = []
    for number, tier in enumerate(slide.tiers):
        here = []
        for window in tier.windows:
            needed = whole
            if number:
                needed = [above[each] for each in needed_of(slide.tiers[number - 1], window)]
            here.append(tasks.checkpointed(STAGE, write_window, *which, number, window.number, list(needed)))
        above = here
        made += here
    return made


def describe_slides(job: KarospaceJob, written: Sequence[Sequence[Sequence[WindowWritten]]]) -> TissueWritten:
    """The entries of all slides."""
    entries = []
    receipts = [
        receipt for slide in written for channel in slide for each in channel for receipt in each.receipts
    ]
    for number, of_channels in enumerate(written):
        slide = slide_of(job, number)
        entry = slide_entry(slide, section_number(job, slide))
        entries.append(entry | _own(job, slide, number, of_channels))
    return TissueWritten(KEY, entries, "slide_tile", tuple(receipts))


def _own(
    job: KarospaceJob, slide: PlannedSlide, number: int, written: Sequence[Sequence[WindowWritten]]
) -> dict[str, Any]:
    """What an entry says of its kind."""
    prefix, facts = job.target.prefix, slide.facts
    if slide.referred is not None:
        several = [_bounds_of(slide.referred, each) for each in range(len(slide.referred.channels))]
        windows, ranges = [each[0] for each in several], [each[1] for each in several]
        own = {"dtype": facts.dtype, "channels": channel_entries(slide, windows, ranges)}
        return {"kind": "ome-zarr", "url": slide.url, **own}
    if facts.samples:
        return {"kind": "rgb", "path": prefix + picture_pattern(number, slide.extension)}
    ranges = [_range(each) for each in written]
    samples = [np.concatenate([window.sample for window in each]) for each in written]
    windows = [drawn_window(each, bounds) for each, bounds in zip(samples, ranges, strict=True)]
    channels = channel_entries(slide, windows, ranges)
    gzip = job.plan.options.gzip
    paths = [{"path": prefix + channel_pattern(number, each, gzip=gzip)} for each in range(len(channels))]
    return {
        "kind": "channels",
        "dtype": facts.dtype,
        "channels": [each | path for each, path in zip(channels, paths, strict=True)],
    }


def _bounds_of(referred: ReferredImage, number: int) -> tuple[Window, Window]:
    """The window of a channel, and its range: as the file states them, or by values of its smallest level."""
    channel = referred.channels[number]
    window, whole = channel.window, channel.range
    if window is None or whole is None:
        sample = referred.sample(number)
        numbers = sample[np.isfinite(sample)]
        whole = (float(numbers.min()), float(numbers.max())) if numbers.size else (0.0, 0.0)
        window = window or drawn_window(sample, whole)
    return window, (min(window[0], whole[0]), max(window[1], whole[1]))


def _range(written: Sequence[WindowWritten]) -> tuple[float, float]:
    bounds = [each.bounds for each in written if each.bounds]
    return (min(each[0] for each in bounds), max(each[1] for each in bounds)) if bounds else (0.0, 0.0)
