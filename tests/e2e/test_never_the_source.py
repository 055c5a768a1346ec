"""An export replaces what an export has made, and nothing else: never its input, nor files of the user."""

from __future__ import annotations

import os
import secrets
import shutil
import warnings
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import anndata as ad
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import karospace_stream
from karospace_stream.errors import BadOptionError, TargetError
from karospace_stream.storage import Headers, Store, location_of
from karospace_stream.storage.same import is_in, names_of
from tests.e2e.support import run

FORMATS = ("karospace", "cellucid", "anndata")


def small() -> ad.AnnData:
    """Enough for every format."""
    rng = np.random.default_rng(4)
    obs = pd.DataFrame(
        {"kind": pd.Categorical(rng.choice(list("AB"), 30))}, index=[f"c{i}" for i in range(30)]
    )
    x = sparse.random(30, 6, 0.4, "csr", np.float32, random_state=4)
    return ad.AnnData(x, obs, obsm={"X_umap": rng.normal(size=(30, 2)).astype("f4")})


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A store of the user."""
    with ad.settings.override(zarr_write_format=3), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        small().write_zarr(tmp_path / "mine.zarr")
    return tmp_path / "mine.zarr"


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refused(source: Any, target: Any, words: str, **options: Any) -> None:
    keywords: dict[str, Any] = {"overwrite": True, **options}
    with pytest.raises(TargetError, match=words):
        karospace_stream.export(source, target, **keywords)


@pytest.mark.parametrize("name", FORMATS)
def test_the_source_under_every_name(name: str, mine: Path, tmp_path: Path) -> None:
    (tmp_path / "d").symlink_to(tmp_path)
    (tmp_path / "alias.zarr").symlink_to(mine)
    before = everything(mine)
    spellings = (mine, f"{tmp_path}//x/../mine.zarr/", tmp_path / "d" / "mine.zarr", f"file://{mine}")
    for target in spellings:
        for source in (mine, tmp_path / "alias.zarr", tmp_path / "d" / "mine.zarr"):
            refused(source, target, "the target must not be the input", format=name)
            refused(source, target, "the target must not be the input", format=name, resume=True)
    refused(mine, mine / "sub" / "out", "the target must be outside the input", format=name)
    refused(mine, tmp_path / "d" / "mine.zarr" / "obs" / "out", "must be outside the input", format=name)
    refused(mine, tmp_path, r"the target must not contain the input", format=name)
    refused(
        mine,
        tmp_path / "out",
        r"scratch=\S+ must be outside the input",
        format=name,
        scratch=str(mine / "tmp"),
    )
    refused(
        mine,
        tmp_path / "out",
        r"scratch=\S+ must be outside the target",
        format=name,
        scratch=str(tmp_path / "out/s"),
    )
    assert everything(mine) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["alias.zarr", "d", "mine.zarr"]


def test_other_inputs_in_the_target(mine: Path, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    karospace_stream.export(mine, bundle)
    (bundle / "genes.txt").write_text("0\n1\n")
    refused(mine, bundle, r"must not contain the input .*genes\.txt", genes=f"list:{bundle}/genes.txt")
    refused(mine, bundle, r"must not contain the input .*preview\.png", image=bundle / "preview.png")
    formats = [f"karospace={tmp_path}/both", f"cellucid={tmp_path}/both/in"]
    with pytest.raises(BadOptionError, match="are the same, or one is inside the other"):
        karospace_stream.export(mine, tmp_path / "x", format=formats)


def test_a_hard_link_to_the_source(tmp_path: Path) -> None:
    small().write_h5ad(tmp_path / "in.h5ad")
    os.link(tmp_path / "in.h5ad", tmp_path / "out.zarr.zip")
    refused(tmp_path / "in.h5ad", tmp_path / "out.zarr.zip", "must not be the input", format="anndata")


def change(bundle: Path) -> Iterator[tuple[str, Callable[[], None]]]:
    """Things that people do to a bundle: the name that must be told, and how."""
    first = next(path for path in sorted(bundle.rglob("*.json")) if path.name != "report.json")
    yield "README-of-mine.txt", lambda: (bundle / "README-of-mine.txt").write_text("notes") and None
    yield "sub/paper.pdf", lambda: (bundle / "sub").mkdir() or (bundle / "sub/paper.pdf").touch()
    yield "link", lambda: (bundle / "link").symlink_to("/nowhere")
    yield "pipe", lambda: os.mkfifo(bundle / "pipe")
    content = first.read_bytes()
    if first.name != "checksums.json":  # as long as before: the content tells
        yield first.name, lambda: first.write_bytes(content[:-2] + b" \n") and None


@pytest.mark.parametrize("name", FORMATS)
def test_files_of_the_user_in_a_bundle(name: str, mine: Path, tmp_path: Path) -> None:
    fresh, bundle = tmp_path / "fresh", tmp_path / "bundle"
    karospace_stream.export(mine, fresh, format=name)
    shutil.copytree(fresh, bundle)
    karospace_stream.export(mine, bundle, format=name, name="other", overwrite=True)  # as it should be
    for told, do in change(bundle):
        do()
        before = sorted(everything(bundle)) if told == "pipe" else everything(bundle)
        for overwrite in (True, False):  # nobody is told to overwrite it either
            refused(
                mine, bundle, rf"{told}.*; nothing is replaced: move them", format=name, overwrite=overwrite
            )
        assert (sorted(everything(bundle)) if told == "pipe" else everything(bundle)) == before
        shutil.rmtree(bundle)
        shutil.copytree(fresh, bundle)
    (bundle / ".DS_Store").write_bytes(b"of the system")
    karospace_stream.export(mine, bundle, format=name, overwrite=True)
    assert not (bundle / ".DS_Store").exists()


def test_what_comes_while_the_export_runs(mine: Path, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    karospace_stream.export(mine, bundle)
    said: list[object] = []

    def listen(event: object) -> None:
        said.append(event)
        (bundle / "mine.txt").write_text("written meanwhile")

    refused(mine, bundle, r"mine\.txt", listener=listen)
    assert said
    assert (bundle / "mine.txt").read_text() == "written meanwhile"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bundle", "mine.zarr"]


@pytest.mark.parametrize("version", [2, 3])
def test_a_store_that_was_ours(version: int, mine: Path, tmp_path: Path) -> None:
    target = tmp_path / "ours.zarr"
    options: dict[str, Any] = {"format": "anndata", "zarr_format": version}
    karospace_stream.export(mine, target, **options)
    with ad.settings.override(zarr_write_format=version), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        adata = ad.read_zarr(target)
        adata.layers["mine"] = adata.X.copy()
        adata.write_zarr(tmp_path / "whole.zarr")
    refused(mine, tmp_path / "whole.zarr", "not made by an export", **options)
    shutil.copytree(tmp_path / "whole.zarr" / "layers", target / "layers", dirs_exist_ok=True)
    refused(mine, target, r"layers/.* and \d+ more; nothing is replaced", **options)
    assert (ad.read_zarr(tmp_path / "whole.zarr").layers["mine"] != ad.read_zarr(mine).X).nnz == 0


def test_zips(mine: Path, tmp_path: Path) -> None:
    target, options = tmp_path / "x.zarr.zip", {"format": "anndata"}
    karospace_stream.export(mine, target, **options)
    karospace_stream.export(mine, target, overwrite=True, **options, name="other")
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("notes/README.txt", "mine")
    before = target.read_bytes()
    refused(mine, target, r"no export packed: notes/README\.txt; it is not replaced", **options)
    assert target.read_bytes() == before
    shutil.make_archive(str(tmp_path / "mine.zarr"), "zip", mine)
    refused(mine, tmp_path / "mine.zarr.zip", "entries that no export packed|not a Zarr store", **options)


def test_stores(mine: Path) -> None:
    for name in ("karospace", "cellucid"):
        url = f"memory://{secrets.token_hex(4)}/bundle"
        store = Store(location_of(url))
        karospace_stream.export(mine, url, format=name)
        karospace_stream.export(mine, url, format=name, overwrite=True, name="other")
        store.put("sub/paper.pdf", b"years", Headers())
        before = {key: store.read(key) for key in store.find()}
        refused(mine, url, r"sub/paper\.pdf; nothing is replaced", format=name)
        assert {key: store.read(key) for key in store.find()} == before
        store.delete(["sub/paper.pdf"])
        page = "index.html" if name == "karospace" else "obs_manifest.json"
        store.put(page, store.read(page)[:-1] + b" ", Headers())
        refused(mine, url, page, format=name)


def test_bundles_of_the_earlier_exporters(mine: Path, tmp_path: Path) -> None:
    """They have no list of checksums; their manifests name all their files."""
    for name in ("karospace", "cellucid"):
        bundle = tmp_path / name
        karospace_stream.export(mine, bundle, format=name)
        (bundle / "checksums.json").unlink()
        (bundle / "report.json").unlink(missing_ok=True)
        (bundle / "notes.txt").write_text("mine")
        if name == "karospace":
            (bundle / "atlas.json").unlink()
            shutil.rmtree(bundle / "assets" / "stream")
            (bundle / "assets" / "genes.json.gz").unlink()
        refused(mine, bundle, r"notes\.txt; nothing is replaced", format=name)
        (bundle / "notes.txt").unlink()
        karospace_stream.export(mine, bundle, format=name, overwrite=True)
        assert karospace_stream.verify(bundle)


def test_the_command(mine: Path, tmp_path: Path) -> None:
    done = run("export", mine, mine, "--format", "anndata", "--overwrite", "-q")
    assert done.returncode == 4
    assert done.stderr.startswith(f"error: {mine}: the target must not be the input")
    assert done.stderr.count("\n") == 1
    small().write_h5ad(tmp_path / "in.h5ad")
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "manifest.json").write_text("{}")
    done = run("--h5ad", tmp_path / "in.h5ad", "--outdir", tmp_path / "old", "--genes", "hvgs:2", legacy=True)
    assert done.returncode == 4, done.stderr
    assert "not made by an export" in done.stderr
    assert run("export", mine, tmp_path / "x", "--force").returncode == 2


S3 = {"s3": {"endpoint_url": "http://127.0.0.1:9000"}}


@pytest.mark.parametrize(
    ("one", "other", "options", "same"),
    [
        ("s3://b/x", "s3://b//x/", {}, True),
        ("s3://b/x", "s3a://b/./y/../x", {}, True),
        ("s3://b/x/in.h5ad", "s3://b/x", {}, True),
        ("s3://b/xy", "s3://b/x", {}, False),
        ("s3://b/x", "gs://b/x", {}, False),
        ("http://localhost:9000/b/x", "s3://b/x", S3, True),
        ("http://b.localhost:9000/x/in.h5ad", "s3://b/x", S3, True),
        ("http://localhost:9001/b/x", "s3://b/x", S3, False),
        ("https://b.s3.eu-west-1.amazonaws.com/x?sig=1", "s3://b/x", {}, True),
        ("https://s3.amazonaws.com/b/x", "s3://b/x", {}, True),
        ("https://storage.googleapis.com/b/a%20b", "gs://b/a b", {}, True),
        ("https://me.blob.core.windows.net/c/x", "abfs://c@me.dfs.core.windows.net/x", {}, True),
        ("https://zenodo.org/b/x", "s3://b/x", {}, False),
        ("https://host/x", "http://HOST:443/x", {}, True),
        ("simplecache::s3://b/x", "s3://b/x", {}, True),
    ],
)
def test_urls_of_one_place(one: str, other: str, options: dict[str, Any], same: bool) -> None:
    assert is_in(names_of(one, options), names_of(other, options)) is same
