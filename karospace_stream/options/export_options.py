"""Options that apply to an export in any format: declared and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, TypeVar, get_args

from karospace_stream.model.plan import Strategy
from karospace_stream.options.general.checks import check_general
from karospace_stream.options.general.gene_sets import IN_UNS
from karospace_stream.options.general.neighbourhoods import NeighbourhoodOptions
from karospace_stream.options.moot_reasons import without_genes, without_gzip, without_scratch
from karospace_stream.options.option import option
from karospace_stream.options.own_json import own_json
from karospace_stream.options.readers import (
    read_headers,
    read_memory,
    read_path,
    read_scheduler,
)

if TYPE_CHECKING:
    pass

# Slow modules are imported where they are used: a command's help imports this module.
_LEVEL = 1
_ABOUT = "What people read about the data"
_FILES = "How it is written"
_MACHINE = "Memory and workers"
_STORES = "Stores"
T = TypeVar("T")


def _about(help: str, doc: str = "", metavar: str = "TEXT") -> Any:
    return option(None, help, kind="text", section=_ABOUT, metavar=metavar, doc=doc)


@dataclass(frozen=True, slots=True)
class ExportOptions(NeighbourhoodOptions):
    """All options of an export, checked. The declaration of each field documents the option.

    Attributes
    ----------
    own
        Options objects of single formats, by the name of the format.
    """

    name: str | None = _about(
        "Short name, for lists and file names; default: the input's.",
        "Short name of the data set, for lists and file names; by default the input's. Without ``title``, "
        "it is the title too.",
    )
    title: str | None = _about(
        "Title, as people read it. Default: --name if you give one, else uns['title'].",
        "Title, as people read it at the top of the page. By default ``name`` if that is given, else "
        '``uns["title"]``, else the name of the input.',
    )
    description: str | None = _about(
        "What the data are. Default: uns['description'].",
        'What the data are, in a few sentences; by default ``uns["description"]``. An empty text leaves '
        "that out, as for the others.",
    )
    license: str | None = _about(
        "How the data may be used, such as CC-BY-4.0. Default: uns['license'].",
        'How the data may be used: the name of a licence, such as ``"CC-BY-4.0"``, or its address; by '
        'default ``uns["license"]``.',
    )
    source_name: str | None = _about("Where the data come from.")
    source_url: str | None = _about("Address of the source.", "Address of its page.", "URL")
    source_citation: str | None = _about(
        "How to cite the data. Default: uns['citation'].",
        'How to cite the data; by default ``uns["citation"]``. A DOI in it becomes a link in the page.',
    )
    gzip: bool = option(True, "Compress the files.", kind="switch", section=_FILES, off_flag="--no-gzip")
    compression: int | None = option(
        None,
        "1 to 3 are fast, 6 to 9 small. Default: 1; anndata, 6.",
        kind="integer",
        section=_FILES,
        metavar="1-9",
        moot=without_gzip,
        doc="Level of gzip, 1 to 9: 1 to 3 are fast, 6 to 9 small. By default 1, and 6 in a Zarr store.",
    )
    overwrite: bool = option(
        False,
        "Replace an existing bundle once the new one is complete.",
        kind="switch",
        section=_FILES,
        decides_bytes=False,
        plans=False,
    )
    resume: bool = option(
        False,
        "Resume an interrupted export, and keep finished work if this one is interrupted.",
        kind="switch",
        section=_FILES,
        decides_bytes=False,
        plans=False,
    )
    memory_nbytes: int | None = option(
        None,
        "Memory for all processes together, such as 2GB; default: half of the free memory.",
        kind="text",
        section=_MACHINE,
        keyword="memory",
        metavar="SIZE",
        decides_bytes=False,
        type="str or int",
        doc='Memory for all processes together: bytes, or text such as ``"2GB"``. By default half of the '
        "free memory. On a cluster, memory for each worker process; by default a share of its own limit.",
        read=read_memory,
    )
    workers: int | None = option(
        None,
        "Tasks to run at once; default: one per core.",
        kind="integer",
        section=_MACHINE,
        metavar="N",
        decides_bytes=False,
        doc="Tasks to run at once; by default one per core. On a cluster, in each worker process; by "
        "default one per thread.",
    )
    scheduler: str = option(
        "threads",
        "Dask scheduler: threads, processes, sync, or the address of a cluster, such as tcp://HOST:8786.",
        kind="text",
        section=_MACHINE,
        metavar="NAME",
        decides_bytes=False,
        type="str or distributed.Client",
        doc='Dask scheduler: ``"threads"``, ``"processes"`` or ``"sync"``; or a cluster: the address of its '
        "scheduler, or a client.",
        read=read_scheduler,
    )
    strategy: Strategy | None = option(
        None,
        "How to transpose the matrix: pass, memory or spill; default: the cheapest that fits.",
        kind="choice",
        section=_MACHINE,
        metavar="NAME",
        choices=get_args(Strategy),
        moot=without_genes,
        decides_bytes=False,
        doc='How to transpose the matrix: ``"pass"``, ``"memory"`` or ``"spill"``. By default the cheapest '
        "that fits.",
    )
    scratch: str | None = option(
        None,
        "Folder or URL for scratch files; default: the system's temporary folder.",
        kind="text",
        section=_MACHINE,
        metavar="FOLDER",
        moot=without_scratch,
        decides_bytes=False,
        type="path",
        doc="Folder or URL for scratch files; by default the system's folder for temporary files, and on a "
        "cluster the target's store if that is a URL.",
        read=read_path,
    )
    storage_options: Mapping[str, Any] | None = option(
        None,
        "Option of fsspec's filesystem for URLs, such as s3.anon=true; repeat for several. Default: the "
        "settings of the store's own tools.",
        kind="list",
        section=_STORES,
        flag="--storage-option",
        metavar="[PROTOCOL.]KEY=VALUE",
        decides_bytes=False,
        compare=False,
        repr=False,  # may hold secrets
        type="dict",
        doc="How to access the stores of URLs: credentials, endpoint and so on, named as in fsspec's "
        'filesystems. For all URLs, ``{"anon": True}``, or for one protocol, ``{"s3": {"anon": True}}``. '
        "By default the settings of the stores' own tools. Never written anywhere.",
    )
    public_read: bool = option(
        False, "Let anyone read the objects (S3).", kind="switch", section=_STORES, decides_bytes=False
    )
    headers: tuple[tuple[str, str], ...] = option(
        (),
        "Header that the store sends with every object; repeat for several.",
        kind="list",
        section=_STORES,
        flag="--header",
        metavar="'NAME: VALUE'",
        shown_default=None,
        decides_bytes=False,
        doc='``"Name: value"``: a header that the store sends with every object.',
        read=read_headers,
    )
    own: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        check_general(self)
        if self.arrange == "grid":  # the inputs are the sections
            object.__setattr__(self, "arrange_by", self.labels)

    def of(self, kind: type[T]) -> T:
        """Options of one format, by the class that declares them."""
        return next((each for each in self.own.values() if isinstance(each, kind)), None) or kind()

    def with_own(self, format: str, own: Any) -> ExportOptions:
        """A copy with other options of one format."""
        return replace(self, own={**self.own, format: own})

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
        sets = tuple(each for each in self.gene_sets if isinstance(each, str) and not each.startswith(IN_UNS))
        return (
            *genes,
            *sets,
            *(each for each in self.obs_table if isinstance(each, str)),
            *(path for each in self.own.values() for path in getattr(each, "input_files", ())),
        )

    def to_json(self) -> dict[str, Any]:
        """Convert to plain data, for reports and for comparing two runs; without secrets."""
        from karospace_stream.storage import is_url, location_of

        shown = [location_of(each).shown if each and is_url(each) else each for each in self.targets]
        general = {each.name: getattr(self, each.name) for each in fields(self)}
        if not isinstance(self.genes, (str, tuple)):
            general["genes"] = asdict(self.genes)
        general["gene_sets"] = [_shown(each) for each in self.gene_sets]
        general["obs_table"] = [_shown(each) for each in self.obs_table]
        for hidden in ("storage_options", "own"):
            del general[hidden]
        return {**general, "targets": shown, **own_json(self.own)}


def _shown(given: Any) -> Any:
    """Gene sets or a table as plain data: what was given in Python, or where it is from, without secrets."""
    from karospace_stream.storage import is_url, location_of

    if not isinstance(given, str):
        return given.to_json()
    return location_of(given).shown if is_url(given) else given
