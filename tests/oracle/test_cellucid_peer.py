"""The whole of `prepare` beside cellucid 0.0.9: the same files, warnings, errors; or refused on purpose."""

from __future__ import annotations

import json
import shutil
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from karospace_stream import generate_datasets_manifest, prepare
from karospace_stream.errors import KaroSpaceError
from tests.formats.cellucid import cases as format_cases
from tests.oracle.cellucid import CellucidExport
from tests.oracle.others import ROOT, made_once
from tests.oracle.peer import cases as peer_cases
from tests.oracle.peer import drawn, real
from tests.oracle.peer.compare import assert_same_export, contents

DATA = ROOT.parent / "shared" / "data"
PEER = "cellucid 0.0.9"
CASES = format_cases.CASES | peer_cases.CASES
BITS, LEVELS = format_cases.BITS, format_cases.LEVELS

# Always run: tests/formats/cellucid, which reads such exports with a decoder of its own.
pytestmark = pytest.mark.big


class Peer:
    """What the old program made of every case, and said."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.outcomes: dict[str, Any] = json.loads((folder / "outcomes.json").read_text(encoding="utf-8"))

    def raised(self, name: str) -> str | None:
        return self.outcomes[name]["raised"]

    def warnings(self, name: str) -> list[str]:
        return [line.strip() for line in self.outcomes[name]["said"].splitlines() if "⚠" in line]


@pytest.fixture(scope="session")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Peer:
    """One run of the old program over all cases, whatever the number of test processes."""
    here = ROOT / "tests/oracle/peer"
    own = (here / f"{name}.py" for name in ("cases", "real", "drawn"))
    words = [DATA, ROOT / "tests/formats/cellucid/cases.py", *own]
    return Peer(made_once(tmp_path_factory, "cellucid-peer", PEER, here / "run.py", lambda _: words))


def ours(folder: Path, arguments: dict[str, Any]) -> list[str]:
    """Export, and give what it warned of."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        prepare(out_dir=folder, **arguments)
    return [str(each.message) for each in caught if each.category is UserWarning]


def given(name: str) -> dict[str, Any]:
    """The arguments of one variant, made anew: the old program changes its input."""
    case, *numbers = name.split("-")
    level, bits = (None if text == "None" else int(text) for text in numbers)
    return CASES[case]() | {
        "compression": level,
        "var_quantization": bits,
        "obs_continuous_quantization": bits,
    }


@pytest.mark.parametrize("bits", BITS)
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("case", CASES)
def test_the_same_files(peer: Peer, tmp_path: Path, case: str, level: int | None, bits: int | None) -> None:
    name = f"{case}-{level}-{bits}"
    assert peer.raised(name) is None
    ours(tmp_path / name, given(name))
    assert_same_export(tmp_path / name, peer.folder / name)


@pytest.mark.parametrize("case", format_cases.CASES)
def test_the_decoder_of_our_tests_reads_what_the_peer_writes(peer: Peer, case: str) -> None:
    for name in format_cases.variants(case):
        assert CellucidExport(peer.folder / name, ours=False).obs


@pytest.mark.parametrize("name", real.NAMES)
def test_the_same_files_of_real_data(peer: Peer, tmp_path: Path, name: str) -> None:
    """Ours from the file, with its matrix left there."""
    if not DATA.is_dir():
        pytest.skip(f"the shared data are not at {DATA}")
    assert peer.raised(f"real/{name}") is None
    ours(tmp_path / name, real.arguments(DATA / f"{name}.h5ad", backed=True))
    assert_same_export(tmp_path / name, peer.folder / "real" / name)


@pytest.mark.parametrize("first", range(0, len(drawn.SEEDS), 10))
def test_the_same_files_of_what_is_drawn(peer: Peer, tmp_path: Path, first: int) -> None:
    for seed in drawn.SEEDS[first : first + 10]:
        assert peer.raised(f"drawn/{seed}") is None
        ours(tmp_path / str(seed), drawn.drawn(seed))
        assert_same_export(tmp_path / str(seed), peer.folder / "drawn" / str(seed))


#: What the old program prints of which variant, and what ours warns of.
WARNED = [
    (
        "everything-6-None",
        "Skipping vector field 'pca_drift' 1D",
        "the vector field 'pca_drift_1d' is left out",
    ),
    ("next_to_nothing-6-8", "Skipping vector field 'drift_umap' 2D", "the vector field 'drift_umap' is left"),
    ("hostile_values-6-None", "1 gene identifiers not found in var: ['gone']", "left out: 'gone'"),
    ("hostile_values-6-8", "2 genes contain NaN values", "3 genes hold"),
    ("hostile_values-6-8", "1 genes contain Inf values", "3 genes hold"),
    ("hostile_values-6-16", "1 genes have NO valid values", "written as the code 65,535"),
    ("hostile_values-6-8", "obs continuous 'inf': 71 Inf values", "4 columns hold"),
    ("kinds_of_columns-6-8", "obs continuous 'big': 48 Inf values", "columns hold"),
]
#: What ours says of the data where the old program has nothing to say.
NOTICED = {
    "many_categories-6-8": ["1 obs column holds a single value: one"],
    "several_tiles-6-16": [],
    "kinds_of_columns-6-None": [
        "X holds scaled values, -100 to 100 in 9 genes: they do not tell which cells express a gene",
        "2 obs columns hold a single value: periods, always",
    ],
    "chosen-6-8": [],
}


@pytest.mark.parametrize(("name", "theirs", "mine"), WARNED)
def test_the_same_warnings(peer: Peer, tmp_path: Path, name: str, theirs: str, mine: str) -> None:
    assert [line for line in peer.warnings(name) if theirs in line]
    assert [line for line in ours(tmp_path / name, given(name)) if mine in line]


@pytest.mark.parametrize("name", NOTICED)
def test_no_warning_where_there_is_none(peer: Peer, tmp_path: Path, name: str) -> None:
    """But for outlier quantiles, of which only the old program warns as if they were a column."""
    assert [line for line in peer.warnings(name) if "outlier quantiles" not in line] == []
    assert ours(tmp_path / name, given(name)) == NOTICED[name]


@pytest.mark.parametrize("name", peer_cases.wrong())
def test_errors_of_both(peer: Peer, tmp_path: Path, name: str) -> None:
    assert peer.raised(f"wrong/{name}") is not None
    with pytest.raises(KaroSpaceError):
        prepare(out_dir=tmp_path / "export", **peer_cases.wrong()[name])
    assert list(tmp_path.iterdir()) == []
    assert (peer.folder / "wrong" / name).is_dir(), "the old program leaves what it began"


@pytest.mark.parametrize("name", peer_cases.dubious())
def test_refused_where_the_peer_writes_something_wrong(peer: Peer, tmp_path: Path, name: str) -> None:
    assert peer.raised(f"dubious/{name}") is None
    with pytest.raises(KaroSpaceError):
        prepare(out_dir=tmp_path / "export", **peer_cases.dubious()[name])
    assert list(tmp_path.iterdir()) == []


def test_the_peer_overwrites_what_collides(peer: Peer) -> None:
    """Why ours refuses: two columns in the manifest, one file; the values of the first are gone."""
    found = contents(peer.folder / "dubious" / "columns of one file")
    assert len(json.loads(found["obs_manifest.json"])["_continuousFields"]) == 2
    assert [key for key in found if key.startswith("obs/")] == ["obs/a_b.values.f32"]
    assert set(found["obs/a_b.values.f32"]) == set(np.ones(1, "<f4").tobytes())


def test_an_older_export_is_replaced_as_a_whole_or_not_at_all(peer: Peer, tmp_path: Path) -> None:
    """The old program mixes two exports, with ``force`` too: columns and a graph that nobody asked for."""
    mixed = contents(peer.folder / "twice")
    assert json.loads(mixed["dataset_identity.json"])["stats"]["has_connectivity"] is False
    assert {"connectivity_manifest.json", "var_manifest.json", "obs/type.codes.u8"} <= set(mixed)

    fewer = {**peer_cases.small(), "obs_keys": ["depth"], "connectivities": None, "gene_expression": None}
    prepare(out_dir=tmp_path / "export", **peer_cases.small())
    before = contents(tmp_path / "export")
    with pytest.raises(KaroSpaceError, match="force=True"):
        prepare(out_dir=tmp_path / "export", **fewer)
    assert contents(tmp_path / "export") == before
    prepare(out_dir=tmp_path / "export", **fewer, force=True)
    assert set(contents(tmp_path / "export")) == {
        "checksums.json",
        "dataset_identity.json",
        "obs_manifest.json",
        "obs/depth.values.f32",
        "points_2d.bin",
        "vectors/velocity_umap_2d.bin",
    }


@pytest.mark.parametrize(("file", "default"), [("datasets.json", None), ("other.json", "b")])
def test_the_same_list_of_exports(peer: Peer, tmp_path: Path, file: str, default: str | None) -> None:
    shutil.copytree(peer.folder / "several", tmp_path / "several")
    written = generate_datasets_manifest(tmp_path / "several", file, default)
    assert written == tmp_path / "several" / file
    assert json.loads(written.read_text()) == json.loads((peer.folder / "several" / file).read_text())
