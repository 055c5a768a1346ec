"""``karospace-stream stats`` and ``pseudobulk`` write one object to any store, as a whole or not at all."""

from __future__ import annotations

from pathlib import Path

import anndata
import pandas as pd
import pytest

import karospace_stream
from karospace_stream.errors import TargetError
from karospace_stream.runtime.events import ignore
from karospace_stream.storage import Headers, Location, Store
from karospace_stream.tables.api import statistics_file
from karospace_stream.tables.pseudobulk import pseudobulk_file
from tests.statistics.test_tables import drawn
from tests.stores.kinds import KINDS, fresh_store


def read(store: Store, key: str, to: Path) -> Path:
    to.write_bytes(store.read(key))
    return to


@pytest.mark.parametrize("kind", [each for each in KINDS if each != "local"])
def test_tables_on_stores(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    store, data = fresh_store(kind, request, tmp_path), drawn()
    where = store.location
    ways = {"storage_options": where.options, "listener": ignore}
    csv, sums = f"{where.url}/markers.csv", f"{where.url}/sums.h5ad"
    _, shown = statistics_file(data, csv, overwrite=False, group_by=("kind",), **ways)
    assert shown == Location(csv).shown
    table = pd.read_csv(read(store, "markers.csv", tmp_path / "markers.csv"))
    assert set(table["column"]) == {"kind"}
    shape, _ = pseudobulk_file(data, sums, ["kind"], overwrite=False, **ways)
    made = anndata.read_h5ad(read(store, "sums.h5ad", tmp_path / "sums.h5ad"))
    expected = karospace_stream.pseudobulk(data, "kind")
    assert made.shape == shape
    assert (made.X == expected.X).all()
    with pytest.raises(TargetError, match=r"sums\.h5ad already exists; add --overwrite to replace it"):
        pseudobulk_file(data, sums, ["kind"], overwrite=False, **ways)
    folder = Store(Location(f"{where.url}/folder.h5ad", where.options))
    folder.put("inside", b"1", Headers())
    with pytest.raises(TargetError, match=r"already exists, as a folder"):
        pseudobulk_file(data, folder.location.url, ["kind"], overwrite=True, **ways)
    pseudobulk_file(data, sums, ["batch"], overwrite=True, **ways)
    again = anndata.read_h5ad(read(store, "sums.h5ad", tmp_path / "again.h5ad"))
    assert list(again.obs) == ["batch", "n_obs_aggregated"]
    assert sorted(store.find()) == ["folder.h5ad/inside", "markers.csv", "sums.h5ad"]


def test_a_failed_write_leaves_the_older_object(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(Location("memory://failed-tables/run"))
    store.put("sums.h5ad", b"mine", Headers())

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(anndata.AnnData, "write_h5ad", full)
    with pytest.raises(TargetError, match=r"sums\.h5ad could not be written: No space left.* TMPDIR"):
        pseudobulk_file(
            drawn(), "memory://failed-tables/run/sums.h5ad", ["kind"], overwrite=True, listener=ignore
        )
    assert store.read("sums.h5ad") == b"mine"
