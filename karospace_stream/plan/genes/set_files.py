"""Read gene sets: from .gmt files, and from uns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from karospace_stream.errors import BadOptionError
from karospace_stream.model.selection import GivenSets
from karospace_stream.model.source import Source
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.options.general.gene_sets import IN_UNS
from karospace_stream.select.suggest import not_there
from karospace_stream.similar.paths import did_you_mean_path
from karospace_stream.source.genes.stored_sets import MOST_ENTRIES
from karospace_stream.storage import Store, is_url, local_path, location_of, read_regular

_MOST_NBYTES = 64 << 20  # of a file: all of MSigDB has half of it
_FEWEST_COLUMNS = 3
_WAY_OUT = "each line must have a name, a description and genes, separated by tabs"


def load_sets(source: Source, options: ExportOptions) -> tuple[GivenSets, ...]:
    """Read all sources of gene sets.

    Raises
    ------
    BadOptionError
        If one cannot be read or holds no sets, or two sets have the same name.
    """
    given = tuple(_load(source, options, each) for each in options.gene_sets)
    named: dict[str, str] = {}
    for each in given:
        for name, _ in each.sets:
            if name in named:
                both = f"{named[name]} and {each.source}"
                raise BadOptionError(
                    f"--gene-sets: two sets must not have the same name, but {name!r} is in "
                    f"{both if named[name] != each.source else f'{each.source}, twice'}; rename one of them"
                )
            named[name] = each.source
    return given


def _load(source: Source, options: ExportOptions, given: str | GivenSets) -> GivenSets:
    if isinstance(given, GivenSets):
        _refuse_nothing(given.sets, "the dictionary")
        return GivenSets(given.source, tuple(_without_repeats(given.sets)))
    if given.startswith(IN_UNS):
        return _of_uns(source, given)
    name = PurePosixPath(given.replace("\\", "/").partition("?")[0]).name or given
    sets = tuple(_without_repeats(parse_gmt(_read(given, options), given)))
    return GivenSets(name, sets)


def _of_uns(source: Source, given: str) -> GivenSets:
    key, there = given.removeprefix(IN_UNS), source.catalog.gene_sets
    if key not in there:
        entries = [name for name, _ in source.catalog.uns]
        entries += [path.removeprefix("uns/") for path in source.catalog.others if path.startswith("uns/")]
        if key in entries:
            raise BadOptionError(
                f"--gene-sets {given}: it must be a dictionary of at most {MOST_ENTRIES:,} lists of names, "
                f"or a data frame with the columns 'source' and 'target', but uns[{key!r}] is not; name a "
                ".gmt file"
            )
        raise BadOptionError(not_there("uns entry", [key], sorted({*there, *entries}), option="--gene-sets"))
    sets = source.gene_sets(key)
    empty = next((name for name, genes in sets if not name.strip() or not any(genes)), None)
    if empty is not None:
        raise BadOptionError(
            f"--gene-sets {given}: each set must have a name and at least one gene, but {empty!r} has not"
        )
    _refuse_nothing(sets, f"uns[{key!r}]")
    return GivenSets(given, tuple(_without_repeats((name, tuple(genes)) for name, genes in sets)))


def _refuse_nothing(sets: object, what: str) -> None:
    if not sets:
        raise BadOptionError(f"--gene-sets: there must be at least one set, but {what} has none")


def _without_repeats(
    sets: Iterable[tuple[str, tuple[str, ...]]],
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, genes in sets:
        yield name, tuple(dict.fromkeys(gene for gene in genes if gene))


def _read(given: str, options: ExportOptions) -> bytes:
    try:
        if is_url(given):
            store = Store(location_of(given, options.storage_options))
            return store.read_document("", _MOST_NBYTES)
        return read_regular(Path(local_path(given)).expanduser(), _MOST_NBYTES)
    except OSError as error:
        reason = getattr(error, "strerror", None) or error
        hint = did_you_mean_path(given) if isinstance(error, FileNotFoundError) and not is_url(given) else ""
        shown = location_of(given).shown if is_url(given) else given
        raise BadOptionError(f"--gene-sets {shown}: the file cannot be read: {reason}{hint}") from error


def parse_gmt(data: bytes, where: str) -> list[tuple[str, tuple[str, ...]]]:
    """The sets of a .gmt file: name, description and genes of each on a line, separated by tabs.

    Raises
    ------
    BadOptionError
        Names the line that is not so.
    """
    if data[:2] == b"\x1f\x8b":
        raise BadOptionError(f"--gene-sets {where}: the file must be text, but is compressed; decompress it")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        wrong = data.count(b"\n", 0, error.start) + 1
        raise BadOptionError(
            f"--gene-sets {where}: the file must be UTF-8, but line {wrong:,} is not; save it as UTF-8"
        ) from error
    sets: dict[str, tuple[str, ...]] = {}
    lines: dict[str, int] = {}
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        if not line.strip():
            continue
        fields = [field.strip() for field in line.split("\t")]
        genes = tuple(filter(None, fields[2:]))
        if len(fields) < _FEWEST_COLUMNS or not genes or not fields[0]:
            columns = f"{len(fields)} column" + ("s" if len(fields) > 1 else "")
            found = "no name" if not fields[0] else f"no genes in {columns}"
            raise BadOptionError(f"--gene-sets {where}: {_WAY_OUT}, but line {number:,} has {found}")
        if fields[0] in sets:
            raise BadOptionError(
                f"--gene-sets {where}: each set must have a name of its own, but {fields[0]!r} is on line "
                f"{lines[fields[0]]:,} and on line {number:,}; rename one of them"
            )
        sets[fields[0]], lines[fields[0]] = genes, number
    if not sets:
        raise BadOptionError(f"--gene-sets {where}: {_WAY_OUT}, but the file is empty")
    return list(sets.items())
