"""Write a tiny synthetic .h5ad with cell types, UMAP and tissue coordinates.

python examples/generate_synthetic_h5ad.py [--output synthetic.h5ad] [--cells 2000] [--genes 300]
"""

from __future__ import annotations

import argparse
from pathlib import Path

from karospace_stream.testing.synth import write_synthetic


def main() -> None:
    """Write the file and say what to do with it."""
    parser = argparse.ArgumentParser(description="Write a tiny synthetic .h5ad.")
    parser.add_argument("--output", type=Path, default=Path("synthetic.h5ad"))
    parser.add_argument("--cells", type=int, default=2_000)
    parser.add_argument("--genes", type=int, default=300)
    options = parser.parse_args()
    write_synthetic(options.output, n_cells=options.cells, n_genes=options.genes, overwrite=True)
    print(f"wrote {options.output}; next: karospace-stream export {options.output} bundle/")


if __name__ == "__main__":
    main()
