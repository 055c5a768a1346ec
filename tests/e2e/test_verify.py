"""`verify` sees every kind of damage, says where, and finds nothing wrong with what is right."""

from __future__ import annotations

import functools
import gzip
import json
import threading
import zlib
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import anndata
import numpy as np
import pytest

import karospace_stream
from karospace_stream.errors import BadInputError, BadOptionError
from tests.e2e.support import run
from tests.oracle.strict import Folder

FILES = [
    "anndata_v050_pbmc68k",
    "cellrank50_velocity_umap",
    "mti_imc_sn",
    "soma_pbmc_small",
    "soma_visium",
]
BUNDLES = ["karospace", "cellucid"]
FORMATS = [*BUNDLES, "anndata"]


def kinds(verified: karospace_stream.verification.faults.Verified) -> dict[str, str]:
    return {fault.key: fault.kind for fault in verified.faults}


@pytest.fixture(scope="module", params=BUNDLES)
def whole(
    request: pytest.FixtureRequest, shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path]:
    """An export and its source."""
    source = shared / "data" / "cellrank50_velocity_umap.h5ad"
    target = tmp_path_factory.mktemp("whole") / "bundle"
    karospace_stream.export(source, target, format=request.param)
    return target, source


@pytest.fixture
def bundle(whole: tuple[Path, Path], tmp_path: Path) -> Path:
    """A copy to be spoiled."""
    target = tmp_path / "bundle"
    for path in whole[0].rglob("*"):
        if path.is_file():
            copy = target / path.relative_to(whole[0])
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    return target


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", FILES)
@pytest.mark.few(6)
def test_what_is_right(name: str, format: str, shared: Path, tmp_path: Path) -> None:
    source, target = shared / "data" / f"{name}.h5ad", tmp_path / "bundle"
    karospace_stream.export(source, target, format=format)
    listed = Folder(target).check_list(format)
    assert listed["name"] == name
    verified = karospace_stream.verify(target, source=source)
    assert verified
    assert verified.faults == verified.notes == ()
    entries = {"index.html", "manifest.json", "atlas.json", "dataset_identity.json"}
    entries |= {"obs_manifest.json", "var_manifest.json", "connectivity_manifest.json"}
    timed = sum((target / name).is_file() for name in entries)
    assert verified.n_compared == verified.n_objects - timed, "every object is compared but the manifests"


@pytest.mark.parametrize(
    "options",
    [
        {"genes": "hvgs:20", "gzip": False},
        {"genes": "top_mean:9", "max_asset_mb": 0.001, "anno": "all"},
        {"downsample": 10, "compression": 6, "name": "other"},
        {"format": "anndata", "zarr_format": 3, "shard": True, "compression": 1, "downsample": 12},
        {"format": "anndata", "genes": "hvgs:9", "anno": "all", "latent": "X_pca"},
        {"format": "cellucid", "obs_quantization": 16, "genes": "none"},
        {"format": "cellucid", "var_quantization": 8, "genes": "hvgs:9"},
    ],
    ids=str,
)
def test_options_are_known_again(options: dict[str, object], shared: Path, tmp_path: Path) -> None:
    source, target = shared / "data" / "cellrank50_velocity_umap.h5ad", tmp_path / "bundle"
    karospace_stream.export(source, target, **options)
    assert karospace_stream.verify(target, source=source).faults == ()


def test_a_list_of_genes_is_known_again(shared: Path, tmp_path: Path) -> None:
    source, target = shared / "data" / "cellrank50_velocity_umap.h5ad", tmp_path / "bundle"
    genes = karospace_stream.open_source(source).source.var_names()[[7, 2, 11]]
    (tmp_path / "genes.txt").write_text("\n".join(genes))
    karospace_stream.export(source, target, genes=f"list:{tmp_path / 'genes.txt'}")
    assert str(tmp_path) not in (target / "checksums.json").read_text(), "no path of the machine"
    (tmp_path / "genes.txt").unlink()
    verified = karospace_stream.verify(target, source=source)
    assert verified
    assert sum("expression" in path.name for path in target.rglob("*")) == 1
    assert len(list((target / "assets" / "expression").iterdir())) == 3


def test_damage_of_the_files(bundle: Path) -> None:
    victims = sorted(p for p in bundle.rglob("*.gz"))[:3]
    gone, short, flipped = (path.relative_to(bundle).as_posix() for path in victims)
    victims[0].unlink()
    victims[1].write_bytes(victims[1].read_bytes()[:-1])
    data = bytearray(victims[2].read_bytes())
    data[len(data) // 2] ^= 1
    victims[2].write_bytes(data)
    verified = karospace_stream.verify(bundle)
    assert not verified
    assert kinds(verified) == {gone: "missing", short: "size", flipped: "checksum"}


def relist(bundle: Path, key: str) -> None:
    """Make the list say what now lies there."""
    listing = json.loads((bundle / "checksums.json").read_bytes())
    data = (bundle / key).read_bytes()
    listing["files"][key] = [len(data), f"{zlib.crc32(data):08x}"]
    (bundle / "checksums.json").write_text(json.dumps(listing))


def test_manifests_that_say_something_else(bundle: Path) -> None:
    listing = json.loads((bundle / "checksums.json").read_bytes())
    key = sorted(key for key in listing["files"] if key.endswith(".gz"))[-1]
    del listing["files"][key]
    listing["files"]["assets/more.bin"] = [1, "00000000"]
    (bundle / "checksums.json").write_text(json.dumps(listing))
    found = [(fault.key, fault.kind) for fault in karospace_stream.verify(bundle).faults]
    assert found == sorted(
        [("assets/more.bin", "manifest"), ("assets/more.bin", "missing"), (key, "manifest")]
    )
    sealed = next(n for n in ("manifest.json", "dataset_identity.json") if (bundle / n).is_file())
    (bundle / sealed).write_text("{}")
    relist(bundle, sealed)
    assert kinds(karospace_stream.verify(bundle))[sealed] == "manifest"


def change_gene(bundle: Path, number: int) -> str:
    """Another value in one gene, and a list that knows of it."""
    path = sorted([*bundle.glob("var/*.gz"), *bundle.glob("assets/expression/*.gz")])[number]
    values = np.frombuffer(gzip.decompress(path.read_bytes()), np.uint8).copy()
    values[-2] ^= 1
    path.write_bytes(gzip.compress(values.tobytes(), mtime=0))
    key = path.relative_to(bundle).as_posix()
    for name in ("manifest.json",):
        text = (bundle / name).read_text() if (bundle / name).is_file() else ""
        tree = json.loads(text or "{}")
        for gene in tree.get("expression", {}).get("genes", []):
            for chunk in gene["chunks"]:
                if chunk["path"] == key:
                    chunk["size_bytes"] = path.stat().st_size
        for asset in tree.get("asset_files", []):
            if asset["path"] == key:
                asset["size_bytes"] = path.stat().st_size
        if tree:
            (bundle / name).write_text(json.dumps(tree, indent=2 if name == "manifest.json" else None))
            relist(bundle, name)
    relist(bundle, key)
    return key


def test_one_other_value(bundle: Path, whole: tuple[Path, Path]) -> None:
    key = change_gene(bundle, 5)
    assert karospace_stream.verify(bundle), "without its source nobody can know"
    verified = karospace_stream.verify(bundle, source=whole[1])
    assert kinds(verified) == {key: "value"}
    # A sample of all but a few genes; the changed one is among them, or is not.
    n_genes = karospace_stream.open_source(whole[1]).catalog.n_genes
    some = karospace_stream.verify(bundle, source=whole[1], sample=n_genes // 2)
    chosen = np.random.default_rng(0).choice(n_genes, n_genes // 2, replace=False)
    assert 0 < some.n_compared < verified.n_compared
    if key.startswith("assets"):
        assert bool(some) == (5 not in chosen)


def test_another_compression_is_no_other_value(bundle: Path, whole: tuple[Path, Path]) -> None:
    path = next(iter([*bundle.glob("var/*.gz"), *bundle.glob("assets/expression/*.gz")]))
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()), 9, mtime=0))
    key = path.relative_to(bundle).as_posix()
    relist(bundle, key)
    found = kinds(karospace_stream.verify(bundle, source=whole[1]))
    assert "value" not in found.values(), found


def test_a_source_with_other_values(whole: tuple[Path, Path], tmp_path: Path) -> None:
    adata = anndata.read_h5ad(whole[1])
    column = int(np.flatnonzero(np.asarray(adata.X[3].todense()).ravel())[0])
    X = adata.X.tolil()
    X[3, column] += 1
    adata.X = X.tocsr()
    adata.uns.clear()
    adata.write_h5ad(tmp_path / whole[1].name)
    verified = karospace_stream.verify(whole[0], source=tmp_path / whole[1].name)
    changed = {key for key, kind in kinds(verified).items() if kind == "value"}
    assert any("expression/gene" in key or key.startswith("var/") for key in changed), changed
    genes = [key for key in changed if "expression/gene" in key or key.startswith("var/")]
    assert len(genes) == 1


@pytest.fixture
def http(whole: tuple[Path, Path]) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(whole[0])))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_over_http(http: str, whole: tuple[Path, Path]) -> None:
    verified = karospace_stream.verify(http, source=whole[1], sample=3)
    assert verified, verified.faults
    with pytest.raises(
        BadInputError, match=r"nowhere must be an export with a checksums\.json, but has none"
    ):
        karospace_stream.verify(f"{http}/nowhere")


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda path: path.unlink(), "must be an export with a checksums|does not exist"),
        (lambda path: path.write_text("[]"), "is damaged or of a later version"),
        (lambda path: path.write_text('{"version": 2, "algorithm": "crc32"}'), "later version: version 2"),
        (lambda path: path.write_bytes(b"\xff\0"), "is damaged or of a later version"),
    ],
)
def test_no_list(bundle: Path, spoil: Callable[[Path], None], sentence: str) -> None:
    spoil(bundle / "checksums.json")
    with pytest.raises(BadInputError, match=sentence):
        karospace_stream.verify(bundle)


def test_unknown_options(bundle: Path, whole: tuple[Path, Path]) -> None:
    listing = json.loads((bundle / "checksums.json").read_bytes())
    listing["options"]["genes"] = "__import__:os"
    listing["options"]["more"] = 1
    (bundle / "checksums.json").write_text(json.dumps(listing))
    assert karospace_stream.verify(bundle)
    with pytest.raises(BadInputError, match="options that this version does not know"):
        karospace_stream.verify(bundle, source=whole[1])


def test_sample_wants_a_source(bundle: Path, whole: tuple[Path, Path]) -> None:
    with pytest.raises(BadOptionError, match="sample needs source, the input to compare"):
        karospace_stream.verify(bundle, sample=3)
    with pytest.raises(BadOptionError, match="sample must be at least 1, got 0"):
        karospace_stream.verify(bundle, source=whole[1], sample=0)


@pytest.mark.few(1)
def test_the_command(bundle: Path, whole: tuple[Path, Path]) -> None:
    done = run("verify", bundle, "--source", whole[1], "--quiet", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["faults"] == []
    next(bundle.rglob("*.gz")).unlink()
    done = run("verify", bundle, "--quiet")
    assert done.returncode == 1
    assert "1 faults" not in done.stdout
    assert "is missing" in done.stdout
    assert run("verify", bundle / "nothing").returncode == BadInputError.exit_code
