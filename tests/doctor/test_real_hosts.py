"""Hosts that are not ours to arrange: the preview server, and S3 as moto plays it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import karospace_stream
from karospace_stream import check_host
from karospace_stream.doctor import Diagnosis, Verdict


def verdicts(diagnosis: Diagnosis) -> dict[str, Verdict]:
    """The worst of each check: findings come in that order."""
    found: dict[str, Verdict] = {}
    for each in diagnosis.findings:
        found.setdefault(each.check, each.verdict)
    return found


@pytest.mark.parametrize("kind", ["bundle", "cellucid", "store_v2", "store_v3"])
def test_our_own_server_serves_rightly(kind: str, request: pytest.FixtureRequest) -> None:
    with karospace_stream.serve(request.getfixturevalue(kind), port=0) as server:
        diagnosis = check_host(server.url)
    assert diagnosis.n_faults == 0
    assert (diagnosis.n_cells, diagnosis.n_genes) == (80, 20)
    # It is for this machine's pages only, and compresses nothing: nothing is far from it.
    warned = {check for check, verdict in verdicts(diagnosis).items() if verdict is Verdict.WARNING}
    # No host takes .zmetadata for text, so nobody is told to compress it.
    assert warned == ({"cors"} if kind == "store_v2" else {"cors", "compression"})
    assert verdicts(diagnosis)["page"] is Verdict.OK


def test_our_own_server_lets_pages_of_this_machine_read(cellucid: Path) -> None:
    with karospace_stream.serve(cellucid, port=0) as server:
        diagnosis = check_host(server.url, origin="http://localhost:5173")
    assert diagnosis.n_faults == 0
    assert verdicts(diagnosis)["cors"] is Verdict.OK


@pytest.fixture(scope="module")
def s3() -> Iterator[tuple[Any, str]]:
    """A client of a store of this machine, and the store's address."""
    moto = pytest.importorskip("moto.server", reason="moto[server], which plays S3, is not installed")
    boto3 = pytest.importorskip("boto3", reason="boto3 is not installed")
    server = moto.ThreadedMotoServer(port=0, verbose=False)
    server.start()
    endpoint = f"http://127.0.0.1:{server.get_host_and_port()[1]}"
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="any",
        aws_secret_access_key="any",
    )
    yield client, endpoint
    client.close()
    server.stop()


TYPES = {
    ".json": "application/json",
    ".html": "text/html; charset=utf-8",
    ".png": "image/png",
    ".gz": "application/gzip",
}


def upload(client: Any, bucket: str, folder: Path, *, rightly: bool) -> None:
    client.create_bucket(Bucket=bucket)
    for file in folder.rglob("*"):
        if file.is_file():
            kept = "no-cache" if file.parent == folder else "public, max-age=31536000, immutable"
            about = (
                {"ContentType": TYPES[file.suffix], "CacheControl": kept}
                if rightly
                else {"ContentEncoding": "gzip" if file.suffix == ".gz" else "identity"}
            )
            key = f"sample/{file.relative_to(folder).as_posix()}"
            client.put_object(Bucket=bucket, Key=key, Body=file.read_bytes(), ACL="public-read", **about)


def test_a_bucket_that_was_filled_with_care(s3: tuple[Any, str], bundle: Path) -> None:
    client, endpoint = s3
    upload(client, "careful", bundle, rightly=True)
    diagnosis = check_host(f"{endpoint}/careful/sample")
    assert diagnosis.hosts == ("s3",)
    assert diagnosis.n_faults == 0
    found = verdicts(diagnosis)
    # S3 shows no page for a folder and compresses nothing. (moto allows every origin.)
    assert found["page"] is found["compression"] is Verdict.WARNING
    right = ("address", "bundle", "sizes", "absent", "types", "encoding", "ranges", "head", "caching")
    assert {check: found[check] for check in right} == dict.fromkeys(right, Verdict.OK)


def test_a_bucket_that_was_just_filled(s3: tuple[Any, str], bundle: Path, cellucid: Path) -> None:
    client, endpoint = s3
    upload(client, "careless", bundle, rightly=False)
    found = verdicts(check_host(f"{endpoint}/careless/sample"))
    assert found["types"] is Verdict.FAULT
    assert found["encoding"] is found["caching"] is Verdict.WARNING
    upload(client, "other", cellucid, rightly=False)
    assert verdicts(check_host(f"{endpoint}/other/sample"))["encoding"] is Verdict.FAULT


def test_a_bucket_that_is_closed(s3: tuple[Any, str], bundle: Path) -> None:
    client, endpoint = s3
    client.create_bucket(Bucket="closed")
    client.put_object(Bucket="closed", Key="sample/manifest.json", Body=b"{}", ACL="private")
    diagnosis = check_host(f"{endpoint}/closed/sample")
    assert verdicts(diagnosis) == {"bundle": Verdict.FAULT}
    assert "manifest.json: the host answers 403" in diagnosis.findings[0].sentence
    (setting,) = diagnosis.settings(diagnosis.findings[0])
    assert "put-bucket-policy" in setting.code


@pytest.mark.parametrize("format", ["karospace", "cellucid"])
def test_an_export_straight_to_a_bucket_is_served_rightly(
    s3: tuple[Any, str], bundle: Path, format: str
) -> None:
    from .conftest import SOURCE

    client, endpoint = s3
    client.create_bucket(Bucket=f"straight-{format}")
    options = {
        "public_read": True,
        "scheduler": "sync",
        "storage_options": {
            "key": "any",
            "secret": "any",
            "client_kwargs": {"endpoint_url": endpoint, "region_name": "us-east-1"},
        },
    }
    for again in (False, True):
        karospace_stream.export(
            SOURCE, f"s3://straight-{format}/sample", format=format, overwrite=again, **options
        )
        diagnosis = check_host(f"{endpoint}/straight-{format}/sample")
        found = verdicts(diagnosis)
        right = ("address", "bundle", "sizes", "absent", "types", "encoding", "ranges", "head", "caching")
        assert {check: found[check] for check in right} == dict.fromkeys(right, Verdict.OK)
