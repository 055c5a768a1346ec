"""Every option with every format: it has an effect, or it is refused with the formats that it goes with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest
from PIL import Image
from scipy import sparse

import karospace_stream
from karospace_stream.app.planning import plan_facts
from karospace_stream.cli.form import export_form
from karospace_stream.errors import BadOptionError
from karospace_stream.formats.options import declared_options
from karospace_stream.formats.registry import FORMATS
from tests.cli.test_commands import run

N_CELLS, N_GENES = 60, 8
#: A value of each option that shows in the bytes of an export of the data below.
SHOWS: dict[str, Any] = {
    "anno": "score",
    "arrange_by": "kind",
    "as_labels": "round",
    "batch_column": "sample",
    "categorical_dtype": "uint16",
    "centroid_min_points": 40,
    "centroid_outlier_quantile": 0.8,
    "compression": 9,
    "coords": "obsm:X_pca",
    "dataset_id": "other",
    "description": "Words.",
    "downsample": 20,
    "downsample_by": "round",
    "gene_names": "feature_name",
    "order": "source",
    "order_by": "kind",
    "gene_sets": {"some": ["gene-1", "gene-2"]},
    "gene_bits": 8,
    "genes": "top_mean:3",
    "graph": "distances",
    "group_by": "round",
    "gzip": False,
    "hvg_batch": "kind",
    "hvg_flavor": "none",
    "image": "tissue.png",
    "latent": "X_umap",
    "layer": "doubled",
    "layout": "packed",
    "leave_out": "obs:kind",
    "license": "CC-BY-4.0",
    "log1p": True,
    "marker_genes": 3,
    "markers": "wilcoxon",
    "max_asset_mb": 0.001,
    "name": "Other",
    "neighbourhoods": "distances",
    "normalize": 1e4,
    "obs_quantization": 8,
    "obs_table": "table.csv",
    "obs_table_key": "other",
    "permutations": 5,
    "pixel_size": 0.5,
    "points": "X_pca=3",
    "preview": False,
    "pseudobulk": "kind,round",
    "pseudobulk_layer": "doubled",
    "raw": True,
    "reference": "B",
    "section": "kind",
    "seed": 4,
    "set_scores": False,
    "shapes": "shapes.geojson",
    "source_citation": "Somebody (2020)",
    "source_name": "Somebody",
    "source_url": "https://example.org",
    "tie_correct": True,
    "title": "Another title",
    "transcript_columns": "y,x,gene",
    "transcripts": "transcripts.csv",
    "uns": "palette",
    "var_quantization": 8,
    "vectors": "none",
    "where": "score > 0.5",
    "zarr_format": 3,
}
#: What must be given beside an option, in both exports.
BESIDE: dict[str, dict[str, Any]] = {
    "arrange_by": {"coords": "obs:x,y"},
    "downsample_by": {"downsample": 20},
    "obs_table": {"anno": "all"},
    "obs_table_key": {"anno": "all", "obs_table": "table.csv"},
    "shard": {"zarr_format": 3},
    "marker_genes": {"group_by": "kind"},
    "markers": {"group_by": "kind"},
    "reference": {"group_by": "kind"},
    "permutations": {"group_by": "kind", "neighbourhoods": "distances"},
    "seed": {"group_by": "kind", "neighbourhoods": "distances"},
    "tie_correct": {"group_by": "kind", "markers": "wilcoxon"},
    "pseudobulk_layer": {"pseudobulk": "kind"},
    "gene_bits": {"layout": "packed"},
    "order": {"layout": "packed"},
    "order_by": {"layout": "packed", "anno": ["score"]},
    "hvg_batch": {"genes": "hvgs:3"},
    "hvg_flavor": {"genes": "hvgs:3"},
    "image_placement": {"image": "tissue.png"},
    "transcript_columns": {"coords": "obs:x,y", "transcripts": "transcripts.csv"},
    "transcripts": {"coords": "obs:x,y"},
    "pixel_size": {"coords": "obs:x,y"},
    "shapes": {"coords": "obs:x,y"},
    "set_scores": {"gene_sets": {"some": ["gene-1", "gene-2"]}},
}
SHOWS["image_placement"] = (1.0, 1.0, 0.0, 0.0)
#: A value of each option that shows in the plan, and where.
PLANNED: dict[str, tuple[Any, Callable[[Any], Any]]] = {
    "memory": ("900MB", lambda plan: plan.budget_nbytes),
    "shard": (True, lambda plan: plan.formats[0].demand.writing_nbytes),  # these data fill one chunk
    "scheduler": ("sync", lambda plan: plan.options.scheduler),
    "scratch": ("elsewhere", lambda plan: plan.options.scratch),
    "strategy": ("spill", lambda plan: plan.transpose.strategy),
    "workers": (7, lambda plan: plan.options.workers),
}
#: Options about the input, the run and the target, which know no formats, and where they are tested.
ELSEWHERE = {
    "feature_type": "tests/inputs/kinds/tenx",
    "genome": "tests/inputs/kinds/tenx",
    "modality": "tests/inputs/kinds/mudata",
    "arrange": "tests/inputs/joined",
    "image_mode": "tests/formats/karospace/tissue/slides",
    "index_unique": "tests/inputs/joined",
    "join": "tests/inputs/joined",
    "merge": "tests/inputs/joined",
    "table": "tests/inputs/kinds/spatialdata",
    "format": "all tests",
    "overwrite": "tests/targets",
    "resume": "tests/formats/test_contract.py",
    "storage_options": "tests/pipeline/test_storage_options.py",
}
#: Refused below, because the target is no store; tests/stores has their effect.
OF_STORES = {"headers": "Cache-Control: no-store", "public_read": True}
#: Exports without an option, made once.
PLAIN: dict[str, dict[str, str]] = {}
DECLARED = {each.name: each for each in declared_options()}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("source")
    rng = np.random.default_rng(0)
    x = sparse.random(N_CELLS, N_GENES, 0.5, "csr", np.float32, rng)
    obs = pd.DataFrame({"kind": pd.Categorical(["B", "T"] * (N_CELLS // 2)), "score": rng.random(N_CELLS)})
    obs["x"], obs["y"] = rng.random((2, N_CELLS))
    obs["round"] = np.arange(N_CELLS) % 3
    obs.index = obs.index.map("cell-{}".format)
    var = pd.DataFrame({"feature_name": [f"NAME{i}" for i in range(N_GENES)]})
    var.index = var.index.map("gene-{}".format)
    adata = anndata.AnnData(x, obs=obs, var=var, layers={"doubled": 2 * x})
    adata.raw = anndata.AnnData(3 * x, obs=obs, var=var)
    adata.obsm["X_umap"], adata.obsm["X_pca"] = rng.random((N_CELLS, 2)), rng.random((N_CELLS, 5))
    adata.obsm["velocity_umap"] = rng.random((N_CELLS, 2))
    adata.obsp["connectivities"] = sparse.eye_array(N_CELLS, k=1, format="csr", dtype=np.float32)
    adata.obsp["distances"] = sparse.eye_array(N_CELLS, k=2, format="csr", dtype=np.float32)
    adata.uns["palette"] = np.arange(3)
    adata.write_h5ad(folder / "data.h5ad")
    table = pd.DataFrame({"id": obs.index, "other": obs.index[::-1], "number": rng.random(N_CELLS)})
    table.to_csv(folder / "table.csv", index=False)
    molecules = pd.DataFrame(
        {"x": obs["x"], "y": obs["y"] / 2, "gene": var.index[np.arange(N_CELLS) % N_GENES]}
    )
    molecules.to_csv(folder / "transcripts.csv", index=False)
    Image.new("RGB", (8, 8), "red").save(folder / "tissue.png")
    write_shapes(folder / "shapes.geojson")
    return folder / "data.h5ad"


def write_shapes(path: Path) -> None:
    """A triangle for a cell."""
    ring = [[0.1, 0.1], [0.9, 0.1], [0.5, 0.9], [0.1, 0.1]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "id": "cell-3", "properties": {}, "geometry": geometry}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))


def digest(source: Path, folder: Path, **options: Any) -> dict[str, str]:
    """Of all files but those that say how the export was made."""
    karospace_stream.export(source, folder, scheduler="sync", **options)
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in ("checksums.json", "report.json")
    }


def goes_with(source: Path, name: str, value: Any, format: str) -> bool:
    """Whether an option is for a format; else it was refused, with the formats that it is for."""
    option = DECLARED[name]
    if not option.formats or format in option.formats:
        return True
    with pytest.raises(BadOptionError, match=rf"{name}=?\S* is for ") as caught:
        karospace_stream.plan_export(source, format=format, **{name: value})
    said = str(caught.value)
    assert [other for other in FORMATS if f'format="{other}"' in said] == list(option.formats)
    assert f"the format is {format}" in said
    return False


def test_no_option_is_forgotten() -> None:
    assert set(DECLARED) == {*SHOWS, *PLANNED, *ELSEWHERE, *OF_STORES}


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", SHOWS)
def test_an_option_shows_in_the_export_or_is_refused(
    source: Path, name: str, format: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(source.parent)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    if not goes_with(source, name, SHOWS[name], format):
        return
    if (name, format) == ("gzip", "anndata"):  # an option of all formats that this one cannot do
        with pytest.raises(BadOptionError, match="gzip=False does not apply to an AnnData store"):
            karospace_stream.plan_export(source, format=format, gzip=False)
        return
    beside = BESIDE.get(name, {})
    plain = PLAIN.get(f"{format} {beside}") or digest(source, tmp_path / "plain", format=format, **beside)
    PLAIN[f"{format} {beside}"] = plain
    assert digest(source, tmp_path / "given", format=format, **beside, **{name: SHOWS[name]}) != plain


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", PLANNED)
def test_an_option_of_the_machine_shows_in_the_plan(source: Path, name: str, format: str) -> None:
    value, shown = PLANNED[name]
    if not goes_with(source, name, value, format):
        return
    beside: dict[str, Any] = {"format": format, **BESIDE.get(name, {})}
    plain = karospace_stream.plan_export(source, **beside)
    given = karospace_stream.plan_export(source, **beside, **{name: value})
    assert shown(given) != shown(plain)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", OF_STORES)
def test_an_option_of_stores_is_refused_for_a_folder(
    source: Path, name: str, format: str, tmp_path: Path
) -> None:
    keywords: dict[str, Any] = {name: OF_STORES[name]}
    for make in (karospace_stream.export, karospace_stream.plan_export):
        with pytest.raises(BadOptionError, match=f"{name}=.* would have no effect.*a path of"):
            make(source, tmp_path / "export", format=format, **keywords)
    karospace_stream.plan_export(source, "s3://bucket/export", format=format, **keywords)


MOOT = [
    ({"gzip": False, "compression": 5}, "compression= would have no effect, since gzip=False"),
    ({"genes": "none", "layer": "doubled", "format": "cellucid"}, 'layer= would .*genes="none"'),
    ({"genes": "none", "raw": True, "format": "anndata"}, 'raw=True would .*genes="none"'),
    ({"genes": "none", "normalize": 1e4, "format": "anndata"}, 'normalize= would .*genes="none"'),
    ({"genes": "none", "log1p": True, "format": "anndata"}, 'log1p=True would .*genes="none"'),
    ({"genes": "none", "var_quantization": 8, "format": "cellucid"}, 'var_quantization= .*genes="none"'),
    ({"genes": "none", "strategy": "spill", "format": "cellucid"}, 'strategy= would .*genes="none"'),
    (
        {"strategy": "memory", "graph": "none", "group_by": "none", "scratch": "x"},
        'scratch= would .*strategy="memory" with',
    ),
    ({"points": "X_umap", "coords": "obsm:X_pca", "format": "cellucid"}, "coords= would have .*points="),
    ({"format": "anndata", "shard": True}, "shard=True needs zarr_format=3"),
    ({"format": "anndata", "uns": "all", "leave_out": "uns"}, "uns= would have no effect, since leave_out="),
    ({"transcript_columns": "x,y,gene"}, "transcript_columns= is for transcripts=PATH"),
    ({"image_placement": (1, 1, 0, 0)}, "image_placement= is for image=PATH"),
    ({"image": False, "image_placement": (1, 1, 0, 0)}, "image_placement= is for image=PATH"),
]


@pytest.mark.parametrize(("options", "words"), MOOT, ids=str)
def test_an_option_that_another_one_cancels_is_refused(
    source: Path, options: dict[str, Any], words: str
) -> None:
    with pytest.raises(BadOptionError, match=words):
        karospace_stream.plan_export(source, **options)


def test_an_option_of_one_of_several_formats_is_taken(source: Path) -> None:
    both = ["karospace", "cellucid"]
    karospace_stream.plan_export(source, format=both, var_quantization=8, preview=False)
    karospace_stream.plan_export(source, format=both, points="X_umap", coords="obsm:X_pca")
    with pytest.raises(BadOptionError, match="the formats are karospace and cellucid"):
        karospace_stream.plan_export(source, format=both, zarr_format=3)


def test_a_default_that_is_passed_on_counts_as_given_only_if_it_differs_from_nothing(source: Path) -> None:
    karospace_stream.plan_export(source, latent=None, uns=(), shard=False, points=None, description=None)
    with pytest.raises(BadOptionError, match='zarr_format= is for format="anndata"'):
        karospace_stream.plan_export(source, zarr_format=2)


def test_the_command_line_refuses_it(source: Path, tmp_path: Path) -> None:
    done = run("plan", str(source), "--latent", "NOSUCH")
    assert done.returncode == BadOptionError.exit_code
    assert "--latent is for --format cellucid or --format anndata, but the format is karospace" in done.stderr
    done = run("export", source, tmp_path / "never", "--format", "cellucid", "--no-image")
    assert "--no-image is for --format karospace" in done.stderr
    assert run("plan", str(source), "--zarr-format", "2").returncode == BadOptionError.exit_code


def test_the_exporter_says_it_beside_the_field(source: Path) -> None:
    facts = plan_facts(export_form(), str(source), "target", {"var_quantization": 8})
    assert [problem.field for problem in facts["problems"]] == ["var_quantization"]
    assert "is for “Format” set to cellucid, but the format is karospace" in facts["problems"][0].message
