"""Files that the manifests of a Cellucid export refer to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import orjson

from karospace_stream.formats.cellucid.layout.names import IDENTITY, Layout, safe_name
from karospace_stream.formats.layout.documents import checked

_EXTENSIONS = {"uint8": "u8", "uint16": "u16"}


def references(read: Callable[[str], bytes]) -> dict[str, int | None]:
    """All paths; this format does not give sizes.

    Raises
    ------
    ValueError, KeyError, TypeError, AttributeError, IndexError
        If a manifest is malformed.
    """
    return dict.fromkeys(_paths(read))


def _paths(read: Callable[[str], bytes]) -> Iterator[str]:
    layout, identity = Layout(gzip=True), orjson.loads(checked(read(IDENTITY)))
    yield IDENTITY
    yield from map(str, identity["embeddings"]["files"].values())
    for field in identity.get("vector_fields", {}).get("fields", {}).values():
        yield from map(str, field["files"].values())
    if "rows" in identity.get("sections", {}):
        yield str(identity["sections"]["rows"]["path"])
    yield layout.obs_manifest
    yield from _obs(orjson.loads(checked(read(layout.obs_manifest))))
    if identity["stats"]["n_genes"]:
        yield layout.var_manifest
        var = orjson.loads(checked(read(layout.var_manifest)))
        pattern = var["_varSchema"]["pathPattern"]
        yield from (_filled(pattern, field[0]) for field in var["fields"])
    if identity["stats"]["has_connectivity"]:
        yield layout.graph_manifest
        graph = orjson.loads(checked(read(layout.graph_manifest)))
        yield from (str(graph["sourcesPath"]), str(graph["destinationsPath"]))


def _obs(manifest: dict[str, Any]) -> Iterator[str]:
    schemas = manifest["_obsSchemas"]
    for field in manifest["_continuousFields"]:
        yield _filled(schemas["continuous"]["pathPattern"], field[0])
    for field in manifest["_categoricalFields"]:
        own = schemas["categorical"]
        yield _filled(own["codesPathPattern"], field[0]).replace("{ext}", _EXTENSIONS[field[2]])
        yield _filled(own["outlierPathPattern"], field[0])


def _filled(pattern: str, key: str) -> str:
    return pattern.replace("{key}", safe_name(str(key)))
