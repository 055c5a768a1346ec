"""Runs in the environment of Squidpy: a picture of each library, that fills the figure."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

warnings.simplefilter("ignore")

import matplotlib as mpl  # noqa: E402

mpl.use("agg")

import anndata  # noqa: E402
import squidpy  # type: ignore[import-not-found]  # noqa: E402
from matplotlib import pyplot as plt  # noqa: E402

DPI = 100


def main(folder: str, source: str, color: str, image: str, width: str, height: str) -> None:
    """Write ``LIBRARY.png`` for each library of a file."""
    adata = anndata.read_h5ad(source)
    for library in adata.uns["spatial"]:
        figure = plt.figure(figsize=(int(width) / DPI, int(height) / DPI), dpi=DPI)
        axes = figure.add_axes((0, 0, 1, 1))
        squidpy.pl.spatial_scatter(
            adata, color=color, library_key="library_id", library_id=[library], img_res_key=image,
            ax=axes, fig=figure, frameon=False, legend_loc=None, title="", edgecolors="none",
        )  # fmt: skip
        figure.savefig(Path(folder) / f"{library}.png", dpi=DPI)
        plt.close(figure)


if __name__ == "__main__":
    main(*sys.argv[1:])
