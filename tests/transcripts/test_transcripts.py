"""Transcripts in a bundle: each is there once, upper nodes are a fair sample, and bytes are the same."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import karospace_stream
from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.formats.karospace.tissue.transcripts import blocks, part, write
from tests.made.tenx_folders import write_xenium
from tests.made.transcripts import make_transcripts, places, write_xenium_transcripts
from tests.transcripts.reading import BundleTranscripts

N = 30_000


@pytest.fixture(scope="module")
def made() -> pd.DataFrame:
    return make_transcripts(N)


@pytest.fixture
def cells(tmp_path: Path, made: pd.DataFrame) -> Path:
    found = anndata.AnnData(np.eye(50, 3, dtype=np.float32))
    found.var_names = ["Gene1", "Gene2", "Gene3"]
    found.obsm["spatial"] = made[["x", "y"]].to_numpy()[:50]
    found.write_h5ad(tmp_path / "cells.h5ad")
    return tmp_path / "cells.h5ad"


def export(source: Path, target: Path, **options: Any) -> BundleTranscripts:
    karospace_stream.export(
        source, target, scheduler=options.pop("scheduler", "sync"), preview=False, group_by="none", **options
    )
    return BundleTranscripts.of(target)


def check_places(found: BundleTranscripts, kept: pd.DataFrame) -> None:
    """Every transcript is in one node, within the steps of that node, and no node is too large."""
    assert found.entry["n"] == len(kept)
    assert found.genes["name"] == ["Gene1", "Gene2", "Gene3", "Gene10", "NegControlProbe_00001"]
    for gene, n in zip(found.genes["name"], found.genes["n"], strict=True):
        expected, nodes = places(kept, gene), found.nodes(gene)
        assert n == len(expected) == sum(node["n"] for node in nodes)
        assert max(node["n"] for node in nodes) <= 8192
        assert nodes == sorted(nodes, key=lambda node: (node["depth"], node["row"], node["column"]))
        drawn = found.all_points(gene)
        drawn = drawn[np.argsort(drawn[:, 0])]
        step = found.side / 65535
        np.testing.assert_allclose(drawn[:, 0], expected[:, 0], rtol=0, atol=step)
        np.testing.assert_allclose(np.sort(drawn[:, 1]), np.sort(expected[:, 1]), rtol=0, atol=step)


def digests(folder: Path) -> dict[str, str]:
    inside = (folder / "assets" / "transcripts").iterdir()
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in inside}


def write_csv(path: Path, made: pd.DataFrame, names: tuple[str, str, str], **options: Any) -> None:
    made.rename(columns=dict(zip(("x", "y", "gene"), names, strict=True))).to_csv(
        path, index=False, **options
    )


def write_parts(path: Path, made: pd.DataFrame) -> None:
    path.mkdir()
    for number in range(3):
        pq.write_table(pa.Table.from_pandas(made[number::3]), path / f"part.{number}.parquet")


SOURCES: dict[str, Callable[[Path, pd.DataFrame], None]] = {
    "xenium.parquet": lambda path, made: write_xenium_transcripts(path, made, as_bytes=False),
    "old_xenium.parquet": lambda path, made: write_xenium_transcripts(path, made, as_bytes=True),
    "detected_transcripts.csv": lambda path, made: write_csv(path, made, ("global_x", "global_y", "gene")),
    "cosmx.csv.gz": lambda path, made: write_csv(path, made, ("x_global_px", "y_global_px", "target")),
    "tabs.tsv": lambda path, made: write_csv(path, made, ("x", "y", "gene"), sep="\t"),
    "parts": write_parts,
}


@pytest.mark.parametrize("name", SOURCES)
def test_every_table_is_read(cells: Path, tmp_path: Path, made: pd.DataFrame, name: str) -> None:
    SOURCES[name](tmp_path / name, made)
    found = export(cells, tmp_path / "bundle", transcripts=tmp_path / name)
    check_places(found, made[made["qv"] >= 20])
    assert found.genes["gene"] == [0, 1, 2, -1, -1]


def test_columns_of_any_name(cells: Path, tmp_path: Path, made: pd.DataFrame) -> None:
    write_csv(tmp_path / "odd.csv", made, ("a", "b", "c"))
    found = export(cells, tmp_path / "bundle", transcripts=tmp_path / "odd.csv", transcript_columns="a,b,c")
    check_places(found, made[made["qv"] >= 20])
    with pytest.raises(BadInputError, match=r"no column is known to hold x and y.*transcript_columns="):
        karospace_stream.plan_export(cells, transcripts=tmp_path / "odd.csv")
    with pytest.raises(BadOptionError, match="'d'"):
        karospace_stream.plan_export(cells, transcripts=tmp_path / "odd.csv", transcript_columns="a,d,c")


def test_those_of_a_xenium_folder(tmp_path: Path) -> None:
    source = write_xenium(tmp_path / "output", n_cells=60).path
    write_xenium_transcripts(source / "transcripts.parquet", make_transcripts(3000), as_bytes=True)
    codes = [each.code for each in karospace_stream.plan_export(source).findings]
    assert "transcripts-left-out" in codes
    assert "transcripts-left-out" not in [
        each.code for each in karospace_stream.plan_export(source, transcripts="none").findings
    ]
    found = export(source, tmp_path / "bundle", transcripts="own")
    kept = make_transcripts(3000)
    check_places(found, kept[kept["qv"] >= 20])
    karospace_stream.verify(tmp_path / "bundle", source=source)


def small_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Genes that would fit are divided by space, in many blocks."""
    monkeypatch.setattr(blocks, "BLOCK_ROWS", 5_000)
    monkeypatch.setattr(write, "LIMIT", 4_000)
    monkeypatch.setattr(part, "_PIECE_ROWS", 20_000)


def test_bytes_depend_on_no_cut(
    cells: Path, tmp_path: Path, made: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Workers, blocks, the order of rows, and what fits into memory make no difference."""
    write_xenium_transcripts(tmp_path / "a.parquet", made, as_bytes=False)
    export(cells, tmp_path / "one", transcripts=tmp_path / "a.parquet")
    small_memory(monkeypatch)
    write_csv(tmp_path / "b.csv", made.sample(frac=1, random_state=1), ("x", "y", "gene"))
    found = export(cells, tmp_path / "other", transcripts=tmp_path / "b.csv", scheduler="threads", workers=3)
    assert digests(tmp_path / "one") == digests(tmp_path / "other")
    check_places(found, made[made["qv"] >= 20])


def test_the_upper_nodes_are_a_fair_sample(cells: Path, tmp_path: Path, made: pd.DataFrame) -> None:
    write_csv(tmp_path / "a.csv", made, ("x", "y", "gene"))
    found = export(cells, tmp_path / "bundle", transcripts=tmp_path / "a.csv")
    (root,) = (node for node in found.nodes("Gene1") if node["depth"] == 0)
    assert root["n"] == 8192
    expected = places(made[made["qv"] >= 20], "Gene1")
    edges = np.quantile(expected[:, 0], np.linspace(0, 1, 11))
    edges[0], edges[-1] = -1, 1001
    counts = np.histogram(found.points(root)[:, 0], edges)[0]
    # Five standard deviations of what chance does.
    assert np.abs(counts - 819.2).max() < 5 * np.sqrt(819.2)


def test_thousands_at_one_place(cells: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small_memory(monkeypatch)
    same = pd.DataFrame({"x": [3.0] * 10_000 + [0.0, 900.0], "y": 5.0, "gene": "Gene1", "qv": 30})
    same.to_csv(tmp_path / "a.csv", index=False)
    found = export(cells, tmp_path / "bundle", transcripts=tmp_path / "a.csv")
    drawn: npt.NDArray[np.float64] = found.all_points("Gene1")
    assert len(drawn) == 10_002
    assert np.count_nonzero(np.abs(drawn[:, 0] - 3) < 0.1) == 10_000


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", b"x,y,gene\n1,2,A\n3,far,B\n", "a.csv is damaged"),
        ("a.csv", b"x,y,gene\n", "has no transcript with coordinates"),
        ("a.parquet", b"PAR1 and nothing else", "is no Parquet file, or is damaged"),
    ],
    ids=["text", "empty", "cut"],
)
def test_damage_is_said(cells: Path, tmp_path: Path, name: str, content: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadInputError, match=words):
        export(cells, tmp_path / "bundle", transcripts=tmp_path / name)
    assert not (tmp_path / "bundle").exists()


def test_a_killed_export_goes_on(
    cells: Path, tmp_path: Path, made: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_csv(tmp_path / "a.csv", made, ("x", "y", "gene"))
    export(cells, tmp_path / "whole", transcripts=tmp_path / "a.csv")
    with monkeypatch.context() as patched:

        def fail(*arguments: Any) -> None:
            raise KeyboardInterrupt

        patched.setattr(write._Packs, "finish", fail)
        with pytest.raises(KeyboardInterrupt):
            export(cells, tmp_path / "cut", transcripts=tmp_path / "a.csv", resume=True)

    def read_again(*arguments: Any) -> None:
        raise AssertionError("the table was read before")

    monkeypatch.setattr("karospace_stream.inputs.transcripts.text.TextTranscripts.read", read_again)
    export(cells, tmp_path / "cut", transcripts=tmp_path / "a.csv", resume=True)
    assert digests(tmp_path / "whole") == digests(tmp_path / "cut")


def test_transcripts_without_a_place_or_a_gene(cells: Path, tmp_path: Path, made: pd.DataFrame) -> None:
    odd = made[:9].assign(x=[np.nan, np.inf, -np.inf, 1e300, 5, 5, -5, 5, 5])
    odd["gene"] = pd.Categorical([*["Gene1"] * 4, None, "", "Gene1", "absent", "Gene1"])
    odd["qv"] = [*[40.0] * 8, np.nan]  # what has no quality is no poor one
    odd.to_parquet(tmp_path / "a.parquet")
    found = export(cells, tmp_path / "bundle", transcripts=tmp_path / "a.parquet")
    genes = zip(found.genes["name"], found.genes["n"], found.genes["gene"], strict=True)
    assert list(genes) == [("absent", 1, -1), ("Gene1", 2, 0)]
    assert sorted(found.all_points("Gene1")[:, 0].round(2)) == [-5, 5]


@pytest.mark.parametrize("name", ["a.csv", "a.parquet"])
def test_columns_of_another_kind(cells: Path, tmp_path: Path, made: pd.DataFrame, name: str) -> None:
    table, path = made[:50].assign(spare=1.5, other="word"), tmp_path / name
    table.to_csv(path, index=False) if name == "a.csv" else table.to_parquet(path)
    with pytest.raises(
        BadOptionError, match=r"transcript_columns: .*'gene' cannot be x .*numbers; .*'x', 'y'"
    ):
        karospace_stream.plan_export(cells, transcripts=path, transcript_columns="gene,x,y")
    if name == "a.parquet":  # in a text, numbers may be names
        with pytest.raises(BadOptionError, match=r"'y' cannot be the gene .*names; .*'gene', 'other'"):
            karospace_stream.plan_export(cells, transcripts=path, transcript_columns="x,y,y")
    table.assign(x="far").to_csv(tmp_path / "words.csv", index=False)
    with pytest.raises(BadInputError, match=r"'x' cannot be x .*name three with transcript_columns="):
        karospace_stream.plan_export(cells, transcripts=tmp_path / "words.csv")


def test_what_makes_no_sense_is_refused(cells: Path, tmp_path: Path, made: pd.DataFrame) -> None:
    write_csv(tmp_path / "a.csv", made[:50], ("x", "y", "gene"))
    with pytest.raises(BadOptionError, match=r'transcripts="own".* has no transcripts'):
        karospace_stream.plan_export(cells, transcripts="own")
    with pytest.raises(BadOptionError, match=r"max_asset_mb=.* at least 1"):
        karospace_stream.plan_export(cells, transcripts=tmp_path / "a.csv", max_asset_mb=0.5)
    with pytest.raises(BadOptionError, match=r"transcripts= must be own, none, or the path"):
        karospace_stream.plan_export(cells, transcripts="")
    with pytest.raises(BadInputError, match="does not exist"):
        karospace_stream.plan_export(cells, transcripts=tmp_path / "none.csv")


@pytest.mark.parametrize("name", ["none.csv", "none.parquet"])
def test_a_missing_file_is_said_before_a_missing_package(
    cells: Path, tmp_path: Path, made: pd.DataFrame, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_csv(tmp_path / "a.csv", made[:50], ("x", "y", "gene"))
    for module in ("pyarrow", "pyarrow.csv", "pyarrow.parquet"):
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(BadInputError, match="does not exist"):
        karospace_stream.plan_export(cells, transcripts=tmp_path / name)
    with pytest.raises(BadOptionError, match="needs pyarrow"):
        karospace_stream.plan_export(cells, transcripts=tmp_path / "a.csv")
