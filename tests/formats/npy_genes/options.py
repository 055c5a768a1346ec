"""The options that only this format knows."""

from dataclasses import dataclass

from karospace_stream.options.option import option


@dataclass(frozen=True, slots=True)
class NpyOptions:
    """Options of the format, checked."""

    half: bool = option(
        False,
        "Store genes as float16.",
        kind="switch",
        section="Only with --format npy",
        formats=("npy",),
    )
    beside: bool = option(
        False,
        "Write what needs more than genes: means by category, sums over neighbours, centres.",
        kind="switch",
        section="Only with --format npy",
        formats=("npy",),
    )


OPTIONS = NpyOptions
