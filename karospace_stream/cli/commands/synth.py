"""``synth``."""

from __future__ import annotations

from typing import Literal

import click

from karospace_stream.cli.numbers import NUMBER, WHOLE


@click.command()
@click.argument("out")
@click.option("--cells", type=click.IntRange(1), required=True, help="Number of cells.")
@click.option("--genes", type=click.IntRange(1), required=True, help="Number of genes.")
@click.option("--density", type=NUMBER, default=0.07, show_default=True, help="Share of nonzero values.")
@click.option("--layout", type=click.Choice(["csr", "csc", "dense"]), default="csr", show_default=True)
@click.option("--counts", is_flag=True, help="Raw counts instead of log-normalised values.")
@click.option("--dtype", default="float32", show_default=True, help="Type of the values.")
@click.option("--compression", type=click.Choice(["gzip", "lzf", "none"]), default="gzip", show_default=True)
@click.option(
    "--seed", type=WHOLE, default=0, show_default=True, help="Seed; the same seed gives the same file."
)
@click.option(
    "--neighbors", type=click.IntRange(0), default=0, help="Add a neighbour graph with this many neighbours."
)
@click.option("--latent", type=click.IntRange(1), default=20, show_default=True, help="Width of X_pca.")
@click.option("--vectors", is_flag=True, help="Add a 3-D UMAP and velocities in 2-D and 3-D.")
@click.option("--overwrite", is_flag=True, help="Replace OUT if it exists.")
@click.option("--debug", is_flag=True, help="Show tracebacks.")
def synth(
    out: str,
    cells: int,
    genes: int,
    density: float,
    layout: Literal["csr", "csc", "dense"],
    counts: bool,
    dtype: str,
    compression: Literal["gzip", "lzf", "none"],
    seed: int,
    neighbors: int,
    latent: int,
    vectors: bool,
    overwrite: bool,
    debug: bool,
) -> None:
    """Write a synthetic data set to OUT (.h5ad or .zarr), in constant memory."""
    from karospace_stream.testing.synth import write_synthetic
    from karospace_stream.units import format_shape

    write_synthetic(
        out,
        n_cells=cells,
        n_genes=genes,
        density=density,
        layout=layout,
        counts=counts,
        dtype=dtype,
        compression=None if compression == "none" else compression,
        seed=seed,
        n_neighbors=neighbors,
        latent=latent,
        vectors=vectors,
        overwrite=overwrite,
    )
    click.echo(f"{out}: {format_shape(cells, genes)}")
