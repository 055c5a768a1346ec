"""Decide how each exported obs column is stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from karospace_stream.errors import BadInputError
from karospace_stream.formats.cellucid.layout.names import check_names, distinct_keys
from karospace_stream.formats.cellucid.layout.stored import LEAVE_OUT, CodesDtype, codes_dtype
from karospace_stream.formats.cellucid.options import CellucidOptions
from karospace_stream.formats.columns.codes import distinct
from karospace_stream.model.catalog import ColumnInfo
from karospace_stream.model.finding import Finding
from karospace_stream.model.selection import Selection
from karospace_stream.model.source import Source
from karospace_stream.options.export_options import ExportOptions

#: The capacity of 16 bits, plus one that shows that there are more.
_MOST = 65_536


@dataclass(frozen=True, slots=True)
class Field:
    """One exported obs column.

    Attributes
    ----------
    key
        Its name in the export.
    column
        Its name in obs.
    categories, codes
        Names in category order and the type of the codes; None for a column of numbers.
    """

    key: str
    column: str
    categories: tuple[str, ...] | None = None
    codes: CodesDtype | None = None


@dataclass(frozen=True, slots=True)
class Resolved:
    """The columns; the reasons for leaving out others, by name; and what the user should know."""

    fields: tuple[Field, ...]
    left_out: Mapping[str, str]
    findings: tuple[Finding, ...]


def resolve_fields(source: Source, selection: Selection, options: ExportOptions) -> Resolved:
    """Read the categories, and count the distinct values of text columns.

    Unrequested columns with more values than codes, such as barcodes, are left out. A column that
    is damaged ends the export, whatever its kind, as in all formats: most values are read only later.

    Raises
    ------
    BadInputError
        If a column is damaged, a requested one has too many categories, or two would be the same file.
    """
    infos = {column.name: column for column in source.catalog.obs}
    named = options.anno is not None and options.anno != ("all",)
    fields, left_out = list[Field](), dict[str, str]()
    for name in selection.columns:
        info = infos[name]
        if info.kind in ("integer", "float"):
            fields.append(Field(name, name))
            continue
        categories = _categories(source, selection, info)
        n_categories = None if categories is None else len(categories)
        try:
            codes = codes_dtype(name, n_categories, options.of(CellucidOptions).categorical_dtype)
        except BadInputError as error:
            if named or options.of(CellucidOptions).categorical_dtype != "auto":
                raise
            left_out[name] = str(error).removesuffix(LEAVE_OUT).removesuffix(".")  # it is left out already
        else:
            fields.append(Field(name, name, categories, codes))
    keys: dict[str, str] = {}
    for several in (
        [field.column for field in fields if field.categories is None],
        [field.column for field in fields if field.categories is not None],
    ):
        if options.of(CellucidOptions).strict:
            check_names(several, "column")
        keys |= zip(several, distinct_keys(several), strict=True)
    findings = renamed("column", keys.items())
    return Resolved(tuple(replace(field, key=keys[field.column]) for field in fields), left_out, findings)


def _categories(source: Source, selection: Selection, info: ColumnInfo) -> tuple[str, ...] | None:
    """Names of the categories, or distinct values; None if there are more than codes."""
    categories = source.obs_column(info.name, 0, min(1, source.catalog.n_cells)).categories
    return distinct(source, selection, info.name, _MOST) if categories is None else categories


def renamed(what: str, names: Iterable[tuple[str, str]]) -> tuple[Finding, ...]:
    """A finding about renamed keys, old and new."""
    others = [(old, new) for old, new in names if old != new]
    if not others:
        return ()
    (old, new), n = others[0], len(others)
    several = f"{n:,} {what}s are" if n > 1 else f"1 {what} is"
    text = (
        f"{several} renamed, such as {old[:60]!r}: {new[:60]!r}, so that each has "
        "its own file (upper and lower case count as the same)"
    )
    return (Finding("renamed-genes" if what == "gene" else "renamed-columns", text),)
