"""Start, port, stop."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from karospace_stream import serve
from karospace_stream.errors import BadOptionError


def fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=10) as response:
        return bytes(response.read())


def test_it_answers_as_soon_as_it_is_there_and_never_after(bundle: Path) -> None:
    with serve(bundle, port=0) as server:
        assert fetch(server.url + "manifest.json") == b"{}"
    with pytest.raises(urllib.error.URLError):
        fetch(server.url)
    server.stop()  # a second time is no error


def test_its_text_says_what_it_serves_where_and_how_to_stop_it(bundle: Path) -> None:
    with serve(bundle, port=0) as server:
        assert repr(server) == f"Server of {bundle} at {server.url} (to stop it: .stop())"
    assert repr(server) == f"Server of {bundle}, stopped"


def test_the_requested_port_is_used_and_given_back(bundle: Path) -> None:
    with serve(bundle, port=0) as first:
        requested = first.port
        fetch(first.url)
    with serve(bundle, port=requested) as again:
        assert again.port == again.requested_port == requested
        assert again.url == f"http://127.0.0.1:{requested}/"


def test_a_taken_port_is_replaced_by_a_free_one(bundle: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        with serve(bundle, port=taken) as server:
            assert server.requested_port == taken
            assert server.port != taken
            assert str(server.port) in server.url
            assert fetch(server.url)


def test_all_addresses_still_answer_local_names_only(bundle: Path) -> None:
    with serve(bundle, port=0, host="0.0.0.0") as server:
        assert server.url == f"http://127.0.0.1:{server.port}/"
        assert fetch(server.url)


@pytest.mark.skipif(not socket.has_ipv6, reason="this Python has no IPv6")
def test_ipv6(bundle: Path) -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError as error:
        pytest.skip(f"this machine has no IPv6 loopback: {error}")
    with serve(bundle, port=0, host="::1") as server:
        assert server.url == f"http://[::1]:{server.port}/"
        assert fetch(server.url)


def test_stopping_does_not_wait_for_an_idle_connection(bundle: Path) -> None:
    server = serve(bundle, port=0)
    with socket.create_connection(("127.0.0.1", server.port)):
        began = time.monotonic()
        server.stop()
        assert time.monotonic() - began < 5


def test_wait_returns_when_another_thread_stops_it(bundle: Path) -> None:
    server = serve(bundle, port=0)
    threading.Timer(0.2, server.stop).start()
    server.wait()
    with pytest.raises(urllib.error.URLError):
        fetch(server.url)


@pytest.mark.skipif(sys.platform == "win32", reason="a console's Ctrl-C cannot be sent to one process there")
def test_ctrl_c_ends_the_wait_cleanly(bundle: Path) -> None:
    program = (
        "import sys; from karospace_stream import serve\n"
        "server = serve(sys.argv[1], port=0); print(server.url, flush=True); server.wait(); print('stopped')"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(bundle)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert fetch(url)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (0, "stopped\n", "")


def loaded(program: str) -> set[str]:
    """Heavy modules that a program has loaded when it ends."""
    program += "; import sys; print(*(m for m in sys.argv[1:] if m in sys.modules))"
    heavy = ["numpy", "pandas", "anndata", "dask", "scipy", "h5py", "zarr", "starlette", "uvicorn"]
    done = subprocess.run([sys.executable, "-c", program, *heavy], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_serving_loads_none_of_the_exporter(bundle: Path) -> None:
    """Keeps `karospace-stream serve` quick: those imports cost a second and more."""
    start = f"from karospace_stream import serve; serve({str(bundle)!r}, port=0).stop()"
    assert loaded(start) == {"starlette", "uvicorn"}


def test_importing_loads_nothing_heavy() -> None:
    assert loaded("import karospace_stream.serving") == set()


@pytest.mark.parametrize(
    ("port", "host", "message"),
    [
        (70_000, "127.0.0.1", "must be 0 to 65535"),
        (0, "192.0.2.1", "cannot listen"),
        (0, "no such host", "address of this machine"),
    ],
)
def test_an_impossible_address_is_refused(bundle: Path, port: int, host: str, message: str) -> None:
    with pytest.raises(BadOptionError, match=message):
        serve(bundle, port=port, host=host)
