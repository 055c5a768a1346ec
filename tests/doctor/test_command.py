"""``karospace-stream doctor``: what is printed, for whom, and the exit code."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from karospace_stream.cli import main
from tests.e2e.support import command

from .host import Reply, Request, serving

pty = pytest.importorskip("pty", reason="there are no pseudo-terminals on this system")


@dataclass
class Done:
    """A command that has ended."""

    returncode: int
    stdout: str
    stderr: str


def run(*words: str) -> Done:
    """Run the command as its script does, with its output into pipes."""
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
        main(["doctor", *words])
    assert isinstance(ended.value.code, int)
    out.seek(0)
    return Done(ended.value.code, out.read(), err.getvalue())


def on_terminal(columns: int, *words: str) -> str:
    """What a terminal of that width is sent."""
    import fcntl
    import struct
    import termios

    pid, shown = pty.fork()
    if pid == 0:
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        line = command("doctor", "--quiet", *words)
        # By execve: what readline puts into the environment behind Python's back stays out.
        names = set(os.environ) - {"COLUMNS", "LINES", "NO_COLOR"}
        os.execve(line[0], line, {name: os.environ[name] for name in names} | {"TERM": "xterm-256color"})
    pieces = []
    try:
        while piece := os.read(shown, 65536):
            pieces.append(piece)
    except OSError:
        pass  # how Linux says that the other end is closed
    os.waitpid(pid, 0)
    os.close(shown)
    return b"".join(pieces).decode().replace("\r\n", "\n")


def labelled(request: Request, reply: Reply) -> Reply:
    named = reply.but(Server="nginx/1.27.1")
    gz = request.path.endswith(".gz") and reply.status in {200, 206}
    return named.but(Content_Encoding="gzip") if gz else named


def test_all_in_order(bundle: Path) -> None:
    with serving(bundle) as host:
        done = run(host.url())
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[:2] == [
        host.url(),
        "KaroSpace export: 80 cells x 20 genes; unknown host",
    ]
    assert re.fullmatch(r"no faults, no warnings, 12 in order \(\d+ requests\)", lines[-1])
    assert "What to change" not in done.stdout
    assert "\x1b" not in done.stdout
    assert [line for line in lines if line != line.rstrip()] == []


def test_warnings_alone_are_no_failure(bundle: Path) -> None:
    with serving(bundle, labelled) as host:
        done = run(host.url())
    assert done.returncode == 0
    assert "!  gzip files     Content-Encoding: gzip, so browsers decompress them" in done.stdout
    what = done.stdout.partition("What to change\n")[2]
    assert "! No Content-Encoding on .gz files\n  nginx: nginx adds none by itself" in what
    assert "\n    gzip_types application/json text/csv;\n" in what
    assert "Apache" not in what
    assert "no faults, 1 warning" in done.stdout


def test_faults_are_a_failure_and_all_hosts_are_shown_on_request(cellucid: Path) -> None:
    with serving(cellucid, labelled) as host:
        done = run(host.url(), "--all-hosts")
    assert done.returncode == 1
    for name in (
        "Amazon S3:",
        "Google Cloud Storage:",
        "Cloudflare R2:",
        "GitHub Pages:",
        "nginx:",
        "Apache:",
    ):
        assert f"  {name} " in done.stdout
    assert "RemoveEncoding .gz" in done.stdout


def test_a_host_without_a_name(bundle: Path) -> None:
    def forbidden(request: Request, reply: Reply) -> Reply:
        return Reply(403, reply.headers) if reply.status == 404 else reply

    with serving(bundle, forbidden) as host:
        done = run(host.url())
    assert "What to change" not in done.stdout
    assert done.stdout.endswith("--all-hosts shows the settings for each.\n")


def test_json_and_nothing_else(cellucid: Path) -> None:
    with serving(cellucid, labelled) as host:
        done = run(host.url(), "--json", "--origin", "https://viewer.example.org/x")
        every = run(host.url(), "--json", "--all-hosts")
    assert (done.returncode, done.stderr) == (1, "")
    told = json.loads(done.stdout)
    assert (told["url"], told["format"], told["hosts"]) == (host.url(), "Cellucid", ["nginx"])
    assert told["origin"] == "https://viewer.example.org"
    assert (told["n_faults"], told["n_warnings"]) == (1, 0)
    (fault,) = [each for each in told["findings"] if each["verdict"] == "fault"]
    assert (fault["check"], fault["topic"]) == ("encoding", "encoding")
    assert [setting["host"] for setting in fault["settings"]] == ["nginx"]
    (fault,) = [each for each in json.loads(every.stdout)["findings"] if each["verdict"] == "fault"]
    assert len(fault["settings"]) == 10


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["bundle/"], 2, "the address must look like https://host/sample/, got bundle/"),
        (["https://u:hunter2@h.example/"], 2, "user name or password"),
        (["http://127.0.0.1:9/"], 3, "cannot be reached"),
        (["http://127.0.0.1:9/", "--timeout", "0"], 2, "time-out"),
        ([], 2, "URL"),
    ],
)
def test_one_sentence(words: list[str], code: int, sentence: str) -> None:
    done = run(*words)
    assert (done.returncode, done.stdout) == (code, "")
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert "hunter2" not in done.stderr


@pytest.mark.parametrize("columns", [60, 120])
def test_lines_fit_the_terminal_but_for_what_is_copied(cellucid: Path, columns: int) -> None:
    with serving(cellucid, labelled) as host:
        shown = on_terminal(columns, host.url(), "--all-hosts")
    assert "\x1b[31m✗\x1b[0m" in shown
    plain = re.sub(r"\x1b\[[\d;]*m", "", shown)
    long = [line for line in plain.splitlines() if len(line) > columns]
    assert [line for line in long if not line.startswith(("    ", "  https://"))] == []
    hanging = [line for line in plain.split("What to change")[0].splitlines()[3:] if line[:1] == " "]
    assert all(line.startswith(" " * 18) for line in hanging)
    assert hanging


def test_a_terminal_without_unicode_and_without_colour(bundle: Path) -> None:
    with serving(bundle, labelled) as host:
        done = subprocess.run(
            command("doctor", host.url()),
            capture_output=True,
            timeout=60,
            env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"},
        )
    assert done.returncode == 0
    assert b"\n+  sizes" in done.stdout
    assert done.stdout.isascii()


def test_names_cannot_steer_the_terminal(bundle: Path) -> None:
    def evil(request: Request, reply: Reply) -> Reply:
        return reply.but(Content_Type="\x1b]0_owned\x07[bold]x", Server="\x1b[2Jnginx")

    with serving(bundle, evil) as host:
        shown = on_terminal(100, host.url())
    assert "\\x1b]0_owned\\x07[bold]x" in shown
    assert not re.search(r"\x1b(\]|\[2J)|\x07", shown)
