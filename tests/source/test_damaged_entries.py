"""One damaged entry leaves the others readable: in every part, and in both containers."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anndata as ad
import h5py
import numpy as np
import pandas as pd
import pytest
import zarr
from scipy import sparse

import karospace_stream
from karospace_stream.source import open_source

N = 30
KEYS = {
    "obsm/X_pca": "obsm/X_pca",
    "obsm/table": "obsm/table",
    "obs/score": "obs/score",
    "obs/kind": "obs/kind",
    "obs/kind/codes": "obs/kind",
    "uns/kind_colors": "uns/kind_colors",
    "uns/spatial/one/images/hires": "uns/spatial/one/images/hires",
    "layers/counts": "layers/counts",
    "layers/counts/indptr": "layers/counts",
    "obsp/connectivities": "obsp/connectivities",
    "varm/PCs": "varm/PCs",
}
CONTAINERS = ("h5ad", "zarr 2", "zarr 3", "zarr 2 consolidated", "zarr 3 consolidated", "zarr 3 zip")
Damage = Callable[[dict[str, Any]], Any]
DAMAGES: dict[str, Damage] = {
    "no JSON": lambda document: "{",
    "no object": lambda document: [1],
    "another version": lambda document: document | {"zarr_format": 7},
}


@pytest.fixture(scope="module")
def adata() -> ad.AnnData:
    rng = np.random.default_rng(0)
    obs = pd.DataFrame(
        {
            "score": rng.random(N),
            "kind": pd.Categorical(list("abc") * 10),
            "other": pd.Categorical(list("xy") * 15),
        },
        index=[f"c{number}" for number in range(N)],
    )
    made = ad.AnnData(sparse.random(N, 12, 0.4, "csr", dtype="f4", rng=0), obs=obs)
    made.layers["counts"] = made.X.copy()
    made.obsm.update(
        {
            "X_umap": rng.random((N, 2)),
            "X_pca": rng.random((N, 5)),
            "spatial": rng.random((N, 2)),
            "table": pd.DataFrame({"a": rng.random(N)}, index=obs.index),
        }
    )
    made.varm.update({"PCs": rng.random((12, 5)), "loadings": rng.random((12, 2))})
    made.obsp.update({each: sparse.eye(N, format="csr") for each in ("connectivities", "distances")})
    images = {"hires": rng.random((8, 8, 3)), "lowres": rng.random((4, 4, 3))}
    made.uns |= {
        "kind_colors": ["#ff0000", "#00ff00", "#0000ff"],
        "other_colors": ["#0000ff", "#00ffff"],
        "spatial": {
            "one": {"images": images, "scalefactors": {"tissue_hires_scalef": 0.5}},
            "two": {"scalefactors": {"spot_diameter_fullres": 9.0}},
        },
    }
    return made


@pytest.fixture
def write(tmp_path: Path, adata: ad.AnnData, write_zarr: Any, quietly: Any) -> Callable[..., Path]:
    """Write the AnnData with damaged entries."""

    def written(container: str, keys: list[str], damage: Damage = DAMAGES["no object"]) -> Path:
        if container == "h5ad":
            quietly(adata.write_h5ad, path := tmp_path / "in.h5ad")
            for key in keys:
                damage_hdf5(path, key)
            return path
        write_zarr(adata, path := tmp_path / "in.zarr", 2 if "2" in container else 3)
        if "consolidated" not in container:
            (path / ".zmetadata").unlink(missing_ok=True)
        for key in keys:
            damage_zarr(path, key, damage)
        if "3" in container and "consolidated" not in container:
            forget_consolidated(path / "zarr.json")
        if "zip" not in container:
            return path
        return Path(shutil.make_archive(str(tmp_path / "in.zarr"), "zip", path))

    return written


def damage_hdf5(path: Path, key: str) -> None:
    """A link to nothing."""
    with h5py.File(path, "r+") as root:
        del root[key]
        root[key] = h5py.SoftLink("/nowhere")


def damage_zarr(path: Path, key: str, damage: Damage) -> None:
    """The document of an entry is wrong, and so is what the root says of it."""
    name = next(each for each in (".zarray", ".zgroup", "zarr.json") if (path / key / each).exists())
    document = json.loads((path / key / name).read_text())
    damaged = damage(document)
    (path / key / name).write_text(damaged if isinstance(damaged, str) else json.dumps(damaged))
    root = path / ("zarr.json" if name == "zarr.json" else ".zmetadata")
    if root.exists():
        whole = json.loads(root.read_text())
        inner = whole["consolidated_metadata"]["metadata"] if name == "zarr.json" else whole["metadata"]
        inner[key if name == "zarr.json" else f"{key}/{name}"] = damaged
        root.write_text(json.dumps(whole))


def forget_consolidated(root: Path) -> None:
    whole = json.loads(root.read_text())
    whole.pop("consolidated_metadata", None)
    root.write_text(json.dumps(whole))


def parts_of(path: Path) -> tuple[set[str], list[str]]:
    """Paths of all parts that can be read, and of those that cannot."""
    catalog = open_source(path).catalog
    found = {f"obs/{info.name}" for info in catalog.obs} | {f"obsm/{info.key}" for info in catalog.obsm}
    found |= {info.name for info in catalog.layers} | {f"obsp/{key}" for key in catalog.obsp}
    found |= {f"uns/{image.path}" for image in catalog.images} | {f"uns/{key}" for key, _ in catalog.uns}
    return found | set(catalog.others), [key for key, _ in catalog.unreadable]


@pytest.fixture(scope="module")
def good(adata: ad.AnnData, tmp_path_factory: pytest.TempPathFactory, quietly: Any) -> set[str]:
    path = tmp_path_factory.mktemp("good") / "in.h5ad"
    quietly(adata.write_h5ad, path)
    parts, unreadable = parts_of(path)
    assert not unreadable
    return parts


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("container", CONTAINERS)
def test_only_that_entry_is_left_out(container: str, key: str, write: Any, good: set[str]) -> None:
    parts, unreadable = parts_of(write(container, [key]))
    if key == "varm/PCs":  # which nobody reads: it is listed, and not opened
        assert parts == good
        return
    assert (parts, unreadable) == (good - {KEYS[key]}, [KEYS[key]])


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("container", CONTAINERS[1:])
def test_whatever_is_wrong_with_it(container: str, damage: str, write: Any, good: set[str]) -> None:
    parts, unreadable = parts_of(write(container, ["obsm/X_pca"], DAMAGES[damage]))
    assert (parts, unreadable) == (good - {"obsm/X_pca"}, ["obsm/X_pca"])


@pytest.mark.parametrize("container", CONTAINERS)
def test_several_at_once_are_said_and_the_rest_is_exported(
    container: str, write: Any, good: set[str], tmp_path: Path
) -> None:
    keys = ["obsm/X_pca", "obsm/table", "obs/score", "uns/kind_colors", "layers/counts", "obsp/distances"]
    path = write(container, keys)
    parts, unreadable = parts_of(path)
    assert (parts, sorted(unreadable)) == (good - set(keys), sorted(keys))
    plan = karospace_stream.plan_export(path)
    assert "obsm:X_pca" in " ".join(each.text for each in plan.findings if each.code == "unreadable")
    karospace_stream.export(path, tmp_path / "out", progress=False)
    assert karospace_stream.verify(tmp_path / "out").faults == ()


@pytest.mark.parametrize("container", CONTAINERS)
def test_a_damaged_library_is_still_one(container: str, write: Any) -> None:
    """Otherwise the image of another one would lie under its cells."""
    catalog = open_source(write(container, ["uns/spatial/two"])).catalog
    assert catalog.libraries == ("one", "two")
    assert {image.library for image in catalog.images} == {"one"}
    assert [key for key, _ in catalog.unreadable] == ["uns/spatial/two"]


@pytest.mark.parametrize("version", [2, 3])
def test_other_files_and_folders_beside_entries_are_no_entries(
    version: int, write: Any, good: set[str]
) -> None:
    path = write(f"zarr {version}", [])
    (path / "obsm" / "notes.txt").write_text("nothing")
    (path / "obsm" / "empty").mkdir()
    assert parts_of(path) == (good, [])
    assert set(zarr.open_group(path, mode="r")) >= {"obs", "obsm"}
