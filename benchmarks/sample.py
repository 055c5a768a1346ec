"""What the floor deflates: dense genes of the same data, prepared outside of the timing."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from benchmarks.outputs import Bundle, open_bundle, stored_nbytes

_MOST_NBYTES = 256 << 20  # more than any cache of a processor, so that nobody gains from it


def write_sample(bundle: Path, folder: Path) -> None:
    """Take genes and all other objects from a finished export, inflated, into ``folder``.

    Sorted by compressed size, the genes are cut into equal shares; the floor writes the middle one
    of its share in place of each gene, so that all together compress to the export's size.
    """
    output = open_bundle(bundle)
    n_cells, itemsize = output.n_cells, output.dtype.itemsize
    n_taken = max(1, min(len(output.genes), _MOST_NBYTES // (itemsize * n_cells)))
    by_size = sorted(range(len(output.genes)), key=lambda number: (stored_nbytes(output, number), number))
    # The middle of each of n_taken equal shares of the genes.
    taken = [by_size[len(by_size) * (2 * share + 1) // (2 * n_taken)] for share in range(n_taken)]
    folder.mkdir(parents=True)
    with (folder / "genes.bin").open("wb") as file:
        for number in taken:
            file.write(output.stored(number).tobytes())
    genes = [_parts(output, number) for number in range(len(output.genes))]
    shares = {number: rank * n_taken // len(by_size) for rank, number in enumerate(by_size)}
    parts = {name for gene in genes for name, _, _ in gene}
    others = [
        path.relative_to(bundle).as_posix()
        for path in sorted(bundle.rglob("*"))
        if path.is_file() and path.relative_to(bundle).as_posix() not in parts
    ]
    for name in others:
        data = (bundle / name).read_bytes()
        copy = folder / "others" / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(gzip.decompress(data) if name.endswith(".gz") else data)
    names = [*parts, *others]
    folders = sorted({str(Path(name).parent) for name in names})
    listed: dict[str, Any] = {
        "n_cells": n_cells,
        "dtype": output.dtype.str,
        "genes": genes,
        "stand_ins": [shares[number] for number in range(len(genes))],
        "others": others,
        "folders": folders,
    }
    (folder / "sample.json").write_text(json.dumps(listed))
    assert (folder / "genes.bin").stat().st_size == n_taken * n_cells * itemsize


def _parts(output: Bundle, number: int) -> list[tuple[str, int, int]]:
    return [(chunk["path"], chunk["start"], chunk["end"]) for chunk in output.chunks(number)]
