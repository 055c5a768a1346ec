"""Files put on servers of this machine, each kind known by its URL."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from karospace_stream.source import open_source
from karospace_stream.storage import Headers, Store, location_of, retry
from tests.source.remote.servers import Web, serving


@dataclass(frozen=True)
class Shelf:
    """A folder on a store.

    Attributes
    ----------
    put
        Puts a file, or all files of a folder, there.
    """

    url: str
    put: Callable[[Path], object]
    options: dict[str, Any] = field(default_factory=dict)

    def open(self, path: Path) -> Any:
        """Put a file or folder, and open it there."""
        self.put(path)
        return open_source(f"{self.url}/{path.name}", storage_options=self.options)


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as web:
        yield web


@pytest.fixture(params=["http", "s3", "memory"])
def shelf(request: pytest.FixtureRequest) -> Shelf:
    """A folder of its own on each kind of store."""
    if request.param == "http":
        web: Web = request.getfixturevalue("web")
        return Shelf(web.address, lambda path: web.put_folder(path) if path.is_dir() else web.put(path))
    if request.param == "s3":
        server = request.getfixturevalue("moto_store")
        return shelf_at(f"{server.url}/{secrets.token_hex(4)}", server.options)
    return shelf_at(f"memory://{secrets.token_hex(4)}", {})


def shelf_at(url: str, options: dict[str, Any]) -> Shelf:
    """A folder by its URL."""
    store = Store(location_of(url, options))

    def put(path: Path) -> None:
        files = [file for file in path.rglob("*") if file.is_file()] if path.is_dir() else [path]
        names = [(file.relative_to(path.parent).as_posix(), file.read_bytes()) for file in files]
        store.put_many([(name, data, Headers()) for name, data in names])

    return Shelf(url, put, options)


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Little time between two attempts."""
    monkeypatch.setattr(retry, "FIRST_WAIT_S", 0.002)
