"""The one list of what the program noticed: spelled in every interface, and every code documented."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pytest

import karospace_stream
from karospace_stream.formats.options import declared_options, option_named
from karospace_stream.model.finding import Finding, Value
from karospace_stream.options.spelling import as_flags, as_keyword
from karospace_stream.words.words import TERMINAL

ROOT = Path(__file__).parents[2]


def constants(node: ast.expr) -> Iterator[str]:
    """All texts that an expression may be."""
    if isinstance(node, ast.IfExp):
        yield from constants(node.body)
        yield from constants(node.orelse)
    else:
        assert isinstance(node, ast.Constant), f"a code must be a constant: {ast.unparse(node)}"
        yield node.value


def findings_in_code() -> Iterator[ast.Call]:
    for path in (ROOT / "karospace_stream").rglob("*.py"):
        if "doctor" in path.parts:  # which finds something else
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Finding" and node.args:
                yield node


def test_the_documentation_lists_exactly_the_codes_of_the_program() -> None:
    codes = {code for call in findings_in_code() for code in constants(call.args[0])}
    text = (ROOT / "docs" / "reference" / "findings.md").read_text("utf-8").partition("## About the file")[2]
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    assert sorted(re.findall(r"`([a-z-]+)`", " ".join(rows))) == sorted(codes)


def test_every_option_that_a_finding_names_is_one() -> None:
    options = (arg for call in findings_in_code() for arg in call.args[2:3])
    named = {option.value for option in options if isinstance(option, ast.Constant)}
    assert "downsample" in named
    assert named <= {"", *(each.name for each in declared_options())}


@pytest.mark.parametrize(
    ("name", "value", "flags", "keyword"),
    [
        ("layer", "counts", "--layer counts", 'layer="counts"'),
        ("layer", 'my "own" layer', "--layer 'my \"own\" layer'", "layer='my \"own\" layer'"),
        ("layer", "-x", "--layer=-x", 'layer="-x"'),
        ("raw", True, "--raw", "raw=True"),
        ("image", False, "--no-image", "image=False"),
        ("image", None, "--image [SECTION=]PATH", "image=..."),
        ("downsample", 2_000, "--downsample 2000", "downsample=2000"),
        ("anno", ("a", "b c"), "--anno a --anno 'b c'", 'anno=["a", "b c"]'),
    ],
)
def test_a_change_is_spelled_for_terminals_and_python(
    name: str, value: Value, flags: str, keyword: str
) -> None:
    option = option_named(name)
    assert option is not None
    assert (as_flags(option, value), as_keyword(option, value)) == (flags, keyword)


def test_a_sentence_has_its_flag() -> None:
    changed = TERMINAL.finding(Finding("x", "X holds counts", "layer", "log"))
    assert changed == "X holds counts (to change: --layer log)"
    assert TERMINAL.finding(Finding("x", "X holds counts")) == "X holds counts"


def test_fewer_cells_than_requested_are_noticed() -> None:
    adata: Any = anndata.AnnData(np.ones((3, 2), np.float32), obsm={"X_umap": np.ones((3, 2))})
    for downsample, codes in ((4, ["fewer-cells"]), (3, []), (None, [])):
        plan = karospace_stream.plan_export(adata, downsample=downsample)
        assert [each.code for each in plan.findings if each.code == "fewer-cells"] == codes
    assert plan.selection.n_cells == 3


def test_plan_and_report_have_one_list(tmp_path: Path) -> None:
    adata: Any = anndata.AnnData(np.array([[1.5, np.nan], [0, 2.5]], np.float32))
    adata.obs["kind"] = ["a", "b"]
    adata.obsm["X_umap"] = np.ones((2, 2))
    plan = karospace_stream.plan_export(adata, genes="top_mean:9")
    (fewer,) = (each for each in plan.findings if each.code == "fewer-genes")
    assert (fewer.option, fewer.value) == ("genes", None)
    made = json.loads(json.dumps(plan.to_json()))
    assert {"code": "fewer-genes", "text": fewer.text, "option": "genes", "value": None} in made["findings"]
    assert not {"notes", "warnings"} & set(made)
    report = karospace_stream.export(adata, tmp_path / "bundle", genes="top_mean:9")
    assert report.findings[: len(plan.findings)] == plan.findings
    assert report.findings[-1].code == "nan-as-zero"
    assert report.notes == tuple(each.text for each in report.findings)
    stored = json.loads((tmp_path / "bundle" / "report.json").read_bytes())
    assert stored["findings"] == json.loads(json.dumps(report.to_json()))["findings"]
