"""Checks of the arguments of `prepare` that no options object covers."""

from __future__ import annotations

import operator
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from karospace_stream.encode.gzip import MAX_LEVEL
from karospace_stream.errors import BadInputError, BadOptionError, KaroSpaceError

_FIXED = {
    "obs_manifest_filename": "obs_manifest.json",
    "obs_binary_dirname": "obs",
    "var_manifest_filename": "var_manifest.json",
    "var_binary_dirname": "var",
    "connectivity_manifest_filename": "connectivity_manifest.json",
    "connectivity_binary_dirname": "connectivity",
}
_MOST_DIMS = 3
_ARGUMENTS = {
    "--var-quantization": "var_quantization",
    "--obs-quantization": "obs_continuous_quantization",
    "--categorical-dtype": "obs_categorical_dtype",
    "--gene-names": "var_gene_id_column",
    "--genes list:PATH": "gene_identifiers",
    "--vectors": "vector_fields",
    "--latent": "latent_space",
    "--overwrite": "force=True",
    "--memory": "memory",
    "--workers": "workers",
    "--scheduler": "scheduler",
    "--scratch": "scratch",
}
_NOT_HERE = ", or export fewer cells with --downsample"
_FLAG = re.compile("|".join(rf"(?<!\S){flag}\b" for flag in _ARGUMENTS))


@contextmanager
def in_words_of_python() -> Iterator[None]:
    """Make errors name the arguments of `prepare` instead of the command's flags."""
    try:
        yield
    except KaroSpaceError as error:
        text = str(error).replace(_NOT_HERE, "")
        error.args = (_FLAG.sub(lambda found: _ARGUMENTS[found[0]], text), *error.args[1:])
        raise


def only_defaults(**names: str) -> None:
    """Refuse other file names: a reader of the format would not find them."""
    for argument, name in names.items():
        if name != _FIXED[argument]:
            raise BadOptionError(
                f"{argument} must be {_FIXED[argument]!r}, the name that readers of the format look for; "
                f"got {name!r}"
            )


def require_arguments(**arguments: Any) -> None:
    """Raise if a required argument is missing."""
    for argument, value in arguments.items():
        if value is None:
            raise BadOptionError(f"prepare needs {argument}, got None")


def embeddings_by_key(by_dim: Mapping[int, Any], four: Any) -> dict[str, Any]:
    """The given embeddings, by their keys in obsm."""
    if four is not None:
        raise BadOptionError("X_umap_4d: the format holds points of 1, 2 and 3 dimensions; leave it out")
    points = {f"X_umap_{dims}d": values for dims, values in by_dim.items() if values is not None}
    if not points:
        raise BadOptionError("prepare needs at least one of X_umap_1d, X_umap_2d and X_umap_3d, got none")
    for argument, values in points.items():
        shape = getattr(values, "shape", (0, 0))
        if len(shape) != 2:
            raise BadInputError(f"{argument} must be cells x dimensions, got shape {tuple(shape)}")
    return points


def check_widths(points: Mapping[str, Any], vectors: Mapping[str, Any], widths: Mapping[str, int]) -> None:
    """Refuse an embedding whose width does not match its argument, and vectors of more than 3 components."""
    for argument in points:
        wanted = int(argument[-2])
        if widths[argument] != wanted:
            plural = "columns" if wanted > 1 else "column"
            raise BadInputError(f"{argument} must be {wanted} {plural}, got {widths[argument]}")
    for key in vectors:
        if widths[key] > _MOST_DIMS:
            raise BadInputError(f"vector_fields[{key!r}] must be 1 to 3 columns, got {widths[key]}")


def vectors_by_key(fields: Mapping[str, Any] | None, taken: Sequence[str]) -> dict[str, Any]:
    """The vector fields that are not None."""
    if fields is None:
        return {}
    if not isinstance(fields, Mapping):
        raise BadOptionError(
            f"vector_fields must be a dictionary of arrays by name, got a {type(fields).__qualname__}"
        )
    found = {str(key): values for key, values in fields.items() if values is not None}
    for key in found:
        if key in (*taken, "none"):
            raise BadOptionError(f"vector_fields: {key!r} has another meaning here; give it another name")
    return found


def whole_number(argument: str, value: Any) -> int | None:
    """Convert to an ``int``; accept NumPy integers, but no booleans."""
    if value is None:
        return None
    try:
        if isinstance(value, bool):
            raise TypeError
        return operator.index(value)
    except TypeError:
        raise BadOptionError(f"{argument} must be a whole number or None, got {value!r}") from None


def gzip_level(compression: Any) -> int | None:
    """Compression level of gzip; None for no compression."""
    level = whole_number("compression", compression)
    if level is None or level <= 0:
        return None
    if level > MAX_LEVEL:
        raise BadOptionError(f"compression must be 1 to {MAX_LEVEL}, or None for no compression; got {level}")
    return level


def folder_name(out_dir: str | os.PathLike[str]) -> str:
    """Name of a data set without one."""
    return Path(os.path.abspath(out_dir)).name  # noqa: PTH100 - not resolve(): a link keeps its name
