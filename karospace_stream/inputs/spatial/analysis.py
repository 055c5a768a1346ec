"""Clusters and embeddings that the pipelines of 10x Genomics compute, from their folder ``analysis``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from karospace_stream.errors import BadInputError, KaroSpaceError
from karospace_stream.inputs.folders.folder import InputFolder
from karospace_stream.inputs.spatial.joined_table import numbers_of_rows
from karospace_stream.inputs.spatial.rows import CellRows
from karospace_stream.source.elements.arrays import NumpyArray
from karospace_stream.source.elements.columns import CategoricalElement, Element
from karospace_stream.source.elements.embeddings import ArrayEntry, EmbeddingEntry
from karospace_stream.source.files.stream import AnyFile, open_stream
from karospace_stream.source.problems.unreadable import Unreadable, optional, reason
from karospace_stream.units import counted, format_nbytes

FOLDER = "analysis"
_OF_GENES = "gene_expression_"
_EMBEDDINGS = {"umap": "X_umap", "tsne": "X_tsne", "pca": "X_pca"}
_MOST_CLUSTERS = 32_767
_SPARE_NBYTES, _MOST_ROW_NBYTES = 64 << 20, 4096
# Asked for where folders cannot be listed: what the pipelines write.
_CLUSTERINGS = (f"{_OF_GENES}graphclust", *(f"{_OF_GENES}kmeans_{k}_clusters" for k in range(2, 11)))
_COMPONENTS = {"umap": (2,), "tsne": (2,), "pca": (10, 100)}


@dataclass(slots=True)
class Analysis:
    """What was found, in the order of the cells."""

    columns: dict[str, Element] = field(default_factory=dict)
    obsm: dict[str, EmbeddingEntry] = field(default_factory=dict)
    files: list[AnyFile] = field(default_factory=list)


def read_analysis(folder: InputFolder, cells: CellRows, unreadable: Unreadable) -> Analysis:
    """Read all clusterings and embeddings.

    Parameters
    ----------
    folder
        The one that may hold ``analysis``.
    unreadable
        Takes those that are damaged, and why.
    """
    found = Analysis()
    for name, path in _files(folder, "clustering", _CLUSTERINGS, "clusters.csv"):
        column = name.removeprefix(_OF_GENES)
        with optional(unreadable, f"obs/{column}"):
            file = folder.file(path)
            found.columns[column] = _clusters(folder, path, column, cells)
            found.files.append(file)
    for kind, called in _EMBEDDINGS.items():
        likely = [f"{_OF_GENES}{n}_components" for n in _COMPONENTS[kind]]
        for name, path in _files(folder, kind, likely, "projection.csv"):
            key = called + _suffix(name)
            if key in found.obsm:
                continue
            with optional(unreadable, f"obsm/{key}"):
                file = folder.file(path)
                found.obsm[key] = _projection(folder, path, key, cells)
                found.files.append(file)
    return found


def _files(
    folder: InputFolder, inner: str, likely: list[str] | tuple[str, ...], file: str
) -> Iterator[tuple[str, str]]:
    """The folders of one kind of result, by name, and the file in each."""
    known = list(likely)
    if folder.listed:
        if not folder.has(FOLDER):
            return
        known = sorted(folder.folder(FOLDER).folder(inner).names, key=_order)
    for name in known:
        path = f"{FOLDER}/{inner}/{name}/{file}"
        if folder.has(path):
            yield name, path


def _order(name: str) -> tuple[bool, list[object]]:
    """Genes first, then by the numbers in the name."""
    parts = re.split(r"(\d+)", name)
    return not name.startswith(_OF_GENES), [
        (int(part), "") if part.isdigit() else (0, part) for part in parts
    ]


def _suffix(name: str) -> str:
    """What tells the embeddings of other features from that of genes; older pipelines have genes only."""
    features = re.sub(r"_?\d+_components$", "", name)
    return f"_{features}" if features and f"{features}_" != _OF_GENES else ""


def _clusters(folder: InputFolder, path: str, column: str, cells: CellRows) -> Element:
    table, ids = _numbers(folder.file(path), cells.n_cells)
    if len(table.columns) != 1 or table.iloc[:, 0].dtype.kind not in "iu":
        raise BadInputError(f"{path} must have one column of clusters, which are whole numbers")
    codes, clusters = table.iloc[:, 0].factorize(sort=True)
    if len(clusters) > _MOST_CLUSTERS:
        raise BadInputError(f"{path} has {len(clusters):,} clusters, but may have {_MOST_CLUSTERS:,} at most")
    rows = cells.rows(ids, path)
    kind = np.int8 if len(clusters) <= np.iinfo(np.int8).max else np.int16
    ours = np.where(rows < 0, -1, codes[np.maximum(rows, 0)]).astype(kind)
    key = f"obs/{column}"
    texts = np.array([str(cluster) for cluster in clusters], object)
    return CategoricalElement(NumpyArray(f"{key}/codes", ours), NumpyArray(f"{key}/categories", texts))


def _projection(folder: InputFolder, path: str, key: str, cells: CellRows) -> EmbeddingEntry:
    table, ids = _numbers(folder.file(path), cells.n_cells)
    return ArrayEntry(NumpyArray(f"obsm/{key}", numbers_of_rows(table, cells.rows(ids, path))))


def _numbers(file: AnyFile, n_cells: int) -> tuple[pd.DataFrame, list[str]]:
    """Columns of numbers, and the barcodes in front of them.

    Many of these files have a million rows, so they are read by pandas, not row by row.

    Raises
    ------
    BadInputError
        If it is no such table, or a value is missing.
    """
    if file.size > _SPARE_NBYTES + _MOST_ROW_NBYTES * n_cells:
        raise BadInputError(
            f"{file.path} has {format_nbytes(file.size)}, too much for {counted(n_cells, 'cell')}"
        )
    try:
        with open_stream(file) as stream:
            table = pd.read_csv(stream, dtype={"Barcode": str}, float_precision="round_trip")
    except KaroSpaceError:  # a store that does not answer is no damage
        raise
    except Exception as error:  # pandas raises anything
        raise BadInputError(f"{file.path} must be a table of numbers by barcode: {reason(error)}") from error
    values = table.iloc[:, 1:]
    kinds = [dtype.kind for dtype in values.dtypes]
    if not kinds or not set(kinds) <= set("iuf") or table.isna().to_numpy().any():
        raise BadInputError(
            f"{file.path} must have a barcode and numbers in each row; it is damaged or cut off"
        )
    return values, table.iloc[:, 0].astype(str).tolist()
