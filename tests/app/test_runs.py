"""The queue: runs, cancelling, cutting off, resuming, and what outlives the exporter."""

from __future__ import annotations

import http.client
import json
import subprocess
from collections.abc import Iterator
from multiprocessing import Pipe
from pathlib import Path

import pytest

import karospace_stream
from karospace_stream.app.jobs.worker import _Teller
from karospace_stream.runtime.events import Note, StageTotals, TaskDone
from tests.app.client import Client, running

SLOW = {"workers": 1, "compression": 9, "scheduler": "sync"}


def begin(client: Client, source: Path, target: Path, **values: object) -> str:
    added = client.ask("run", source=str(source), target=str(target), values=values)
    assert added["problems"] == []
    return str(added["id"])


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_run_writes_what_the_command_writes_and_is_shown(
    client: Client, real: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    target = tmp_path / "bundle"
    id = begin(client, real, target, genes="top_mean:10", anno=["clusters"])
    run = client.until(id, "done")
    karospace_stream.export(real, tmp_path / "true", genes="top_mean:10", anno=["clusters"])
    for path in (tmp_path / "true").rglob("*.gz"):
        assert (target / path.relative_to(tmp_path / "true")).read_bytes() == path.read_bytes()
    assert list(run["report"]["targets"]) == [str(target)]
    assert all(stage["done"] == stage["total"] for stage in run["stages"])
    assert "hush" not in json.dumps(run)

    secret = client.ask("view", id=id, target=str(target))["secret"]
    assert client.send("GET", f"/{secret}/manifest.json") == (200, (target / "manifest.json").read_bytes())
    assert client.send("GET", f"/{secret}/")[0] == 200
    assert client.send("GET", f"/{secret}/../{secret}/%2e%2e/real.h5ad")[0] == 404
    assert client.send("GET", f"/{secret}/manifest.json", None, {"Host": "evil.example"})[0] == 421
    assert client.ask("view", id=id, target=str(target))["secret"] == secret
    client.ask("stop_view", id=id, target=str(target))
    assert client.send("GET", f"/{secret}/manifest.json")[0] == 404
    for place in ("/etc", str(tmp_path), ""):
        for call in ("view", "open_folder", "stop_view"):
            assert "not finished" in client.problem(call, id=id, target=place)[1]

    status, report = client.send("GET", f"{client.server.path}api/report/{id}.json")
    assert (status, json.loads(report)["nbytes"]) == (200, run["report"]["nbytes"])
    status, log = client.send("GET", f"{client.server.path}api/log/{id}.txt")
    assert status == 200
    assert b"done: " in log
    assert f"export {real} {target}" in client.ask("snippets", id=id)["command"]
    lines = client.ask("log", id=id, first=1)["lines"]
    assert len(lines) == run["n_lines"] - 1
    client.ask("remove", id=id)
    assert (target / "manifest.json").is_file()
    assert client.problem("log", id=id)[1] == "the export no longer exists"


def test_a_cancelled_run_leaves_nothing_half_done(client: Client, slow: Path, tmp_path: Path) -> None:
    target = tmp_path / "place" / "bundle"
    target.parent.mkdir()
    id = begin(client, slow, target, **SLOW)
    with client.held(id):
        assert names(target.parent) != []
        assert client.ask("cancel", id=id)["state"] == "stopping"
        assert "cancel the export first" in client.problem("remove", id=id)[1]
    run = client.until(id, "cancelled")
    assert names(target.parent) == []
    assert run["problem"] is None
    again = client.ask("resume", id=id)
    assert again["state"] == "waiting"
    client.until(id, "done")
    assert names(target.parent) == ["bundle"]


def test_one_after_another_and_those_that_wait_can_be_cancelled(
    client: Client, slow: Path, real: Path, tmp_path: Path
) -> None:
    first = begin(client, slow, tmp_path / "first", **SLOW)
    with client.held(first):
        second = begin(client, real, tmp_path / "second")
        third = begin(client, real, tmp_path / "third")
        assert client.run(second)["state"] == client.run(third)["state"] == "waiting"
        assert client.ask("cancel", id=second)["state"] == "cancelled"
    client.until(third, "done")
    assert client.run(first)["state"] == "done"
    assert not (tmp_path / "second").exists()


def test_a_run_whose_process_is_killed_is_resumed(client: Client, slow: Path, tmp_path: Path) -> None:
    target = tmp_path / "place" / "bundle"
    target.parent.mkdir()
    id = begin(client, slow, target, **SLOW)
    client.until(id, lambda run: run["done"] > 5)
    with client.held(id) as process:
        process.kill()
    run = client.until(id, "interrupted")
    assert "killed" in run["problem"]["message"]
    client.ask("resume", id=id)
    client.until(id, "done")
    assert any("resumed" in text for _, text in client.ask("log", id=id)["lines"])
    assert names(target.parent) == ["bundle"]


@pytest.mark.big
def test_a_resumed_run_that_is_cancelled_leaves_nothing_either(
    client: Client, slow: Path, tmp_path: Path
) -> None:
    target = tmp_path / "place" / "bundle"
    target.parent.mkdir()
    id = begin(client, slow, target, **SLOW)
    with client.held(id) as process:
        process.kill()
    client.until(id, "interrupted")
    assert names(target.parent) != []
    client.ask("resume", id=id)
    client.until(id, "running")
    with client.held(id):
        client.ask("cancel", id=id)
    client.until(id, "cancelled")
    assert names(target.parent) == []


def test_runs_outlive_the_exporter_and_secrets_do_not(slow: Path, tmp_path: Path) -> None:
    state, target = tmp_path / "state", tmp_path / "place" / "bundle"
    target.parent.mkdir()
    with running(state) as client:
        id = begin(client, slow, target, storage_options=["s3.secret=hush-hush"], **SLOW)
        waiting = begin(client, slow, tmp_path / "waiting", **SLOW)
        client.until(id, lambda run: run["done"] > 0)
    assert not [path for path in state.rglob("*") if path.is_file() and b"hush" in path.read_bytes()]
    with running(state) as client:
        assert client.run(id)["state"] == client.run(waiting)["state"] == "interrupted"
        client.ask("resume", id=id)
        client.until(id, "done")
        assert (target / "manifest.json").is_file()
        client.ask("remove", id=waiting)
    with running(state) as client:
        assert [run["state"] for run in client.exporter.runs.to_json()] == ["done"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)]
    try:
        mounted = subprocess.run(words, capture_output=True, check=False).returncode == 0
    except OSError:
        mounted = False
    if not mounted:
        pytest.skip("only root can mount a small disk")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_disk_that_gets_full_is_said_beside_the_output(
    client: Client, slow: Path, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As if others filled it meanwhile.
    monkeypatch.setattr("karospace_stream.app.planning.check_targets", lambda plan: None)
    run = client.until(begin(client, slow, small_disk / "bundle", gzip=False), "failed")
    assert run["problem"]["field"] == "target"
    assert "space" in run["problem"]["message"]
    assert names(small_disk) == []


def test_a_file_that_goes_away_is_said_beside_the_input(client: Client, real: Path, tmp_path: Path) -> None:
    client.exporter.runs.add(str(tmp_path / "gone.h5ad"), str(tmp_path / "out"), {})
    id = client.exporter.runs.to_json()[-1]["id"]
    run = client.until(id, "failed")
    assert run["problem"]["field"] == "source"
    assert "does not exist" in run["problem"]["message"]


def test_events_tell_the_state_at_once_and_each_change(client: Client, real: Path, tmp_path: Path) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", client.server.port, timeout=30)
    connection.request("GET", f"{client.server.path}api/events")
    response = connection.getresponse()
    assert response.headers["Content-Type"].startswith("text/event-stream")
    first = json.loads(response.readline().removeprefix(b"data: "))
    assert {"runs", "views"} == set(first)
    id = begin(client, real, tmp_path / "out")
    states: list[str] = []
    while "done" not in states:
        line = response.readline()
        if line.startswith(b"data: "):
            states += [run["state"] for run in json.loads(line[6:])["runs"] if run["id"] == id]
    assert states.index("running") < states.index("done")
    connection.close()


def test_an_interrupt_that_was_lost_is_raised_again() -> None:
    """Python lets no exception out of callbacks of weak references, where a signal may arrive."""
    ours, _theirs = Pipe()
    teller = _Teller(ours)
    teller.hear(StageTotals({"gather": 2}))
    teller.hear(TaskDone("gather"))
    teller.cancelled = True
    with pytest.raises(KeyboardInterrupt):
        teller.hear(TaskDone("gather"))
    teller.hear(Note("deleting the written files"))  # which is done while the export ends
