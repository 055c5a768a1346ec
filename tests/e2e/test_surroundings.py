"""What a command is started in: closed and full streams, other locales, odd names, folders that are gone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import karospace_stream
from tests.e2e.support import command, run

Synth = Callable[..., Path]
LONG = "n" * 256


def shell(redirected: str, *words: str | os.PathLike[str], **environment: str) -> tuple[int, str]:
    """Run a command in a shell with something behind it; exit code and what came out."""
    done = subprocess.run(
        ["bash", "-c", f'"$@" {redirected}', "bash", *command(*words)],
        capture_output=True,
        text=True,
        errors="surrogateescape",
        timeout=120,
        env={**os.environ, **environment},
    )
    return done.returncode, done.stderr + done.stdout


@pytest.mark.parametrize(
    ("redirected", "code"),
    [
        (">&-", 0), ("2>&-", 0), (">&- 2>&- <&-", 0), ("2>/dev/full", 0),
        ("2>&1 | true; exit ${PIPESTATUS[0]}", 0),
        ("| head -c 1; exit ${PIPESTATUS[0]}", 0), (">/dev/full", 4),
    ],
)  # fmt: skip
@pytest.mark.few(3)
def test_streams(redirected: str, code: int, synth: Synth, tmp_path: Path) -> None:
    source = synth(200, 12)
    found, told = shell(redirected, "export", source, tmp_path / "out", "--json")
    assert found == code, told
    assert "Traceback" not in told
    assert "Exception ignored" not in told
    assert karospace_stream.verify(tmp_path / "out", source=source)
    if code:
        assert any(line.startswith("error: the output could not be written") for line in told.splitlines())


@pytest.mark.parametrize("epoch", ["abc", "-5", "1.5", "9" * 20, "253402300800", "²"])
@pytest.mark.few(2)
def test_a_time_that_is_none(epoch: str, synth: Synth, tmp_path: Path) -> None:
    code, told = shell("", "export", synth(200, 12), tmp_path / "out", SOURCE_DATE_EPOCH=epoch)
    assert code == 2
    assert told.startswith("error: SOURCE_DATE_EPOCH must be seconds since 1970, got ")
    assert list(tmp_path.iterdir()) == []


def test_an_empty_time_is_none(synth: Synth, tmp_path: Path) -> None:
    assert shell("", "export", synth(200, 12), tmp_path / "out", SOURCE_DATE_EPOCH="")[0] == 0


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["export", "{source}", "out"], 4),
        (["export", "{source}", "{target}"], 0),
        (["inspect", "not-there.h5ad"], 3),
        (["export", "{source}", "{target}", "--scratch", "here", "--strategy", "spill", "--genes", "all"], 2),
    ],
)
@pytest.mark.few(2)
def test_a_folder_that_is_gone(words: list[str], code: int, synth: Synth, tmp_path: Path) -> None:
    told = [word.format(source=synth(200, 12), target=tmp_path / "out") for word in words]
    script = 'mkdir "$0" && cd "$0" && rmdir "$0" && "$@"'
    done = subprocess.run(
        ["bash", "-c", script, tmp_path / "gone", *command(*told)],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == code, done.stderr
    assert (tmp_path / "out").exists() == (code == 0)
    assert code == 0 or done.stderr.strip().count("\n") == 0


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["export", "{source}", LONG], 4), (["export", "{source}", "{target}/" + "n" * 240], 4),
        (["export", f"{LONG}.h5ad", "{target}"], 3), (["export", "{source}", "{target}", "--name", LONG], 0),
        (["export", "{source}", "{target}", "--scratch", LONG, "--strategy", "spill", "--genes", "all"], 4),
        (["export", "{source}", "{target}", "--genes", f"list:{LONG}"], 2), (["clean", LONG], 4),
        (["export", "{source}", "{target}", "--image", LONG], 2), (["verify", LONG], 3),
        (["synth", f"{LONG}.h5ad", "--cells", "9", "--genes", "5"], 2),
        (["inspect", "~nobody-here/x.h5ad"], 3),
    ],
    ids=str,
)  # fmt: skip
@pytest.mark.few(3)
def test_long_names(words: list[str], code: int, synth: Synth, tmp_path: Path) -> None:
    done = run(*(word.format(source=synth(200, 12), target=tmp_path / "out") for word in words))
    assert done.returncode == code, done.stderr
    errors = [line for line in done.stderr.splitlines() if not line.startswith("note: ")]
    assert code == 0 or [line[:7] for line in errors] == ["error: "]
    assert not list(tmp_path.glob(".*"))


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse names that are no text")
@pytest.mark.parametrize("name", [b"a\xff\xfe", "é細".encode(), b"two\nlines"])
@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
@pytest.mark.parametrize("format", ["karospace", "cellucid", "anndata"])
@pytest.mark.few(4)
def test_names_in_any_locale(name: bytes, locale: str, format: str, synth: Synth, tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path)
    source, target = folder + b"/" + name + b".h5ad", folder + b"/" + name
    shutil.copy(synth(200, 12), os.fsdecode(source))
    plain = {"LC_ALL": locale, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    words = command("export", os.fsdecode(source), os.fsdecode(target), "--format", format, "--json")
    done = subprocess.run(words, capture_output=True, timeout=120, env={**os.environ, **plain})
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["n_cells"] == 200
    if format == "cellucid":
        identity = json.loads((Path(os.fsdecode(target)) / "dataset_identity.json").read_text("utf-8"))
        assert identity["name"] == name.decode("utf-8", "replace")
