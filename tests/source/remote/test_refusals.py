"""What cannot be read from a URL is refused in a sentence, as a file of this machine is."""

from __future__ import annotations

import gzip
import json
import pickle
import sys
from collections.abc import Callable

import anndata as ad
import h5py
import numpy as np
import pytest
import zarr

from karospace_stream.errors import BadInputError
from karospace_stream.source import open_source
from karospace_stream.storage import answers
from tests.source.remote.conftest import shelf_at
from tests.source.remote.servers import Broken
from tests.stores import proxy

SECRET = "wJalrXUtnFEMI"


def refusal(url: str, **options: object) -> str:
    with pytest.raises(BadInputError) as caught:
        open_source(url, storage_options=options)
    return str(caught.value)


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "a.h5ad"
    x = np.ones((50, 4), "f4")
    ad.AnnData(x, obs={"n": np.arange(50)}, layers={"a": x}).write_h5ad(path)
    return path


@pytest.mark.parametrize("name", ["nix.h5ad", "nix.zarr", "nix"])
def test_nothing_there(shelf, name, path):
    shelf.put(path)
    assert refusal(f"{shelf.url}/{name}", **shelf.options) == f"{shelf.url}/{name} does not exist"


def test_no_such_bucket(moto_store):
    assert refusal("s3://nobody-has-this/a.h5ad", **moto_store.options).endswith("a.h5ad does not exist")


def test_no_access(web, path):
    url = web.put(path)
    web.hidden.add("/a.h5ad")
    message = refusal(f"{url}?sig={SECRET}")
    assert "/a.h5ad could not be checked: the server denied access (HTTP 403)" in message
    assert "--storage-option" in message
    assert SECRET not in message


def test_wrong_credentials(guarded_store):
    options = guarded_store.options | {"secret": SECRET}
    message = refusal(f"{guarded_store.url}/a.h5ad", **options)
    assert "--storage-option" in message
    assert SECRET not in message
    assert "a.h5ad" in message


def test_no_library(monkeypatch):
    monkeypatch.setitem(sys.modules, "adlfs", None)
    message = refusal("az://nobody-has-this/a.h5ad")
    assert "az://nobody-has-this: its library is not installed" in message
    assert "pip install 'karospace-stream[azure]'" in message


def test_no_such_protocol():
    assert "nix://a cannot be opened" in refusal("nix://a/b.h5ad")


def test_option_that_the_store_does_not_know():
    message = refusal("s3://bucket/a.h5ad", nonsense=SECRET)
    assert "nonsense" in message
    assert SECRET not in message


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty (0 bytes)"),
        (gzip.compress(b"x" * 1000, mtime=0), "is compressed with gzip"),
        (b"<!DOCTYPE html><p>log in", "is a web page, not an AnnData file"),
        (b"a,b\n1,2\n" * 200, "is a text file"),
        (b"\0" * 100_000, "is not an HDF5 file"),
        (b"\x89HDF\r\n\x1a\n" + b"\0" * 100_000, "cannot be opened as HDF5, it is damaged"),
    ],
    ids=["empty", "gzip", "page", "text", "zeros", "damaged"],
)
def test_other_files(web, content, words):
    web.files["/a.h5ad"] = content
    assert words in refusal(f"{web.address}/a.h5ad")


def test_truncated(shelf, path):
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    shelf.put(path)
    message = refusal(f"{shelf.url}/a.h5ad", **shelf.options)
    assert f"is truncated: it should have {len(whole):,} bytes and has {len(whole) // 2:,}" in message


def test_a_user_block_comes_before(web, path, tmp_path):
    with h5py.File(path) as old, h5py.File(tmp_path / "b.h5ad", "w", userblock_size=2048) as new:
        for name in old:
            old.copy(name, new)
        new.attrs.update(old.attrs)
    source = open_source(web.put(tmp_path / "b.h5ad"))
    assert source.obs_column("n", 0, 50).values.tolist() == list(range(50))
    assert source.matrix("X").read_rows(0, 50).data.sum() == 200


def test_a_server_without_ranges_sends_nothing(web, tmp_path):
    path = tmp_path / "a.h5ad"
    ad.AnnData(np.ones((500, 100), "f4")).write_h5ad(path)
    url = web.put(path)
    web.ranges = False
    assert refusal(url).endswith("its server does not support HTTP ranges; download the file first")


def test_other_hdf5(web, tmp_path):
    with h5py.File(tmp_path / "x.h5ad", "w") as root:
        root.create_group("assays")
        root.create_group("cell.names")
    message = refusal(web.put(tmp_path / "x.h5ad"))
    assert "is an h5Seurat file" in message
    assert message.startswith(web.address)


@pytest.mark.parametrize("linked", ["obs/n", "X", "layers/a"])
def test_external_links(web, path, tmp_path, linked):
    other = tmp_path / "other.h5ad"
    other.write_bytes(path.read_bytes())
    with h5py.File(path, "a") as root:
        del root[linked]
        root[linked] = h5py.ExternalLink(str(other), linked)
    assert open_source(path).catalog.unreadable == ()
    ((key, why),) = open_source(web.put(path)).catalog.unreadable
    assert key == linked
    assert why.startswith("it is an external link to ")
    assert why.endswith(f"which cannot be followed from {web.address}/a.h5ad; download both files")


def test_obs_behind_an_external_link(web, path, tmp_path):
    with h5py.File(path, "a") as root:
        del root["obs"]
        root["obs"] = h5py.ExternalLink("/etc/passwd", "obs")
    message = refusal(web.put(path))
    assert f"obs of {web.address}/a.h5ad cannot be read: it is an external link" in message


def test_an_external_link_to_another_place_is_not_taken_for_this_file(web, path, tmp_path):
    with h5py.File(path, "a") as root:
        root["obs/other"] = h5py.ExternalLink("nowhere.h5", "obs/n")
        root["obs"].attrs["column-order"] = ["n", "other"]
    source = open_source(web.put(path))
    assert [info.name for info in source.catalog.obs] == ["n"]
    ((key, why),) = source.catalog.unreadable
    assert key == "obs/other"
    assert "external link to 'nowhere.h5'" in why


@pytest.mark.filterwarnings("ignore:Consolidated metadata is currently not part")
def test_zarr_that_is_none(shelf, tmp_path):
    zarr.create_array(tmp_path / "array.zarr", shape=(2,), dtype="f4")
    shelf.put(tmp_path / "array.zarr")
    assert "is a single Zarr array" in refusal(f"{shelf.url}/array.zarr", **shelf.options)
    zarr.open_group(tmp_path / "m.zarr", mode="w").create_group("images/one")
    zarr.consolidate_metadata(tmp_path / "m.zarr")
    shelf.put(tmp_path / "m.zarr")
    message = refusal(f"{shelf.url}/m.zarr", **shelf.options)
    assert message.endswith("is not an AnnData: it has no obs and var, but images")
    (tmp_path / "d.zarr").mkdir()
    (tmp_path / "d.zarr" / "zarr.json").write_text("{")
    shelf.put(tmp_path / "d.zarr")
    words = "cannot be listed" if shelf.url.startswith("http") else "zarr.json is damaged: it is no JSON"
    assert words in refusal(f"{shelf.url}/d.zarr", **shelf.options)
    (tmp_path / "f.zarr").mkdir()
    (tmp_path / "f.zarr" / "a.h5ad").write_text("x")
    if not shelf.url.startswith("http"):
        shelf.put(tmp_path / "f.zarr")
        message = refusal(f"{shelf.url}/f.zarr", **shelf.options)
        assert message.endswith("it contains a.h5ad")


@pytest.mark.parametrize("version", [2, 3])
def test_zarr_that_cannot_be_listed(web, tmp_path, write_zarr, version):
    write_zarr(ad.AnnData(np.ones((5, 2), "f4")), tmp_path / "a.zarr", version)
    for name in ("zarr.json", ".zmetadata"):
        document = tmp_path / "a.zarr" / name
        if document.exists():
            root = json.loads(document.read_text())
            root.pop("consolidated_metadata", None)
            document.write_text(json.dumps(root)) if name == "zarr.json" else document.unlink()
    message = refusal(web.put_folder(tmp_path / "a.zarr"))
    assert "has no consolidated metadata and lies where folders cannot be listed" in message
    assert "zarr.consolidate_metadata" in message


def test_secrets_are_not_shown(web, path):
    source = open_source(
        f"{web.put(path)}?sig={SECRET}", storage_options={"http": {"headers": {"x": SECRET}}}
    )
    assert source.catalog.location == f"{web.address}/a.h5ad"
    assert source.catalog.name == "a"
    assert SECRET not in repr(source)
    copy = pickle.loads(pickle.dumps(source))
    assert copy == source
    assert copy.obs_column("n", 0, 5).values.tolist() == [0, 1, 2, 3, 4]


def test_file_urls_are_paths(path):
    source = open_source(f"file://{path}")
    assert source.catalog.location == str(path)
    assert not source.catalog.remote


@pytest.fixture
def impatient(monkeypatch):
    for name in ("BUSY_S", "LOST_S", "REFUSED_S"):
        monkeypatch.setattr(answers, name, 0.0)


def test_a_store_that_dies_for_good(web, path, impatient):
    url = web.put(path)
    source = open_source(url)
    web.fault = dead_after(0)
    with pytest.raises(BadInputError, match=r"a\.h5ad could not be read: "):
        source.matrix("X").read_rows(0, 50)
    assert "could not be checked" in refusal(url)


def test_nothing_is_passed_over_when_a_store_dies(web, path, impatient):
    """A part that could not be fetched is not a part that is damaged."""
    url = web.put(path)
    open_source(url)
    for number in range(1, web.count):
        url += "#"  # another name of the same file, of which nothing is kept
        web.fault = dead_after(web.count + number)
        with pytest.raises(BadInputError, match="could not be"):
            open_source(url)


@pytest.mark.parametrize("version", [2, 3])
@pytest.mark.big
def test_nothing_of_a_zarr_is_passed_over(moto_store, tmp_path, write_zarr, impatient, version):
    write_zarr(ad.AnnData(np.ones((5, 2), "f4"), layers={"a": np.ones((5, 2))}), tmp_path / "a.zarr", version)
    (tmp_path / "a.zarr" / ".zmetadata").unlink(missing_ok=True)
    if version == 3:
        root = json.loads((tmp_path / "a.zarr" / "zarr.json").read_text())
        del root["consolidated_metadata"]
        (tmp_path / "a.zarr" / "zarr.json").write_text(json.dumps(root))
    shelf = shelf_at(f"{moto_store.url}/passed-{version}", moto_store.options)
    shelf.put(tmp_path / "a.zarr")
    with proxy.before(moto_store.address) as between:
        options = moto_store.through(between.address).options
        assert open_source(f"{shelf.url}/a.zarr", storage_options=options).catalog.unreadable == ()
        n_requests = len(between.asked)
        for number in range(n_requests):
            asked = iter(range(n_requests + 1))
            between.choose = lambda _: proxy.Fault.ERROR_500 if next(asked) == number else None  # noqa: B023
            with pytest.raises(BadInputError, match="could not be"):
                open_source(f"{shelf.url}/a.zarr", storage_options=options)


def dead_after(last: int) -> Callable[[int], None]:
    def fault(number: int) -> None:
        if number > last:
            raise Broken

    return fault
