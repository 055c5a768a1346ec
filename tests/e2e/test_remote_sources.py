"""Exports from URLs: the same bytes as from a file, and no more asked for than is needed."""

from __future__ import annotations

import json
import shutil
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import h5py
import numpy as np
import pytest

import karospace_stream
from karospace_stream.errors import BadInputError
from karospace_stream.runtime.events import Event, TaskDone
from karospace_stream.source.files.ranges import LocalFile
from karospace_stream.source.hdf5.chunks import chunk_table
from karospace_stream.storage import Headers, Store, location_of
from karospace_stream.units import parse_nbytes
from tests.e2e.support import contents, run, run_measured
from tests.source.remote.servers import Web, serving
from tests.stores import faults, proxy
from tests.stores.servers import Server

Synth = Callable[..., Path]
#: Chunks that the plan reads to see what the values are; the run reads them once more.
MOST_LOOKED_AT = 12


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as web:
        yield web


def some_genes(path: Path, n_genes: int) -> list[str]:
    """Spread over the file, so that not all chunks are wanted."""
    names = karospace_stream.open_source(path).source.var_names()
    chosen = np.sort(np.random.default_rng(0).choice(len(names), n_genes, replace=False))
    return [str(names[gene]) for gene in chosen]


def needed_chunks(path: Path, key: str, genes: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Offsets and sizes of the chunks that hold values of the genes; of rows, all."""
    table = chunk_table(LocalFile.at(path), key)
    assert table.chunks is not None
    with h5py.File(path) as root:
        if root["X"].attrs["encoding-type"] == "csr_matrix":
            return table.offsets, table.sizes
        indptr, names = root["X/indptr"][:], [name.decode() for name in root["var/_index"][:]]
    wanted: set[int] = set()
    for gene in map(names.index, genes):
        if indptr[gene] < indptr[gene + 1]:
            first, last = indptr[gene] // table.chunks[0], (indptr[gene + 1] - 1) // table.chunks[0]
            wanted |= set(range(first, last + 1))
    numbers = sorted(wanted)
    return table.offsets[numbers], table.sizes[numbers]


def differing(folder: Path) -> list[str]:
    """Files of the two exports that are not the same."""
    far, near = contents(folder / "far"), contents(folder / "near")
    assert sorted(far) == sorted(near)
    return [name for name in far if far[name] != near[name]]


@pytest.mark.parametrize(
    ("layout", "strategy"), [("csr", "memory"), ("csr", "spill"), ("csc", "pass")], ids=str
)
def test_each_needed_chunk_comes_once(
    layout: str, strategy: str, synth: Synth, web: Web, tmp_path: Path
) -> None:
    path = synth(10_000, 20_000, layout=layout, chunk_values=20_000, latent=2)
    genes = some_genes(path, 500)
    url = web.put(path)
    words = {"genes": genes, "gzip": False, "preview": False}
    karospace_stream.export(url, tmp_path / "far", strategy=strategy, workers=2, **words)
    karospace_stream.export(path, tmp_path / "near", **words)
    assert differing(tmp_path) == []

    assert not [request for request in web.requests if request.whole]
    needed = 0
    for key in ("X/data", "X/indices"):
        offsets, sizes = needed_chunks(path, key, genes)
        needed += int(sizes.sum())
        # A request for data: small ones are for metadata, and may begin in a chunk that lies beside them.
        asked = [each for each in web.requests if np.isin(each.start, offsets)]
        times = sum(((offsets >= each.start) & (offsets < each.stop)).astype(int) for each in asked)
        assert times.min() == 1
        assert (times - 1).sum() <= MOST_LOOKED_AT
    with h5py.File(path) as root:
        stored: list[int] = []
        root.visititems(lambda name, node: stored.append(_stored(node)) if name[:2] != "X/" else None)
    assert layout == "csr" or needed < path.stat().st_size / 2
    assert web.sent <= 1.1 * (needed + sum(stored))


def _stored(node: object) -> int:
    return node.id.get_storage_size() if isinstance(node, h5py.Dataset) else 0


def put(server: Server, path: Path, key: str) -> str:
    """A file or a folder as objects; gives the URL."""
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    names = [f"{key}/{file.relative_to(path.parent).as_posix()}" for file in files]
    store = Store(location_of(server.url, server.options))
    store.put_many([(name, file.read_bytes(), Headers()) for name, file in zip(names, files, strict=True)])
    return f"{server.url}/{key}/{path.name}"


@pytest.mark.parametrize(
    ("suffix", "scheduler"), [(".h5ad", "threads"), (".zarr", "threads"), (".h5ad", "processes")]
)
@pytest.mark.few(1)
def test_from_a_bucket_that_fails_now_and_then(
    suffix: str, scheduler: str, synth: Synth, moto_store: Server, tmp_path: Path
) -> None:
    path = synth(3_000, 400, suffix, chunk_values=20_000, n_neighbors=5)
    url = put(moto_store, path, f"failing-{scheduler}")
    words = {"graph": "connectivities", "scheduler": scheduler, "workers": 2, "genes": "all", "gzip": False}
    karospace_stream.export(path, tmp_path / "near", **words)
    with proxy.before(moto_store.address) as between:
        passing = [fault for fault in proxy.PASSING if fault is not proxy.Fault.LOSE_ANSWER]
        between.choose = faults.sometimes(5, 0.15, passing)
        options = moto_store.through(between.address).options
        karospace_stream.export(url, tmp_path / "far", storage_options=options, **words)
        assert sum(each.fault is not None for each in between.asked) > 3
    assert differing(tmp_path) == []
    shown = b"".join(contents(tmp_path / "far").values()) + (tmp_path / "far" / "report.json").read_bytes()
    assert moto_store.secret.encode() not in shown


@pytest.mark.parametrize("sharded", [False, True])
@pytest.mark.parametrize("layout", ["csr", "csc"])
@pytest.mark.few(2)
def test_each_chunk_of_a_zarr_comes_once(
    layout: str, sharded: bool, synth: Synth, moto_store: Server, tmp_path: Path
) -> None:
    path = tmp_path / "a.zarr"
    shutil.copytree(synth(3_000, 4_000, ".zarr", layout=layout, chunk_values=10_000, latent=2), path)
    if sharded:
        reshard(path)
    url = put(moto_store, path, f"{layout}-{sharded}")
    genes = some_genes(path, 500)
    with proxy.before(moto_store.address) as between:
        options = moto_store.through(between.address).options
        words = {"genes": genes, "gzip": False, "preview": False, "workers": 2}
        karospace_stream.export(url, tmp_path / "far", storage_options=options, **words)
        karospace_stream.export(path, tmp_path / "near", **words)
        assert differing(tmp_path) == []
        asked = [each for each in between.asked if "/X/data/c/" in each.path or "/X/indices/c/" in each.path]
        assert len(asked) > 15
        assert {(each.method, each.status) for each in asked} <= {("GET", 200), ("GET", 206), ("HEAD", 200)}
        twice = Counter((each.path, each.range) for each in asked if each.method == "GET")
        assert sum(twice.values()) - len(twice) <= MOST_LOOKED_AT
        sizes = sum(file.stat().st_size for file in (path / "X").rglob("*"))
        assert between.received(path="/X/") <= 1.1 * sizes


def reshard(path: Path) -> None:
    """Several chunks in each object, found by an index at its end."""
    import zarr

    group = zarr.open_group(path, use_consolidated=False)["X"]
    for name in ("data", "indices"):
        values = group[name][:]
        del group[name]
        group.create_array(name, data=values, chunks=(10_000,), shards=(100_000,))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # consolidated metadata are no part of the third version yet
        zarr.consolidate_metadata(path)


@pytest.mark.parametrize("stage", ["scatter", "seal"])
def test_a_source_that_changes(stage: str, synth: Synth, web: Web, tmp_path: Path) -> None:
    path = synth(3_000, 400, chunk_values=20_000)
    url, target = web.put(path), tmp_path / "bundle"
    karospace_stream.export(url, target, genes="hvgs:5")
    before = contents(tmp_path)

    def meddle(event: Event) -> None:
        if event == TaskDone(stage):
            web.files[f"/{path.name}"] = path.read_bytes()[:-1] + b"!"

    with pytest.raises(BadInputError, match="changed while it was read"):
        karospace_stream.export(url, target, genes="hvgs:7", overwrite=True, listener=meddle)
    assert contents(tmp_path) == before


@pytest.mark.parametrize(
    ("suffix", "scheduler"), [(".h5ad", "threads"), (".zarr", "threads"), (".h5ad", "processes")]
)
@pytest.mark.few(1)
def test_memory(suffix: str, scheduler: str, synth: Synth, moto_store: Server, tmp_path: Path) -> None:
    path = synth(20_000, 2_000, suffix)
    url = put(moto_store, path, f"memory-{scheduler}")
    given = [f"s3.{key}={value}" for key, value in moto_store.options.items()]
    words = [word for pair in given for word in ("--storage-option", pair)]
    words += ["--memory", "1100MB" if scheduler == "processes" else "600MB", "--scheduler", scheduler]
    words += ["--genes", "all", "--scratch", str(tmp_path)]
    planned = run("plan", url, *words, "--json")
    assert planned.returncode == 0, planned.stderr
    plan = json.loads(planned.stdout)
    done = run_measured("export", url, tmp_path / "bundle", *words)
    assert done.exit_code == 0, done.stderr
    assert 80e6 < done.peak_nbytes < plan["peak_nbytes"] <= parse_nbytes(words[words.index("--memory") + 1])
