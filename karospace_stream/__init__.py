"""Streams AnnData files that do not fit in memory into static bundles for the browser."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from karospace_stream.convert.api import export, plan_export
    from karospace_stream.convert.clean.api import clean
    from karospace_stream.convert.datasets import generate_datasets_manifest
    from karospace_stream.convert.doctor import check_host
    from karospace_stream.convert.legacy import ExportConfig, export_h5ad
    from karospace_stream.convert.opened import open_source
    from karospace_stream.convert.prepare import prepare
    from karospace_stream.convert.preview import serve
    from karospace_stream.convert.verify.api import verify
    from karospace_stream.notebook.show import show

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
    "serve",
    "show",
    "verify",
]

_HOMES = {
    "ExportConfig": "karospace_stream.convert.legacy",
    "check_host": "karospace_stream.convert.doctor",
    "clean": "karospace_stream.convert.clean.api",
    "export": "karospace_stream.convert.api",
    "export_h5ad": "karospace_stream.convert.legacy",
    "generate_datasets_manifest": "karospace_stream.convert.datasets",
    "open_source": "karospace_stream.convert.opened",
    "plan_export": "karospace_stream.convert.api",
    "prepare": "karospace_stream.convert.prepare",
    "serve": "karospace_stream.convert.preview",
    "show": "karospace_stream.notebook.show",
    "verify": "karospace_stream.convert.verify.api",
}


def __getattr__(name: str) -> Any:
    # Loaded when asked for: the command's help must not wait for NumPy and Dask.
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
