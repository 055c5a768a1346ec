"""The Python side of a shown viewer, without a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest

import karospace_stream
from karospace_stream.errors import BadOptionError, KaroSpaceError
from karospace_stream.notebook.environment import find_environment
from karospace_stream.notebook.frame import Frame


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "atlas.json").write_text("{}")
    return tmp_path


@pytest.fixture
def view(folder: Path) -> Iterator[Any]:
    pytest.importorskip("anywidget", reason="anywidget, of the extra jupyter, is not installed")
    view = karospace_stream.show(folder, height=321)
    yield view
    view.close()


def select(view: Any, cells: list[int]) -> None:
    """As the front end sends it."""
    data = memoryview(np.asarray(cells, dtype="<u4").tobytes())
    view._handle_custom_msg({"type": "selection"}, [data])


def test_the_selection_is_a_copy_and_is_told_once_a_change(view: Any) -> None:
    heard: list[list[int]] = []
    end = view.on_selection(lambda cells: heard.append(cells.tolist()))
    assert view.selection.dtype == np.int64
    assert view.selection.tolist() == []
    select(view, [])
    select(view, [3, 5, 4_000_000_000])
    select(view, [3, 5, 4_000_000_000])
    view.selection[0] = 9
    assert view.selection.tolist() == [3, 5, 4_000_000_000]
    assert view.selection.dtype == np.int64
    end()
    end()  # a second time is no error
    select(view, [1])
    assert heard == [[3, 5, 4_000_000_000]]
    assert view.selection.tolist() == [1]


def send_groups(view: Any, n_cells: Any, groups: dict[str, list[int]]) -> None:
    """As the front end sends them."""
    data = [memoryview(np.asarray(cells, dtype="<u4").tobytes()) for cells in groups.values()]
    view._handle_custom_msg({"type": "groups", "names": [*groups], "n_cells": n_cells}, data)


def test_groups_are_a_column_of_obs(view: Any) -> None:
    with pytest.raises(KaroSpaceError, match="once the page is open"):
        _ = view.groups
    send_groups(view, 4, {})
    assert view.groups.isna().tolist() == [True] * 4
    send_groups(view, 5, {"left": [0, 1], "<b>": [1, 4]})
    groups = view.groups
    assert groups.cat.categories.tolist() == ["left", "<b>"]
    assert groups.astype(object).where(groups.notna(), None).tolist() == ["left", "<b>", None, None, "<b>"]
    assert {name: cells.tolist() for name, cells in view.group_cells.items()} == {
        "left": [0, 1],
        "<b>": [1, 4],
    }
    obs = pd.DataFrame(index=list("abcde"))
    obs["group"] = groups.array
    assert obs["group"].isna().tolist() == [False, False, True, True, False]
    # Other messages change nothing: a cell that does not exist, no number of cells, a list that is too short.
    send_groups(view, 3, {"x": [3]})
    send_groups(view, "3", {"x": [1]})
    view._handle_custom_msg({"type": "groups", "names": ["x"], "n_cells": 9}, [])
    assert len(view.groups) == 5
    assert view.selection.tolist() == []


@pytest.mark.parametrize(
    ("content", "buffers"),
    [
        ("selection", []),
        ({"type": "selection"}, []),
        ({"type": "other"}, [memoryview(b"\0" * 4)]),
        ({}, []),
        (None, [memoryview(b"")]),
    ],
)
def test_other_messages_are_nothing(view: Any, content: Any, buffers: list[Any]) -> None:
    select(view, [7])
    view._handle_custom_msg(content, buffers)
    assert view.selection.tolist() == [7]


def test_the_same_colour_can_be_asked_for_twice(view: Any) -> None:
    sent: list[dict[str, Any]] = []
    view.observe(lambda change: sent.append(change["new"]["asked"]), "_colour")
    view.color_by("cell_type")
    view.color_by("cell_type")
    view.color_by(gene="<b>")
    assert sent == [{"column": "cell_type"}, {"column": "cell_type"}, {"gene": "<b>"}]
    for wrong in ({}, {"column": "a", "gene": "b"}):
        with pytest.raises(BadOptionError, match="give either a column or gene=NAME"):
            view.color_by(**wrong)


def test_the_server_is_its_own_and_stops_with_the_view(view: Any, folder: Path) -> None:
    other = karospace_stream.show(folder)
    assert other.url != view.url
    assert other.server.path != view.server.path
    other.close()
    with karospace_stream.serve(folder, port=other.server.port) as again:
        assert again.port == other.server.port


def test_a_notebook_without_its_kernel_says_what_was_there(view: Any) -> None:
    data, _ = view._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert "run the cell again" in data["text/html"]
    assert view.server.path not in data["text/html"]  # its token is nobody's business in a saved file
    assert repr(view) == data["text/plain"] == f"View of {view.url}"


@pytest.mark.parametrize("height", [0, -1, "600", 1.5, True])
def test_a_height_that_is_none_is_refused(folder: Path, height: Any) -> None:
    with pytest.raises(BadOptionError, match="height must be"):
        karospace_stream.show(folder, height=height)


def test_a_plain_frame_says_what_it_cannot_do(folder: Path) -> None:
    with karospace_stream.serve(folder, port=0, token="t0ken") as server:
        frame = Frame(server, find_environment({}, False), 600)
        assert "pip install 'karospace-stream[jupyter]'" in frame.note
        assert frame.url == server.url
        for ask in (
            lambda: frame.selection,
            lambda: frame.groups,
            lambda: frame.group_cells,
            lambda: frame.color_by("a"),
            lambda: frame.on_selection(print),
        ):
            with pytest.raises(KaroSpaceError, match="without anywidget"):
                ask()


def test_what_is_shown_otherwise_than_asked_for_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KAROSPACE_CACHE", str(tmp_path / "cache"))
    path = tmp_path / "cells.h5ad"
    coords = {"X_umap": np.zeros((9, 2), np.float32)}
    anndata.AnnData(obs=pd.DataFrame(index=[f"cell{row}" for row in range(9)]), obsm=coords).write_h5ad(path)
    for _ in range(2):  # exported, and from the cache
        view = karospace_stream.show(path)
        view.server.complete()
        view.close()
        printed = capsys.readouterr().out
        assert "note: " in printed
        assert f"{path} has no X: only columns and coordinates are shown" in printed
