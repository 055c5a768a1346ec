"""What a user should know about how inputs were joined."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from karospace_stream.inputs.joined.columns.join import ColumnsJoin
from karospace_stream.inputs.joined.columns.listed import NAMES_OF_INPUTS, listed_replaces
from karospace_stream.inputs.joined.matrix.genes import GeneJoin
from karospace_stream.inputs.named import NamedInput
from karospace_stream.model.finding import Finding
from karospace_stream.model.left_out import spell
from karospace_stream.options.general.inputs import InputOptions
from karospace_stream.options.general.joining import Join
from karospace_stream.source.elements.columns import Element, read_text
from karospace_stream.source.parts import OBSM, OBSP
from karospace_stream.units import counted

_NAMED = 5
_MOST_NAMES = 1 << 21  # names of cells to read, of all inputs together
_SOME_NAMES = 1_000  # of each input, where all are too many


def about_joining(
    inputs: Sequence[NamedInput], options: InputOptions, genes: GeneJoin, columns: ColumnsJoin
) -> Iterator[Finding]:
    """What was joined, and what was left out."""
    if len(inputs) == 1:
        yield from _about_replaced(inputs, options.labels, columns)
        return
    n_cells = sum(each.source.catalog.n_cells for each in inputs)
    text = f"{counted(len(inputs), 'input')} are read as one: {n_cells:,} cells"
    n_joined = len(genes.names)
    if n_joined < genes.n_named:
        text += f", and the {n_joined:,} of {genes.n_named:,} genes that all have"
        yield Finding("joined-inputs", text, "join", "outer")
    elif not genes.is_complete:
        text += f", and all {n_joined:,} genes that any has"
        yield Finding("joined-inputs", text, "join", "inner")
    else:
        yield Finding("joined-inputs", f"{text} with the same {n_joined:,} genes")
    if columns.left_out:
        text = f"{_some(columns.left_out, 'column')} of obs that not all inputs have: left out"
        yield Finding("joined-columns", text, "join", "outer")
    yield from _about_replaced(inputs, options.labels, columns)
    yield from _about_shapes(inputs)
    if some := parts_of_some(inputs, options.join):
        spelled = [spell(part) for part in some]
        text = f"{_some(spelled, 'part')} that not all inputs have: left out"
        if any(part.startswith(OBSP) for part in some):
            text += "; with outer, cells of inputs without a graph have no neighbours in it"
        yield Finding("joined-parts", text, "join", "outer")
    has_raw = [each.source.parts.raw_var is not None for each in inputs]
    if any(has_raw) and not all(has_raw):
        lacks = inputs[has_raw.index(False)].key
        yield Finding("joined-raw", f"raw is left out: {lacks} has none, and other inputs have one")


def _about_shapes(inputs: Sequence[NamedInput]) -> Iterator[Finding]:
    named = dict.fromkeys(shapes.name for each in inputs for shapes in each.source.catalog.shapes)
    if named:
        text = f"boundaries of cells ({', '.join(named)}) are left out, since several inputs are read as one"
        yield Finding("shapes-left-out", text, "shapes")


def _about_replaced(
    inputs: Sequence[NamedInput], batch_column: str | None, columns: ColumnsJoin
) -> Iterator[Finding]:
    replaced = listed_replaces(inputs, batch_column, columns.columns)
    for what, by in replaced:
        is_batch = by == NAMES_OF_INPUTS
        yield Finding("replaced-columns", f"{what} is replaced by {by}", "batch_column" if is_batch else "")


def parts_of_some(inputs: Sequence[NamedInput], join: Join) -> dict[str, str]:
    """Layers, embeddings and graphs that are left out, and the first input that lacks each."""
    if join == "outer":
        return {}
    held = [
        dict.fromkeys([*each.source.parts.matrices, *(f"{OBSM}{key}" for key in each.source.parts.obsm)])
        for each in inputs
    ]
    lacking = {
        part: next((each.key for each, own in zip(inputs, held, strict=True) if part not in own), "")
        for part in dict.fromkeys(part for own in held for part in own)
        if part not in ("X", "raw")
    }
    return {part: key for part, key in lacking.items() if key}


def about_merging(left: Sequence[str], options: InputOptions) -> Iterator[Finding]:
    """Columns of var and entries of varm and uns that are left out because inputs disagree."""
    if left and options.merge in ("same", "unique"):
        text = f"{_some(left, 'part')} on which inputs disagree: left out"
        yield Finding("merged-entries", text, "merge", "first")


def about_names(indexes: Sequence[Element], options: InputOptions) -> Iterator[Finding]:
    """Names of cells that several inputs have."""
    if options.index_unique is not None:
        return
    few = sum(each.n_rows for each in indexes) <= _MOST_NAMES
    hashes = [
        np.fromiter(map(hash, read_text(each, 0, stop).tolist()), np.int64, stop)
        for each in indexes
        for stop in [each.n_rows if few else min(each.n_rows, _SOME_NAMES)]
    ]
    n_names = sum(map(len, hashes))
    n_repeated = n_names - len(np.unique(np.concatenate(hashes)))
    if n_repeated:
        least = "" if few else "at least "
        are = "is" if n_repeated == 1 else "are"
        text = f"{least}{counted(n_repeated, 'name')} of cells {are} repeated, within an input or in several"
        yield Finding("repeated-cell-names", text, "index_unique", "-")


def _some(names: Sequence[str], what: str) -> str:
    shown = ", ".join(map(repr, names[:_NAMED]))
    more = len(names) - _NAMED
    return f"{counted(len(names), what)} ({shown}{f' and {more} more' if more > 0 else ''})"
