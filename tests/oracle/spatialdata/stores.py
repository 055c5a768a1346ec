"""Runs in the environment of spatialdata: stores in both versions of Zarr, and the centres of elements."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

warnings.simplefilter("ignore")

import anndata  # noqa: E402
import geopandas  # type: ignore[import-not-found]  # noqa: E402
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
import spatialdata  # type: ignore[import-not-found]  # noqa: E402
from shapely import Point, Polygon, box  # noqa: E402
from spatialdata._io.format import SpatialDataContainerFormatV01  # type: ignore[import-not-found]  # noqa: E402
from spatialdata.datasets import blobs  # type: ignore[import-not-found]  # noqa: E402
from spatialdata.models import (  # type: ignore[import-not-found]  # noqa: E402
    Labels2DModel,
    Labels3DModel,
    PointsModel,
    ShapesModel,
    TableModel,
)
from spatialdata.transformations import (  # type: ignore[import-not-found]  # noqa: E402
    Affine,
    Identity,
    MapAxis,
    Scale,
    Sequence,
    Translation,
)

RNG = np.random.default_rng(3)
AFFINE = Affine([[0, -2, 5], [1, 0.5, -7], [0, 0, 1]], ("x", "y"), ("x", "y"))
MOVES = {
    "identity": Identity(),
    "scale": Scale([2.0, 0.5], ("y", "x")),
    "translation": Translation([10.0, -4.0], ("x", "y")),
    "affine": AFFINE,
    "swap": MapAxis({"x": "y", "y": "x"}),
    "sequence": Sequence([Scale([3.0, 2.0], ("x", "y")), AFFINE, Translation([1.0], ("y",))]),
}


def circles(n: int) -> geopandas.GeoDataFrame:
    index = [f"spot-{row}" for row in RNG.permutation(n)]
    return geopandas.GeoDataFrame(
        {"geometry": [Point(*RNG.random(2) * 100) for _ in range(n)], "radius": 3.5}, index=index
    )


def polygons(n: int) -> geopandas.GeoDataFrame:
    shapes = []
    for _ in range(n):
        x, y = RNG.random(2) * 100
        shape = Polygon([(x, y), (x + 3, y + 1), (x + 2, y + 4), (x - 1, y + 2)])
        shapes.append(shape.difference(box(x + 1, y + 1, x + 1.5, y + 2)))
    shapes[0] = shapes[0].union(box(200, 200, 204, 201))  # of several parts
    return geopandas.GeoDataFrame({"geometry": shapes}, index=RNG.permutation(1000)[:n])


def labels(shape: tuple[int, ...]) -> np.ndarray:
    places = np.stack(np.meshgrid(*map(np.arange, shape), indexing="ij"), -1)
    values = np.zeros(shape, np.int32)
    for label in RNG.permutation(500)[:12]:
        values[((places - RNG.random(len(shape)) * shape) ** 2).sum(-1) < 40] = label + 1
    return values


def made() -> spatialdata.SpatialData:
    """One element of each kind for each transformation; a table for each kind, and one of all of them."""
    elements: dict[str, dict[str, object]] = {"shapes": {}, "labels": {}, "points": {}}
    for name, move in MOVES.items():
        to = {"global": move, "elsewhere": Translation([99.0, 99.0], ("x", "y"))}
        elements["shapes"][f"circles_{name}"] = ShapesModel.parse(circles(20), transformations=to)
        elements["shapes"][f"polygons_{name}"] = ShapesModel.parse(polygons(15), transformations=to)
        image = labels((90, 140))
        elements["labels"][f"labels_{name}"] = Labels2DModel.parse(
            image, dims=("y", "x"), transformations=to, scale_factors=[2, 2] if name == "affine" else None
        )
    elements["labels"]["labels_deep"] = Labels3DModel.parse(
        labels((10, 30, 25)), dims=("z", "y", "x"), transformations={"global": Scale([4.0, 2.0], ("z", "x"))}
    )
    frame = pd.DataFrame(RNG.random((30, 2)) * 50, columns=["x", "y"], index=RNG.permutation(90)[:30])
    elements["points"]["points"] = PointsModel.parse(frame, transformations={"global": AFFINE})
    return spatialdata.SpatialData(**elements)


def centres(store: spatialdata.SpatialData, name: str) -> pd.DataFrame:
    found = spatialdata.get_centroids(store[name], coordinate_system="global").compute()
    axes = [axis for axis in ("x", "y", "z") if axis in found]
    return found.loc[found.index != 0, axes] if name.startswith("labels") else found[axes]


def table(regions: dict[str, pd.DataFrame]) -> anndata.AnnData:
    """The instances of some regions in any order, and one that no region has."""
    parts = [pd.DataFrame({"region": name, "instance": each.index}) for name, each in regions.items()]
    obs = pd.concat(parts).sample(frac=1, random_state=1)
    obs.index = [f"cell {row}" for row in range(len(obs))]
    obs["region"] = pd.Categorical(obs["region"])
    if obs["instance"].dtype.kind != "i":
        obs["instance"] = obs["instance"].astype(str).astype(object)
    values = RNG.poisson(1, (len(obs), 5)).astype(np.float32)
    return TableModel.parse(
        anndata.AnnData(values, obs=obs), region=list(regions), region_key="region", instance_key="instance"
    )


def main() -> None:
    folder = Path(sys.argv[1])
    store = made()
    truth = {name: centres(store, name) for _, name, _ in store.gen_spatial_elements()}
    for name, each in truth.items():
        store.tables[f"of_{name}"] = table({name: each})
    numbered = {
        name: each for name, each in truth.items() if each.index.dtype.kind == "i" and "z" not in each
    }
    store.tables["all_of_them"] = table(numbered)
    store.write(folder / "made_3.zarr")
    store.write(folder / "made_2.zarr", sdata_formats=SpatialDataContainerFormatV01())
    spatialdata.settings.shapes_geometry_encoding = "geoarrow"
    store.write(folder / "made_arrow.zarr")
    arrays = {}
    for name, each in truth.items():
        arrays[f"{name}/ids"] = each.index.to_numpy().astype(str)
        arrays[f"{name}/centres"] = each.to_numpy()
    np.savez(folder / "made.npz", **arrays)

    example = blobs(length=200)
    example.write(folder / "blobs.zarr")
    found = centres(example, "blobs_labels")
    np.savez(folder / "blobs.npz", ids=found.index.to_numpy().astype(str), centres=found.to_numpy())


if __name__ == "__main__":
    main()
