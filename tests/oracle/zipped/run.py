"""Runs ``cellucid.prepare(format="zarr.zip")`` in its own environment: ``python run.py FOLDER FILE...``.

Writes ``FOLDER/<stem>.v2.zarr.zip`` and ``.v3.zarr.zip`` of each file.
"""

from __future__ import annotations

import contextlib
import io
import sys
import warnings
from pathlib import Path

import anndata


def main(out: Path, *files: Path) -> None:
    from cellucid import prepare

    for file in files:
        for version in (2, 3):
            target = out / f"{file.stem}.v{version}.zarr.zip"
            with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
                warnings.simplefilter("ignore")
                prepare(
                    target,
                    format="zarr.zip",
                    zarr_format=version,
                    data=anndata.read_h5ad(file),
                    dataset_id="d",
                    dataset_name="Dâta",
                )


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
