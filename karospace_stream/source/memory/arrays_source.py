"""Arrays passed one by one, presented as one AnnData."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from karospace_stream.errors import BadInputError
from karospace_stream.model.source import MatrixReader
from karospace_stream.source.anndata_source import AnnDataSource, make_source
from karospace_stream.source.elements.embeddings import EmbeddingEntry
from karospace_stream.source.memory.backed import container_of, is_remote
from karospace_stream.source.memory.input_arrays import input_embedding, input_matrix
from karospace_stream.source.memory.input_frame import obs_frame, var_frame
from karospace_stream.source.parts import OBSP, Parts
from karospace_stream.units import counted

GRAPH = "connectivities"
_LOCATION = "<arrays in memory>"


@dataclass(frozen=True, slots=True, eq=False)
class ArrayInputs:
    """Arrays whose rows are cells, as passed by the user: in memory, lazy, or members of backed objects.

    Attributes
    ----------
    obs, obs_keys
        A data frame, and its columns that count, in this order; None for all.
    var, gene_ids
        A data frame and the column with the names of genes; ``"index"`` for its index.
        Ignored without ``gene_expression``.
    obsm
        Embeddings, latent space and vector fields by their keys.
    arguments
        Names for messages of the entries of ``obsm`` whose name is not their key.
    """

    obs: Any
    obs_keys: Sequence[Any] | None = None
    var: Any = None
    gene_expression: Any = None
    gene_ids: str = "index"
    connectivities: Any = None
    obsm: Mapping[str, Any] = field(default_factory=dict)
    arguments: Mapping[str, str] = field(default_factory=dict)
    name: str = "arrays"


def open_arrays(inputs: ArrayInputs) -> AnnDataSource:
    """Describe the arrays; shares their memory, and reads no value of those stored in a file.

    Text columns of a data frame in memory become codes here: 1 to 4 bytes a cell each.

    Raises
    ------
    BadInputError
        If one of them cannot be read, or its shape does not fit obs and var. Nothing is skipped.
    BadOptionError
        If a column is not there.
    """
    obs = obs_frame(inputs.obs, inputs.obs_keys)
    has_genes = inputs.gene_expression is not None
    var = var_frame(inputs.var if has_genes else pd.DataFrame(), inputs.gene_ids if has_genes else "index")
    matrices: dict[str, MatrixReader] = {}
    if has_genes:
        matrices["X"] = input_matrix("gene_expression", "X", inputs.gene_expression)
        _check_shape("gene_expression", matrices["X"], (obs.n_rows, var.n_rows), "obs and var have")
    if inputs.connectivities is not None:
        graph = input_matrix(GRAPH, OBSP + GRAPH, inputs.connectivities)
        matrices[OBSP + GRAPH] = graph
        _check_shape(GRAPH, graph, (obs.n_rows, obs.n_rows), "cells x cells is")
    obsm = {
        key: _entry(inputs.arguments.get(key, key), values, obs.n_rows) for key, values in inputs.obsm.items()
    }
    parts = Parts(matrices=matrices, obs=obs, var=var, raw_var=None, obsm=obsm, images=(), arrays={})
    return make_source(
        parts,
        [],
        location=_LOCATION,
        name=inputs.name,
        container=container_of(inputs.gene_expression),
        fingerprint=f"{id(inputs)}-{obs.n_rows}-{var.n_rows}",
        remote=any(map(is_remote, (inputs.gene_expression, inputs.connectivities, *inputs.obsm.values()))),
    )


def _entry(argument: str, values: Any, n_cells: int) -> EmbeddingEntry:
    entry = input_embedding(argument, values)
    if entry.n_rows != n_cells:
        raise BadInputError(
            f"{argument} has {counted(entry.n_rows, 'row')}, but obs has {counted(n_cells, 'cell')}; "
            "give the same cells in the same order everywhere"
        )
    return entry


def _check_shape(argument: str, reader: MatrixReader, wanted: tuple[int, int], who: str) -> None:
    if reader.info.shape != wanted:
        raise BadInputError(f"{argument} has shape {reader.info.shape}, but {who} {wanted}")
