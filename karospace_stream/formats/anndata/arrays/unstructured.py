"""Write arrays of uns."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from karospace_stream.formats.anndata.arrays.results import Written
from karospace_stream.formats.anndata.job import AnnDataJob
from karospace_stream.formats.anndata.layout.arrays import ArraySpec
from karospace_stream.formats.anndata.layout.groups import ARRAY, TEXT, Node, dict_group, encoding
from karospace_stream.formats.anndata.unstructured import ARRANGED, color_key
from karospace_stream.model.blob import Receipt


def write_array(job: AnnDataJob, key: str) -> Written:
    """Write one array, in one chunk."""
    values = job.source.uns_array(key)
    text = values.dtype.kind == "O"
    spec = ArraySpec(
        job.plan.keys.path("uns", key),
        values.shape,
        tuple(max(1, n) for n in values.shape),
        "str" if text else values.dtype.name,
        attributes=TEXT if text else ARRAY,
    )
    at = (0,) * len(values.shape)
    return Written((spec,), tuple(job.chunks.put(spec, at, values) if values.size else ()))


def write_colors(job: AnnDataJob, column: str) -> Written:
    """Write the colours of a column as scanpy keeps them, where the input has only those of its terms."""
    values = np.array(job.plan.colors[column], object)
    path = job.plan.keys.path("uns", color_key(column))
    spec = ArraySpec(path, values.shape, values.shape, "str", attributes=TEXT)
    return Written((spec,), tuple(job.chunks.put(spec, (0,), values)))


def write_arrangement(job: AnnDataJob) -> Written:
    """How sections are laid out: the entry of obsm, the column, its groups, and the shift of each.

    The group of the cells without a value is an empty text.
    """
    made = job.selection.arrangement
    if made is None:
        return Written((), ())
    key = next(entry.key for entry in job.plan.entries if entry.choice.source == made.source)
    values: dict[str, npt.NDArray[np.generic]] = {
        "key": np.array(job.plan.keys.key("obsm", key), object),
        "column": np.array(made.column, object),
        "groups": np.array([name or "" for name in made.groups], object),
        "shifts": np.array(made.shifts, np.float64),
    }
    nodes: list[Node] = [dict_group(f"uns/{ARRANGED}")]
    receipts: list[Receipt] = []
    for name, each in values.items():
        is_text = each.dtype == object
        about = ARRAY if not is_text else TEXT if each.ndim else encoding("string", "0.2.0")
        spec = ArraySpec(
            f"uns/{ARRANGED}/{name}",
            each.shape,
            each.shape,
            "str" if is_text else "float64",
            attributes=about,
        )
        nodes.append(spec)
        receipts += job.chunks.put(spec, (0,) * each.ndim, each)
    return Written(tuple(nodes), tuple(receipts))
