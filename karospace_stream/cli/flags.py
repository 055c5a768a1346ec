"""The flags that ``export``, ``plan`` and ``serve`` share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from karospace_stream.cli.sections import options_of

_choice = options_of("What is exported")
files_option = options_of("How it is written")
_machine = options_of("Memory and workers")
storage_option = options_of("Stores")(
    "--storage-option",
    "storage_options",
    multiple=True,
    metavar="[PROTOCOL.]KEY=VALUE",
    help="Of fsspec's filesystem, for URLs, such as s3.anon=true; repeat for several. Default: as the "
    "store's own tools are set.",
)
_STORES = (
    storage_option,
    options_of("Stores")("--public-read", is_flag=True, help="Let anybody read the objects (S3)."),
    options_of("Stores")(
        "--header",
        "headers",
        multiple=True,
        metavar="'NAME: VALUE'",
        help="The store sends it with every object; repeat for several.",
    ),
)
_karospace = options_of("With --format karospace only")
_cellucid = options_of("With --format cellucid only")
_anndata = options_of("With --format anndata only")
_identity = options_of("With --format cellucid or anndata")

_CHOICE = (
    _choice(
        "--format",
        "format",
        multiple=True,
        metavar="NAME[=PATH]",
        help="karospace (default), cellucid or anndata; repeat for several, "
        "into folders of TARGET or to PATH.",
    ),
    _choice(
        "--genes",
        default="all",
        show_default=True,
        metavar="MODE",
        help="all, hvgs:N, top_mean:N, list:PATH (one name a line), or none (cellucid and anndata only).",
    ),
    _choice(
        "--anno",
        multiple=True,
        metavar="COLUMN",
        help="Column of obs; repeat for several, or 'all'. Default: karospace, the first 4 that are labels; "
        "cellucid and anndata, all.",
    ),
    _choice(
        "--coords",
        default="auto",
        show_default=True,
        metavar="WHERE",
        help="auto, obsm:KEY, or obs:X,Y for two columns.",
    ),
    _choice(
        "--graph",
        default="auto",
        show_default=True,
        metavar="KEY",
        help="Neighbour graph of obsp; auto is connectivities or spatial_connectivities; or none.",
    ),
    _choice(
        "--vectors",
        multiple=True,
        metavar="KEY",
        help="Vector field of obsm; repeat for several, or none. Default: such as velocity_umap.",
    ),
    _choice("--layer", metavar="NAME", help="Export a layer instead of X."),
    _choice("--raw", is_flag=True, help="Export raw instead of X."),
    _choice(
        "--leave-out",
        multiple=True,
        metavar="PART",
        help="Part that is not exported, such as obsm:protein, var:feature_name or uns; repeat for several.",
    ),
    _choice("--downsample", type=int, metavar="N", help="Export N cells, drawn with a fixed seed."),
    _choice("--name", metavar="TEXT", help="Name of the data set; default: the input's."),
)
_FILES = (
    files_option("--gzip/--no-gzip", default=True, show_default=True, help="Compress the files."),
    files_option(
        "--compression",
        type=int,
        metavar="1-9",
        help="1 to 3 are fast, 6 to 9 small. Default: 1; anndata, 6.",
    ),
)
_KAROSPACE = (
    _karospace("--image", metavar="PATH", help="Tissue image; default: the one in the file."),
    _karospace("--no-image", is_flag=True, help="Export no image."),
    _karospace(
        "--image-placement",
        type=float,
        nargs=4,
        metavar="SX SY OX OY",
        help="How --image lies: pixel = coordinate x S + O.",
    ),
    _karospace("--preview/--no-preview", default=True, show_default=True, help="Draw preview.png."),
    _karospace(
        "--max-asset-mb",
        type=float,
        default=16,
        show_default=True,
        metavar="MIB",
        help="Largest part, before compression.",
    ),
)
_CELLUCID = (
    _cellucid(
        "--points",
        multiple=True,
        metavar="KEY[=DIMS]",
        help="Embedding of obsm, one for each of 1, 2 and 3 dimensions. Default: the usual ones.",
    ),
    _cellucid("--var-quantization", type=int, metavar="8|16", help="Bits of a gene's value; else float32."),
    _cellucid(
        "--obs-quantization", type=int, metavar="8|16", help="Bits of a column's number; else float32."
    ),
    _cellucid(
        "--categorical-dtype",
        type=click.Choice(["auto", "uint8", "uint16"]),
        default="auto",
        show_default=True,
        metavar="TYPE",
        help="Of a category's codes: auto, uint8 or uint16.",
    ),
)
_IDENTITY = (
    _identity(
        "--latent",
        metavar="KEY",
        help="Entry of obsm in which outliers are sought. Default: cellucid, X_pca or the "
        "like; anndata, none.",
    ),
    _identity(
        "--gene-ids",
        default="index",
        show_default=True,
        metavar="COLUMN",
        help="Column of var with the names of genes.",
    ),
    _identity("--dataset-id", metavar="TEXT", help="Id of the data set; default: from its name."),
    _identity("--description", metavar="TEXT", help="A sentence about the data set."),
    _identity("--source-name", metavar="TEXT", help="Where the data come from."),
    _identity("--source-url", metavar="URL", help="Its address."),
    _identity("--source-citation", metavar="TEXT", help="How to cite it."),
)
_ANNDATA = (
    _anndata(
        "--zarr-format",
        type=int,
        default=2,
        show_default=True,
        metavar="2|3",
        help="Zarr v2 or v3.",
    ),
    _anndata("--shard", is_flag=True, help="Several chunks in one object (Zarr v3)."),
    _anndata(
        "--uns",
        multiple=True,
        metavar="KEY",
        help="Array of uns to keep, such as clusters_colors; repeat for several, or 'all'.",
    ),
)
_MACHINE = (
    _machine(
        "--memory",
        metavar="SIZE",
        help="Budget of the whole process tree, such as 2GB; default: half of what is free.",
    ),
    _machine("--workers", type=int, metavar="N", help="Tasks at once; default: one a core."),
    _machine(
        "--scheduler",
        default="threads",
        show_default=True,
        metavar="NAME",
        help="Of Dask: threads, processes or sync; or the address of a cluster, such as tcp://HOST:8786.",
    ),
    _machine(
        "--strategy",
        type=click.Choice(["pass", "memory", "spill"]),
        metavar="NAME",
        help="Force how the matrix is turned: pass, memory or spill; default: the cheapest that fits.",
    ),
    _machine(
        "--scratch",
        metavar="PLACE",
        help="Folder or URL for fragments; default: the system's temporary folder.",
    ),
)
_OTHER = (
    click.option("--json", "as_json", is_flag=True, help="Print the result as JSON."),
    click.option("--debug", is_flag=True, help="Show tracebacks."),
)


def export_flags(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the flags to a command."""
    flags = (*_CHOICE, *_FILES, *_MACHINE, *_STORES, *_KAROSPACE, *_CELLUCID, *_IDENTITY, *_ANNDATA, *_OTHER)
    for flag in reversed(flags):
        command = flag(command)
    return command


def as_options(flags: dict[str, Any]) -> dict[str, Any]:
    """Flags as keywords of `karospace_stream.export`."""
    from karospace_stream.storage.location import read_storage_options

    wishes = dict(flags)
    wishes.pop("debug")
    wishes.pop("as_json")
    if wishes.pop("no_image"):
        wishes["image"] = False
    wishes["anno"] = wishes["anno"] or None
    wishes["vectors"] = wishes["vectors"] or None
    wishes["points"] = wishes["points"] or None
    wishes["format"] = wishes["format"] or "karospace"
    wishes["storage_options"] = read_storage_options(wishes["storage_options"]) or None
    return wishes
