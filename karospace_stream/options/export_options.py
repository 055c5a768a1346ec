"""What a user can wish for, read once at the door."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, TypedDict, get_args

from karospace_stream.encode.gzip import MAX_LEVEL
from karospace_stream.errors import BadOptionError
from karospace_stream.formats.anndata.options import AnnDataOptions
from karospace_stream.formats.cellucid.options import CellucidOptions
from karospace_stream.model.plan import Strategy
from karospace_stream.runtime.schedulers import SCHEDULERS, is_address
from karospace_stream.select.genes import parse_genes
from karospace_stream.storage import is_url, location_of
from karospace_stream.storage.headers import read_headers
from karospace_stream.units import parse_nbytes

_LEVEL = 1
FORMATS = ("karospace", "cellucid", "anndata")


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """All options of an export, checked.

    Attributes
    ----------
    formats
        Formats to write, from one reading of the matrix.
    targets
        For each format the path or URL that it is written to; None until `pipeline.targets.with_targets` has
        resolved it.
    genes
        ``all``, ``none``, ``hvgs:N``, ``top_mean:N`` or ``list:PATH``; or the names of genes.
    anno
        obs columns; ``("all",)``; None for what a format takes by itself, see `anno_of`.
    coords
        ``auto``, ``obsm:KEY``, ``obs:X,Y`` or ``obs:centroid_x_y``.
    graph
        Key of obsp for the neighbour graph; ``auto`` takes the usual one, ``none`` leaves it out.
    vectors
        obsm keys of vector fields; None finds them, ``("none",)`` leaves them out.
    layer, raw
        Take a layer, or ``raw``, instead of ``X``.
    leave_out
        Parts of the input that are taken for not there, such as ``obsm:protein``, or ``uns`` for all of it.
    downsample
        Export this many cells, drawn with a fixed seed.
    image
        Path of a tissue image; None takes the one of ``uns['spatial']``, False takes none.
    image_placement
        ``(scale_x, scale_y, offset_x, offset_y)``: image pixel = coordinate x scale + offset.
    gzip, compression
        Whether assets are compressed, and how much (1 to 3 fast, 4 to 9 small); None takes 1, and 6 in a
        Zarr store.
    max_asset_mb
        Largest part before compression, MiB.
    preview
        Whether to draw ``preview.png``.
    memory_nbytes
        Budget for the whole process tree, bytes; None takes a share of what is free. On a cluster, for
        each worker process; None takes a share of its own limit.
    workers
        Tasks at once; None takes one for each core. On a cluster, in each worker process; None takes
        one for each of its threads.
    scheduler
        ``threads``, ``processes`` or ``sync``; or the address of the scheduler of a cluster.
    strategy
        Force ``pass``, ``memory`` or ``spill``; None chooses.
    scratch
        Folder or URL for fragments; None takes the system's folder for temporary files.
    overwrite
        Whether to replace an older bundle.
    resume
        Whether to continue an export that was cut off, and to keep what is done if this one is.
    public_read
        Whether anybody may read the objects (S3).
    headers
        That the store sends with every object: names in lower case, and values.
    name
        Name of the data set; None takes the input's stem.
    storage_options
        How to get into the stores of all URLs, as fsspec's filesystems want to hear it; see
        `karospace_stream.storage.location.location_of`. May hold secrets: neither in ``repr`` nor in JSON.
    cellucid
        What only the Cellucid format knows; names and origins count for an AnnData store too.
    anndata
        What only an AnnData store knows.
    """

    formats: tuple[str, ...] = ("karospace",)
    targets: tuple[str | None, ...] = (None,)
    genes: str | tuple[str, ...] = "all"
    anno: tuple[str, ...] | None = None
    coords: str = "auto"
    graph: str = "auto"
    vectors: tuple[str, ...] | None = None
    layer: str | None = None
    raw: bool = False
    leave_out: tuple[str, ...] = ()
    downsample: int | None = None
    image: str | bool | None = None
    image_placement: tuple[float, float, float, float] | None = None
    gzip: bool = True
    compression: int | None = None
    max_asset_mb: float = 16
    preview: bool = True
    memory_nbytes: int | None = None
    workers: int | None = None
    scheduler: str = "threads"
    strategy: Strategy | None = None
    scratch: str | None = None
    overwrite: bool = False
    resume: bool = False
    public_read: bool = False
    headers: tuple[tuple[str, str], ...] = ()
    name: str | None = None
    storage_options: Mapping[str, Any] | None = field(default=None, repr=False, hash=False, compare=False)
    cellucid: CellucidOptions = field(default_factory=CellucidOptions)
    anndata: AnnDataOptions = field(default_factory=AnnDataOptions)

    def __post_init__(self) -> None:
        parse_genes(self.genes)
        if not isinstance(self.coords, str):
            raise BadOptionError(f"--coords wants auto, obsm:KEY or obs:X,Y, got {self.coords!r}")
        for name in self.formats:
            _one_of("--format", name, FORMATS)
        if len(set(self.formats)) < len(self.formats) or not self.formats:
            raise BadOptionError(f"--format wants each format once, got {', '.join(self.formats) or None}")
        _check_scheduler(self.scheduler)
        _check_parts(self.leave_out)
        if self.strategy is not None:
            _one_of("--strategy", self.strategy, get_args(Strategy))
        if self.layer is not None and self.raw:
            raise BadOptionError("--layer and --raw name two different matrices; leave one of them out")
        if self.compression is not None and not 1 <= self.compression <= MAX_LEVEL:
            raise BadOptionError(f"--compression wants 1 to {MAX_LEVEL}, got {self.compression}")
        if not 0.001 <= self.max_asset_mb < math.inf:
            raise BadOptionError(f"--max-asset-mb wants at least 0.001, got {self.max_asset_mb}")
        if self.workers is not None and self.workers < 1:
            raise BadOptionError(f"--workers wants a number above zero, got {self.workers}")
        if self.image_placement is not None:
            _check_placement(self.image_placement, self.image)

    @property
    def matrix(self) -> str:
        """Name of the matrix in the source."""
        if self.raw:
            return "raw"
        return "X" if self.layer is None else f"layers/{self.layer}"

    def anno_of(self, format: str) -> tuple[str, ...] | None:
        """The obs columns of a format, where none is named: KaroSpace chooses some, the others take all."""
        return ("all",) if self.anno is None and format != "karospace" else self.anno

    @property
    def level(self) -> int | None:
        """Of gzip; None for no compression."""
        if not self.gzip:
            return None
        return _LEVEL if self.compression is None else self.compression

    @property
    def locations(self) -> tuple[str, ...]:
        """The targets of an export that is run: a path or a URL for each format."""
        return tuple(each for each in self.targets if each is not None)

    @property
    def stored_scratch(self) -> bool:
        """Whether fragments go to an object store, and not to a disk."""
        return self.scratch is not None and is_url(self.scratch)

    def to_json(self) -> dict[str, Any]:
        """As plain data, for reports and for comparing two runs."""
        shown = tuple(location_of(each).shown if each and is_url(each) else each for each in self.targets)
        return asdict(replace(self, storage_options=None, targets=shown), dict_factory=_without_secrets)


class ExportKeywords(TypedDict, total=False):
    """What people write, as keywords of `karospace_stream.export`; see `ExportOptions`."""

    format: str | Sequence[str]
    genes: str | Sequence[str]
    anno: str | Sequence[str] | None
    coords: str
    graph: str
    vectors: str | Sequence[str] | None
    layer: str | None
    raw: bool
    leave_out: str | Sequence[str]
    downsample: int | None
    image: str | os.PathLike[str] | bool | None
    image_placement: tuple[float, float, float, float] | None
    gzip: bool
    compression: int | None
    max_asset_mb: float
    preview: bool
    memory: str | int | None
    workers: int | None
    scheduler: str | Any
    strategy: Strategy | None
    scratch: str | os.PathLike[str] | None
    overwrite: bool
    resume: bool
    public_read: bool
    headers: str | Sequence[str]
    name: str | None
    storage_options: Mapping[str, Any] | None
    points: str | Sequence[str] | None
    latent: str | None
    var_quantization: int | None
    obs_quantization: int | None
    categorical_dtype: str
    centroid_min_points: int
    centroid_outlier_quantile: float | None
    gene_ids: str | None
    dataset_id: str | None
    description: str | None
    source_name: str | None
    source_url: str | None
    source_citation: str | None
    zarr_format: int
    shard: bool
    uns: str | Sequence[str]


def read_options(wishes: ExportKeywords) -> ExportOptions:
    """Make options from what people write: ``memory="2GB"``, ``anno="cell_type"``, paths."""
    given: dict[str, Any] = dict(wishes)
    memory = given.pop("memory", None)
    given["memory_nbytes"] = None if memory is None else _read_memory(memory)
    given["formats"], given["targets"] = _read_formats(given.pop("format", "karospace"))
    if not isinstance(given.get("genes", ""), str):
        given["genes"] = parse_genes(given["genes"]).names
    headers = given.pop("headers", ())
    given["headers"] = read_headers((headers,) if isinstance(headers, str) else tuple(headers))
    for key in ("anno", "vectors", "points"):
        wish = given.get(key)
        given[key] = (wish,) if isinstance(wish, str) else None if wish is None else tuple(wish)
    left = given.get("leave_out") or ()
    given["leave_out"] = (left,) if isinstance(left, str) else tuple(left)
    own = {each.name: given.pop(each.name) for each in fields(CellucidOptions) if each.name in given}
    given["cellucid"] = CellucidOptions(**own)
    own = {each.name: given.pop(each.name) for each in fields(AnnDataOptions) if each.name in given}
    if "uns" in own:
        own["uns"] = (own["uns"],) if isinstance(own["uns"], str) else tuple(own["uns"] or ())
    given["anndata"] = AnnDataOptions(**own)
    if "scheduler" in given:
        given["scheduler"] = _scheduler_of(given["scheduler"])
    for key in ("image", "scratch"):
        if isinstance(given.get(key), os.PathLike):
            given[key] = os.fspath(given[key])
    return ExportOptions(**given)


def _read_memory(wish: str | int) -> int:
    try:
        return parse_nbytes(wish)
    except BadOptionError as error:
        raise BadOptionError(f"--memory: {error}") from error


def _read_formats(wish: str | Sequence[str]) -> tuple[tuple[str, ...], tuple[str | None, ...]]:
    """Formats and their own targets: ``"cellucid"``, or ``"cellucid=PATH"``."""
    several = [wish] if isinstance(wish, str) else list(wish) or ["karospace"]
    pairs = [each.partition("=") for each in several]
    return tuple(name for name, _, _ in pairs), tuple(path or None for _, _, path in pairs)


def _without_secrets(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {name: value for name, value in pairs if name != "storage_options"}


def _check_placement(placement: tuple[float, ...], image: str | bool | None) -> None:
    if not isinstance(image, str):
        raise BadOptionError("--image-placement goes with --image PATH; an image of the file has its own")
    if not all(map(math.isfinite, placement)):
        raise BadOptionError(f"--image-placement wants four finite numbers, got {placement}")


def _check_parts(parts: Sequence[str]) -> None:
    if not all(isinstance(each, str) and each for each in parts):
        raise BadOptionError(f"--leave-out wants parts such as obsm:protein, got {parts!r:.80}")


def _check_scheduler(scheduler: str) -> None:
    if not is_address(scheduler):
        _one_of("--scheduler", scheduler, (*SCHEDULERS, "tcp://HOST:PORT"))


def _scheduler_of(wish: Any) -> str:
    """The name of a scheduler, or the address of that of a client."""
    if isinstance(wish, str):
        return wish
    from karospace_stream.runtime.cluster import adopt  # late: distributed takes its time

    return adopt(wish)


def _one_of(option: str, value: str, allowed: Sequence[str]) -> None:
    if value not in allowed:
        raise BadOptionError(f"{option} wants one of {', '.join(allowed)}; got {value!r}")
