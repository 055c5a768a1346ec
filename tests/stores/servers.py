"""Stores as real servers on this machine, each with one bucket, readable by anybody where the server can."""

from __future__ import annotations

import os
import shutil
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.stores.azurite import azurite
from tests.stores.processes import running

BUCKET = "shelf"
S3_SECRET = "s3cr3t+that/nobody+may/see"
#: Azurite's own; no secret, but it looks like one.
AZURE_NAME = "devstoreaccount1"
AZURE_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="


@dataclass(frozen=True)
class Server:
    """A store, and how one gets at it.

    Attributes
    ----------
    url
        Of the bucket, without a slash at its end.
    address
        ``http://host:port``, where the server or something before it listens.
    path
        Of the bucket below the address, for browsers and other plain readers of any origin.
    secret
        What lets one in: tests look for it where it must not be.
    """

    kind: str
    url: str
    address: str
    path: str
    options_at: Callable[[str], dict[str, Any]] = field(repr=False)
    secret: str = field(repr=False)

    @property
    def options(self) -> dict[str, Any]:
        """Storage options, as fsspec's filesystem wants them."""
        return self.options_at(self.address)

    @property
    def http(self) -> str:
        """Address of the bucket for plain readers."""
        return self.address + self.path

    def through(self, address: str) -> Server:
        """The same store behind another address, such as a proxy's."""
        return replace(self, address=address)


@contextmanager
def moto(folder: Path) -> Iterator[Server]:
    """S3 as moto plays it. Lets everybody in."""
    command = [sys.executable, "-m", "moto.server", "-p", "0"]
    with running(command, r"Running on (http://[\d.:]+)", folder / "moto.log") as address:
        server = Server("moto", f"s3://{BUCKET}", address, f"/{BUCKET}", s3_options, S3_SECRET)
        urllib.request.urlopen(urllib.request.Request(server.http, method="PUT")).close()
        yield server


@contextmanager
def rclone(folder: Path, *, guarded: bool = False) -> Iterator[Server]:
    """S3 as rclone serves it from a folder.

    Parameters
    ----------
    guarded
        Check signatures; browsers are not let in then.
    """
    (folder / "rclone" / BUCKET).mkdir(parents=True)
    command = [rclone_program(), "serve", "s3", folder / "rclone", "--config", "", "--addr", "127.0.0.1:0"]
    # It remembers its folders for five minutes. Where one is deleted while others read from it, it now and
    # then remembers what is gone, and answers with the length of the object and the text of an error.
    command += ["--dir-cache-time", "1s"]
    command += ["--auth-key", f"somebody,{S3_SECRET}"] if guarded else ["--allow-origin", "*"]
    with running(command, r"server on \[(http://[\d.:]+)", folder / "rclone.log") as address:
        yield Server("rclone", f"s3://{BUCKET}", address, f"/{BUCKET}", s3_options, S3_SECRET)


def rclone_program() -> str | None:
    """rclone, which pip puts beside the interpreter."""
    return shutil.which("rclone", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")


@contextmanager
def azure(folder: Path) -> Iterator[Server]:
    """Azure's blobs as Azurite plays them. Checks signatures; the container is public."""
    command = [azurite(), "--inMemoryPersistence", "--blobPort", "0", "--skipApiVersionCheck"]
    with running(command, r"listens on (http://[\d.:]+)", folder / "azurite.log") as address:
        path = f"/{AZURE_NAME}/{BUCKET}"
        server = Server("azurite", f"az://{BUCKET}", address, path, azure_options, AZURE_KEY)
        _open_container(server)
        yield server


@contextmanager
def google(folder: Path) -> Iterator[Server]:
    """Google Cloud Storage as an emulator plays it. Lets everybody in."""
    command = [sys.executable, "-m", "tests.stores.google", BUCKET]
    with running(command, r"listening on (http://[\d.:]+)", folder / "google.log") as address:
        yield Server("gcs", f"gs://{BUCKET}", address, f"/{BUCKET}", google_options, S3_SECRET)


def s3_options(address: str) -> dict[str, Any]:
    """As somebody who is let in."""
    return {"key": "somebody", "secret": S3_SECRET, "endpoint_url": address}


def azure_options(address: str) -> dict[str, Any]:
    """As the owner of the account."""
    parts = {
        "DefaultEndpointsProtocol": "http",
        "AccountName": AZURE_NAME,
        "AccountKey": AZURE_KEY,
        "BlobEndpoint": f"{address}/{AZURE_NAME}",
    }
    return {"connection_string": "".join(f"{name}={value};" for name, value in parts.items())}


def google_options(address: str) -> dict[str, Any]:
    """As anybody, who may do all at the emulator."""
    return {"token": "anon", "endpoint_url": address, "project": "test"}


def _open_container(server: Server) -> None:
    from azure.storage.blob import BlobServiceClient, CorsRule, PublicAccess

    with BlobServiceClient.from_connection_string(server.options["connection_string"]) as service:
        rule = CorsRule(["*"], ["GET", "HEAD", "OPTIONS"], allowed_headers=["*"], exposed_headers=["*"])
        service.set_service_properties(cors=[rule])
        service.create_container(BUCKET, public_access=PublicAccess.BLOB)
