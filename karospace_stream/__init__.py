"""Streams AnnData files that do not fit in memory into static bundles for the browser."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from karospace_stream._version import __version__ as __version__

if TYPE_CHECKING:
    from karospace_stream.compat.export_h5ad import ExportConfig, export_h5ad
    from karospace_stream.compat.prepare import prepare
    from karospace_stream.doctor.check_host import check_host
    from karospace_stream.formats.cellucid.datasets import generate_datasets_manifest
    from karospace_stream.notebook.show import show
    from karospace_stream.pipeline.api import export, plan_export
    from karospace_stream.pipeline.clean.api import clean
    from karospace_stream.plan.lazy_source import open_source
    from karospace_stream.preview.serve import serve
    from karospace_stream.tables.api import statistics
    from karospace_stream.tables.pseudobulk import pseudobulk
    from karospace_stream.verification.api import verify

__all__ = [
    "ExportConfig",
    "check_host",
    "clean",
    "export",
    "export_h5ad",
    "generate_datasets_manifest",
    "open_source",
    "plan_export",
    "prepare",
    "pseudobulk",
    "serve",
    "show",
    "statistics",
    "verify",
]

_HOMES = {
    "ExportConfig": "karospace_stream.compat.export_h5ad",
    "check_host": "karospace_stream.doctor.check_host",
    "clean": "karospace_stream.pipeline.clean.api",
    "export": "karospace_stream.pipeline.api",
    "export_h5ad": "karospace_stream.compat.export_h5ad",
    "generate_datasets_manifest": "karospace_stream.formats.cellucid.datasets",
    "open_source": "karospace_stream.plan.lazy_source",
    "plan_export": "karospace_stream.pipeline.api",
    "prepare": "karospace_stream.compat.prepare",
    "pseudobulk": "karospace_stream.tables.pseudobulk",
    "serve": "karospace_stream.preview.serve",
    "show": "karospace_stream.notebook.show",
    "statistics": "karospace_stream.tables.api",
    "verify": "karospace_stream.verification.api",
}


def __getattr__(name: str) -> Any:
    # Loaded when asked for: the command's help must not wait for NumPy and Dask.
    if name in _HOMES:
        made = getattr(import_module(_HOMES[name]), name)
        if not isinstance(made, type):
            made = import_module("karospace_stream.words.door").through_the_door(made)
        globals()[name] = made
        return made
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(["__version__", *__all__])
