"""The commands of the how-to page about many samples work as written, one after another."""

from __future__ import annotations

import re
import shlex
import shutil
import warnings
from pathlib import Path

import anndata
import numpy as np
import pandas as pd
import pytest

from karospace_stream.cli import main

PAGE = Path(__file__).parents[3] / "docs" / "howto" / "many-samples.md"
COMMANDS = re.findall(r"^\$ karospace-stream (.*)$", PAGE.read_text("utf-8"), re.MULTILINE)
LIST = re.findall(r"```text\n(path,.*?)```", PAGE.read_text("utf-8"), re.DOTALL)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("study")
    (folder / "samples").mkdir()
    rng = np.random.default_rng(0)
    for name, n_cells in (("young", 30), ("old", 20)):
        adata = anndata.AnnData(
            rng.poisson(1, (n_cells, 6)).astype(np.float32),
            obs=pd.DataFrame(
                {"cell_type": pd.Categorical(["T", "B"] * (n_cells // 2))},
                index=[f"AAC-{cell}" for cell in range(n_cells)],
            ),
            obsm={"spatial": rng.random((n_cells, 2)) * 100},
        )
        with warnings.catch_warnings(action="ignore"):  # about the version of Zarr
            if name == "old":
                adata.write_zarr(folder / "samples" / "old.zarr")
            else:
                adata.write_h5ad(folder / "samples" / "young.h5ad")
    (folder / "samples.csv").write_text(LIST[0].replace("\n", "\nsamples/").removesuffix("samples/"))
    return folder


@pytest.mark.parametrize("command", [each for each in COMMANDS if not each.startswith("serve ")])
def test_the_commands_of_the_page(study: Path, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(study)
    words = shlex.split(command)
    if words[0] == "verify":
        assert run(["export", "samples/", "bundle", "--batch-column", "sample", "-q", "--overwrite"]) == 0
    elif words[0] == "export":
        shutil.rmtree(study / "bundle", ignore_errors=True)
    assert run(words) == 0


def run(words: list[str]) -> int:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert isinstance(ended.value.code, int)
    return ended.value.code
