"""Exports straight to each kind of store: the bytes of a local export, and what is sent with them."""

from __future__ import annotations

import secrets
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pytest

import karospace_stream
from karospace_stream.errors import TargetError
from karospace_stream.storage import Store, location_of
from karospace_stream.storage.headers import ASK, KEEP
from tests.e2e.support import contents
from tests.e2e.test_same_bytes import differing
from tests.stores.faults import Asked, Fault
from tests.stores.kinds import SERVERS
from tests.stores.proxy import Proxies, Proxy
from tests.stores.servers import Server

DATA = Path(__file__).parents[3] / "shared" / "data" / "cellrank50_velocity_umap.h5ad"
BOTH: dict[str, Any] = {
    "format": ["karospace", "cellucid", "anndata"],
    "anno": ["clusters", "latent_time"],
    "genes": "top_mean:8",
    "name": "velocity",
}
FIXED = (
    *("index.html", "manifest.json", "report.json", "checksums.json", "dataset_identity.json"),
    *("obs_manifest.json", "var_manifest.json", "connectivity_manifest.json"),
)
BUCKET = {"azurite": "container"}
#: All names of a Zarr store are fixed.
STORE = "anndata/"
TYPES = {
    "json": {"application/json"},
    "html": {"text/html; charset=utf-8"},
    "png": {"image/png"},
    "gz": {"application/gzip"},
    "bin": {"application/octet-stream"},
}


@pytest.fixture(autouse=True)
def fixed_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")


@pytest.fixture(scope="module")
def source() -> Path:
    if not DATA.exists():
        pytest.skip(f"the shared test data is not at {DATA.parent}")
    return DATA


@pytest.fixture(scope="module")
def wanted(source: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What a local export writes."""
    folder = tmp_path_factory.mktemp("wanted") / "bundle"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        karospace_stream.export(source, folder, **BOTH)
    return plain(contents(folder))


@pytest.fixture(params=SERVERS)
def server(request: pytest.FixtureRequest) -> Server:
    return request.getfixturevalue(request.param)


@pytest.fixture
def key(server: Server) -> str:
    return f"exports/{secrets.token_hex(4)}"


def plain(bundle: dict[str, bytes]) -> dict[str, bytes]:
    """Without what tells of one run."""
    return {key: data for key, data in bundle.items() if not key.endswith(("report.json", "checksums.json"))}


def stored(store: Store) -> dict[str, bytes]:
    keys = list(store.find())
    return {key: data for key, data in zip(keys, store.read_whole(keys), strict=True) if data is not None}


def reach(server: Server, key: str) -> tuple[str, dict[str, Any], Store]:
    url, options = f"{server.url}/{key}", {"storage_options": server.options}
    if server.kind == "moto":
        options["public_read"] = True
    return url, options, Store(location_of(url, server.options))


def test_bytes_types_and_caching(server: Server, key: str, source: Path, wanted: dict[str, bytes]) -> None:
    url, options, store = reach(server, key)
    karospace_stream.export(source, url, **BOTH, **options)
    found = stored(store)
    assert differing(plain(found), wanted) == []
    assert {name.split("/")[0] for name in found} == {"karospace", "cellucid", "anndata"}
    endings = set()
    for name, data in found.items():
        with urllib.request.urlopen(f"{server.http}/{key}/{name}") as response:
            assert response.read() == data
            headers = response.headers
        ending = name.rpartition(".")[2]
        endings.add(ending)
        is_document = ending in ("json", "zgroup", "zattrs", "zarray", "zmetadata")
        assert headers["Content-Type"] in TYPES.get("json" if is_document else ending, TYPES["bin"]), name
        assert headers["Content-Encoding"] is None
        fixed = name.startswith(STORE) or name.partition("/")[2] in FIXED
        assert headers["Cache-Control"] == (ASK if fixed else KEEP), name
    assert endings >= {"json", "html", "gz"}
    for name in ("karospace", "cellucid", "anndata"):
        assert karospace_stream.verify(f"{url}/{name}", storage_options=server.options)


def test_one_bundle_after_the_other(server: Server, key: str, source: Path, tmp_path: Path) -> None:
    url, options, store = reach(server, key)
    karospace_stream.export(source, url, genes=["Cpe", "Ptma"], name="first", **options)
    first = set(store.find())
    with pytest.raises(TargetError, match="a bundle already exists; add overwrite=True to replace it"):
        karospace_stream.export(source, url, **options)
    assert set(store.find()) == first
    karospace_stream.export(source, url, genes="top_mean:9", name="second", overwrite=True, **options)
    karospace_stream.export(source, tmp_path / "second", genes="top_mean:9", name="second")
    found = set(store.find())
    assert found & first <= set(FIXED)
    assert sorted(map(without_version, found)) == sorted({*contents(tmp_path / "second"), "report.json"})
    assert karospace_stream.verify(url, source=source, storage_options=server.options)


@pytest.mark.parametrize("resume", [False, True])
@pytest.mark.parametrize("format", ["karospace", "anndata"])
def test_a_bucket_that_does_not_exist(server: Server, format: str, resume: bool, tmp_path: Path) -> None:
    """There is nothing to wait for: the name is wrong, or the bucket is still to be made."""
    words = rf"there is no {BUCKET.get(server.kind, 'bucket')} 'no-such-bucket'; make it, or check the name$"
    with pytest.raises(TargetError, match=words) as caught:
        karospace_stream.export(
            small(tmp_path),
            f"{nowhere(server)}/atlas",
            format=format,
            resume=resume,
            storage_options=server.options,
        )
    assert "try again" not in str(caught.value)


def test_a_bucket_for_a_zip_or_scratch_that_does_not_exist(server: Server, tmp_path: Path) -> None:
    words = f"there is no {BUCKET.get(server.kind, 'bucket')} 'no-such-bucket'; make it, or check the name"
    options: dict[str, Any] = {"storage_options": server.options}
    with pytest.raises(TargetError, match=words):
        karospace_stream.export(small(tmp_path), f"{nowhere(server)}/a.zarr.zip", format="anndata", **options)
    with pytest.raises(TargetError, match=words):
        karospace_stream.export(
            small(tmp_path),
            tmp_path / "out",
            strategy="spill",
            scratch=f"{nowhere(server)}/scratch",
            **options,
        )
    assert not (tmp_path / "out").exists()


def nowhere(server: Server) -> str:
    return server.url.replace("shelf", "no-such-bucket")


def small(folder: Path) -> Path:
    rng = np.random.default_rng(0)
    made = anndata.AnnData(rng.random((20, 3), np.float32), obsm={"X_umap": rng.random((20, 2))})
    made.write_h5ad(folder / "small.h5ad")
    return folder / "small.h5ad"


def without_version(name: str) -> str:
    """The name that a local bundle has for it."""
    first, _, rest = name.partition("/")
    return rest if first.startswith("v-") else name


def test_an_export_that_was_cut_off_goes_on(
    server: Server, proxies: Proxies, key: str, source: Path, wanted: dict[str, bytes]
) -> None:
    proxy = proxies.before(server)
    url, options, store = reach(server.through(proxy.address), key)
    proxy.choose = closed_after(40)
    with pytest.raises(TargetError, match=r"could not be written: |cannot be written: "):
        karospace_stream.export(source, url, resume=True, **BOTH, **options)
    done = {
        name for name in stored(Store(location_of(url, server.options))) if ".karospace-partial" not in name
    }
    assert len(done) > 10
    proxy.choose = lambda asked: None
    proxy.forget()
    karospace_stream.export(source, url, resume=True, **BOTH, **options)
    assert differing(plain(stored(store)), wanted) == []
    assert [name for name in done if not written(proxy, name)]
    assert not [name for name in store.find() if "partial" in name]


def written(proxy: Proxy, name: str) -> int:
    return sum(asked.method in ("PUT", "POST") and asked.path.endswith(name) for asked in proxy.asked)


def closed_after(n: int) -> Callable[[Asked], Fault | None]:
    """Let so many objects be written, and then nobody."""
    seen = 0

    def choose(asked: Asked) -> Fault | None:
        nonlocal seen
        writes = asked.method in ("PUT", "POST")
        seen += writes
        return Fault.FORBIDDEN if writes and seen > n else None

    return choose
