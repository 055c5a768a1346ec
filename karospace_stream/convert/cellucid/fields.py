"""Decide how each exported obs column is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from karospace_stream.convert.cellucid.job import Field
from karospace_stream.convert.coding import distinct
from karospace_stream.convert.options import ExportOptions
from karospace_stream.errors import BadInputError
from karospace_stream.formats.cellucid.names import check_names
from karospace_stream.formats.cellucid.stored import codes_dtype
from karospace_stream.model.catalog import ColumnInfo
from karospace_stream.model.selection import Selection
from karospace_stream.source.protocol import Source

#: What 16 bits hold, and one that tells of more.
_MOST = 65_536


@dataclass(frozen=True, slots=True)
class Resolved:
    """The columns; and why others are left out, by name."""

    fields: tuple[Field, ...]
    left_out: Mapping[str, str]


def resolve_fields(source: Source, selection: Selection, options: ExportOptions) -> Resolved:
    """Read the categories, and count the distinct values of text columns.

    Columns with more values than codes are left out where they were not named, as barcodes may be.

    Raises
    ------
    BadInputError
        If a named column has too many categories, or two would be the same file.
    """
    infos = {column.name: column for column in source.catalog.obs}
    named = options.anno is not None and options.anno != ("all",)
    fields, left_out = list[Field](), dict[str, str]()
    for name in selection.columns:
        try:
            fields.append(_resolve(source, selection, infos[name], options))
        except BadInputError as error:
            if named or options.cellucid.categorical_dtype != "auto":
                raise
            left_out[name] = str(error)
    check_names([field.key for field in fields if field.categories is None], "column")
    check_names([field.key for field in fields if field.categories is not None], "column")
    return Resolved(tuple(fields), left_out)


def _resolve(source: Source, selection: Selection, info: ColumnInfo, options: ExportOptions) -> Field:
    if info.kind in ("integer", "float"):
        return Field(info.name)
    categories = source.obs_column(info.name, 0, min(1, source.catalog.n_cells)).categories
    if categories is None:
        found = distinct(source, selection, info.name, _MOST)
        categories = ("",) * (_MOST + 1) if found is None else found
    wish = options.cellucid.categorical_dtype
    return Field(info.name, categories, codes_dtype(info.name, len(categories), wish))
