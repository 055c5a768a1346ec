"""A Zarr store in one file: what a folder holds, whole or not there, verified, gone on with."""

from __future__ import annotations

import secrets
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pytest
import zarr

import karospace_stream
from karospace_stream.errors import BadInputError, BadOptionError, TargetError
from karospace_stream.formats.layout.checksums import CHECKSUMS
from karospace_stream.pipeline.preflight import check_targets
from karospace_stream.storage import Store, location_of
from tests.e2e.resume.cutting import CutError, cut_off, nothing_is_cleaned, small
from tests.e2e.support import contents

Synth = Callable[..., Path]
OPTIONS = small(format="anndata")
KINDS: dict[str, dict[str, Any]] = {
    "v2": {},
    "v3": {"zarr_format": 3},
    "sharded": {"zarr_format": 3, "shard": True},
    "few": {"genes": "hvgs:5", "anno": ["leiden"], "downsample": 100, "compression": 1, "name": "other"},
    "none": {"genes": "none", "description": "no gene", "source_name": "us", "source_url": "https://a/b"},
}


@pytest.fixture
def source(synth: Synth) -> Path:
    return synth(600, 12, chunk_values=500)


def entries(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("kind", KINDS)
def test_it_holds_what_a_folder_holds(source: Path, kind: str, tmp_path: Path) -> None:
    options = OPTIONS | KINDS[kind]
    report = karospace_stream.export(source, tmp_path / "x.zarr.zip", **options)
    karospace_stream.export(source, tmp_path / "x.zarr", **options)
    folder = contents(tmp_path / "x.zarr")
    del folder[CHECKSUMS]
    assert entries(tmp_path / "x.zarr.zip") == folder
    assert report.n_objects == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.zarr", "x.zarr.zip"]
    with zarr.storage.ZipStore(tmp_path / "x.zarr.zip", mode="r") as store:
        packed = anndata.read_zarr(store)
    plain = anndata.read_zarr(tmp_path / "x.zarr")
    assert packed.obs.equals(plain.obs)
    assert packed.var.equals(plain.var)
    assert list(packed.obsm) == list(plain.obsm)
    if kind != "none":
        assert (packed.X != plain.X).nnz == 0


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_verified_and_compared_with_its_source(source: Path, kind: str, tmp_path: Path) -> None:
    target = tmp_path / "x.ZARR.zip"
    karospace_stream.export(source, target, **OPTIONS | KINDS[kind])
    verified = karospace_stream.verify(target, source=source)
    assert verified, verified.faults
    assert verified.n_compared == verified.n_objects == len(entries(target))
    assert karospace_stream.verify(target, source=source, sample=2) or kind == "none"


def test_another_source_is_found_out(source: Path, synth: Synth, tmp_path: Path) -> None:
    karospace_stream.export(source, tmp_path / "x.zarr.zip", **OPTIONS)
    other = synth(600, 12, seed=7)
    verified = karospace_stream.verify(tmp_path / "x.zarr.zip", source=other)
    assert {"X/data/0", "X/indices/0"} <= {fault.key for fault in verified.faults if fault.kind == "value"}


def test_any_byte_that_changes_is_found(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "x.zarr.zip"
    karospace_stream.export(source, target, **OPTIONS)
    whole = target.read_bytes()
    with zipfile.ZipFile(target) as archive:
        listed = archive.infolist()
    for about in (listed[0], listed[len(listed) // 2], listed[-1]):
        # The header's signature and the name in it; the first byte that is stored, and the last.
        start = about.header_offset + 30 + len(about.filename.encode())
        for at in (about.header_offset, start - 1, start, start + about.file_size - 1):
            target.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
            faults = karospace_stream.verify(target).faults
            assert about.filename in {fault.key for fault in faults}
    for broken in (
        whole[:-1],
        whole[:-30],
        whole[: len(whole) // 2],
        b"",
        b"PK",
        whole[:-22] + bytes(22),
        whole[:-45],
        whole[:-49],
    ):
        target.write_bytes(broken)
        with pytest.raises(BadInputError, match="it must be a Zarr store in a zip, but it is not a zip"):
            karospace_stream.verify(target)


def test_entries_that_are_missing_or_too_many(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "x.zarr.zip"
    karospace_stream.export(source, target, **OPTIONS)
    files = entries(target)

    def write(files: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> None:
        with zipfile.ZipFile(target, "w", compression) as archive:
            for key, data in files.items():
                archive.writestr(key, data)

    write(files | {"thesis.txt": b"years"})
    (fault,) = karospace_stream.verify(target).faults
    assert (fault.key, fault.kind) == ("thesis.txt", "manifest")
    write({key: data for key, data in files.items() if key != "X/.zattrs"})
    assert [fault.key for fault in karospace_stream.verify(target).faults] == ["X/.zattrs"]
    write(files, zipfile.ZIP_DEFLATED)
    with pytest.raises(BadInputError, match="its entries are compressed"):
        karospace_stream.verify(target)


@pytest.mark.parametrize("killed", [False, True])
@pytest.mark.parametrize("where", ["folder", "store"])
def test_it_is_gone_on_with(source: Path, where: str, killed: bool, tmp_path: Path) -> None:
    target = tmp_path / "x.zarr.zip" if where == "folder" else f"memory://{secrets.token_hex(4)}/x.zarr.zip"
    karospace_stream.export(source, tmp_path / "wanted.zarr.zip", **OPTIONS)
    wanted = (tmp_path / "wanted.zarr.zip").read_bytes()
    cut_off(source, target, 4, killed=killed, format="anndata")
    assert read(target) is None
    said: list[str] = []
    karospace_stream.export(
        source, target, resume=True, listener=lambda event: said.append(str(event)), **OPTIONS
    )
    assert any("resumed" in each for each in said)
    assert read(target) == wanted
    assert lying_there(target) == ["x.zarr.zip"]


@pytest.mark.parametrize("way", ["resume", "clean", "again"])
@pytest.mark.parametrize("where", ["folder", "store"])
@pytest.mark.parametrize("older", [False, True])
def test_cut_off_while_it_is_packed(source: Path, where: str, way: str, older: bool, tmp_path: Path) -> None:
    target = tmp_path / "x.zarr.zip" if where == "folder" else f"memory://{secrets.token_hex(4)}/x.zarr.zip"
    options = OPTIONS | {"overwrite": older}
    if older:
        karospace_stream.export(source, target, **options | {"name": "older"})
    before = read(target)
    with pytest.MonkeyPatch.context() as patch, nothing_is_cleaned():
        patch.setattr("karospace_stream.targets.zips.zipping._header", _cut)
        with pytest.raises(CutError):
            karospace_stream.export(source, target, **options)
    assert read(target) == before
    if way == "clean":
        assert karospace_stream.clean(target).nbytes > 0
        assert read(target) == before
    elif way == "resume":
        karospace_stream.export(source, target, resume=True, **options)
    else:
        if where == "store":
            with pytest.raises(TargetError, match="add resume=True"):
                karospace_stream.export(source, target, **options)
            karospace_stream.clean(target)
        karospace_stream.export(source, target, **options)
    if way != "clean":
        assert karospace_stream.verify(target, source=source)
    assert lying_there(target) == (["x.zarr.zip"] if older or way != "clean" else [])


def _cut(receipt: Any) -> bytes:
    raise CutError


def as_store(target: Path | str) -> Store:
    return Store(location_of(target if isinstance(target, str) else f"file://{target}"))


def read(target: Path | str) -> bytes | None:
    return as_store(target).read_whole([""])[0]


def lying_there(target: Path | str) -> list[str]:
    """What is in the folder of a target; not what a test puts there itself."""
    above = Store(location_of(as_store(target).location.url.rpartition("/")[0]))
    return [key for key in above.find() if key != "wanted.zarr.zip"]


def test_an_older_one_is_replaced_on_request(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "x.zarr.zip"
    karospace_stream.export(source, target, **OPTIONS | {"zarr_format": 3})
    with pytest.raises(TargetError, match="a bundle already exists; add overwrite=True"):
        karospace_stream.export(source, target, **OPTIONS)
    karospace_stream.export(source, target, overwrite=True, **OPTIONS)
    assert ".zmetadata" in entries(target)
    (tmp_path / "y.zarr.zip").write_bytes(b"years")
    with pytest.raises(TargetError, match="not a Zarr store in a zip and will not be replaced"):
        karospace_stream.export(source, tmp_path / "y.zarr.zip", overwrite=True, **OPTIONS)


def test_one_file_is_of_one_format(source: Path, tmp_path: Path) -> None:
    for formats in ("karospace", ["cellucid", "anndata"], f"cellucid={tmp_path}/y.zarr.zip"):
        with pytest.raises(BadOptionError, match=r"a \.zarr\.zip is one file of one format"):
            karospace_stream.export(source, tmp_path / "x.zarr.zip", **OPTIONS | {"format": formats})
    assert list(tmp_path.iterdir()) == []
    formats = ["cellucid", f"anndata={tmp_path}/y.zarr.zip"]
    karospace_stream.export(source, tmp_path / "out", **OPTIONS | {"format": formats})
    assert (tmp_path / "out" / "cellucid" / "dataset_identity.json").exists()
    assert karospace_stream.verify(tmp_path / "y.zarr.zip", source=source)


def test_a_plan_knows_of_the_file_and_of_what_waits(source: Path, tmp_path: Path) -> None:
    one = karospace_stream.plan_export(source, tmp_path / "x.zarr.zip", **OPTIONS)
    many = karospace_stream.plan_export(source, tmp_path / "x.zarr", **OPTIONS)
    assert (one.n_objects, one.output_nbytes) == (1, many.output_nbytes)
    assert (one.staging_nbytes, many.staging_nbytes) == (many.output_nbytes, 0)
    assert many.n_objects > 20
    check_targets(one)
    (tmp_path / "x.zarr.zip").write_bytes(b"years")
    with pytest.raises(TargetError, match="will not be replaced"):
        check_targets(one)


def test_a_store_of_many_objects_is_not_replaced_on_a_bucket(source: Path) -> None:
    url = f"memory://{secrets.token_hex(4)}/x.zarr"
    karospace_stream.export(source, url, **OPTIONS)
    before = Store(location_of(url)).find()
    for options in ({}, {"zarr_format": 3}, {"genes": "none"}):
        with pytest.raises(TargetError, match=r"its fixed names .* name a new target, or one file"):
            karospace_stream.export(source, url, overwrite=True, **OPTIONS | options)
    assert Store(location_of(url)).find() == before


def test_the_consolidated_document_is_put_last_on_a_bucket(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put: list[str] = []
    inner = Store.start_put_many

    def start_put_many(self: Store, objects: Any) -> Any:
        put.extend(key for key, _, _ in objects if not key.startswith(".karospace-partial/"))
        return inner(self, objects)

    monkeypatch.setattr(Store, "start_put_many", start_put_many)
    for zarr_format, last in ((2, ".zmetadata"), (3, "zarr.json")):
        put.clear()
        url = f"memory://{secrets.token_hex(4)}/x.zarr"
        karospace_stream.export(source, url, **OPTIONS | {"zarr_format": zarr_format})
        assert put[-1] == last
        assert put.count(last) == 1
        assert karospace_stream.verify(url, source=source)


@pytest.mark.parametrize("zarr_format", [2, 3])
def test_a_folder_is_replaced_only_where_it_is_a_zarr_store(
    source: Path, zarr_format: int, tmp_path: Path
) -> None:
    target, options = tmp_path / "x.zarr", OPTIONS | {"zarr_format": zarr_format, "overwrite": True}
    target.mkdir()
    (target / "thesis.txt").write_text("years")
    with pytest.raises(TargetError, match=r"no \.zgroup or zarr\.json, so it is not a bundle"):
        karospace_stream.export(source, target, **options)
    assert [path.name for path in target.iterdir()] == ["thesis.txt"]
    (target / "thesis.txt").unlink()
    for other in (2, 3):  # of either version
        root = zarr.open_group(target, mode="w", zarr_format=other)
        root.create_array("mine", data=np.arange(3))
        with pytest.raises(TargetError, match="not made by an export"):
            karospace_stream.export(source, target, **options)
        assert zarr.open_group(target, mode="r")["mine"][:].tolist() == [0, 1, 2]
        shutil.rmtree(target)
        karospace_stream.export(source, target, **options | {"zarr_format": other})
        karospace_stream.export(source, target, **options)
        assert karospace_stream.verify(target, source=source)
