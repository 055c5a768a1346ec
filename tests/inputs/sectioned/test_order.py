"""Cells stored section by section: an export is that of the AnnData which anndata has sorted."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pytest

import karospace_stream
from karospace_stream.errors import BadOptionError
from tests.made.tissue import NAMES, make_tissue, sorted_rows

DATED = {"manifest.json", "atlas.json", "checksums.json", "report.json"}
SMALL: dict[str, Any] = {"memory": "1GB", "workers": 2, "gzip": False}


def write(adata: anndata.AnnData, path: Path) -> Path:
    """Write with chunks that several sections share."""
    adata.write_h5ad(path, compression="gzip")
    return path


def files(folder: Path) -> dict[str, bytes]:
    found = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {key: data for key, data in found.items() if key not in DATED}


def atlas_of(folder: Path) -> dict[str, Any]:
    atlas: dict[str, Any] = json.loads((folder / "atlas.json").read_bytes())
    return atlas


def rows_of(folder: Path) -> np.ndarray | None:
    """The stored row of each cell."""
    stated = atlas_of(folder)["sections"].get("rows")
    if stated is None:
        return None
    assert stated["dtype"] == "uint32"
    return np.concatenate(
        [np.frombuffer((folder / part["path"]).read_bytes(), "<u4") for part in stated["parts"]]
    )


def same_but_rows(one: Path, other: Path) -> None:
    """Two bundles of the same cells, of which the first says which rows they were."""
    mine, theirs = files(one), files(other)
    mine = {key: data for key, data in mine.items() if "/rows_part_" not in key}
    assert set(mine) == set(theirs)
    assert [key for key in mine if mine[key] != theirs[key]] == []
    a, b = atlas_of(one), atlas_of(other)
    a["sections"].pop("rows", None)
    for each in (a, b):
        each.pop("created_at")
        each.pop("dataset_name")
    assert a == b


@pytest.mark.few(3)
@pytest.mark.parametrize("missing", [False, True], ids=["all", "missing"])
@pytest.mark.parametrize("how", ["mixed", "runs"])
@pytest.mark.parametrize("layout", ["csr", "csc", "dense"])
def test_an_export_is_that_of_the_sorted_data(layout: str, how: str, missing: bool, tmp_path: Path) -> None:
    adata = make_tissue(how, layout, missing=missing)
    rows = sorted_rows(adata)
    given = write(adata, tmp_path / "given.h5ad")
    ordered = write(adata[rows].copy(), tmp_path / "sorted.h5ad")
    more = {**SMALL, "anno": "all", "graph": "connectivities"}
    report = karospace_stream.export(given, tmp_path / "one", **more)
    karospace_stream.export(ordered, tmp_path / "two", **more)
    same_but_rows(tmp_path / "one", tmp_path / "two")
    np.testing.assert_array_equal(rows_of(tmp_path / "one"), rows)
    assert rows_of(tmp_path / "two") is None
    (finding,) = [each for each in report.findings if each.code == "sections"]
    assert "4 sections of a tissue by 'section', as its name says" in finding.text
    assert ("without one come last" in finding.text) == missing


def test_each_section_is_one_range_with_its_points(tmp_path: Path) -> None:
    adata = make_tissue("mixed", missing=True)
    rows = sorted_rows(adata)
    karospace_stream.export(write(adata, tmp_path / "given.h5ad"), tmp_path / "out", **SMALL, anno="all")
    atlas = atlas_of(tmp_path / "out")
    sections = atlas["sections"]
    assert sections["column"] == "section"
    assert [each["name"] for each in sections["items"]] == [*NAMES, None]
    codes, points = adata.obs["section"].cat.codes.to_numpy()[rows], adata.obsm["spatial"][rows]
    first = atlas["columns"][sections["first_column"]]
    assert first["kind"] == "category"
    labels = adata.obs[first["name"]].astype(str).to_numpy()[rows]
    at = 0
    for number, each in enumerate(sections["items"]):
        assert each["start"] == at
        at = each["end"]
        own = points[each["start"] : at]
        assert set(codes[each["start"] : at]) == {number if each["name"] is not None else -1}
        placed = np.isfinite(own).all(axis=1)
        assert each["n_placed"] == placed.sum()
        np.testing.assert_allclose(each["minimum"], np.nanmin(own, axis=0))
        np.testing.assert_allclose(each["maximum"], np.nanmax(own, axis=0))
        data = (tmp_path / "out" / each["points"]["path"]).read_bytes()
        n = len(own)
        assert len(data) == each["points"]["size_bytes"] == 4 * n + n * np.dtype(first["dtype"]).itemsize
        xy = np.frombuffer(data[: 4 * n], "<u2").reshape(2, n).T.astype(float)
        assert (xy[~placed] == 65_535).all()
        low, high = np.asarray(each["minimum"]), np.asarray(each["maximum"])
        back = low + xy / 65_534 * (high - low)
        np.testing.assert_allclose(back[placed], own[placed], atol=(high - low).max() / 65_534)
        found = np.frombuffer(data[4 * n :], first["dtype"])
        names = np.array([*first["categories"], *["nan"] * (256 - len(first["categories"]))], object)
        assert (names[found] == labels[each["start"] : at]).all()
    assert at == atlas["n_cells"]


def test_columns_with_one_value_in_each_section_are_facts(tmp_path: Path) -> None:
    adata = make_tissue("mixed")
    karospace_stream.export(write(adata, tmp_path / "given.h5ad"), tmp_path / "out", **SMALL, anno="all")
    facts = {each["name"]: each["values"] for each in atlas_of(tmp_path / "out")["sections"]["metadata"]}
    assert facts == {
        "donor": ["d1", "d2", "d1", "d2"],
        "old": [False, False, True, True],
        "age": [0.5, 1.5, 2.5, 3.5],
    }


def test_some_cells_are_those_of_the_sorted_data(tmp_path: Path) -> None:
    adata = make_tissue("mixed", missing=True)
    chosen = (adata.obs["kind"] == "T").to_numpy() & (adata.obs["section"] != "s9").to_numpy()
    rows = sorted_rows(adata)
    karospace_stream.export(
        write(adata, tmp_path / "given.h5ad"),
        tmp_path / "one",
        where="kind == 'T' and section != 's9'",
        **SMALL,
    )
    items = atlas_of(tmp_path / "one")["sections"]["items"]
    assert [each["name"] for each in items] == ["s1", "s2", "s10", None]
    np.testing.assert_array_equal(rows_of(tmp_path / "one"), rows[chosen[rows]])


@pytest.mark.parametrize("scheduler", ["processes", "sync"])
def test_bytes_are_those_of_any_scheduler(scheduler: str, tmp_path: Path) -> None:
    given = write(make_tissue("mixed", missing=True), tmp_path / "given.h5ad")
    karospace_stream.export(given, tmp_path / "one", **SMALL)
    karospace_stream.export(given, tmp_path / "two", scheduler=scheduler, **SMALL)
    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_an_anndata_in_memory_is_as_its_file(tmp_path: Path) -> None:
    adata = make_tissue("mixed", missing=True)
    karospace_stream.export(write(adata, tmp_path / "given.h5ad"), tmp_path / "one", **SMALL)
    karospace_stream.export(adata, tmp_path / "two", **SMALL)
    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_sorted_sections_leave_every_byte_where_it_was(tmp_path: Path) -> None:
    given = write(make_tissue("sorted", missing=True), tmp_path / "given.h5ad")
    karospace_stream.export(given, tmp_path / "one", **SMALL)
    karospace_stream.export(given, tmp_path / "two", section="none", **SMALL)
    one, two = files(tmp_path / "one"), files(tmp_path / "two")
    assert {key for key in one if not key.startswith("assets/sections/")} == set(two)
    assert all(one[key] == data for key, data in two.items())
    assert "sections" not in atlas_of(tmp_path / "two")


@pytest.mark.parametrize("format", ["karospace", "cellucid", "anndata"])
def test_verify_reads_the_source_in_the_same_order(format: str, tmp_path: Path) -> None:
    given = write(make_tissue("mixed", missing=True), tmp_path / "given.h5ad")
    karospace_stream.export(given, tmp_path / "out", format=format, section="section", memory="1GB")
    karospace_stream.verify(tmp_path / "out", source=given)


def test_other_formats_say_which_rows_their_cells_were(tmp_path: Path) -> None:
    adata = make_tissue("mixed", missing=True)
    rows = sorted_rows(adata)
    given = write(adata, tmp_path / "given.h5ad")
    for name in ("cellucid", "anndata"):
        gzip = {} if name == "anndata" else {"gzip": False}  # whose chunks are always compressed
        karospace_stream.export(
            given, tmp_path / name, format=name, section="section", anno="all", memory="1GB", **gzip
        )
    stored = anndata.read_zarr(tmp_path / "anndata")
    assert list(stored.obs_names) == list(adata.obs_names[rows])
    stated = stored.uns["sections"]
    assert (stated["column"], list(stated["names"])) == ("section", [*NAMES, ""])
    np.testing.assert_array_equal(stated["rows"], rows)
    np.testing.assert_array_equal(stored.X.toarray(), adata.X.toarray()[rows])
    back = stored[np.argsort(stated["rows"])]
    assert list(back.obs_names) == list(adata.obs_names)
    identity = json.loads((tmp_path / "cellucid" / "dataset_identity.json").read_bytes())
    told = identity["sections"]
    assert [each["name"] for each in told["items"]] == [*NAMES, None]
    assert [each["start"] for each in told["items"]] == list(stated["starts"])
    found = np.frombuffer((tmp_path / "cellucid" / told["rows"]["path"]).read_bytes(), "<u4")
    np.testing.assert_array_equal(found, rows)


def test_what_is_no_column_of_sections_is_refused(tmp_path: Path) -> None:
    given = write(make_tissue("mixed"), tmp_path / "given.h5ad")
    for name, why in (("sectoin", "did you mean"), ("score", "must be a column of groups")):
        with pytest.raises(BadOptionError, match=why):
            karospace_stream.export(given, tmp_path / "out", section=name, **SMALL)


def test_a_fov_or_a_sample_is_no_section_unless_they_overlap(tmp_path: Path) -> None:
    adata = make_tissue("mixed")
    for name, apart, taken in (("fov", True, None), ("sample", True, None), ("sample", False, "sample")):
        some = adata.copy()
        some.obs = some.obs.rename(columns={"section": name})
        if apart:
            codes = some.obs[name].cat.codes.to_numpy().astype(float)
            some.obsm["spatial"] = some.obsm["spatial"] + 500 * codes[:, None]
        made = karospace_stream.plan_export(some, tmp_path / "out", memory="1GB")
        sections = made.catalog.sections
        assert (None if sections is None else sections.column) == taken


def test_inspect_names_the_column(tmp_path: Path) -> None:
    given = write(make_tissue("mixed"), tmp_path / "given.h5ad")
    command = [sys.executable, "-m", "karospace_stream", "inspect", str(given)]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "4 sections of a tissue by 'section', as its name says" in " ".join(found.stdout.split())
