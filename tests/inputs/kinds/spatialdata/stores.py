"""Small SpatialData stores, written by hand in the layout that spatialdata 0.7 writes."""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
import zarr
from scipy import sparse

IDENTITY = {"type": "identity"}


def leading(
    step: Mapping[str, Any], axes: str, system: str = "global", unit: str = "unit", to: str | None = None
) -> dict[str, Any]:
    """A transformation from the axes of an element to a coordinate system."""
    to = to or axes
    input_axes, output_axes = (
        [{"name": name, "type": "space", "unit": unit} for name in each] for each in (axes, to)
    )
    return {
        **step,
        "input": {"name": axes, "axes": input_axes},
        "output": {"name": system, "axes": output_axes},
    }


@dataclass
class Shapes:
    """Circles or polygons; ``index`` is a range if it is a number, the first of it."""

    geometries: Sequence[Any]
    index: Any = 0
    transformations: list[dict[str, Any]] = field(default_factory=lambda: [leading(IDENTITY, "xy")])
    radius: Sequence[float] | None = None
    row_group_size: int | None = None

    def names(self) -> list[Any]:
        if isinstance(self.index, int):
            return list(range(self.index, self.index + len(self.geometries)))
        return list(self.index)

    def write(self, parent: zarr.Group, name: str, folder: Path) -> None:
        group = parent.create_group(name)
        group.attrs.update(
            {
                "encoding-type": "ngff:shapes",
                "axes": ["x", "y"],
                "coordinateTransformations": self.transformations,
                "spatialdata_attrs": {"version": "0.2"},
            }
        )
        table = {
            "geometry": pa.array(shapely.to_wkb(np.array(self.geometries, object)).tolist(), pa.binary())
        }
        if self.radius is not None:
            table["radius"] = pa.array(list(self.radius), pa.float64())
        if isinstance(self.index, int):
            stop = self.index + len(self.geometries)
            index: Any = {"kind": "range", "name": None, "start": self.index, "stop": stop, "step": 1}
        else:
            index = "__index_level_0__"
            table[index] = pa.array(list(self.index))
        geo = {"primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB"}}, "version": "1.1.0"}
        metadata = {"geo": json.dumps(geo), "pandas": json.dumps({"index_columns": [index]})}
        pq.write_table(
            pa.table(table).replace_schema_metadata(metadata),
            folder / "shapes.parquet",
            row_group_size=self.row_group_size,
        )


@dataclass
class Labels:
    """An image of labels and smaller ones."""

    levels: Sequence[np.ndarray]
    transformations: list[dict[str, Any]] = field(default_factory=lambda: [leading(IDENTITY, "yx")])
    chunks: tuple[int, ...] = (16, 16)

    def write(self, parent: zarr.Group, name: str, folder: Path) -> None:
        group = parent.create_group(name)
        axes = "zyx"[-self.levels[0].ndim :]
        for number, values in enumerate(self.levels):
            chunks = self.chunks[-values.ndim :]
            group.create_array(f"s{number}", data=values, chunks=tuple(map(min, chunks, values.shape)))
        multiscale = {
            "datasets": [{"path": f"s{number}"} for number in range(len(self.levels))],
            "axes": [{"name": axis, "type": "space"} for axis in axes],
            "coordinateTransformations": self.transformations,
        }
        if group.metadata.zarr_format == 3:
            group.attrs["ome"] = {"version": "0.5-dev-spatialdata", "multiscales": [multiscale]}
        else:
            group.attrs["multiscales"] = [multiscale]
        group.attrs["spatialdata_attrs"] = {"version": "0.3"}


@dataclass
class Points:
    """Points in several files."""

    parts: Sequence[pd.DataFrame]
    transformations: list[dict[str, Any]] = field(default_factory=lambda: [leading(IDENTITY, "xy")])

    def write(self, parent: zarr.Group, name: str, folder: Path) -> None:
        group = parent.create_group(name)
        group.attrs.update(
            {
                "encoding-type": "ngff:points",
                "axes": [axis for axis in "xyz" if axis in self.parts[0]],
                "coordinateTransformations": self.transformations,
            }
        )
        (folder / "points.parquet").mkdir()
        for number, part in enumerate(self.parts):
            part.to_parquet(folder / "points.parquet" / f"part.{number}.parquet")


FOLDERS = {Shapes: "shapes", Labels: "labels", Points: "points"}


def annotated(
    regions: Mapping[str, Sequence[Any]], *, named: Sequence[str] | None = None, n_genes: int = 4
) -> anndata.AnnData:
    """A table whose cells are instances of some regions."""
    obs = pd.DataFrame(
        {
            "region": pd.Categorical([name for name, ids in regions.items() for _ in ids]),
            "instance_id": [each for ids in regions.values() for each in ids],
        }
    )
    obs.index = [f"cell{row}" for row in range(len(obs))]
    values = np.random.default_rng(1).poisson(1, (len(obs), n_genes)).astype(np.float32)
    adata = anndata.AnnData(sparse.csr_matrix(values), obs=obs)
    region = list(named or regions)
    adata.uns["spatialdata_attrs"] = {
        "region": region[0] if len(region) == 1 else np.array(region, dtype=object),
        "region_key": "region",
        "instance_key": "instance_id",
    }
    return adata


def write_store(
    path: Path,
    tables: Mapping[str, anndata.AnnData],
    elements: Mapping[str, Shapes | Labels | Points] | None = None,
    *,
    version: int = 3,
    folder: str = "tables",
    consolidate: bool = True,
) -> Path:
    """Write a store."""
    root = zarr.open_group(path, mode="w", zarr_format=version)
    root.attrs["spatialdata_attrs"] = {"version": "0.2", "spatialdata_software_version": "0.7.3"}
    with anndata.settings.override(zarr_write_format=version, auto_shard_zarr_v3=False):
        group = root.create_group(folder)
        for name, table in tables.items():
            anndata.io.write_elem(group, name, table)
    for name, element in (elements or {}).items():
        kind = FOLDERS[type(element)]
        parent = root.require_group(kind)
        element.write(parent, name, path / kind / name)
    if consolidate:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of Parquet files beside arrays
            zarr.consolidate_metadata(path, zarr_format=version)
    return path
