"""Several inputs on the command line: exported, planned, inspected, summed, verified and resumed as one."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import anndata
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from karospace_stream import export, open_source, statistics
from karospace_stream import verify as verify_in_python
from karospace_stream.cli.inputs import split_target
from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.plan.lazy_source import open_with
from karospace_stream.preview.cache_key import cache_key
from tests.cli.test_commands import run

GENES = [f"g{number}" for number in range(8)]
N_CELLS = {"s1": 30, "s2": 20, "s10": 25}


@pytest.fixture(scope="module")
def lung(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with three samples, notes, and a list of the samples."""
    folder = tmp_path_factory.mktemp("study") / "lung"
    folder.mkdir()
    rng = np.random.default_rng(0)
    for name, n_cells in N_CELLS.items():
        adata = anndata.AnnData(
            sparse.random(n_cells, len(GENES), 0.4, "csr", np.float32, rng),
            obs=pd.DataFrame(
                {"cell_type": pd.Categorical(["B", "T"] * (n_cells // 2) + ["B"] * (n_cells % 2))},
                index=[f"c{cell}" for cell in range(n_cells)],
            ),
            var=pd.DataFrame(index=GENES),
            obsm={"X_umap": rng.random((n_cells, 2))},
        )
        if name == "s10":
            with warnings.catch_warnings(action="ignore"):  # about its version
                adata.write_zarr(folder / f"{name}.zarr")
        else:
            adata.write_h5ad(folder / f"{name}.h5ad")
    (folder / "notes.md").write_text("of May\n")
    (folder / "list.csv").write_text("path,age\ns1.h5ad,70\ns2.h5ad,20\ns10.zarr,20\n")
    return folder


@pytest.fixture(scope="module")
def bundle(lung: Path) -> Path:
    """An export of the folder."""
    target = lung.parent / "bundle"
    done = run("export", lung, target, "--batch-column", "sample", "--index-unique", "-", "-q")
    assert done.returncode == 0, done.stderr
    assert "2 entries of" in done.stderr
    return target


def options_of(bundle: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((bundle / "checksums.json").read_text())["options"]
    return found


def test_an_export_records_the_names_of_its_inputs_and_no_path(lung: Path, bundle: Path) -> None:
    assert options_of(bundle)["inputs"] == ["s1", "s2", "s10"]
    assert options_of(bundle)["name"] == "lung"
    assert str(lung) not in (bundle / "checksums.json").read_text()
    assert str(lung) not in (bundle / "manifest.json").read_text()


def test_one_input_records_no_names(lung: Path, tmp_path: Path) -> None:
    export(lung / "s1.h5ad", tmp_path / "out")
    assert "inputs" not in options_of(tmp_path / "out")
    with pytest.raises(BadInputError, match="was made of 1 input, but 3 inputs are given"):
        verify_in_python(tmp_path / "out", source=lung)


def test_every_way_to_name_them_gives_the_same_bytes(lung: Path, bundle: Path, tmp_path: Path) -> None:
    files = [lung / name for name in ("s1.h5ad", "s2.h5ad", "s10.zarr")]
    flags = ("--batch-column", "sample", "--index-unique", "-", "-q")
    assert run("export", *files, tmp_path / "files", *flags).returncode == 0
    assert run("export", lung / "s[0-9]*", tmp_path / "pattern", *flags).returncode == 0
    (tmp_path / "list.txt").write_text("".join(f"{file}\n" for file in files))
    export(tmp_path / "list.txt", tmp_path / "list", batch_column="sample", index_unique="-", name="lung")
    objects = [anndata.read_h5ad(files[0]), open_source(files[1]), files[2]]
    export(
        dict(zip(N_CELLS, objects, strict=True)),
        tmp_path / "named",
        batch_column="sample",
        index_unique="-",
        name="lung",
    )
    expected = checksums(bundle)
    assert len(expected) > 20
    for name in ("files", "pattern", "list", "named"):
        assert checksums(tmp_path / name) == expected


def checksums(bundle: Path) -> dict[str, object]:
    """Of everything that has no time stamp."""
    files: dict[str, object] = json.loads((bundle / "checksums.json").read_text())["files"]
    return {
        name: about
        for name, about in files.items()
        if name not in ("manifest.json", "atlas.json", "report.json")
    }


def test_verify_takes_the_same_list(lung: Path, bundle: Path) -> None:
    files = [f"--source={lung / name}" for name in ("s1.h5ad", "s2.h5ad", "s10.zarr")]
    done = run("verify", bundle, *files, "-q")
    assert done.returncode == 0, done.stdout
    assert run("verify", bundle, "--source", lung, "-q").returncode == 0
    done = run("verify", bundle, *files[:2], "-q")
    assert done.returncode == 3
    assert (
        f"{bundle} was made of 3 inputs (s1, s2, s10), but 2 inputs are given as its source; name the same "
        "ones, in the same order" in done.stderr
    )
    done = run("verify", bundle, files[1], files[0], files[2], "-q")
    assert done.returncode == 3
    assert "was made of its inputs in another order (s1, s2, s10)" in done.stderr
    several = [lung / "s1.h5ad", lung / "s2.h5ad", lung / "s10.zarr"]
    assert verify_in_python(bundle, source=several)


def test_a_manifest_adds_columns(lung: Path, tmp_path: Path) -> None:
    assert run("export", lung / "list.csv", tmp_path / "out", "--anno", "all", "-q").returncode == 0
    assert options_of(tmp_path / "out")["name"] == "list"
    opened = open_source(lung / "list.csv").source
    column = opened.obs_column("age", 0, opened.catalog.n_cells)
    assert column.kind == "integer"
    assert column.values.tolist() == [70] * 30 + [20] * 45
    assert run("verify", tmp_path / "out", "--source", lung / "list.csv", "-q").returncode == 0


def test_inspect_and_plan(lung: Path, tmp_path: Path) -> None:
    done = run("inspect", lung)
    assert "75 cells x 8 genes (3 inputs)" in done.stdout
    assert "s1 (30), s2 (20), s10 (25)" in done.stdout
    found = json.loads(
        run("inspect", lung / "s1.h5ad", lung / "s2.h5ad", "--batch-column=b", "--json").stdout
    )
    assert [each["name"] for each in found["inputs"]] == ["s1", "s2"]
    assert [each["name"] for each in found["obs"]] == ["cell_type", "b"]
    planned = json.loads(run("plan", lung / "s1.h5ad", lung / "s2.h5ad", tmp_path / "new", "--json").stdout)
    assert planned["n_cells"] == 50
    planned = json.loads(run("plan", lung / "s1.h5ad", lung / "s10.zarr", "--json").stdout)
    assert planned["n_cells"] == 55


def test_the_last_of_several_paths_is_the_target_of_a_plan_unless_it_is_an_input(
    lung: Path, bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a, zarr, empty = str(lung / "s1.h5ad"), str(lung / "s10.zarr"), str(tmp_path / "empty")
    Path(empty).mkdir()
    assert split_target((a,), ()) == (a, None)
    for target in (str(tmp_path / "new"), str(bundle), empty, "s3://bucket/new", str(tmp_path / "new.zarr")):
        assert split_target((a, target), ()) == (a, target)
    for other in (zarr, str(lung), str(lung / "*.h5ad"), "missing.h5ad", "s3://bucket/b.zarr", "list.csv"):
        assert split_target((a, other), ()) == ((a, other), None)
    assert capsys.readouterr().err == ""
    assert split_target((a, zarr), ("anndata",)) == (a, zarr)
    assert "s10.zarr is taken as the target, not as an input" in capsys.readouterr().err
    assert split_target((a, zarr, "out"), ()) == ((a, zarr), "out")


def test_sums_of_several_inputs(lung: Path, tmp_path: Path) -> None:
    done = run("stats", lung, tmp_path / "out.h5ad", "--group-by", "b", "--batch-column", "b", "-q")
    assert done.returncode == 0, done.stderr
    found = statistics(
        [lung / "s1.h5ad", lung / "s2.h5ad"], group_by="b", batch_column="b", markers="none", progress=False
    )
    assert found.groups["b"]["group"].unique().tolist() == ["s1", "s2"]
    files = (lung / "s1.h5ad", lung / "s2.h5ad")
    done = run("pseudobulk", *files, tmp_path / "sums.h5ad", "--by", "b", "--batch-column", "b", "-q")
    assert done.returncode == 0, done.stderr
    sums = anndata.read_h5ad(tmp_path / "sums.h5ad")
    for name, row in zip(("s1", "s2"), sums.X, strict=True):
        truth = anndata.read_h5ad(lung / f"{name}.h5ad").X.sum(axis=0, dtype=np.float64)
        np.testing.assert_allclose(row, np.asarray(truth).ravel(), rtol=1e-6)
    with pytest.raises(TypeError, match="unexpected keyword argument 'batch'"):
        statistics(lung, group_by="b", batch="b")


@pytest.mark.parametrize(
    ("line", "code", "why"),
    [
        ("export lung/s1.h5ad", 2, "Missing argument 'TARGET'"),
        ("export", 2, "Missing argument 'INPUT...'"),
        ("stats lung/s1.h5ad", 2, "Missing argument 'OUT'"),
        ("export lung/s1.h5ad lung/s1.h5ad out", 3, "lung/s1.h5ad is given twice"),
        ("export lung/s1.h5ad lung/s2.h5ad lung/s2.h5ad", 4, "the target must not be the input"),
        ("export lung/s1.h5ad lung/s10.zarr lung/s10.zarr/out", 4, "must be outside the input"),
        ("export lung/s1.h5ad lung/missing.h5ad out", 3, "lung/missing.h5ad does not exist"),
        ("export lung/s1.h5ad bundle out", 3, "bundle is an export, not an AnnData"),
        ("export lung/none*.h5ad out", 3, "lung/none*.h5ad matches nothing"),
        ("export lung . ", 4, "the target must not contain the input"),
    ],
)
def test_mistakes(
    lung: Path, bundle: Path, monkeypatch: pytest.MonkeyPatch, line: str, code: int, why: str
) -> None:
    monkeypatch.chdir(lung.parent)
    done = run(*line.split())
    assert (done.returncode, why in done.stderr) == (code, True), done.stderr


def test_another_list_is_not_resumed(lung: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("karospace_stream.pipeline.run.finish", stop)
        with pytest.raises(KeyboardInterrupt):
            export([lung / "s1.h5ad", lung / "s2.h5ad"], tmp_path / "out", resume=True)
    for other in ([lung / "s2.h5ad", lung / "s1.h5ad"], [lung / "s1.h5ad", lung / "s10.zarr"], lung):
        with pytest.raises(Exception, match="the unfinished export there has another input than"):
            export(other, tmp_path / "out", resume=True)
    report = export([lung / "s1.h5ad", lung / "s2.h5ad"], tmp_path / "out", resume=True)
    assert report.n_cells == 50
    with pytest.raises(BadOptionError, match="resume=True needs a path or a URL as input"):
        export([lung / "s1.h5ad", anndata.read_h5ad(lung / "s2.h5ad")], tmp_path / "other", resume=True)


def test_what_is_in_the_cache_depends_on_the_list(lung: Path) -> None:
    def key(source: object, **keywords: object) -> str:
        options = ExportOptions(**keywords)  # type: ignore[arg-type]
        return cache_key(source, open_with(source, options), options)

    a, b = lung / "s1.h5ad", lung / "s2.h5ad"
    keys = [key([a, b]), key([b, a]), key({"x": a, "y": b}), key(lung), key(lung / "list.csv"), key(a)]
    assert len(set(keys)) == len(keys)
    assert key([str(a), str(b)]) == keys[0]
    assert key(lung) == keys[3]
    assert key([a, b], batch_column="x") != keys[0]
    in_memory = [a, anndata.read_h5ad(b)]
    assert key(in_memory) == key([a, anndata.read_h5ad(b)])


def test_what_is_open_already_takes_no_other_options(lung: Path, tmp_path: Path) -> None:
    opened = open_source([lung / "s1.h5ad", lung / "s2.h5ad"], batch_column="b")
    assert [column.name for column in opened.catalog.obs] == ["cell_type", "b"]
    export(opened, tmp_path / "out", batch_column="b")
    export(opened, tmp_path / "more", anno="b")
    with pytest.raises(BadOptionError, match="join= says how the input is read"):
        export(opened, tmp_path / "other", join="outer", batch_column="b")
    with pytest.raises(TypeError, match="open_source"):
        open_source(lung, genes="all")


def test_sums_of_some_cells(lung: Path, tmp_path: Path) -> None:
    where = "cell_type == 'B'"
    found = statistics(
        lung, group_by="s", batch_column="s", markers="none", where=where, downsample=30, progress=False
    )
    assert found.n_cells == 30
    done = run(
        "pseudobulk", lung / "s1.h5ad", tmp_path / "b.h5ad", "--by", "cell_type", "--where", where, "-q"
    )
    assert done.returncode == 0, done.stderr
    assert anndata.read_h5ad(tmp_path / "b.h5ad").obs["cell_type"].tolist() == ["B"]
