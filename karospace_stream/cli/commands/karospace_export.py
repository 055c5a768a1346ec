"""``karospace-export``: the flags of the predecessor of this exporter, on the same engine."""

from __future__ import annotations

import sys

import click

from karospace_stream._version import __version__
from karospace_stream.cli.exit_codes import run_command
from karospace_stream.cli.numbers import NUMBER, WHOLE

_TRUE_FALSE = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def _true_false(ctx: click.Context, param: click.Parameter, value: str) -> bool:
    if value.lower() not in _TRUE_FALSE:
        raise click.BadParameter(f"must be true or false, got {value!r}", ctx, param)
    return _TRUE_FALSE[value.lower()]


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--h5ad", required=True, metavar="PATH", help="Input file.")
@click.option(
    "--outdir", required=True, metavar="PATH", help="Folder for the bundle; an existing one is replaced."
)
@click.option("--coords", metavar="WHERE", help="obsm:spatial or obs:centroid_x_y; detected by default.")
@click.option("--anno", multiple=True, metavar="COLNAME", help="obs column; repeatable.")
@click.option(
    "--genes", default="hvgs:500", show_default=True, metavar="MODE", help="hvgs:N, top_mean:N or list:PATH."
)
@click.option("--image", metavar="PATH", help="Tissue image.")
@click.option("--downsample", type=WHOLE, metavar="N", help="Export N cells.")
@click.option(
    "--gzip",
    callback=_true_false,
    default="true",
    show_default=True,
    metavar="true/false",
    help="Compress the files.",
)
@click.option("--max-asset-mb", type=NUMBER, default=16, show_default=True, help="Largest file.")
@click.option("--no-preview", is_flag=True, help="Do not draw preview.png.")
@click.option("--serve", is_flag=True, help="Open the bundle in the browser afterwards.")
@click.option("--port", type=WHOLE, default=8000, show_default=True, help="Port for --serve.")
@click.option("--debug", is_flag=True, help="Show tracebacks.")
@click.version_option(__version__, prog_name="karospace-export")
def app(
    h5ad: str,
    outdir: str,
    coords: str | None,
    anno: tuple[str, ...],
    genes: str,
    image: str | None,
    downsample: int | None,
    gzip: bool,
    max_asset_mb: float,
    no_preview: bool,
    serve: bool,
    port: int,
    debug: bool,
) -> None:
    """Export an AnnData .h5ad file into a static KaroSpace bundle."""
    from karospace_stream.cli.show import show_report
    from karospace_stream.compat.former_rule import former_rule
    from karospace_stream.pipeline.api import export
    from karospace_stream.progress.shown import terminal_progress

    with terminal_progress(quiet=False) as listener:
        report = export(
            h5ad,
            outdir,
            listener=listener,
            coords=coords or "auto",
            anno=anno or None,
            group_by="none",
            section="none",
            genes=genes,
            hvg_flavor=former_rule(genes),
            image=image,
            downsample=downsample,
            gzip=gzip,
            max_asset_mb=max_asset_mb,
            preview=not no_preview,
            overwrite=True,
        )
    show_report(report)
    if serve:
        from karospace_stream.cli.commands.serve import show_bundle

        show_bundle(outdir, port)


def main(argv: list[str] | None = None) -> None:
    """Run the command and exit."""
    sys.exit(run_command(app, "karospace-export", argv))
