"""Folders are recognised by the names in them, on a disk, a store or a web server."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import anndata
import numpy as np
import pytest

from karospace_stream.errors import BadInputError
from karospace_stream.inputs.folders.folder import Files, InputFolder, list_folder
from karospace_stream.inputs.folders.open import open_folder
from karospace_stream.source.anndata_source import AnnDataSource
from karospace_stream.storage import Headers, Store, location_of
from tests.source.remote.servers import serving


@dataclass(frozen=True)
class Instrument:
    """A kind of folder with the AnnData in a folder below."""

    name = "folder of an instrument"
    asks = ("experiment.txt",)

    def matches(self, folder: InputFolder) -> bool:
        return "experiment.txt" in folder.names

    def takes(self, file: str) -> bool:
        return file.endswith("_run.bin")

    def open(self, folder: InputFolder, file: str) -> AnnDataSource:
        if not folder.has("inner/cells.h5ad"):
            raise BadInputError(f"{folder.shown_file('inner/cells.h5ad')} does not exist")
        assert folder.first("nothing", "experiment.txt") == "experiment.txt"
        assert not folder.has("nothing")
        assert not folder.has("inner/nothing")
        source = folder.open_source("inner/cells.h5ad")
        files = Files((folder.file("inner/cells.h5ad"), folder.file("experiment.txt")))
        catalog = replace(source.catalog, kind=f"{folder.name} {file}", fingerprint=files.fingerprint)
        return replace(source, catalog=catalog, origin=files)


KINDS = [Instrument()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "sample"
    (made / "inner").mkdir(parents=True)
    anndata.AnnData(np.ones((3, 2), np.float32)).write_h5ad(made / "inner" / "cells.h5ad")
    (made / "experiment.txt").write_text("one")
    (made / "a_run.bin").write_text("one")
    return made


def test_a_folder_of_this_machine_is_opened_by_its_kind(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = open_folder(folder, KINDS)
    assert source is not None
    assert source.catalog.kind == "sample "
    monkeypatch.chdir(folder)
    here = open_folder(".", KINDS)
    assert here is not None
    assert here.catalog.kind == "sample "
    (folder / "experiment.txt").write_text("two and more")
    with pytest.raises(BadInputError, match="changed"):
        source.check()


def test_a_file_stands_for_its_folder(folder: Path) -> None:
    source = open_folder(str(folder / "a_run.bin"), KINDS)
    assert source is not None
    assert source.catalog.kind == "sample a_run.bin"
    assert open_folder(folder / "b_run.bin", KINDS) is None  # does not exist


def test_other_inputs_are_no_folders(folder: Path) -> None:
    assert open_folder(folder, []) is None
    assert open_folder(folder / "inner", KINDS) is None
    assert open_folder(folder / "inner" / "cells.h5ad", KINDS) is None
    assert open_folder(folder / "none", KINDS) is None
    assert open_folder(anndata.AnnData(np.ones((1, 1))), KINDS) is None
    (folder / "zarr.json").write_text("{}")
    assert open_folder(folder, KINDS) is None


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "inner" / "cells.h5ad").unlink()
    with pytest.raises(BadInputError, match=r"inner/cells\.h5ad does not exist"):
        open_folder(folder, KINDS)
    with pytest.raises(BadInputError, match="sample/nothing does not exist"):
        list_folder(folder).file("nothing")
    assert not list_folder(folder).folder("nothing").names


def test_a_folder_on_a_store_is_listed(folder: Path) -> None:
    place = location_of("memory://listed/sample")
    for path in folder.rglob("*.*"):
        Store(place).put(path.relative_to(folder).as_posix(), path.read_bytes(), Headers())
    source = open_folder("memory://listed/sample/", KINDS)
    assert source is not None
    assert source.catalog.kind == "sample "
    assert list_folder(place).folder("inner").names == {"cells.h5ad"}
    assert list_folder(place).has("inner")
    assert open_folder("memory://listed/sample/a_run.bin", KINDS) is not None
    assert open_folder("memory://listed/other", KINDS) is None
    with pytest.raises(BadInputError, match="sample/nothing does not exist"):
        list_folder(place).file("nothing")


def test_a_web_server_is_asked_for_each_name(folder: Path) -> None:
    with serving() as server:
        url = server.put_folder(folder)
        source = open_folder(url, KINDS)
        assert source is not None
        assert source.catalog.kind == "sample "
        assert source.matrix("X").info.shape == (3, 2)
        named = open_folder(f"{url}/a_run.bin?key=1", KINDS)
        assert named is not None
        assert named.catalog.kind == "sample a_run.bin"
        assert open_folder(f"{server.address}/other", KINDS) is None
        before = server.count
        assert open_folder(f"{url}/some.h5ad", KINDS) is None
        assert open_folder(f"{url}.zarr/tables/table", KINDS) is None
        assert server.count == before  # nothing is asked for below files and stores
