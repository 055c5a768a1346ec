"""Groups of the store, and the encodings by which anndata recognises elements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from karospace_stream.formats.anndata.layout.arrays import ArraySpec


@dataclass(frozen=True, slots=True)
class GroupSpec:
    """One group: its path from the root (empty for the root itself), and its attributes."""

    path: str
    attributes: Mapping[str, Any]


Node = GroupSpec | ArraySpec


def encoding(kind: str, version: str) -> dict[str, str]:
    """The attributes that say how an element is encoded."""
    return {"encoding-type": kind, "encoding-version": version}


ROOT = GroupSpec("", encoding("anndata", "0.1.0"))
#: Attributes of every array that is an element itself.
ARRAY = encoding("array", "0.2.0")
TEXT = encoding("string-array", "0.2.0")
RECORDS = encoding("rec-array", "0.2.0")


def dict_group(path: str, more: Mapping[str, Any] = MappingProxyType({})) -> GroupSpec:
    """A group of elements under their keys, with further attributes if any."""
    return GroupSpec(path, {**encoding("dict", "0.1.0"), **more})


def frame_group(
    path: str, columns: Sequence[str], more: Mapping[str, Any] = MappingProxyType({})
) -> GroupSpec:
    """A data frame with index ``_index``."""
    about = {"_index": "_index", "column-order": list(columns)}
    return GroupSpec(path, {**encoding("dataframe", "0.2.0"), **about, **more})


def category_group(path: str, *, ordered: bool) -> GroupSpec:
    """Codes into categories."""
    return GroupSpec(path, {**encoding("categorical", "0.2.0"), "ordered": ordered})


def nullable_group(path: str, *, boolean: bool) -> GroupSpec:
    """Values beside a mask of the missing ones."""
    return GroupSpec(path, encoding("nullable-boolean" if boolean else "nullable-integer", "0.1.0"))


def sparse_group(path: str, kind: str, shape: Sequence[int]) -> GroupSpec:
    """A ``csc_matrix`` or ``csr_matrix``: ``data``, ``indices`` and ``indptr``."""
    return GroupSpec(path, {**encoding(kind, "0.1.0"), "shape": list(shape)})
