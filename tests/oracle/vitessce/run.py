"""Runs in the environment of the ``vitessce`` package: a view of a store, and what its Zarr reads of it."""

from __future__ import annotations

import json
import sys

import zarr
from vitessce import AnnDataWrapper, VitessceConfig  # type: ignore[import-not-found]


def main() -> None:
    store, *paths = sys.argv[1:]
    matrix, embedding, sets = paths
    config = VitessceConfig(schema_version="1.0.17", name="store")
    wrapper = AnnDataWrapper(
        adata_path=store,
        obs_feature_matrix_path=matrix,
        obs_embedding_paths=[embedding],
        obs_embedding_names=["UMAP"],
        obs_set_paths=[sets],
        obs_set_names=["set"],
    )
    config.add_dataset("store").add_object(wrapper)
    root = zarr.open_consolidated(store, mode="r")
    found = {
        "config": config.to_dict(base_url="http://127.0.0.1"),
        "routes": [route.path for route in config.get_routes()],
        "matrix": {
            "encoding": root[matrix].attrs["encoding-type"],
            "data": root[matrix]["data"][:].tolist(),
            "indices": root[matrix]["indices"][:].tolist(),
            "indptr": root[matrix]["indptr"][:].tolist(),
        },
        "embedding": root[embedding][:].tolist(),
        "codes": root[sets]["codes"][:].tolist(),
        "categories": [str(each) for each in root[sets]["categories"][:]],
    }
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
