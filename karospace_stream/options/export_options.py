"""Options that apply to an export in any format: declared and checked."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, TypeVar, get_args

from karospace_stream.encode.gzip import MAX_LEVEL
from karospace_stream.errors import BadOptionError
from karospace_stream.model.plan import Strategy
from karospace_stream.options.option import names, names_or_none, option
from karospace_stream.runtime.schedulers import SCHEDULERS, is_address
from karospace_stream.units import parse_nbytes

# Slow modules are imported where they are used: a command's help imports this module.
_LEVEL = 1
_CHOICE = "What is exported"
_FILES = "How it is written"
_MACHINE = "Memory and workers"
_STORES = "Stores"
T = TypeVar("T")


def _read_memory(wish: str | int | None) -> int | None:
    try:
        return None if wish is None else parse_nbytes(wish)
    except BadOptionError as error:
        raise BadOptionError(f"--memory: {error}") from error


def _read_genes(wish: str | Sequence[str]) -> str | tuple[str, ...]:
    from karospace_stream.select.genes import parse_genes

    return wish if isinstance(wish, str) else parse_genes(tuple(wish)).names


def _read_headers(wish: str | Sequence[str] | None) -> tuple[tuple[str, str], ...]:
    from karospace_stream.storage.headers import read_headers

    return read_headers(names_or_none(wish))


def _read_scheduler(wish: Any) -> str:
    """Read the name of a scheduler, or the scheduler address of a client."""
    if isinstance(wish, str):
        return wish
    from karospace_stream.runtime.cluster import adopt  # imported late: distributed is slow to import

    return adopt(wish)


def read_path(wish: Any) -> Any:
    """Convert a path to text; leave everything else unchanged."""
    return os.fspath(wish) if isinstance(wish, os.PathLike) else wish


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """All options of an export, checked. The declaration of each field says what it is.

    Attributes
    ----------
    targets
        For each format the path or URL that it is written to; None until `pipeline.targets.with_targets` has
        resolved it.
    own
        Options of single formats: by format name, its options object.
    """

    formats: tuple[str, ...] = option(
        ("karospace",),
        "karospace (default), cellucid or anndata; repeat for several, into folders of TARGET or to PATH.",
        kind="list",
        section=_CHOICE,
        keyword="format",
        metavar="NAME[=PATH]",
        shown_default="karospace",
        decides_bytes=False,
        doc='``"karospace"``, ``"cellucid"``, ``"anndata"`` (a Zarr store), or several of them from one '
        'reading of the matrix. ``"cellucid=PATH"`` writes a format to a target of its own.',
    )
    targets: tuple[str | None, ...] = (None,)
    genes: str | tuple[str, ...] = option(
        "all",
        "all, hvgs:N, top_mean:N, list:PATH (one name a line), or none (cellucid and anndata only).",
        kind="text",
        section=_CHOICE,
        metavar="MODE",
        type="str or sequence of str",
        doc='``"all"``, ``"hvgs:N"``, ``"top_mean:N"``, ``"list:PATH"`` (one name a line), or ``"none"``; '
        "or the names of genes.",
        read=_read_genes,
    )
    anno: tuple[str, ...] | None = option(
        None,
        "Column of obs; repeat for several, or 'all'. Default: karospace, the first 4 that are labels; "
        "cellucid and anndata, all.",
        kind="list",
        section=_CHOICE,
        metavar="COLUMN",
        doc='Columns of ``obs``; ``"all"`` takes every one. By default a KaroSpace bundle has the first four '
        "of kind category, string or bool, and the other formats all.",
        read=names,
    )
    coords: str = option(
        "auto",
        "auto, obsm:KEY, or obs:X,Y for two columns.",
        kind="text",
        section=_CHOICE,
        metavar="WHERE",
        doc='``"auto"``, ``"obsm:KEY"`` or ``"obs:X,Y"``: the coordinates that are shown first; of a '
        "Cellucid export, the points of that dimension. In an AnnData store, columns of ``obs`` become an "
        "entry of ``obsm``.",
    )
    graph: str = option(
        "auto",
        "Neighbour graph of obsp; auto is connectivities or spatial_connectivities; or none.",
        kind="text",
        section=_CHOICE,
        metavar="KEY",
        doc='Key of ``obsp``. ``"auto"`` takes ``connectivities``, else ``spatial_connectivities``, else no '
        'graph; ``"none"`` takes none.',
    )
    vectors: tuple[str, ...] | None = option(
        None,
        "Vector field of obsm; repeat for several, or none. Default: such as velocity_umap.",
        kind="list",
        section=_CHOICE,
        metavar="KEY",
        doc='Keys of ``obsm``, 1 to 3 columns wide; ``"none"`` takes none. By default, those whose names '
        "have a word for movement and end in the name of an embedding, such as ``velocity_umap``.",
        read=names,
    )
    layer: str | None = option(
        None, "Export a layer instead of X.", kind="text", section=_CHOICE, metavar="NAME"
    )
    raw: bool = option(False, "Export raw instead of X.", kind="switch", section=_CHOICE)
    leave_out: tuple[str, ...] = option(
        (),
        "Part that is not exported, such as obsm:protein, var:feature_name or uns; repeat for several.",
        kind="list",
        section=_CHOICE,
        metavar="PART",
        shown_default=None,
        doc='Parts of the input that are not exported: ``"obsm:protein"``, ``"obs:batch"``, '
        '``"var:feature_name"``, ``"layers:spliced"``, ``"obsp:distances"``, ``"uns:spatial"`` and so on; '
        '``"uns"`` for all of uns.',
        read=names_or_none,
    )
    downsample: int | None = option(
        None,
        "Export N cells, drawn with a fixed seed.",
        kind="whole",
        section=_CHOICE,
        metavar="N",
        doc="Export this many cells, drawn with a fixed seed, in file order.",
    )
    name: str | None = option(
        None, "Name of the data set; default: the input's.", kind="text", section=_CHOICE, metavar="TEXT"
    )
    gzip: bool = option(True, "Compress the files.", kind="switch", section=_FILES, off_flag="--no-gzip")
    compression: int | None = option(
        None,
        "1 to 3 are fast, 6 to 9 small. Default: 1; anndata, 6.",
        kind="whole",
        section=_FILES,
        metavar="1-9",
        doc="Level of gzip, 1 to 9: 1 to 3 are fast, 6 to 9 small. By default 1, and 6 in a Zarr store.",
    )
    overwrite: bool = option(
        False,
        "Replace an older bundle, once the new one is complete.",
        kind="switch",
        section=_FILES,
        decides_bytes=False,
        plans=False,
    )
    resume: bool = option(
        False,
        "Resume an interrupted export; keep what is done if this one is interrupted.",
        kind="switch",
        section=_FILES,
        decides_bytes=False,
        plans=False,
    )
    memory_nbytes: int | None = option(
        None,
        "Budget of the whole process tree, such as 2GB; default: half of what is free.",
        kind="text",
        section=_MACHINE,
        keyword="memory",
        metavar="SIZE",
        decides_bytes=False,
        type="str or int",
        doc='Budget of the whole process tree: bytes, or text such as ``"2GB"``. By default half of what is '
        "free. On a cluster, that of each worker process; by default a share of its own limit.",
        read=_read_memory,
    )
    workers: int | None = option(
        None,
        "Tasks at once; default: one a core.",
        kind="whole",
        section=_MACHINE,
        metavar="N",
        decides_bytes=False,
        doc="Tasks at once; by default one for each core. On a cluster, in each worker process; by default "
        "one for each of its threads.",
    )
    scheduler: str = option(
        "threads",
        "Of Dask: threads, processes or sync; or the address of a cluster, such as tcp://HOST:8786.",
        kind="text",
        section=_MACHINE,
        metavar="NAME",
        decides_bytes=False,
        type="str or distributed.Client",
        doc='Of Dask: ``"threads"``, ``"processes"`` or ``"sync"``; or a cluster, by the address of its '
        "scheduler or a client of it.",
        read=_read_scheduler,
    )
    strategy: Strategy | None = option(
        None,
        "Force how the matrix is turned: pass, memory or spill; default: the cheapest that fits.",
        kind="choice",
        section=_MACHINE,
        metavar="NAME",
        choices=get_args(Strategy),
        decides_bytes=False,
        doc='Force how the matrix is turned: ``"pass"``, ``"memory"`` or ``"spill"``. By default the '
        "cheapest that fits.",
    )
    scratch: str | None = option(
        None,
        "Folder or URL for fragments; default: the system's temporary folder.",
        kind="text",
        section=_MACHINE,
        metavar="FOLDER",
        decides_bytes=False,
        type="path",
        doc="Folder or URL for fragments; by default the system's folder for temporary files, and on a "
        "cluster the target's store, where that is a URL.",
        read=read_path,
    )
    storage_options: Mapping[str, Any] | None = option(
        None,
        "Of fsspec's filesystem, for URLs, such as s3.anon=true; repeat for several. Default: as the store's "
        "own tools are set.",
        kind="list",
        section=_STORES,
        flag="--storage-option",
        metavar="[PROTOCOL.]KEY=VALUE",
        decides_bytes=False,
        compare=False,
        repr=False,  # may hold secrets
        type="dict",
        doc="How to get into the stores of URLs: credentials, endpoint and the like, by the names that "
        'fsspec\'s filesystems have for them. By name for all URLs, ``{"anon": True}``, or by protocol for '
        'those of one, ``{"s3": {"anon": True}}``. By default they are found as the stores\' own tools do. '
        "Written nowhere.",
    )
    public_read: bool = option(
        False, "Let anybody read the objects (S3).", kind="switch", section=_STORES, decides_bytes=False
    )
    headers: tuple[tuple[str, str], ...] = option(
        (),
        "The store sends it with every object; repeat for several.",
        kind="list",
        section=_STORES,
        flag="--header",
        metavar="'NAME: VALUE'",
        shown_default=None,
        decides_bytes=False,
        doc='``"Name: value"``, which the store sends with every object.',
        read=_read_headers,
    )
    own: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        from karospace_stream.select.genes import parse_genes

        parse_genes(self.genes)
        if not isinstance(self.coords, str):
            raise BadOptionError(f"--coords must be auto, obsm:KEY or obs:X,Y, got {self.coords!r}")
        if len(set(self.formats)) < len(self.formats) or not self.formats:
            given = ", ".join(self.formats) or None
            raise BadOptionError(f"--format must name each format once, got {given}")
        _check_scheduler(self.scheduler)
        _check_parts(self.leave_out)
        if self.strategy is not None:
            one_of("--strategy", self.strategy, get_args(Strategy))
        if self.layer is not None and self.raw:
            raise BadOptionError("--layer and --raw name two different matrices; leave one of them out")
        if self.compression is not None and not 1 <= self.compression <= MAX_LEVEL:
            raise BadOptionError(f"--compression must be 1 to {MAX_LEVEL}, got {self.compression}")
        if self.workers is not None and self.workers < 1:
            raise BadOptionError(f"--workers must be a number above zero, got {self.workers}")

    def of(self, kind: type[T]) -> T:
        """Options of one format, by the class that declares them."""
        return next((each for each in self.own.values() if isinstance(each, kind)), None) or kind()

    def with_own(self, format: str, own: Any) -> ExportOptions:
        """A copy with other options of one format."""
        return replace(self, own={**self.own, format: own})

    @property
    def matrix(self) -> str:
        """Name of the matrix in the source."""
        if self.raw:
            return "raw"
        return "X" if self.layer is None else f"layers/{self.layer}"

    @property
    def level(self) -> int | None:
        """Compression level of gzip; None for no compression."""
        if not self.gzip:
            return None
        return _LEVEL if self.compression is None else self.compression

    @property
    def locations(self) -> tuple[str, ...]:
        """The targets of a running export: a path or a URL for each format."""
        return tuple(each for each in self.targets if each is not None)

    @property
    def stored_scratch(self) -> bool:
        """Whether fragments go to an object store rather than a disk."""
        from karospace_stream.storage import is_url

        return self.scratch is not None and is_url(self.scratch)

    @property
    def input_files(self) -> tuple[str, ...]:
        """Paths that are read besides the input itself."""
        listed = isinstance(self.genes, str) and self.genes.startswith("list:")
        genes = (str(self.genes).removeprefix("list:"),) if listed else ()
        return (*genes, *(path for each in self.own.values() for path in getattr(each, "input_files", ())))

    def to_json(self) -> dict[str, Any]:
        """Convert to plain data, for reports and for comparing two runs; without secrets."""
        from karospace_stream.storage import is_url, location_of

        shown = [location_of(each).shown if each and is_url(each) else each for each in self.targets]
        general = {each.name: getattr(self, each.name) for each in fields(self)}
        for hidden in ("storage_options", "own"):
            del general[hidden]
        return {**general, "targets": shown, **own_json(self.own)}


def own_json(own: Mapping[str, Any]) -> dict[str, Any]:
    """Options of formats as plain data: under the format's name, or at the top if its class says so."""
    made: dict[str, Any] = {}
    for name, one in own.items():
        made |= {name: asdict(one)} if getattr(one, "nested", True) else asdict(one)
    return made


def one_of(option: str, value: str, allowed: Sequence[str]) -> None:
    """Refuse a value that is not allowed."""
    if value not in allowed:
        raise BadOptionError(f"{option} must be one of {', '.join(allowed)}; got {value!r}")


def _check_parts(parts: Sequence[str]) -> None:
    if not all(isinstance(each, str) and each for each in parts):
        raise BadOptionError(f"--leave-out must name parts such as obsm:protein, got {parts!r:.80}")


def _check_scheduler(scheduler: str) -> None:
    if not is_address(scheduler):
        one_of("--scheduler", scheduler, (*SCHEDULERS, "tcp://HOST:PORT"))


def is_finite(values: Sequence[float]) -> bool:
    """Whether all of them are."""
    return all(map(math.isfinite, values))
