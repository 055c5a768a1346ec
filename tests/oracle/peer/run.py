"""Runs cellucid 0.0.9 on all cases, in its own environment.

``python run.py FOLDER DATA CASES.py CASES.py REAL.py DRAWN.py``; where there is no folder DATA,
without real files.

Writes ``FOLDER/<variant>/`` for each export, and ``FOLDER/outcomes.json``: of each what was raised and
what was printed.
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


def main(out: Path, data: Path, *modules: Path) -> None:
    format_cases, peer_cases, real, drawn = map(_module, modules)
    outcomes: dict[str, Any] = {}
    format_cases.CASES |= peer_cases.CASES
    for case in format_cases.CASES:
        for name, arguments in format_cases.variants(case).items():
            outcomes[name] = _run(out / name, arguments)
    for kind in ("wrong", "dubious"):
        for name, arguments in getattr(peer_cases, kind)().items():
            outcomes[f"{kind}/{name}"] = _run(out / kind / name, arguments)
    for name in real.NAMES if data.is_dir() else ():
        given = real.arguments(data / f"{name}.h5ad", backed=False)
        outcomes[f"real/{name}"] = _run(out / "real" / name, given)
    for seed in drawn.SEEDS:
        outcomes[f"drawn/{seed}"] = _run(out / "drawn" / str(seed), drawn.drawn(seed))
    outcomes["first"] = _run(out / "twice", peer_cases.small())
    fewer = {**peer_cases.small(), "obs_keys": ["depth"], "connectivities": None, "gene_expression": None}
    outcomes["second"] = _run(out / "twice", fewer)
    outcomes["forced"] = _run(out / "twice", {**fewer, "force": True})
    for name in ("b", "a"):
        _run(out / "several" / name, peer_cases.small())
    with contextlib.redirect_stdout(io.StringIO()):
        _cellucid().generate_datasets_manifest(out / "several")
        _cellucid().generate_datasets_manifest(out / "several", "other.json", "b")
    (out / "outcomes.json").write_text(json.dumps(outcomes), encoding="utf-8")


def _module(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(f"{path.parent.name}_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _cellucid() -> Any:
    from cellucid import prepare_data

    return prepare_data


def _run(folder: Path, arguments: dict[str, Any]) -> dict[str, str | None]:
    said = io.StringIO()
    with (
        warnings.catch_warnings(),
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        warnings.simplefilter("ignore")
        try:
            _cellucid().prepare(out_dir=folder, **arguments)
        except Exception as error:  # whatever it raises is what is asked for
            return {"raised": type(error).__name__, "text": str(error), "said": said.getvalue()}
    return {"raised": None, "text": "", "said": said.getvalue()}


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
