"""Matrices of 10x Genomics are read as scanpy reads them, every value."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from karospace_stream.formats.options import read_options
from karospace_stream.inputs.open import open_input
from karospace_stream.pipeline.counting.prepare import StoreFiles
from karospace_stream.storage import Store, location_of
from tests.made.tenx import N_CELLS, N_GENES, counts, write_mtx, write_v2, write_v3
from tests.oracle.others import made_once

HERE = Path(__file__).with_name("scanpy")
NAMES = ["v3", "two_genomes", "v2", "two_of_v2", "probes", "mtx3", "mtx2"]


def write_all(folder: Path) -> list[str]:
    """The matrices that scanpy reads too."""
    made, two = counts(), counts(genomes=("GRCh38", "mm10"))
    write_v3(folder / "v3.h5", made)
    write_v3(folder / "two_genomes.h5", two)
    write_v2(folder / "v2.h5", {"GRCh38": counts(several=False)})
    write_v2(folder / "two_of_v2.h5", {"hg19": counts(), "mm10": counts(several=False, n_cells=40)})
    path = write_v3(
        folder / "probes.h5", counts(several=False), filtered_barcodes=np.arange(N_CELLS) % 2 == 0
    )
    with h5py.File(path, "r+") as file:
        file["matrix/features/gene_id"] = file["matrix/features/name"][()]
        file["matrix/features/filtered_probes"] = np.arange(N_GENES) % 3 == 0
    write_mtx(folder / "mtx3", made)
    write_mtx(folder / "mtx2", counts(several=False), version=2, prefix="GSM7_")
    return []


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_once(tmp_path_factory, "tenx", "scanpy", HERE / "tenx.py", write_all)


@pytest.mark.big
@pytest.mark.parametrize("types", ["all", "genes"])
@pytest.mark.parametrize("name", NAMES)
def test_every_value(name: str, types: str, folder: Path, tmp_path: Path) -> None:
    options: dict[str, Any] = {"feature_type": "all"} if types == "all" else {}
    if "two" in name:
        options["genome"] = "mm10"
    path = folder / f"{name}.h5"
    source = open_input(path if path.exists() else folder / name, read_options(options))
    if source.preparation is not None:
        files = StoreFiles(Store(location_of(f"file://{tmp_path}")))
        steps = source.preparation.steps(1 << 20)
        source = source.preparation.finish([source.preparation.run(each, files) for each in steps], files)
    truth = dict(np.load(folder / f"{name}.{types}.npz"))
    n_cells = source.catalog.n_cells
    block: Any = source.matrix("X").read_rows(0, n_cells)
    for key in ("data", "indices", "indptr"):
        np.testing.assert_array_equal(getattr(block, key), truth.pop(key))
    assert source.obs_names(0, n_cells).tolist() == truth.pop("obs_names").tolist()
    assert source.var_names().tolist() == truth.pop("var_names").tolist()
    columns = {f"obs/{each.name}" for each in source.catalog.obs}
    assert columns | {f"var/{each.name}" for each in source.catalog.var} == set(truth)
    for key, wanted in truth.items():
        group, _, column = key.partition("/")
        read = source.var_column(column) if group == "var" else source.obs_column(column, 0, n_cells)
        assert read.values.tolist() == wanted.tolist(), key
