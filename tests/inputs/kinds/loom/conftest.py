"""Small loom files, written in the layouts of loompy (tests/oracle/test_loom.py proves them)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import numpy.typing as npt
import pytest

N_CELLS, N_GENES = 130, 70


@dataclass
class LoomContent:
    """What a file holds; the attributes of cells and genes by name."""

    counts: npt.NDArray[np.float32]
    cells: dict[str, Any]
    genes: dict[str, Any]
    layers: dict[str, npt.NDArray[Any]] = field(default_factory=dict)
    chunks: tuple[int, int] | None = (64, 64)


@pytest.fixture
def content() -> LoomContent:
    return loom_content()


def loom_content() -> LoomContent:
    rng = np.random.default_rng(5)
    counts = rng.poisson(0.7, (N_GENES, N_CELLS)).astype(np.float32)
    return LoomContent(
        counts,
        {
            "CellID": [f"cell {i} & more" for i in range(N_CELLS)],
            "Tissue": rng.choice(["grüne Lunge", "a < b", "Herz"], N_CELLS).tolist(),
            "Clusters": rng.integers(0, 4, N_CELLS),
            "_X": rng.normal(size=N_CELLS),
            "_Y": rng.normal(size=N_CELLS).astype(np.float32),
            "Embedding": rng.normal(size=(N_CELLS, 3)).astype(np.float32),
        },
        {
            "Gene": [f"g{i}" for i in range(N_GENES - 1)] + ["β-actin"],
            "Length": rng.integers(100, 900, N_GENES),
            "Loadings": rng.normal(size=(N_GENES, 2)),
        },
        {"spliced": (counts // 2).astype(np.uint16)},
    )


def write(path: Path, content: LoomContent, version: int) -> Path:
    """Version 2 writes ASCII of fixed length, with references for all else; version 3 UTF-8."""
    with h5py.File(path, "w") as root:
        if version == 2:
            root.attrs["LOOM_SPEC_VERSION"] = "2.0.1"
        else:
            root["attrs/LOOM_SPEC_VERSION"] = "3.0.0"
        options = (
            {"chunks": content.chunks, "compression": "gzip", "shuffle": False} if content.chunks else {}
        )
        root.create_dataset("matrix", data=content.counts, **options)
        for name, values in content.layers.items():
            root.create_dataset(f"layers/{name}", data=values, **options)
        for group, attributes in (("col_attrs", content.cells), ("row_attrs", content.genes)):
            root.create_group(group)
            for name, values in attributes.items():
                if isinstance(values, list) and version == 2:
                    values = np.array([each.encode("ascii", "xmlcharrefreplace") for each in values])
                root[group][name] = values
        root.create_group("col_graphs")
        root.create_group("row_graphs")
    return path


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    return lambda content, version=3: write(tmp_path / "x.loom", content, version)
