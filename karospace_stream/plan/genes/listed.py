"""Lists of genes: read from a file, and found by name or identifier."""

from __future__ import annotations

import shlex
from pathlib import Path

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadOptionError
from karospace_stream.model.source import Source
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.plan.genes.names import GeneNames, var_of
from karospace_stream.select.gene_names import positions_of, texts_of
from karospace_stream.select.genes import GeneChoice
from karospace_stream.select.suggest import not_there
from karospace_stream.similar.paths import did_you_mean_path
from karospace_stream.storage import read_regular

_MOST_LIST_NBYTES = 16 << 20  # of a gene list: half a million names


def listed_genes(
    source: Source, options: ExportOptions, requested: GeneChoice, genes: GeneNames
) -> npt.NDArray[np.int64]:
    """Find the genes of a list, in its order; a name that several genes have takes all of them.

    Raises
    ------
    BadOptionError
        If the list cannot be read or is empty, or genes are missing; says where their names are, if they are
        in another column of var or in raw.
    """
    if requested.mask is not None:
        wanted = requested.mask.names(genes.index)
    elif requested.path:
        wanted = _read(requested.path, {*genes.index.tolist(), *genes.names.tolist()})
    else:
        wanted = list(requested.names)
    if not wanted:
        where = (
            "the file must have one gene name a line, but has none"
            if requested.path
            else "the list must name at least one gene, but is empty"
        )
        raise BadOptionError(f"{requested.spelling}: {where}")
    # The index first: by its names an export remembers the genes of a list.
    found = positions_of(wanted, genes.index, genes.names)
    missing = [name for name, positions in found.items() if not positions]
    if missing:
        there = list(dict.fromkeys([*map(str, genes.names), *map(str, genes.index)]))
        sentence = not_there("gene", missing, there, option=requested.spelling)
        raise BadOptionError(_elsewhere(source, options, requested, missing, len(found)) or sentence)
    return np.asarray([position for positions in found.values() for position in positions], dtype=np.int64)


def _read(path: str, there: set[str]) -> list[str]:
    """Names in a file; surrounding blanks count only if a gene has such a name."""
    try:
        data = read_regular(Path(path).expanduser(), _MOST_LIST_NBYTES)
        text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise BadOptionError(
            f"--genes list:{path}: the file must be UTF-8, but byte {error.start:,} is not; save it as UTF-8"
        ) from error
    except OSError as error:
        reason = getattr(error, "strerror", None) or error
        hint = did_you_mean_path(path) if isinstance(error, FileNotFoundError) else ""
        raise BadOptionError(f"--genes list:{path}: the file cannot be read: {reason}{hint}") from error
    # Lines end at \n only, not at the other characters that Python treats as line ends: names may hold them.
    lines = [line for line in text.split("\n") if line.strip()]
    return [line if line in there else line.strip() for line in lines]


def _elsewhere(
    source: Source, options: ExportOptions, requested: GeneChoice, missing: list[str], n_wanted: int
) -> str:
    """Say in which other column of var, or in which matrix, missing names are; empty if in none."""
    best, where, way_out = 0, "", ""
    for info in var_of(source.catalog, options):
        if info.kind not in ("category", "string"):
            continue
        there = set(texts_of(source.var_column(info.name, raw=options.raw)).tolist())
        if (n_found := sum(name in there for name in missing)) > best:
            raw = "raw." if options.raw else ""
            best, where = n_found, f"{raw}var[{info.name!r}]"
            way_out = f"--gene-names {shlex.quote(info.name)} takes names from there"
    if source.catalog.raw is not None and not options.raw:
        there = set(source.var_names(raw=True).tolist())
        if (n_found := sum(name in there for name in missing)) > best:
            best, where, way_out = n_found, "raw", "--raw exports raw instead of X"
    if not best:
        return ""
    some = f"{best:,} of them are" if best > 1 else f"{missing[0]!r} is"
    plural = ("name" if n_wanted == 1 else "names") + (" are" if len(missing) > 1 else " is")
    return (
        f"{requested.spelling}: {len(missing):,} of {n_wanted:,} {plural} not what genes are called here, "
        f"but {some} in {where}; {way_out}"
    )
