"""The live plan: what an export takes, and what stands against it, before it is run."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import karospace_stream
from tests.app.client import Client


def test_the_plan_is_that_of_the_command(
    client: Client, real: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1 << 40))
    asked: dict[str, Any] = {"genes": "hvgs:20", "anno": ["clusters"], "memory": "2GB"}
    facts = client.ask("plan", source=str(real), target=str(tmp_path / "out"), values=asked)
    true = karospace_stream.plan_export(real, tmp_path / "out", **asked).to_json()
    assert facts["problems"] == []
    plan = facts["plan"]
    assert {name: plan[name] for name in true if name != "left_out"} == json.loads(
        json.dumps({name: value for name, value in true.items() if name != "left_out"})
    )
    parts = plan["left_out"]["karospace"]
    assert [each["part"] for each in parts] == [each["part"] for each in true["left_out"]["karospace"]]
    assert "choose another with “Layer” or “Values of raw”" in {each["way_out"] for each in parts}
    assert "--" not in json.dumps(plan["left_out"])
    assert f"{real} {tmp_path / 'out'} --genes hvgs:20 --anno clusters --memory 2GB" in facts["command"]
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"genes": "best:3"}, "genes", "hvgs:N"),
        ({"genes": "list:/no/such/list"}, "genes", "cannot be read"),
        ({"anno": ["no such"]}, "anno", "no such"),
        ({"coords": "obsm:X_no"}, "coords", "X_no"),
        ({"layer": "no"}, "layer", "no"),
        ({"layer": "spliced", "raw": True}, "layer", "two different"),
        ({"graph": "no"}, "graph", "no"),
        ({"vectors": ["no"]}, "vectors", "no"),
        ({"compression": 12}, "compression", "1 to 9"),
        ({"memory": "1MB"}, "memory", "too small"),
        ({"memory": "lots"}, "memory", "size"),
        ({"image": "/no/such.png"}, "image", "such.png"),
        ({"downsample": -1}, "downsample", "“Number of cells” must be"),
        ({"storage_options": ["hush-hush"]}, "storage_options", "KEY=VALUE"),
    ],
)
def test_an_option_that_is_wrong_is_said_beside_its_field(
    client: Client, real: Path, tmp_path: Path, values: dict[str, Any], field: str, words: str
) -> None:
    asked = {"source": str(real), "target": str(tmp_path / "out"), "values": values}
    (problem,) = client.ask("plan", **asked)["problems"]
    assert problem["field"] == field
    assert words in problem["message"]
    assert client.ask("run", **asked)["problems"] == [problem]
    assert "hush-hush" not in str([problem]) + str(client.ask("plan", **asked))


def test_a_target_that_cannot_be_is_said_beside_its_field(client: Client, real: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "other.txt").write_text("x")
    for target, words in (
        (tmp_path / "file", "the target must be a folder"),
        (tmp_path / "file" / "below", "is a file"),
        (tmp_path / "full", "not a bundle"),
    ):
        (problem,) = client.ask("plan", source=str(real), target=str(target))["problems"]
        assert problem["field"] == "target"
        assert words in problem["message"]


def test_a_folder_that_may_not_be_written_is_said(client: Client, real: Path, tmp_path: Path) -> None:
    closed = Path("/proc/self")  # nobody may write there, root neither
    if not closed.is_dir():
        closed = tmp_path / "closed"
        closed.mkdir(mode=0o500)
        if os.access(closed, os.W_OK):
            pytest.skip("this user may write everywhere")
    found = client.ask("plan", source=str(real), target=str(closed / "out"))
    assert [problem["field"] for problem in found["problems"]] == ["target"]


def test_a_disk_with_too_little_room_is_said_before(
    client: Client, real: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1_000))
    values = {"group_by": ["none"]}  # whose sums go to another disk
    (problem,) = client.ask("plan", source=str(real), target=str(tmp_path / "out"), values=values)["problems"]
    assert problem["field"] == "target"
    assert "1 kB are free" in problem["message"]


def test_what_is_chosen_of_the_list_of_genes_can_be_named(client: Client, real: Path, tmp_path: Path) -> None:
    names = client.ask("genes", source=str(real))["names"]
    path = client.ask("keep_genes", names=names[5:8])["path"]
    facts = client.ask("plan", source=str(real), target=str(tmp_path / "o"), values={"genes": f"list:{path}"})
    assert facts["plan"]["n_genes"] == 3
    assert client.ask("keep_genes", names=names[5:8])["path"] == path
    for wrong in ("CD3D", [1], ["a\nb"], [""]):
        assert client.problem("keep_genes", names=wrong)[0] == "genes"


def test_both_formats_have_places(client: Client, real: Path, tmp_path: Path) -> None:
    (tmp_path / "own").write_text("a file")
    values = {"format": ["karospace", f"cellucid={tmp_path / 'own'}"]}
    found = client.ask("plan", source=str(real), target=str(tmp_path / "out"), values=values)
    assert found["plan"]["formats"] == ["karospace", "cellucid"]
    assert [problem["field"] for problem in found["problems"]] == ["target"]
