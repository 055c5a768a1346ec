"""Findings about output that a browser or a host will struggle with."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

import karospace_stream
from karospace_stream.model.size import Size
from karospace_stream.plan.noticed.browser import large_output
from karospace_stream.testing.synth import write_synthetic

_SMALL = Size(10, 12)


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("large") / "in.h5ad"
    write_synthetic(path, n_cells=40, n_genes=5)
    return karospace_stream.plan_export(path)


def noticed(plan: Any, n_cells: int, n_objects: int = 10, output: Size = _SMALL) -> list[Any]:
    selection = replace(plan.selection, n_cells=n_cells)
    cost: Any = SimpleNamespace(n_objects=n_objects, output=output)
    return list(large_output(plan.source, (replace(plan.formats[0], selection=selection),), None, cost))


def test_nothing_is_said_of_usual_output(plan: Any) -> None:
    assert not noticed(plan, 40)
    assert not noticed(plan, 40, 10, Size(40e9, 60e9))  # less than 50 GB in the middle


@pytest.mark.parametrize(
    ("given", "code", "words"),
    [
        ((3_000_000,), "many-cells", "graphics card"),
        ((20_000_000,), "many-cells", "more than most browsers can draw"),
        ((40, 200_000), "many-files", "200,000 files"),
        ((40, 10, Size(46e9, 80e9)), "large-output", "about 46 to 80 GB will be written"),
    ],
)
def test_large_output_is_noticed(plan: Any, given: tuple[Any, ...], code: str, words: str) -> None:
    (found,) = noticed(plan, *given)
    assert found.code == code
    assert words in found.text
    assert found.value == (2_000_000 if code == "many-cells" else None)
