"""One store of each kind, for tests that must hold on all of them."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest

from karospace_stream.storage import Store, location_of
from tests.stores.servers import Server

#: Fixtures of real servers.
SERVERS = ("moto_store", "rclone_store", "azurite_store", "gcs_store")
#: And what fsspec has without a server.
KINDS = (*SERVERS, "memory", "local")


def fresh_store(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """A place of its own where nothing is yet."""
    name = f"t-{secrets.token_hex(6)}"
    if kind == "memory":
        return Store(location_of(f"memory://{name}/run"))
    if kind == "local":
        return Store(location_of(f"file://{tmp_path}/{name}"))
    server: Server = request.getfixturevalue(kind)
    return Store(location_of(f"{server.url}/{name}", server.options))
