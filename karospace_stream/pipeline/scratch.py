"""Scratch of one run: holds matrix fragments and graph edges between stages."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from karospace_stream.errors import BadOptionError, TargetError
from karospace_stream.model.plan import TransposePlan
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.pipeline.scratch_owner import (
    SCRATCH,
    Owner,
    adopt_folder,
    delete_folder,
    owner_of_store,
)
from karospace_stream.plan.export_plan import ExportPlan
from karospace_stream.runtime.schedulers import is_address, shares_memory
from karospace_stream.runtime.shared_values import forget
from karospace_stream.storage import Location, Store, local_path, location_of
from karospace_stream.targets import Target
from karospace_stream.targets.local.folder_lock import release
from karospace_stream.transpose.array_scratch import ArrayScratch, FileArrayScratch, StoredArrayScratch
from karospace_stream.transpose.edges.scratch import EdgeScratch, FileEdgeScratch, MemoryEdgeScratch
from karospace_stream.transpose.edges.stored_scratch import StoredEdgeScratch
from karospace_stream.transpose.scratch import FileScratch, MemoryScratch, Scratch
from karospace_stream.transpose.stored_scratch import StoredScratch, as_scratch_error, remove_all


@dataclass(frozen=True, slots=True)
class StoreScratch:
    """Files on a disk that all workers see, or below a location of any store."""

    store: Store
    folder: str = ""

    @property
    def where(self) -> str:
        """Folder or URL."""
        return self.folder or self.store.shown

    def remove(self) -> None:
        """Delete everything."""
        delete_folder(Path(self.folder)) if self.folder else remove_all(self.store)


@dataclass(frozen=True, slots=True)
class RunScratch:
    """Location of the matrix fragments, of the graph edges, of the sums of genes, and of scores of cells.

    Attributes
    ----------
    pseudobulk
        Sums over combinations of columns.
    layer
        Fragments of a layer that is summed besides the exported matrix.
    scores
        Where columns of scores wait, if there are any; their folder, if they are on a disk.
    prepared
        What was prepared of the input, if it is removed together with the rest.
    tissue
        What tasks that write parts of a tissue pass on.
    side
        The token under which each process holds what goes along with the genes.
    """

    fragments: Scratch
    edges: EdgeScratch | None
    sums: ArrayScratch | None = None
    pseudobulk: ArrayScratch | None = None
    layer: Scratch | None = None
    scores: StoreScratch | None = None
    prepared: StoreScratch | None = None
    tissue: ArrayScratch | None = None
    side: str = field(default_factory=partial(secrets.token_hex, 8))

    def locations(self) -> dict[str, str]:
        """Folders or URLs, by what they hold."""
        return {name: each.where for name, each in self._parts() if each.where}

    def remove(self) -> None:
        """Delete everything."""
        self.release()
        for _, each in self._parts():
            each.remove()

    def _parts(self) -> Iterator[tuple[str, Scratch | EdgeScratch | ArrayScratch | StoreScratch]]:
        for name in ("fragments", "edges", "sums", "pseudobulk", "layer", "scores", "prepared", "tissue"):
            if (each := getattr(self, name)) is not None:
                yield name, each

    def forget_side_inputs(self) -> None:
        """Release the side inputs that this process holds."""
        forget(self.side)

    def release(self) -> None:
        """Leave everything that outlives this process to an export that resumes this one."""
        self.forget_side_inputs()
        for where in self.locations().values():
            release(Path(where))


def make_scratch(
    plan: ExportPlan,
    targets: Sequence[Target] = (),
    owner: Owner | None = None,
    known: Mapping[str, str] | None = None,
) -> RunScratch:
    """Make or reopen the scratch of one run.

    Parameters
    ----------
    targets
        Of the run. On a cluster, fragments lie beside a target on a store by default.
    owner
        The export that owns the scratch; by default, none.
    known
        Scratch of the resumed run.

    Raises
    ------
    TargetError
        If a location cannot be written.
    """
    making = _Making(plan, _stored_root(plan.options, targets), owner or Owner(secrets.token_hex(4), ""))
    before = known or {}
    made = RunScratch(making.of(plan.transpose, before.get("fragments")), None)
    turning = plan.graph.edges if plan.graph is not None else None
    try:
        if turning is not None and turning.in_memory:
            made = replace(made, edges=MemoryEdgeScratch(secrets.token_hex(8)))
        elif turning is not None:
            made = replace(made, edges=making.edges(before.get("edges")))
        if plan.statistics is not None:
            made = replace(made, sums=making.arrays(before.get("sums")))
        if plan.pseudobulk is not None:
            made = replace(made, pseudobulk=making.arrays(before.get("pseudobulk"), "pseudobulk"))
        if plan.layer_pass is not None:
            made = replace(made, layer=making.of(plan.layer_pass.transpose, before.get("layer")))
        if plan.selection.gene_sets.columns:
            made = replace(made, scores=making.scores(before.get("scores")))
        if plan.tissue_scratch_nbytes:
            made = replace(made, tissue=making.arrays(before.get("tissue"), "tissue"))
    except BaseException:
        made.remove()
        raise
    return made


def make_store_scratch(plan: ExportPlan, targets: Sequence[Target], owner: Owner) -> StoreScratch:
    """Make scratch for files that are read before the run starts.

    Raises
    ------
    TargetError
        If the location cannot be written.
    """
    return _Making(plan, _stored_root(plan.options, targets), owner).scores(None)


@dataclass(frozen=True, slots=True)
class _Making:
    """Context for making scratch: the root on a store, if any, and the owner."""

    plan: ExportPlan
    root: Location | None
    owner: Owner

    def of(self, transpose: TransposePlan, before: str | None) -> Scratch:
        """Scratch of the fragments of a matrix."""
        if transpose.strategy != "spill":
            return MemoryScratch(secrets.token_hex(8))
        if self.root is not None:
            return StoredScratch(_store(self.root, self.owner, before))
        return FileScratch(self._folder(before))

    def edges(self, before: str | None) -> EdgeScratch:
        if self.root is not None:
            return StoredEdgeScratch(_store(self.root, self.owner, before))
        return FileEdgeScratch(self._folder(before))

    def arrays(self, before: str | None, name: str = "") -> ArrayScratch:
        if self.root is not None:
            return StoredArrayScratch(_store(self.root, self.owner, before), name)
        return FileArrayScratch(self._folder(before), name)

    def scores(self, before: str | None) -> StoreScratch:
        if self.root is not None:
            return StoreScratch(_store(self.root, self.owner, before))
        folder = self._folder(before)
        return StoreScratch(Store(location_of(f"file://{folder}")), folder)

    def _folder(self, before: str | None) -> str:
        if before and adopt_folder(Path(before), self.owner.token):
            return before
        return _folder(self.plan, self.owner)


def _stored_root(options: ExportOptions, targets: Sequence[Target]) -> Location | None:
    """Root for fragments on a store; None if they go to a disk."""
    if options.scratch is None:
        beside = list(filter(None, (target.scratch_root for target in targets)))
        return beside[0] if beside and is_address(options.scheduler) else None
    if not options.stored_scratch:
        return None
    location = location_of(options.scratch, options.storage_options)
    if location.protocol == "memory" and not shares_memory(options.scheduler):
        raise BadOptionError(
            f"--scratch {location.shown} is in the memory of one process; with --scheduler "
            f"{options.scheduler} it must be a folder or URL that all workers see"
        )
    return location


def _store(root: Location, owner: Owner, before: str | None) -> Store:
    """Make scratch on an object store and write to it once: better to be refused now than after reading.

    Reuse that of an earlier run if it is where this one would make its own.
    """
    if before is not None and (known := _known_store(root.child(before.rpartition("/")[2]), owner, before)):
        return known
    store = Store(root.child(SCRATCH + secrets.token_hex(8)))
    with as_scratch_error(store, "nothing could be written there"):
        owner.sign_store(store)
    return store


def _known_store(location: Location, owner: Owner, before: str) -> Store | None:
    store = Store(location)
    if store.shown != before:
        return None
    with as_scratch_error(store, "its contents could not be listed"):
        found = owner_of_store(store)
    return store if found is not None and found.token == owner.token else None


def _folder(plan: ExportPlan, owner: Owner) -> str:
    """Make a folder that is signed by its owner."""
    # Absolute: worker processes may run in folders of their own.
    try:
        folder = Path(local_path(plan.options.scratch or tempfile.gettempdir())).absolute()
    except FileNotFoundError as error:
        raise TargetError(
            f"scratch needs a folder, but none can be used ({error.strerror or error}); name one with "
            "--scratch, by an absolute path"
        ) from error
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Named after the export: it can be found even if this process is killed before signing it.
        own = Path(tempfile.mkdtemp(prefix=f"{SCRATCH}{owner.token}_", dir=folder))
    except OSError as error:
        raise _refused(folder, f"a folder could not be made there: {error.strerror or error}") from error
    try:
        owner.sign_folder(own)
    except OSError as error:
        delete_folder(own)
        raise _refused(folder, f"nothing could be written there: {error.strerror or error}") from error
    except BaseException:  # an interrupt too
        delete_folder(own)
        raise
    return str(own)


def _refused(folder: Path, why: str) -> TargetError:
    return TargetError(f"--scratch {folder}: {why}; make room or name another folder with --scratch")
