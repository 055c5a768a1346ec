"""One server of each kind for all tests of a process, started by the first test that asks for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.stores import servers
from tests.stores.azurite import NotInstalledError
from tests.stores.proxy import Proxies
from tests.stores.servers import Server


@pytest.fixture(scope="session")
def moto_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    pytest.importorskip("moto.server", reason="moto[server], which plays S3, is not installed")
    with servers.moto(tmp_path_factory.mktemp("moto")) as server:
        yield server


def _needs_rclone() -> None:
    if servers.rclone_program() is None:
        pytest.skip("rclone, which serves folders as S3, is not on the PATH")


@pytest.fixture(scope="session")
def rclone_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    _needs_rclone()
    with servers.rclone(tmp_path_factory.mktemp("rclone")) as server:
        yield server


@pytest.fixture(scope="session")
def guarded_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """S3 that checks who asks."""
    _needs_rclone()
    with servers.rclone(tmp_path_factory.mktemp("guarded"), guarded=True) as server:
        yield server


@pytest.fixture(scope="session")
def azurite_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    pytest.importorskip("adlfs", reason="adlfs, which knows Azure, is not installed")
    try:
        with servers.azure(tmp_path_factory.mktemp("azurite")) as server:
            yield server
    except NotInstalledError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def gcs_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    pytest.importorskip("gcsfs", reason="gcsfs, which knows Google Cloud Storage, is not installed")
    pytest.importorskip("gcp_storage_emulator", reason="gcp-storage-emulator is not installed")
    with servers.google(tmp_path_factory.mktemp("gcs")) as server:
        yield server


@pytest.fixture(scope="module")
def proxies() -> Iterator[Proxies]:
    made = Proxies()
    yield made
    made.stop()
