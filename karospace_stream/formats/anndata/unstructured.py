"""Arrays of uns that are stored beside the store's own entries."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from karospace_stream.errors import BadOptionError
from karospace_stream.formats.anndata.arrays.results import Written
from karospace_stream.formats.anndata.job import AnnDataJob
from karospace_stream.formats.anndata.layout.arrays import WHOLE, ArraySpec
from karospace_stream.formats.anndata.layout.groups import ARRAY, TEXT
from karospace_stream.model.catalog import Catalog
from karospace_stream.select.suggest import not_there

#: The store's own entries.
OWN = ("title", "cellucid")
_COLORS = "_colors"


def choose_arrays(catalog: Catalog, wanted: Sequence[str]) -> tuple[str, ...]:
    """Resolve ``--uns``; colours of categories are always exported.

    Raises
    ------
    BadOptionError
        If one is missing, or has more values than a chunk.
    """
    sizes = {key: prod(shape) for key, shape in catalog.uns if key not in OWN}
    colors = tuple(key for key, size in sizes.items() if key.endswith(_COLORS) and size <= WHOLE)
    if tuple(wanted) == ("all",):
        chosen = tuple(key for key, size in sizes.items() if size <= WHOLE)
    else:
        missing = [key for key in wanted if key not in sizes]
        if missing:
            raise BadOptionError(not_there("array of uns", missing, sorted(sizes), option="--uns"))
        chosen = tuple(dict.fromkeys((*colors, *wanted)))
        large = [key for key in chosen if sizes[key] > WHOLE]
        if large:
            raise BadOptionError(
                f"--uns {large[0]}: an array of at most {WHOLE:,} values was wanted, it has "
                f"{sizes[large[0]]:,}; leave it out, or keep it in obsm"
            )
    return chosen


def write_array(job: AnnDataJob, key: str) -> Written:
    """Write one array, in one chunk."""
    values = job.source.uns_array(key)
    text = values.dtype.kind == "O"
    spec = ArraySpec(
        job.keys.path("uns", key),
        values.shape,
        tuple(max(1, n) for n in values.shape),
        "str" if text else values.dtype.name,
        attributes=TEXT if text else ARRAY,
    )
    at = (0,) * len(values.shape)
    return Written((spec,), tuple(job.chunks.put(spec, at, values) if values.size else ()))
