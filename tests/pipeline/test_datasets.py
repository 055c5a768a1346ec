"""`generate_datasets_manifest`, and the command."""

from __future__ import annotations

import io
import json
import shutil
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

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
    assert [text.split(" is passed over")[0] for text in texts] == ["broken", "empty"]


def test_another_default_replaces_the_list(exports: Path) -> None:
    with pytest.warns(UserWarning, match="passed over") as caught:
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
    with pytest.raises(BadInputError, match="there is none"):
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
    assert (code, out) == (0, f"{exports / 'datasets.json'}\n")
    assert "note: empty is passed over: there is no dataset_identity.json in it\n" in err
    code, out, _ = run("datasets", exports, "--default", "script", "--json")
    assert (code, json.loads(out)["default"]) == (0, "script")
    code, out, err = run("datasets", exports, "--default", "gone")
    assert (code, out) == (2, "")
    assert "error: No export has the id 'gone'" in err
