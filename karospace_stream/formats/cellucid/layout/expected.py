"""Files that clients can expect of an export: some of every kind, with their sizes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from karospace_stream.formats.cellucid.layout.identity import VERSION
from karospace_stream.formats.cellucid.layout.names import IDENTITY, Layout, safe_name
from karospace_stream.formats.layout.documents import json_object, not_ours
from karospace_stream.model.expected import Contents, Expected

#: Returns the bytes of a file of the export.
Read = Callable[[str], bytes]

_EXPORT = "Cellucid export"
_WIDTHS = {"float32": 4, "uint8": 1, "uint16": 2, "uint32": 4}
_EXTENSIONS = {"uint8": "u8", "uint16": "u16"}


def contents(identity: bytes, read: Read) -> Contents:
    """Read ``dataset_identity.json`` and its manifests.

    Returns
    -------
    Size, and one file of each kind. The identity comes first.

    Raises
    ------
    BadInputError
        If a manifest is not what its name says.
    """
    content = json_object(IDENTITY, _EXPORT, identity)
    if content.get("version") != VERSION:
        raise not_ours(IDENTITY, _EXPORT, f"its version is {content.get('version')!r}")
    try:
        stats = content["stats"]
        n_cells, n_genes = int(stats["n_cells"]), int(stats.get("n_genes") or 0)
        files = [
            Expected(IDENTITY, lasting=False),
            *_points(content, n_cells),
            *_obs(content, n_cells, read),
            *_genes(n_genes, n_cells, read),
            *_edges(stats, read),
        ]
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise not_ours("export", _EXPORT, error) from None
    return Contents(n_cells, n_genes, tuple(files))


def _points(identity: dict[str, Any], n_cells: int) -> Iterator[Expected]:
    files = identity["embeddings"]["files"]
    if not files:
        raise ValueError("it has no points")
    for dims, key in list(files.items())[:1]:
        yield _array(str(key), n_cells * int(dims.removesuffix("d")), "float32")


def _obs(identity: dict[str, Any], n_cells: int, read: Read) -> Iterator[Expected]:
    name = Layout(gzip=True).obs_manifest
    if identity.get("obs_fields") == []:
        return
    content = json_object(name, _EXPORT, read(name))
    yield Expected(name, lasting=False)
    schemas = content["_obsSchemas"]
    for field in content.get("_continuousFields", [])[:1]:
        schema = schemas["continuous"]
        yield _array(_filled(schema["pathPattern"], field[0]), n_cells, schema["dtype"])
    for field in content.get("_categoricalFields", [])[:1]:
        pattern = schemas["categorical"]["codesPathPattern"].replace("{ext}", _EXTENSIONS[field[2]])
        yield _array(_filled(pattern, field[0]), n_cells, field[2])


def _genes(n_genes: int, n_cells: int, read: Read) -> Iterator[Expected]:
    name = Layout(gzip=True).var_manifest
    if n_genes == 0:
        return
    content = json_object(name, _EXPORT, read(name))
    yield Expected(name, lasting=False)
    schema = content["_varSchema"]
    for field in content["fields"][:1]:
        yield _array(_filled(schema["pathPattern"], field[0]), n_cells, schema["dtype"])


def _edges(stats: dict[str, Any], read: Read) -> Iterator[Expected]:
    name = Layout(gzip=True).graph_manifest
    if not stats.get("has_connectivity"):
        return
    content = json_object(name, _EXPORT, read(name))
    yield Expected(name, lasting=False)
    yield _array(str(content["sourcesPath"]), int(content["n_edges"]), content["index_dtype"])


def _filled(pattern: str, key: str) -> str:
    return pattern.replace("{key}", safe_name(key))


def _array(key: str, n_values: int, dtype: str) -> Expected:
    # Its compressed size is not recorded anywhere.
    return Expected(key, None if key.endswith(".gz") else n_values * _WIDTHS[dtype])
