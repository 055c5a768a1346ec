"""Stores beside those of cellucid 0.9.5's ``prepare(format="zarr")``: every file the same bytes."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

import anndata
import pytest

import karospace_stream
from karospace_stream.errors import KaroSpaceError
from tests.oracle.gene_major.beyond import not_of_the_peer
from tests.oracle.gene_major.cases import CASES
from tests.oracle.gene_major.wrong import WRONG, small
from tests.oracle.others import ROOT, made_once

DATA = ROOT.parent / "shared" / "data"
PEER = "cellucid 0.9.5"
#: Files of others that it takes: with an embedding, and a graph that is symmetric.
REAL = (
    "cellrank50_velocity_umap",
    "squidpy_visium_test_data",
    "anndata_v050_pbmc68k",
    "cellrank_adata_50",
    "mti_imc_sn",
    "soma_pbmc_small",
    "soma_visium",
)
N_CASES, N_REAL = 6, 1  # that are run always
OPTIONS = {
    "latent_key": "latent",
    "var_gene_id_column": "gene_ids",
    "gene_identifiers": "genes",
    "dataset_id": "dataset_id",
    "dataset_name": "name",
    "dataset_description": "description",
    "citation_text": "source_citation",
    "source_name": "source_name",
    "source_url": "source_url",
    "centroid_min_points": "centroid_min_points",
}


#: Of anndata, when a case is made.
pytestmark = pytest.mark.filterwarnings("ignore:.* names are not unique")


def few(names: Iterable[str], n: int) -> list[Any]:
    """Parameters of which all but the first are marked as big."""
    big = pytest.mark.big
    return [name if at < n else pytest.param(name, marks=big) for at, name in enumerate(names)]


class Peer:
    """What the other program made of every case."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.outcomes: dict[str, str | None] = json.loads((folder / "outcomes.json").read_text("utf-8"))


@pytest.fixture(scope="session")
def peer_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Peer]:
    """One run of the other program over what is always tested, and one over the rest."""
    here, names = ROOT / "tests/oracle/gene_major", list(CASES)
    always = ["wrong", *names[:N_CASES], *REAL[:N_REAL]]
    groups = {"always": always, "big": [*names[N_CASES:], *REAL[N_REAL:]]}

    @cache
    def made(group: str) -> Peer:
        words = [DATA, here / "cases.py", here / "wrong.py", *groups[group]]
        folder = f"gene-major-{group}"
        return Peer(made_once(tmp_path_factory, folder, PEER, here / "run.py", lambda _: words))

    return lambda name: made("always" if name in always else "big")


def keywords_of(arguments: dict[str, Any]) -> dict[str, Any]:
    """The other program's arguments as our options."""
    named: dict[str, Any] = {"dataset_id": "d", "dataset_name": "Dâta", **arguments}
    data = named.pop("data")
    has_genes = data is None or data.X is not None
    options = {OPTIONS[key]: value for key, value in named.items()}
    return {"genes": "all" if has_genes else "none", **options, "format": "anndata"}


def files(store: Path) -> dict[str, bytes]:
    """Every file but the list that only our stores have."""
    there = (path for path in store.rglob("*") if path.is_file() and path.name != "checksums.json")
    return {path.relative_to(store).as_posix(): path.read_bytes() for path in there}


def assert_same(ours: Path, theirs: Path) -> None:
    mine, wanted = files(ours), files(theirs)
    assert sorted(mine) == sorted(wanted)
    assert [key for key in sorted(wanted) if mine[key] != wanted[key]] == []


@pytest.mark.parametrize("version", [2, 3])
@pytest.mark.parametrize("case", few(CASES, N_CASES))
def test_of_a_file(case: str, version: int, peer_of: Callable[[str], Peer], tmp_path: Path) -> None:
    peer = peer_of(case)
    assert peer.outcomes[f"{case}.v{version}"] is None
    ours = tmp_path / "ours.zarr"
    source = peer.folder / f"{case}.h5ad"
    karospace_stream.export(source, ours, zarr_format=version, memory="2GB", **keywords_of(CASES[case]()))
    assert_same(ours, peer.folder / f"{case}.v{version}.zarr")


@pytest.mark.parametrize("case", few(CASES, N_CASES))
def test_of_an_object(case: str, peer_of: Callable[[str], Peer], tmp_path: Path) -> None:
    peer = peer_of(case)
    assert peer.outcomes[f"{case}.object"] is None
    given = CASES[case]()
    karospace_stream.export(given["data"], tmp_path / "ours.zarr", **keywords_of(given))
    assert_same(tmp_path / "ours.zarr", peer.folder / f"{case}.object.zarr")


@pytest.mark.parametrize("version", [2, 3])
@pytest.mark.parametrize("name", few(REAL, N_REAL))
def test_of_files_of_others(name: str, version: int, peer_of: Callable[[str], Peer], tmp_path: Path) -> None:
    source = DATA / f"{name}.h5ad"
    if not source.exists():
        pytest.skip("the files of others are not there")
    peer = peer_of(name)
    assert peer.outcomes[f"{name}.v{version}"] is None
    options: dict[str, Any] = {"dataset_id": "d", "name": "Dâta", "format": "anndata"}
    options["leave_out"] = not_of_the_peer(karospace_stream.plan_export(source, **options))
    karospace_stream.export(source, tmp_path / "ours.zarr", zarr_format=version, **options)
    assert_same(tmp_path / "ours.zarr", peer.folder / f"{name}.v{version}.zarr")


@pytest.mark.parametrize("what", WRONG)
def test_what_the_peer_refuses(what: str, peer_of: Callable[[str], Peer], tmp_path: Path) -> None:
    word, make = WRONG[what]
    assert peer_of("wrong").outcomes[f"wrong/{what}"] is not None
    given = make()
    if not word:
        karospace_stream.export(given["data"], tmp_path / "ours.zarr", **keywords_of(given))
        assert anndata.read_zarr(tmp_path / "ours.zarr").shape == given["data"].shape
        return
    with pytest.raises(KaroSpaceError) as error:
        karospace_stream.export(given["data"], tmp_path / "ours.zarr", **keywords_of(given))
    assert word in str(error.value)
    assert "\n" not in str(error.value)
    assert list(tmp_path.iterdir()) == []


def test_what_is_right_is_taken(tmp_path: Path) -> None:
    karospace_stream.export(small(), tmp_path / "ours.zarr", **keywords_of({"data": small()}))


@pytest.mark.parametrize("version", [2, 3])
def test_read_back(version: int, tmp_path: Path) -> None:
    given = CASES["kinds"]()
    source = given["data"]
    karospace_stream.export(source, tmp_path / "ours.zarr", zarr_format=version, **keywords_of(given))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = anndata.read_zarr(tmp_path / "ours.zarr")
    assert (found.X != source.X).nnz == 0
    assert (found.obsp["connectivities"] != source.obsp["connectivities"]).nnz == 0
    assert list(found.obs.columns) == list(source.obs.columns)
    assert list(found.var["symbol"]) == list(source.var["symbol"])
    assert set(found.obsm) == set(source.obsm)
    assert found.uns["title"] == "Dâta"
