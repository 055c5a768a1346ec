"""`generate_datasets_manifest`, and the command."""

from __future__ import annotations

import io
import json
import shutil
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest
import zarr

import karospace_stream
from karospace_stream import generate_datasets_manifest, prepare
from karospace_stream.cli import main
from karospace_stream.errors import BadInputError, BadOptionError, TargetError
from karospace_stream.runtime.events import Note
from tests.oracle.cellucid import datasets


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    """Two exports, the one of hostile name last by folder, and what is no export."""
    values = np.random.default_rng(0).random((20, 2), np.float32)
    for folder, name in (("x <b>", "</script>"), ("a", "the first")):
        prepare(
            values,
            pd.DataFrame({"n": range(20)}),
            X_umap_2d=values,
            out_dir=tmp_path / folder,
            dataset_name=name,
        )
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "dataset_identity.json").write_text("{")
    (tmp_path / "file.txt").write_text("")
    (tmp_path / ".hidden").mkdir()
    return tmp_path


def names(folder: Path) -> set[str]:
    return {entry.name for entry in folder.iterdir()}


def test_lists_what_is_whole_and_says_what_it_passes_over(exports: Path) -> None:
    heard: list[Any] = []
    before = names(exports)
    assert generate_datasets_manifest(exports, listener=heard.append) == exports / "datasets.json"
    assert names(exports) - before == {"datasets.json"}
    default, found = datasets(exports)
    assert default == "the_first"
    assert [export.identity["name"] for export in found] == ["the first", "</script>"]
    texts = [event.text for event in heard if isinstance(event, Note)]
    assert [text.split(" is skipped")[0] for text in texts] == ["broken", "empty"]


def test_another_default_replaces_the_list(exports: Path) -> None:
    with pytest.warns(UserWarning, match="skipped") as caught:
        generate_datasets_manifest(str(exports))
    assert [each.filename for each in caught] == [__file__] * 2
    shutil.rmtree(exports / "empty")
    shutil.rmtree(exports / "broken")
    generate_datasets_manifest(exports, default_dataset="script")
    assert datasets(exports)[0] == "script"


def test_what_is_refused(exports: Path) -> None:
    shutil.rmtree(exports / "broken")
    (exports / "empty").rename(exports / ".empty")
    generate_datasets_manifest(exports)
    before = (exports / "datasets.json").read_bytes()
    with pytest.raises(BadOptionError, match=r"'gone'.*'the_first', 'script'"):
        generate_datasets_manifest(exports, default_dataset="gone")
    with pytest.raises(BadOptionError, match="name of a file"):
        generate_datasets_manifest(exports, "../datasets.json")
    with pytest.raises(BadInputError, match="does not exist"):
        generate_datasets_manifest(exports / "nowhere")
    with pytest.raises(BadInputError, match="no export"):
        generate_datasets_manifest(exports / ".empty")
    with pytest.raises(TargetError, match="empty could not be written"):
        generate_datasets_manifest(exports, ".empty")
    values = np.ones((20, 1))
    prepare(
        values, pd.DataFrame(index=range(20)), X_umap_1d=values, out_dir=exports / "b", dataset_id="script"
    )
    with pytest.raises(BadInputError, match=r"'b' and 'x <b>' have the same id 'script'"):
        generate_datasets_manifest(exports)
    assert (exports / "datasets.json").read_bytes() == before
    assert not [name for name in names(exports) if name.endswith("partial")]


def run(*words: Any) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
        main(list(map(str, words)))
    assert isinstance(ended.value.code, int)
    return ended.value.code, out.getvalue(), err.getvalue()


def test_the_command(exports: Path) -> None:
    code, out, err = run("datasets", exports)
    assert code == 0
    assert out.endswith(f"{exports / 'datasets.json'} lists the Cellucid exports\n")
    assert "note: empty is skipped: it is not an export\n" in err
    code, out, _ = run("datasets", exports, "--default", "script", "--json")
    assert (code, {each["format"] for each in json.loads(out)}) == (0, {"cellucid"})
    assert json.loads((exports / "datasets.json").read_bytes())["default"] == "script"
    code, out, err = run("datasets", exports, "--default", "gone")
    assert (code, out) == (2, "")
    assert "error: No export has the id 'gone'" in err


def test_exports_of_every_format_are_listed(tmp_path: Path) -> None:
    cells = anndata.AnnData(
        np.ones((4, 3), np.float32), obsm={"X_umap": np.random.default_rng(0).random((4, 2))}
    )
    karospace_stream.export(cells, tmp_path / "a", name="The <first>")
    karospace_stream.export(cells, tmp_path / "b", format="cellucid", description="Of mice.")
    karospace_stream.export(cells, tmp_path / "c.zarr", format="anndata")
    (tmp_path / "d").mkdir()
    (tmp_path / "e").mkdir()
    (tmp_path / "e" / "atlas.json").write_text("[]")
    code, out, err = run("datasets", tmp_path, "--json")
    assert code == 0
    found = {each["folder"]: each for each in json.loads(out)}
    assert list(found) == ["a", "b", "c.zarr"]
    assert [each["format"] for each in found.values()] == ["karospace", "cellucid", "anndata"]
    assert [each["n_cells"] for each in found.values()] == [4, 4, 4]
    assert found["a"]["name"] == "The <first>"
    assert (found["a"]["page"], found["a"]["picture"]) == ("a/index.html", "a/preview.png")
    assert found["a"]["picture_y_up"] is True
    assert (found["b"]["description"], found["b"]["page"], found["b"]["picture"]) == ("Of mice.", None, None)
    assert "note: d is skipped: it is not an export" in err
    assert "note: e is skipped: e: its atlas.json or manifest.json is not valid" in err
    code, out, _ = run("datasets", tmp_path)
    assert "a: The <first> (karospace, 4 cells x 3 genes, page, picture)\n" in out
    assert run("datasets", tmp_path / "gone")[0] == 3


@pytest.mark.parametrize("format", ["karospace", "cellucid", "anndata"])
def test_what_is_said_of_an_export_is_listed(format: str, tmp_path: Path) -> None:
    points = np.random.default_rng(0).random((4, 2))
    cells = anndata.AnnData(np.ones((4, 3), np.float32), obsm={"X_umap": points})
    cells.uns |= {"title": "An atlas of mice", "description": "Of mice,\nold and young."}
    karospace_stream.export(cells, tmp_path / "given", format=format, name="mice")
    karospace_stream.export(
        cells, tmp_path / "own", format=format, name="mice-2", title="Mine", description="My own."
    )
    code, out, _ = run("datasets", tmp_path, "--json")
    assert code == 0
    given, own = json.loads(out)
    assert (own["name"], own["title"], own["description"]) == ("mice-2", "Mine", "My own.")
    assert (given["name"], given["title"]) == ("mice", "mice")  # a name that was given is the title too
    assert given["description"].split() == ["Of", "mice,", "old", "and", "young."]
    _, out, _ = run("datasets", tmp_path)
    assert ": Of mice, old and young.\n" in out


@pytest.mark.filterwarnings("ignore:Consolidated metadata")
@pytest.mark.parametrize("zarr_format", [2, 3])
@pytest.mark.parametrize("packed", [True, False])
def test_texts_of_other_stores(zarr_format: int, packed: bool, tmp_path: Path) -> None:
    """As anndata writes them, with compressions that ours do not have; a damaged one says nothing."""
    points = np.random.default_rng(0).random((4, 2))
    cells = anndata.AnnData(np.ones((4, 3), np.float32), obsm={"X_umap": points})
    store = tmp_path / "mice.zarr"
    karospace_stream.export(cells, store, format="anndata", zarr_format=zarr_format)
    shutil.rmtree(store / "uns")
    (store / "checksums.json").unlink()  # zarr warns of it
    root = zarr.open_group(store, mode="r+", use_consolidated=False)
    compressors = {"compressors": "auto"} if packed else {"compressors": None}
    anndata.io.write_elem(root, "uns", {"title": "Mice", "description": "Old."}, dataset_kwargs=compressors)
    zarr.consolidate_metadata(store)
    (found,) = json.loads(run("datasets", tmp_path, "--json")[1])
    assert (found["name"], found["title"], found["description"]) == ("Mice", "Mice", "Old.")
    chunk = store / "uns" / "title" / ("0" if zarr_format == 2 else "c")
    chunk.write_bytes(b"\x01" * 40)
    (found,) = json.loads(run("datasets", tmp_path, "--json")[1])
    assert (found["name"], found["title"], found["description"]) == ("mice", "mice", "Old.")
