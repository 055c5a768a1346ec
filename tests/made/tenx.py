"""Small 10x Genomics matrices, in the layouts of Cell Ranger (tests/oracle/test_tenx.py proves them)."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from scipy import sparse

N_CELLS = 210
N_GENES = 60
N_PROTEINS = 12
N_GUIDES = 8


@dataclass
class Counts:
    """Counts of cells x features, and the names of both."""

    matrix: sparse.csr_matrix
    barcodes: list[str]
    ids: list[str]
    names: list[str]
    types: list[str]
    genomes: list[str]

    def genes(self) -> sparse.csr_matrix:
        """The features of the type Gene Expression."""
        return self.matrix[:, [kind == "Gene Expression" for kind in self.types]]


def counts(*, genomes: tuple[str, ...] = ("GRCh38",), several: bool = True, n_cells: int = N_CELLS) -> Counts:
    """Make counts with or without other features than genes; names of genes repeat."""
    rng = np.random.default_rng(10)
    more = N_PROTEINS + N_GUIDES if several else 0
    values = rng.poisson(0.4, (n_cells, N_GENES + more))
    values[:, N_GENES:] *= rng.integers(1, 90, more)
    values[3] = 0
    types = ["Gene Expression"] * N_GENES + (
        ["Antibody Capture"] * N_PROTEINS + ["CRISPR Guide Capture"] * N_GUIDES if several else []
    )
    return Counts(
        sparse.csr_matrix(values.astype(np.int32)),
        [f"{''.join(rng.choice(list('ACGT'), 16))}-1" for _ in range(n_cells)],
        [f"ENSG{number:011d}" for number in range(N_GENES)] + [f"feature{number}" for number in range(more)],
        [f"GENE{min(number, N_GENES - 2)}" for number in range(N_GENES)]
        + [f"feature{number}" for number in range(more)],
        types,
        [genomes[number * len(genomes) // N_GENES] for number in range(N_GENES)] + [""] * more,
    )


def write_v3(path: Path, made: Counts, **changes: Any) -> Path:
    """Write as Cell Ranger 3 and later; ``changes`` replace datasets of the group, or leave them out."""
    text = h5py.string_dtype("ascii", 30)
    with h5py.File(path, "w") as file:
        file.attrs.update(filetype="matrix", version=2, software_version="cellranger-7.1.0")
        group = file.create_group("matrix")
        features = group.create_group("features")
        features.create_dataset("_all_tag_keys", data=np.array([b"genome"]))
        for name, values in {
            "id": made.ids,
            "name": made.names,
            "feature_type": made.types,
            "genome": made.genomes,
        }.items():
            features.create_dataset(name, data=np.array(values, "S"), dtype=text, compression="gzip")
        parts = {"barcodes": np.array(made.barcodes, "S18"), **_arrays(made), **changes}
        for name, values in parts.items():
            if values is not None:
                group.create_dataset(name, data=values, compression="gzip", chunks=True, maxshape=(None,))
    return path


def write_v2(path: Path, by_genome: dict[str, Counts]) -> Path:
    """Write as Cell Ranger 2: a group for each genome."""
    with h5py.File(path, "w") as file:
        for genome, made in by_genome.items():
            group = file.create_group(genome)
            for name, values in {
                "barcodes": np.array(made.barcodes, "S"),
                "genes": np.array(made.ids, "S"),
                "gene_names": np.array(made.names, "S"),
                **_arrays(made),
            }.items():
                group.create_dataset(name, data=values, compression="gzip", chunks=True)
    return path


def _arrays(made: Counts) -> dict[str, Any]:
    """Features x barcodes as CSC, which is cells x genes as CSR."""
    return {
        "data": made.matrix.data.astype(np.int32),
        "indices": made.matrix.indices.astype(np.int64),
        "indptr": made.matrix.indptr.astype(np.int64),
        "shape": np.array(made.matrix.shape[::-1], np.int32),
    }


def write_mtx(
    folder: Path, made: Counts, *, prefix: str = "", version: int = 3, packed: bool | None = None
) -> Path:
    """Write the folder with text files of Cell Ranger 2 or 3, packed or not."""
    folder.mkdir(parents=True, exist_ok=True)
    packed = version >= 3 if packed is None else packed
    features = zip(made.ids, made.names, made.types, strict=True)
    table = "".join("\t".join(each[:version]) + "\n" for each in features)
    coo = made.matrix.tocoo()
    entries = zip(coo.col + 1, coo.row + 1, coo.data, strict=True)
    text = (
        '%%MatrixMarket matrix coordinate integer general\n%metadata_json: {"software_version": "7.1.0"}\n'
        f"{made.matrix.shape[1]} {made.matrix.shape[0]} {made.matrix.nnz}\n"
        + "".join(f"{column} {row} {value}\n" for column, row, value in entries)
    )
    for name, content in {
        "barcodes.tsv": "".join(f"{name}\n" for name in made.barcodes),
        "features.tsv" if version >= 3 else "genes.tsv": table,
        "matrix.mtx": text,
    }.items():
        path = folder / f"{prefix}{name}{'.gz' if packed else ''}"
        path.write_bytes(gzip.compress(content.encode()) if packed else content.encode())
    return folder
