"""Add tables with a row for each cell to an input: columns of obs, and embeddings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from hashlib import blake2b
from typing import Any

import pandas as pd

from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.inputs.followed import Followed
from karospace_stream.inputs.tables import spill
from karospace_stream.inputs.tables.aligned import Aligned, align
from karospace_stream.inputs.tables.cells import cell_ids
from karospace_stream.inputs.tables.embeddings import find_embeddings, named_coordinates
from karospace_stream.inputs.tables.joined import Joined
from karospace_stream.model.catalog import ColumnInfo
from karospace_stream.model.finding import Finding
from karospace_stream.model.inputs.several import TableInfo
from karospace_stream.options.general.inputs import InputOptions
from karospace_stream.source.anndata_source import AnnDataSource
from karospace_stream.source.elements.columns import Element
from karospace_stream.source.memory.pandas_frame import pandas_element
from karospace_stream.source.parts import Parts
from karospace_stream.units import counted

_TABLE = "table:"
_SHOWN = 5
_LOOKED_AT = 100  # texts that show whether they are numbers
_WITH_COMMA = re.compile(r"[+-]?\d+(,\d+)*(\.\d*)?([eE][+-]?\d+)?")


def add_tables(source: AnnDataSource, joined: Joined, *, is_sent: bool) -> AnnDataSource:
    """The input with tables, and the preparation that it needs."""
    made = joined.add_to(source)
    if source.preparation is not None:
        again = partial(add_tables, joined=joined, is_sent=is_sent)
        return replace(made, preparation=Followed(source.preparation, again))
    if is_sent and sum(each.nbytes for each in joined.infos) > spill.MOST_SENT_NBYTES:
        return replace(made, preparation=spill.Spilling(source, joined))
    return made


def with_tables(
    source: AnnDataSource, options: InputOptions, storage_options: Mapping[str, Any] | None
) -> AnnDataSource:
    """Read the tables that the user names, and add them; without any, the source as it is.

    Raises
    ------
    BadInputError, BadOptionError
        If a table cannot be read, or does not fit; or if ``--coords`` names columns of a table that are not
        there.
    """
    coords = getattr(options, "coords", "auto")
    if not options.obs_table:
        if options.obs_table_key:
            raise BadOptionError("--obs-table-key needs --obs-table, the table that has the column")
        if coords.startswith(_TABLE):
            raise BadOptionError(f"--coords {coords} needs --obs-table, the table that has the columns")
        return source
    keys = _keys(options)
    cells = cell_ids(source)
    tables = [
        align(given, key, source, cells, storage_options)
        for given, key in zip(options.obs_table, keys, strict=True)
    ]
    is_sent = getattr(options, "scheduler", "threads") not in ("threads", "sync")
    return add_tables(source, _joined(tables, source.parts, coords), is_sent=is_sent)


def _keys(options: InputOptions) -> Sequence[str | None]:
    n_tables, keys = len(options.obs_table), options.obs_table_key
    if len(keys) > 1 and len(keys) != n_tables:
        raise BadOptionError(
            f"--obs-table-key must be given once, or once for each of the {counted(n_tables, 'table')}, got "
            f"{len(keys)}"
        )
    return keys if len(keys) == n_tables else [keys[0] if keys else None] * n_tables


def _joined(tables: Sequence[Aligned], parts: Parts, coords: str) -> Joined:
    columns: dict[str, Element] = {}
    embeddings: dict[str, tuple[str, ...]] = {}
    infos, findings = [], []
    for table in tables:
        made, left_out = _elements(table)
        described = {name: element.info(name) for name, element in made.items()}
        found = find_embeddings(list(described.values()))
        replaced = [f"obs[{name!r}]" for name in made if name in parts.obs.columns or name in columns]
        replaced += [f"obsm[{key!r}]" for key in found if key in parts.obsm or key in embeddings]
        columns |= made
        embeddings |= found
        nbytes = sum(int(each.memory_usage(index=False, deep=True)) for each in table.columns.values())
        infos.append(TableInfo(table.name, tuple(made), tuple(found), nbytes))
        findings += _findings(table, infos[-1], replaced, left_out)
    if coords.startswith(_TABLE):
        _name_coordinates(coords, columns, embeddings, infos)
    prints = "-".join([*(table.fingerprint for table in tables), coords if coords.startswith(_TABLE) else ""])
    digest = blake2b(prints.encode(), digest_size=8).hexdigest()
    return Joined(columns, embeddings, tuple(infos), tuple(findings), digest)


def _elements(table: Aligned) -> tuple[dict[str, Element], list[tuple[str, str]]]:
    """The columns that can be exported, and why others cannot."""
    made: dict[str, Element] = {}
    left_out = list(table.left_out)
    for name, series in table.columns.items():
        try:
            element = pandas_element(series, f"obs/{name}")
            element.info(name)
            made[name] = element
        except (BadInputError, TypeError, ValueError) as error:
            left_out.append((name, str(error)))
    if not made:
        why = f": {left_out[0][1]}" if left_out else ""
        raise BadInputError(
            f"{table.name} must have columns besides the ids, but has none that can be read{why}"
        )
    return made, left_out


def _name_coordinates(
    coords: str,
    columns: Mapping[str, Element],
    embeddings: dict[str, tuple[str, ...]],
    infos: list[TableInfo],
) -> None:
    described: dict[str, ColumnInfo] = {name: element.info(name) for name, element in columns.items()}
    key, names = named_coordinates(coords, described, embeddings)
    embeddings[key] = names
    last = infos.pop()
    infos.append(replace(last, embeddings=tuple(dict.fromkeys((*last.embeddings, key))), coords=key))


def _findings(
    table: Aligned, info: TableInfo, replaced: Sequence[str], left_out: Sequence[tuple[str, str]]
) -> list[Finding]:
    text = f"{table.name} adds {_listed([f'obs[{name!r}]' for name in info.columns])}"
    if info.embeddings:
        text += f" and {_listed([f'obsm[{key!r}]' for key in info.embeddings])}"
    without = table.n_cells - table.n_found
    text += f"; {table.n_found:,} of {counted(table.n_cells, 'cell')} have a row"
    text += ", the others have missing values" if without else ""
    if table.n_others:
        are = "are" if table.n_others > 1 else "is"
        text += f"; {counted(table.n_others, 'row')} of the table {are} of no cell"
    found = [Finding("table", text)]
    if replaced:
        which = (
            f"{_listed(replaced)} of the input {'are' if len(replaced) > 1 else 'is'} replaced by the table's"
        )
        found.append(Finding("table-replaces", f"{table.name}: {which}"))
    found += [
        Finding("table-column", f"{table.name}: the column {name!r} is left out: {why}")
        for name, why in left_out
    ]
    with_commas = [name for name, series in table.columns.items() if _has_commas(series)]
    if with_commas:
        text = (
            f"{table.name}: {_listed(with_commas)} {'are' if len(with_commas) > 1 else 'is'} read as text, "
            "as there are commas in the numbers; for numbers, write decimals with a point"
        )
        found.append(Finding("table-commas", text))
    return found


def _has_commas(series: pd.Series[Any]) -> bool:
    """Whether a column of text seems to hold numbers with commas."""
    if isinstance(series.dtype, pd.CategoricalDtype):
        texts = series.cat.categories[:_LOOKED_AT].tolist()
    elif series.dtype == object:
        texts = series[series.notna()].iloc[:_LOOKED_AT].tolist()
    else:
        return False
    return any("," in str(each) for each in texts) and all(
        _WITH_COMMA.fullmatch(str(each).strip()) for each in texts
    )


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
