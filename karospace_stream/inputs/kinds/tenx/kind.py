"""Read a 10x Genomics matrix as an AnnData."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.inputs.kinds.tenx.features import Features, choose_features
from karospace_stream.inputs.kinds.tenx.groups import (
    MATRIX,
    check_complete,
    check_length,
    check_shape,
    damaged_group,
    features_of,
    groups_of,
)
from karospace_stream.inputs.kinds.tenx.picked import PickedColumns, PickedRows
from karospace_stream.model.catalog import Catalog
from karospace_stream.model.finding import Finding
from karospace_stream.model.source import MatrixReader
from karospace_stream.options.general.inputs import InputOptions
from karospace_stream.source.elements.arrays import StoredArray
from karospace_stream.source.elements.columns import Element, PlainElement, Wrap, checked
from karospace_stream.source.elements.frames import Frame, keep_length
from karospace_stream.source.elements.members import member
from karospace_stream.source.matrices.readers import sparse_reader
from karospace_stream.source.parts import Parts
from karospace_stream.source.problems.unreadable import Unreadable, optional

TENX = "10x Genomics matrix"
#: Names of the columns of var, as scanpy has them.
_CALLED = {"id": "gene_ids", "feature_type": "feature_types"}
_CALLED_PROBES = {"gene_id": "gene_ids", "id": "probe_ids", "feature_type": "feature_types"}
_NO_COLUMNS = {"name", "_all_tag_keys"}


@dataclass(frozen=True, slots=True)
class TenX:
    """The ``.h5`` of Cell Ranger, versions 2 and later, and of programs that write the same; a `Kind`."""

    options: InputOptions
    name: str = TENX

    def matches(self, root: Any) -> bool:
        """Whether an open root group holds such a matrix, or what is left of one."""
        if groups_of(root):
            return not {"obs", "var"} <= set(root)
        return not {"obs", "var"} & set(root) and bool(damaged_group(root))

    def resolve(self, root: Any, where: str, wrap: Wrap, unreadable: Unreadable) -> Parts:
        """Describe it as the parts of an AnnData; see the protocol. Reads the types of the features."""
        names = groups_of(root)
        key = _chosen_group(names, self.options, where) if names else damaged_group(root)
        group = root[key]
        check_complete(group, key, where)
        n_genes, n_cells = _shape(wrap(group["shape"]), where, key)
        data, indices, indptr = (wrap(group[name]) for name in ("data", "indices", "indptr"))
        check_shape(group, (n_genes, n_cells), indptr.shape, where, key)
        reader = sparse_reader("X", "csr", (n_cells, n_genes), data, indices, indptr, where)
        matrix: MatrixReader = reader
        obs = _obs(group, n_cells, where, wrap, unreadable)
        var, features = self._features(group, n_genes, where, wrap, unreadable)
        if features.rows is not None and len(features.rows) < n_genes:
            matrix, var = PickedColumns(reader, features.rows), _picked(var, features.rows)
        return Parts(
            matrices={"X": matrix},
            obs=obs,
            var=var,
            raw_var=None,
            obsm={},
            images=(),
            arrays={},
            findings=features.findings,
        )

    def _features(
        self, group: Any, n_genes: int, where: str, wrap: Wrap, unreadable: Unreadable
    ) -> tuple[Frame, Features]:
        """The table of all features, and which are read."""
        table: Any = member(group, "features")
        if not hasattr(table, "keys"):
            genes = {"gene_ids": group["genes"]} if "genes" in group else {}
            return _var(features_of(group), genes, n_genes, where, wrap, unreadable), Features()
        called = _CALLED_PROBES if "gene_id" in table else _CALLED
        columns = {
            called.get(name, name): table[name]
            for name in (*called, *sorted(set(table) - set(called)))
            if name in table and name not in _NO_COLUMNS and hasattr(table[name], "shape")
        }
        needed = ("feature_type", *(["genome"] if self.options.genome is not None else []))
        for name in needed:
            check_length(table, name, n_genes, where)
        frame = _var(features_of(group), columns, n_genes, where, wrap, unreadable)
        types, genomes = (_texts(frame, name) for name in ("feature_types", "genome"))
        chosen = choose_features(self.options, types, genomes, where)
        if types is None and not self.options.feature_type:
            text = f"the features of {where} have no types, so all of them are read, not only genes"
            chosen = replace(chosen, findings=(*chosen.findings, Finding("features-without-types", text)))
        return frame, chosen


def check_features(catalog: Catalog, options: InputOptions) -> None:
    """Reject a choice of features of something that is no such matrix."""
    given = {"--feature-type": bool(options.feature_type), "--genome": options.genome is not None}
    for flag, is_given in given.items():
        if is_given and catalog.kind != TENX:
            raise BadOptionError(
                f"{flag} chooses among the features of a 10x Genomics matrix, but {catalog.location} is "
                f"{catalog.kind or 'an AnnData'}; leave it out"
            )


def _chosen_group(names: list[str], options: InputOptions, where: str) -> str:
    if MATRIX in names:
        return MATRIX
    if options.feature_type and "all" not in options.feature_type:
        raise BadOptionError(f"{where} is of Cell Ranger 2 and has only genes, so it takes no --feature-type")
    if options.genome is None:
        if len(names) > 1:
            raise BadOptionError(
                f"{where} has {len(names)} genomes ({', '.join(names)}); choose one with --genome {names[0]}"
            )
        return names[0]
    if options.genome not in names:
        raise BadOptionError(
            f"--genome must be a genome of {where} ({', '.join(names)}), got {options.genome!r}"
        )
    return options.genome


def _shape(values: StoredArray, where: str, key: str) -> tuple[int, int]:
    found: npt.NDArray[Any] = (
        values.read() if values.shape == (2,) and values.dtype.kind in "iu" else np.empty(0)
    )
    if len(found) != 2 or (found < 0).any():
        raise BadInputError(
            f"{key}/shape of {where} must be the numbers of features and barcodes; the file is damaged"
        )
    return int(found[0]), int(found[1])


def _obs(group: Any, n_cells: int, where: str, wrap: Wrap, unreadable: Unreadable) -> Frame:
    index = _index(group["barcodes"], n_cells, "barcodes", where, wrap)
    columns: dict[str, Element] = {}
    if "filtered_barcodes" in group:  # of a matrix of probes
        with optional(unreadable, "obs/filtered_barcodes"):
            columns["filtered_barcodes"] = checked(PlainElement(wrap(group["filtered_barcodes"])))
    return Frame("obs", n_cells, index, keep_length(columns, n_cells, "obs", unreadable))


def _var(
    names: Any, nodes: Mapping[str, Any], n_genes: int, where: str, wrap: Wrap, unreadable: Unreadable
) -> Frame:
    if names is None:
        raise BadInputError(f"{where} has no names of features; the file is damaged, or not complete")
    index = _index(names, n_genes, "features", where, wrap)
    columns: dict[str, Element] = {}
    for name, node in nodes.items():
        with optional(unreadable, f"var/{name}"):
            columns[name] = checked(PlainElement(wrap(node)))
    return Frame("var", n_genes, index, keep_length(columns, n_genes, "var", unreadable))


def _index(node: Any, n_rows: int, what: str, where: str, wrap: Wrap) -> Element:
    index = checked(PlainElement(wrap(node)))
    if index.n_rows != n_rows:
        raise BadInputError(
            f"{where} must name the {n_rows:,} {what} of its matrix, but names {index.n_rows:,}; the file is "
            "damaged"
        )
    return index


def _texts(frame: Frame, name: str) -> list[str] | None:
    """The values of a column of text, if there is one."""
    column = frame.columns.get(name)
    if column is None or column.info(name).kind != "string":
        return None
    return [str(value) for value in column.read(name, 0, frame.n_rows).values.tolist()]


def _picked(frame: Frame, rows: npt.NDArray[np.int64]) -> Frame:
    """Some rows of a data frame of plain columns."""

    def of(element: Element) -> Element:
        assert isinstance(element, PlainElement)
        return replace(element, values=PickedRows(element.values, rows))

    columns = {name: of(element) for name, element in frame.columns.items()}
    return replace(frame, n_rows=len(rows), index=of(frame.index), columns=columns)
