"""Every format holds the contract, also one that is added: one folder, one line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import click
import numpy as np
import pytest

import karospace_stream
from karospace_stream.cli.flags import as_options, export_flags
from karospace_stream.cli.form import fields_of
from karospace_stream.errors import BadOptionError
from karospace_stream.formats.options import read_options, with_options
from karospace_stream.formats.registry import FORMATS
from karospace_stream.pipeline.resume.header import head_of
from karospace_stream.pipeline.stages import begin
from karospace_stream.plan.planning import plan_export
from karospace_stream.preview.cache_key import cache_key
from karospace_stream.preview.detect import kind_of
from karospace_stream.runtime.clock import timestamp
from karospace_stream.testing.format_contract import FormatContract
from karospace_stream.testing.synth import write_synthetic
from tests.formats.npy_genes.options import NpyOptions


@pytest.fixture
def npy(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(FORMATS, "npy", "tests.formats.npy_genes")
    from karospace_stream.pipeline.resume import result_types

    result_types.result_types.cache_clear()
    yield
    result_types.result_types.cache_clear()


class TestKarospace(FormatContract):
    format = "karospace"
    steady: ClassVar[dict[str, Any]] = {"group_by": "none"}


class TestCellucid(FormatContract):
    format = "cellucid"
    options: ClassVar[dict[str, Any]] = {"coords": "obsm:X_umap"}


class TestAnnData(FormatContract):
    format = "anndata"


@pytest.mark.usefixtures("npy")
class TestNpy(FormatContract):
    format = "npy"


@pytest.mark.usefixtures("npy")
class TestNpyBesideGenes(FormatContract):
    format = "npy"
    options: ClassVar[dict[str, Any]] = {"beside": True}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source.h5ad"
    write_synthetic(path, n_cells=60, n_genes=5)
    return path


@pytest.mark.usefixtures("npy")
def test_an_export_of_the_added_format(source: Path, tmp_path: Path) -> None:
    karospace_stream.export(source, tmp_path / "out", format="npy", half=True)  # type: ignore[call-arg]
    values = np.load(tmp_path / "out" / "genes" / "00003.npy")
    opened = karospace_stream.open_source(source)
    assert values.dtype == np.float16
    np.testing.assert_array_equal(values, opened.X[:, 3].compute().toarray().ravel().astype(np.float16))
    assert kind_of(tmp_path / "out") == "export"
    with pytest.raises(BadOptionError, match="must be one of karospace, cellucid, anndata, npy"):
        read_options({"format": "zip"})


@pytest.mark.usefixtures("npy")
def test_an_added_option_is_wherever_options_are(source: Path) -> None:
    plain, given = read_options({"format": "npy"}), read_options({"format": "npy", "half": True})
    assert not plain.of(NpyOptions).half
    assert given.of(NpyOptions).half

    @click.command()
    @export_flags(plans=True)
    def command(**flags: Any) -> Any:
        return as_options(flags)

    shown = command.get_help(click.Context(command))
    assert "--half" in shown
    assert "Store genes as float16." in shown
    assert command.main(["--format", "npy", "--half"], standalone_mode=False)["half"] is True
    assert ("half", "switch") in {(field.name, field.kind) for field in fields_of(command)}
    assert "half : bool, default False\n    Store genes as float16." in with_options("{options}")
    opened = karospace_stream.open_source(source)
    assert cache_key(source, opened, plain) != cache_key(source, opened, given)
    assert given.to_json()["npy"] == {"half": True, "beside": False}
    plan = plan_export(source, given)
    assert head_of(plan, timestamp()).options["npy"] == {"half": True, "beside": False}
    assert json.loads(json.dumps(begin(plan, [Nowhere()], timestamp())[0].job.recorded))["npy"]["half"]


class Nowhere:
    prefix = ""
