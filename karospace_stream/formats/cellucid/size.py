"""Size of everything in a Cellucid export besides the values of genes.

The shares were measured, see `docs/design/size.md`.
"""

from __future__ import annotations

from collections.abc import Sequence

from karospace_stream.formats.cellucid.fields import Field
from karospace_stream.model.selection import Selection
from karospace_stream.model.size import Size

_FLOAT32_NBYTES = 4
_MOST_IN_A_BYTE = 254
_DOCUMENTS = Size(1_600, 5_500)  # identity, manifests, list of checksums
_OBJECT = Size(32, 62)  # the list of checksums, besides names
_FIELD = Size(100, 450)
_CATEGORY = Size(4, 160)  # in the manifest, with centroids for each dimension, besides its name
_GENE, _QUANTISED_GENE = Size(5, 14), Size(18, 46)  # in the manifest, besides its name
_FLOATS, _NUMBERS = Size(0.35, 0.98), Size(0.1, 0.97)  # compressed shares
_QUANTILES, _CODES = Size(0.45, 0.98), Size(0.01, 0.9)


def other_size(
    selection: Selection,
    fields: Sequence[Field],
    n_vectors: int,
    *,
    obs_nbytes: int | None,
    n_objects: int,
    gzip: bool,
) -> Size:
    """Size of all other files, whatever the genes.

    Parameters
    ----------
    n_vectors
        Columns of all vector fields together.
    obs_nbytes
        Bytes of a quantised number; None for float32.
    """
    n_cells, number = selection.n_cells, obs_nbytes or _FLOAT32_NBYTES
    n_floats = sum(choice.n_dims for choice in selection.embeddings) + n_vectors
    floats = Size.exactly(n_cells * n_floats * _FLOAT32_NBYTES)
    size = _DOCUMENTS + _FIELD * len(fields) + _OBJECT * n_objects + floats.packed(_FLOATS, when=gzip)
    for field in fields:
        values = Size.exactly(n_cells * number)  # of a column, or the outlier quantiles of its categories
        size += values.packed(_NUMBERS if field.categories is None else _QUANTILES, when=gzip)
        if field.categories is not None:
            codes = Size.exactly(n_cells * (2 if len(field.categories) > _MOST_IN_A_BYTE else 1))
            size += codes.packed(_CODES, when=gzip)
            size += _CATEGORY * len(field.categories) + Size.exactly(sum(map(len, field.categories)))
    return size


def gene_size(selection: Selection, *, quantised: bool) -> Size:
    """Size of the entries of one gene in the documents."""
    names = selection.labels[:1_000]
    length = sum(map(len, names)) / max(1, len(names))
    return _GENE + _OBJECT + Size.exactly(2 * length) + (_QUANTISED_GENE if quantised else Size())
