"""Nothing is left out in silence, and what the user names is left out."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import anndata
import h5py
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from scipy import sparse

import karospace_stream
from karospace_stream.cli import program
from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.model.left_out import LeftOut
from karospace_stream.plan.cards.left_out_text import left_out_lines

FORMATS = ("karospace", "cellucid", "anndata")
COLUMNS = ("one", "two", "three", "four", "five")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a part of every kind, one obs column of which is damaged."""
    rng = np.random.default_rng(0)
    made = anndata.AnnData(
        sparse.csr_matrix(rng.poisson(1, (30, 4)).astype(np.float32)),
        obs=pd.DataFrame(dict.fromkeys(COLUMNS, ["a", "b"] * 15), index=[f"c{n}" for n in range(30)]),
        var=pd.DataFrame({"feature_name": list("wxyz")}, index=["g0", "g1", "g2", "g3"]),
        obsm={"X_umap": rng.normal(size=(30, 2)), "protein": rng.normal(size=(30, 7))},
        varm={"PCs": rng.normal(size=(4, 2))},
        layers={"spliced": sparse.csr_matrix(np.ones((30, 4), np.float32))},
        obsp={"distances": sparse.eye_array(30, format="csr")},
        uns={"title": "t", "hvg": {"flavor": "seurat"}, "one_colors": np.array(["#112233", "#445566"])},
    )
    target = tmp_path_factory.mktemp("left_out") / "all.h5ad"
    made.write_h5ad(target)
    with h5py.File(target, "r+") as file:
        damaged = file["obs"].create_dataset("score", data=np.zeros((30, 1)))
        damaged.attrs.update({"encoding-type": "array", "encoding-version": "0.2.0"})
        file["obs"].attrs["column-order"] = np.array([*COLUMNS, "score"], dtype=object)
    return target


def parts(plan: Any, format: str) -> dict[str, bool]:
    """What is left out, and whether the user asked for it."""
    return {each.part: each.by_user for each in plan.left_out[format]}


def test_every_part_is_exported_or_listed(path: Path) -> None:
    plan = karospace_stream.plan_export(path, format=list(FORMATS))
    everywhere = {"obs:score", "layers:spliced", "obsp:distances", "uns:hvg"}
    assert parts(plan, "karospace") == dict.fromkeys({*everywhere, "var:feature_name", "obsm:protein"}, False)
    assert parts(plan, "cellucid") == dict.fromkeys(
        {*everywhere, "var:feature_name", "obsm:protein", "varm:PCs", "uns:one_colors"}, False
    )
    assert everywhere <= set(parts(plan, "anndata"))
    assert [note for note in plan.notes if note.startswith("obs:score is left out: cannot be read")]


def test_what_the_user_chose_is_told_apart(path: Path) -> None:
    plan = karospace_stream.plan_export(
        path, anno=["one"], genes=["g1"], layer="spliced", leave_out=["uns", "obsm:protein"], downsample=10
    )
    told = parts(plan, "karospace")
    assert {part for part, by_user in told.items() if by_user} == {
        *("cells", "genes", "X", "obs:two", "obs:three", "obs:four", "obs:five", "obs:score"),
        *("obsm:protein", "uns:title", "uns:hvg", "uns:one_colors"),
    }


def test_what_is_drawn_in_part_is_not_said_to_be_left_out() -> None:
    parts = [
        LeftOut("obsm:X_pca", "only 2 of 50 columns are drawn"),
        LeftOut("varm:PCs", "a bundle has no place for it"),
    ]
    assert left_out_lines({"karospace": parts}, []) == (
        "exported only in part: 1 entry of obsm: X_pca (only 2 of 50 columns are drawn)",
        "left out: 1 entry of varm: PCs (a bundle has no place for it)",
    )
    assert left_out_lines({"karospace": parts, "cellucid": []}, []) == (
        "only in part in the karospace export: 1 entry of obsm: X_pca (only 2 of 50 columns are drawn)",
        "left out of the karospace export: 1 entry of varm: PCs (a bundle has no place for it)",
    )


@pytest.mark.parametrize("format", FORMATS)
def test_the_list_is_where_the_user_looks(path: Path, tmp_path: Path, format: str) -> None:
    arguments = [str(path), str(tmp_path / "out"), "--format", format, "--genes", "all"]
    done = CliRunner().invoke(program, ["export", *arguments])
    assert done.exit_code == 0, done.output
    assert re.search(r"^left out: 1 layer: spliced \(", done.stdout, re.M)
    assert "obs:score is left out: cannot be read" in done.stderr
    planned = CliRunner().invoke(program, ["plan", *arguments, "--json"])
    listed = json.loads(planned.stdout)["left_out"][format]
    assert {"obs:score", "uns:hvg"} <= {each["part"] for each in listed}
    if format == "karospace":
        assert json.loads((tmp_path / "out" / "report.json").read_text())["left_out"] == listed


def test_named_parts_are_left_out_of_every_format(path: Path, tmp_path: Path) -> None:
    wanted = ["obs:five", "obsm:protein", "var:feature_name", "uns"]
    karospace_stream.export(path, tmp_path, format=list(FORMATS), leave_out=wanted)
    store = anndata.read_zarr(tmp_path / "anndata")
    assert list(store.obs) == list(COLUMNS[:4])
    assert list(store.obsm) == ["X_umap"]
    assert store.var.empty
    assert "one_colors" not in store.uns
    manifest = json.loads((tmp_path / "cellucid" / "obs_manifest.json").read_text())
    assert "five" not in json.dumps(manifest)
    atlas = json.loads((tmp_path / "karospace" / "atlas.json").read_text())
    assert "colors" not in atlas["columns"][0]
    for format in FORMATS:
        assert karospace_stream.verify(tmp_path / format, source=path)


def test_a_part_that_is_not_there_is_refused(path: Path) -> None:
    sentence = r"leave_out: the file has no part 'obsm:protien'; did you mean 'obsm:protein'"
    with pytest.raises(BadOptionError, match=sentence):
        karospace_stream.plan_export(path, leave_out="obsm:protien")


def test_what_is_needed_cannot_be_left_out(path: Path) -> None:
    with pytest.raises(BadInputError, match=r"no entry .* \(without leave_out=\"obsm\"\)"):
        karospace_stream.plan_export(path, leave_out="obsm")
    with pytest.raises(
        BadOptionError, match=r"^leave_out=X: the genes to export are in this .* genes=\"none\"$"
    ):
        karospace_stream.plan_export(path, leave_out="X")


def test_more_names_than_codes() -> None:
    """Counting stops where no code is left, so no number is said; and nobody is told to do what was done."""
    n = 65_600
    adata = anndata.AnnData(sparse.csr_matrix((n, 1), dtype="f4"), obsm={"X_umap": np.ones((n, 2))})
    adata.obs["text"] = [f"t{number}" for number in range(n)]
    said = "The column 'text' has more than 65,535 categories, but uint16 codes hold 65,535; "
    plan = karospace_stream.plan_export(adata, format="cellucid")
    assert [note for note in plan.notes if "text" in note] == [f"{said}left out"]
    assert parts(plan, "cellucid") == {"obs:text": False}
    with pytest.raises(BadInputError, match=f"{said}leave the column out"):
        karospace_stream.plan_export(adata, format="cellucid", anno=["text"])
