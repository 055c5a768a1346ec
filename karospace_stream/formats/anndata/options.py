"""Options of the AnnData Zarr store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from karospace_stream.errors import BadOptionError
from karospace_stream.options.option import names_or_none, option

if TYPE_CHECKING:  # a command's help imports this module, and must be fast
    from karospace_stream.formats.anndata.layout.arrays import ZarrFormat

_SECTION = "Only with --format anndata"
_ANNDATA = ("anndata",)


def _taken_out(options: Any) -> str:
    return "--leave-out uns takes all of it out" if "uns" in options.leave_out else ""


@dataclass(frozen=True, slots=True)
class AnnDataOptions:
    """Options of the AnnData format, checked."""

    zarr_format: ZarrFormat = option(
        2,
        "Zarr v2 or v3.",
        kind="integer",
        section=_SECTION,
        metavar="2|3",
        formats=_ANNDATA,
        doc="AnnData: Zarr v2 or v3.",
    )
    shard: bool = option(
        False,
        "Store several chunks in one object (Zarr v3).",
        kind="switch",
        section=_SECTION,
        formats=_ANNDATA,
        doc="AnnData: several chunks in one object (Zarr v3): fewer objects, and one more request for the "
        "first gene.",
    )
    uns: tuple[str, ...] = option(
        (),
        "Array in uns to keep, such as clusters_colors; repeat for several, or 'all'.",
        kind="list",
        section=_SECTION,
        metavar="KEY",
        formats=_ANNDATA,
        shown_default=None,
        moot=_taken_out,
        doc='AnnData: arrays of uns to keep, or ``"all"``; none by default.',
        read=names_or_none,
        names_parts=True,
    )

    def __post_init__(self) -> None:
        if self.zarr_format not in (2, 3):
            raise BadOptionError(f"--zarr-format must be 2 or 3, got {self.zarr_format!r}")
        if self.shard and self.zarr_format == 2:
            raise BadOptionError("--shard needs --zarr-format 3: Zarr v2 has no shards")


OPTIONS = AnnDataOptions
