"""Write scanpy's built-in data set of 700 blood cells as .h5ad, for ``make demo``. No download.

python examples/demo_data.py OUT.h5ad
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

with warnings.catch_warnings():
    warnings.simplefilter("ignore", FutureWarning)  # scanpy's own, about its next release
    import scanpy as sc


def main(out: Path) -> None:
    """Write the cells with their log-normalised counts, which the data set keeps in ``raw``."""
    # X holds scaled values, half of them negative: not what a reader expects of a gene's colour.
    cells = sc.datasets.pbmc68k_reduced().raw.to_adata()
    cells.write_h5ad(out, compression="gzip")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
