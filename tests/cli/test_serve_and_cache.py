"""The commands ``serve`` and ``cache``."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import anndata
import numpy as np
import pandas as pd
import pytest

from karospace_stream.cli.browser import open_page

COMMAND = [sys.executable, "-c", "from karospace_stream.cli import main; main()"]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    rng = np.random.default_rng(1)
    obs = pd.DataFrame({"kind": pd.Categorical(list("abcd") * 5)}, index=[f"c{i}" for i in range(20)])
    adata = anndata.AnnData(rng.random((20, 4)).astype(np.float32), obs=obs)
    adata.obsm["X_umap"] = rng.normal(size=(20, 2))
    adata.write_h5ad(tmp_path / "some.h5ad")
    return tmp_path / "some.h5ad"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {**os.environ, "KAROSPACE_CACHE": str(tmp_path / "cache")}


def run(environment: dict[str, str], *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *args], env=environment, capture_output=True, text=True, timeout=60)


@pytest.mark.skipif(sys.platform == "win32", reason="a console's Ctrl-C cannot be sent to one process there")
def test_a_file_is_exported_into_the_cache_and_shown(source: Path, environment: dict[str, str]) -> None:
    with subprocess.Popen(
        [*COMMAND, "serve", str(source), "--port", "0", "--genes", "top_mean:2"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            url = line.split(" is shown at ")[1].split()[0]
            with urllib.request.urlopen(url + "atlas.json", timeout=20) as response:
                assert json.load(response)["n_genes"] == 2
            clear = run(environment, "cache", "clear")
            assert clear.stdout == "0 exports deleted, 0 B\n"
            assert "some.h5ad is in use and was kept" in clear.stderr
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=20)
        finally:
            process.kill()  # what has ended hears nothing; a failed check must not wait for a server
    assert process.returncode == 0
    assert out == ""
    assert "exporting into the cache" in err
    assert err.endswith("stopped\n")
    assert "in use" not in err

    listed = json.loads(run(environment, "cache", "list", "--json").stdout)
    [entry] = listed["entries"]
    assert entry["source"] == str(source)
    assert not entry["in_use"]
    assert run(environment, "cache", "list").stdout.splitlines()[1].startswith("1 export, ")
    assert run(environment, "cache", "clear").stdout.startswith("1 export deleted, ")
    assert run(environment, "cache", "list").stdout.startswith("0 exports, ")


def test_what_is_no_data_is_refused(tmp_path: Path, environment: dict[str, str]) -> None:
    done = run(environment, "serve", str(tmp_path))
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith(
        f"error: {tmp_path} must be an export, a folder of exports, a .h5ad or a .zarr, but is none"
    )


def test_options_without_an_export_to_make_are_refused(tmp_path: Path, environment: dict[str, str]) -> None:
    (tmp_path / "manifest.json").write_text("{}")
    done = run(environment, "serve", str(tmp_path), "--genes", "hvgs:5", "--no-image")
    assert done.returncode == 2
    assert "it takes no genes, image" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="a console's Ctrl-C cannot be sent to one process there")
def test_json_for_programs_and_the_next_free_port(tmp_path: Path, environment: dict[str, str]) -> None:
    (tmp_path / "atlas.json").write_text("{}")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with subprocess.Popen(
            [*COMMAND, "serve", str(tmp_path), "--port", str(port), "--json"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                assert process.stdout is not None
                said = json.loads(process.stdout.readline())
                process.send_signal(signal.SIGINT)
                out, err = process.communicate(timeout=20)
            finally:
                process.kill()
    assert out == ""
    assert said == {"source": str(tmp_path), "url": f"http://127.0.0.1:{said['port']}/", "port": said["port"]}
    assert port < said["port"] <= port + 20
    assert f"port {port} is in use, using {said['port']} instead" in err


@pytest.mark.parametrize(
    ("asked", "terminal", "opened"),
    [(True, False, True), (None, True, True), (None, False, False), (False, True, False)],
)
def test_pages_open_where_a_person_is(
    asked: bool | None, terminal: bool, opened: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    launched: list[str] = []
    monkeypatch.setattr("click.launch", launched.append)
    monkeypatch.setattr("sys.stdout.isatty", lambda: terminal, raising=False)
    open_page("http://x/", asked)
    assert bool(launched) is opened
