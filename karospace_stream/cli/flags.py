"""The flags that ``export`` and ``plan`` share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

_CELLUCID = (
    click.option(
        "--points",
        multiple=True,
        metavar="KEY[=DIMS]",
        help="cellucid: embedding of obsm, one for each of 1, 2 and 3 dimensions. Default: the usual ones.",
    ),
    click.option("--latent", metavar="KEY", help="cellucid: obsm entry in which outliers are sought."),
    click.option(
        "--var-quantization", type=int, metavar="8|16", help="cellucid: bits of a gene's value; else float32."
    ),
    click.option(
        "--obs-quantization", type=int, metavar="8|16", help="cellucid: bits of a continuous column's value."
    ),
    click.option(
        "--categorical-dtype",
        type=click.Choice(["auto", "uint8", "uint16"]),
        default="auto",
        show_default=True,
        help="cellucid: type of a category's codes.",
    ),
    click.option(
        "--gene-ids", default="index", metavar="COLUMN", help="cellucid: var column with gene names."
    ),
    click.option(
        "--dataset-id", metavar="TEXT", help="cellucid: id of the data set; default: from its name."
    ),
    click.option("--description", metavar="TEXT", help="cellucid: a sentence about the data set."),
    click.option("--source-name", metavar="TEXT", help="cellucid: where the data come from."),
    click.option("--source-url", metavar="URL", help="cellucid: its address."),
    click.option("--source-citation", metavar="TEXT", help="cellucid: how to cite it."),
)
_FLAGS = (
    click.option(
        "--format",
        "format",
        multiple=True,
        metavar="NAME[=PATH]",
        help="karospace (default) or cellucid; repeat for both, into folders of TARGET or to PATH.",
    ),
    click.option(
        "--genes",
        default="all",
        show_default=True,
        metavar="MODE",
        help="all, hvgs:N, top_mean:N, list:PATH (one name a line), or none (cellucid only).",
    ),
    click.option(
        "--anno",
        multiple=True,
        metavar="COLUMN",
        help="Column of obs; repeat for several, or 'all'. Default: the first 4 that are labels.",
    ),
    click.option(
        "--coords",
        default="auto",
        show_default=True,
        metavar="WHERE",
        help="auto, obsm:KEY, or obs:X,Y for two columns.",
    ),
    click.option(
        "--graph", default="auto", show_default=True, metavar="KEY", help="Neighbour graph of obsp, or none."
    ),
    click.option(
        "--vectors",
        multiple=True,
        metavar="KEY",
        help="Vector field of obsm; repeat for several, or none. Default: such as velocity_umap.",
    ),
    click.option("--layer", metavar="NAME", help="Export a layer instead of X."),
    click.option("--raw", is_flag=True, help="Export raw instead of X."),
    click.option("--downsample", type=int, metavar="N", help="Export N cells, drawn with a fixed seed."),
    click.option("--image", metavar="PATH", help="Tissue image; default: the one in the file."),
    click.option("--no-image", is_flag=True, help="Export no image."),
    click.option(
        "--image-placement",
        type=float,
        nargs=4,
        metavar="SX SY OX OY",
        help="How --image lies: pixel = coordinate x S + O.",
    ),
    click.option("--preview/--no-preview", default=True, show_default=True, help="Draw preview.png."),
    click.option("--gzip/--no-gzip", default=True, show_default=True, help="Compress the assets."),
    click.option(
        "--compression",
        type=int,
        default=1,
        show_default=True,
        metavar="1-9",
        help="1 to 3 are fast, 6 to 9 small.",
    ),
    click.option(
        "--max-asset-mb", type=float, default=16, show_default=True, help="Largest part, before compression."
    ),
    click.option("--name", metavar="TEXT", help="Name of the data set; default: the input's."),
    click.option(
        "--memory",
        metavar="SIZE",
        help="Budget of the whole process tree, such as 2GB; default: half of what is free.",
    ),
    click.option("--workers", type=int, metavar="N", help="Tasks at once; default: one a core."),
    click.option(
        "--scheduler",
        type=click.Choice(["threads", "processes", "sync"]),
        default="threads",
        show_default=True,
        help="Dask scheduler.",
    ),
    click.option(
        "--strategy",
        type=click.Choice(["pass", "memory", "spill"]),
        help="Force how the matrix is turned; default: the cheapest that fits.",
    ),
    click.option(
        "--scratch", metavar="DIR", help="Folder for fragments; default: the system's temporary folder."
    ),
    *_CELLUCID,
    click.option("--json", "as_json", is_flag=True, help="Print the result as JSON."),
    click.option("--debug", is_flag=True, help="Show tracebacks."),
)


def export_flags(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the flags to a command."""
    for flag in reversed(_FLAGS):
        command = flag(command)
    return command


def as_options(flags: dict[str, Any]) -> dict[str, Any]:
    """Flags as keywords of `karospace_stream.export`."""
    wishes = dict(flags)
    wishes.pop("debug")
    wishes.pop("as_json")
    if wishes.pop("no_image"):
        wishes["image"] = False
    wishes["anno"] = wishes["anno"] or None
    wishes["vectors"] = wishes["vectors"] or None
    wishes["points"] = wishes["points"] or None
    wishes["format"] = wishes["format"] or "karospace"
    return wishes
