"""Runs ``cellucid.prepare(format="zarr")`` on cases, in its own environment.

``python run.py FOLDER DATA CASES.py WRONG.py NAME...``: for each case among the names writes
``FOLDER/<case>.h5ad``, ``FOLDER/<case>.v2.zarr`` and ``.v3.zarr`` of that file and
``FOLDER/<case>.object.zarr`` of the object it is written from; for each file in DATA among them its
``.v2.zarr`` and ``.v3.zarr``; for ``wrong`` whatever is left of wrong input; and ``FOLDER/outcomes.json``:
of each what was raised, or None.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import sys
import warnings
from pathlib import Path
from typing import Any

import anndata


def main(out: Path, data: Path, cases: Path, wrong: Path, *names: str) -> None:
    outcomes: dict[str, str | None] = {}
    made = _module(cases).CASES
    for name in filter(made.__contains__, names):
        given, file = made[name](), out / f"{name}.h5ad"
        outcomes[f"{name}.object"] = _run(out / f"{name}.object.zarr", given, 2)
        given["data"].write_h5ad(file)  # which changes text to categories
        for version in (2, 3):
            given["data"] = anndata.read_h5ad(file)
            outcomes[f"{name}.v{version}"] = _run(out / f"{name}.v{version}.zarr", given, version)
    for name, (_, make) in _module(wrong).WRONG.items() if "wrong" in names else ():
        outcomes[f"wrong/{name}"] = _run(out / "wrong.zarr", make(), 2)
    for name in names:
        file = data / f"{name}.h5ad"
        for version in (2, 3) if file.exists() else ():
            given = {"data": anndata.read_h5ad(file)}
            outcomes[f"{name}.v{version}"] = _run(out / f"{name}.v{version}.zarr", given, version)
    (out / "outcomes.json").write_text(json.dumps(outcomes), encoding="utf-8")


def _module(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _run(store: Path, arguments: dict[str, Any], version: int) -> str | None:
    from cellucid import prepare

    named = {"dataset_id": "d", "dataset_name": "Dâta"}
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        try:
            prepare(store, format="zarr", zarr_format=version, **named | arguments)
        except Exception as error:  # whatever it raises is what is asked for
            return f"{type(error).__name__}: {error}"
    return None


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:5]), *sys.argv[5:])
