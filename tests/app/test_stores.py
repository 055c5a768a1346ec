"""To a store and shown from there, and no secret in anything that is sent or kept."""

from __future__ import annotations

import json
from pathlib import Path

from karospace_stream.storage import Store, location_of
from tests.app.client import running
from tests.stores.servers import Server


def test_an_export_goes_to_a_store_and_is_shown_from_there(
    moto_store: Server, real: Path, tmp_path: Path
) -> None:
    target = f"{moto_store.url}/exporter"
    options = [f"s3.{key}={json.dumps(value)}" for key, value in moto_store.options.items()]
    with running(tmp_path / "state") as client:
        values = {"storage_options": options, "genes": "top_mean:5"}
        id = client.ask("run", source=str(real), target=target, values=values)["id"]
        run = client.until(id, "done")
        assert list(run["report"]["targets"]) == [target]
        secret = client.ask("view", id=id, target=target)["secret"]
        stored = Store(location_of(target, moto_store.options)).read("manifest.json")
        assert client.send("GET", f"/{secret}/manifest.json") == (200, stored)
        told = json.dumps([client.exporter.state(), client.ask("snippets", id=id), client.ask("log", id=id)])
    kept = [path.read_text() for path in (tmp_path / "state").rglob("*") if path.is_file()]
    assert moto_store.secret not in "".join([told, *kept])
    assert "endpoint_url" not in "".join(kept)
