"""Header of a resumable export: what must match for a resume, and what the resumed run inherits."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from karospace_stream._version import __version__
from karospace_stream.errors import BadOptionError, TargetError
from karospace_stream.formats.existing.recorded import SENT, recorded_options
from karospace_stream.plan.export_plan import ExportPlan
from karospace_stream.storage import is_url, local_path, location_of
from karospace_stream.targets.document_store import DamagedLedgerError, DocumentStore
from karospace_stream.targets.stores.claim import HEAD

_ROOT = "scratch.json"


@dataclass(frozen=True, slots=True)
class Head:
    """What must match for a resume, and what the resumed run inherits.

    Attributes
    ----------
    version
        Of this program.
    source
        Digest of the input's fingerprint, and of an image file's.
    options, formats
        Those that decide the bytes.
    selection
        Digest of the exported cells and genes.
    sent
        Digest of the headers that a store sends with every object.
    shape
        Digest of how the work is cut into tasks: if it differs, task results are not reused.
    memory_nbytes, workers
        So that a later run cuts the work the same way.
    created_at
        ISO 8601, UTC: the time stamp of the bundle.
    scratch
        Where fragments wait.
    """

    version: str
    source: str
    options: Mapping[str, Any]
    formats: tuple[str, ...]
    selection: str
    sent: str
    shape: str
    memory_nbytes: int
    workers: int
    created_at: str
    scratch: Mapping[str, str] = field(default_factory=dict)

    @property
    def began_at(self) -> datetime:
        """The time stamp of the bundle."""
        return datetime.fromisoformat(self.created_at).astimezone(UTC)

    def write(self, documents: DocumentStore) -> None:
        """Write the header."""
        documents.put(HEAD, json.dumps(asdict(self)).encode())


def read_head(documents: DocumentStore, where: str) -> Head | None:
    """Read the header of an interrupted export; None if it had not started.

    Raises
    ------
    TargetError
        If it cannot be read.
    """
    data = documents.read(HEAD)
    if data is None:
        return None
    try:
        return _checked(json.loads(data))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise TargetError(
            f"{where}: the ledger of an unfinished export is damaged or of another version; remove it with: "
            f"karospace-stream clean {where}"
        ) from error


def note_scratch_root(
    documents: DocumentStore, location: str, storage_options: Mapping[str, Any] | None
) -> None:
    """Record where scratch will be made, so that it can be found if this process is killed early."""
    url = (
        location_of(location, storage_options).shown
        if is_url(location)
        else str(Path(local_path(location)).absolute())
    )
    documents.put(_ROOT, json.dumps(url).encode())


def scratch_root(documents: DocumentStore) -> list[str]:
    """The recorded folder or URL, if any; a damaged record names none.

    Raises
    ------
    TargetError
        If the documents cannot be reached: scratch that nobody looks for would stay for good.
    """
    try:
        data = documents.read(_ROOT)
        root = None if data is None else json.loads(data)
    except (DamagedLedgerError, ValueError, RecursionError):
        return []
    return [root] if isinstance(root, str) and (is_url(root) or Path(root).is_absolute()) else []


def _checked(content: dict[str, Any]) -> Head:
    """Check the fields of a header, which may come from anywhere."""
    head = Head(**(content | {"formats": tuple(content["formats"])}))
    texts = (head.version, head.source, head.selection, head.sent, head.shape, *head.formats)
    paths = (*head.scratch.keys(), *head.scratch.values(), *head.options.keys())
    numbers = (head.memory_nbytes, head.workers)
    if not all(isinstance(each, str) for each in (*texts, *paths)):
        raise ValueError("it must hold texts")
    if not all(type(each) is int and each > 0 for each in numbers):
        raise ValueError("it must hold numbers above zero")
    _ = head.began_at, _flat(head)
    return head


def head_of(plan: ExportPlan, began_at: datetime) -> Head:
    """Make the header of a new export."""
    options = recorded_options(plan.source, plan.options, plan.selection)
    options.pop(SENT, None)  # compared separately
    return Head(
        version=__version__,
        source=_digest([plan.catalog.fingerprint, _own_files(plan), *_beside(plan)]),
        # As it reads back from JSON, so that the two can be compared.
        options=json.loads(json.dumps(options)),
        formats=tuple(each.name for each in plan.formats),
        selection=_digest([plan.selection.genes, plan.selection.cells]),
        sent=_digest([plan.options.public_read, plan.options.headers]),
        shape=_digest(_cuts(plan)),
        memory_nbytes=plan.budget_nbytes,
        workers=plan.workers,
        created_at=began_at.isoformat(),
    )


def refuse_other(head: Head, plan: ExportPlan, where: str) -> None:
    """Refuse to resume an export of another input, or with other options.

    Raises
    ------
    TargetError, BadOptionError
        Names the difference.
    """
    now = head_of(plan, head.began_at)
    way_out = f"resume it as it was started, or remove it with: karospace-stream clean {where}"
    if head.version != now.version:
        raise TargetError(
            f"{where}: the unfinished export there was made by version {head.version}, but this is "
            f"{now.version}; {way_out}"
        )
    if head.source != now.source:
        raise TargetError(
            f"{where}: the unfinished export there has another input than {plan.catalog.location}, or the "
            f"input has changed since; {way_out}"
        )
    before, wanted = _flat(head), _flat(now)
    names = dict.fromkeys((*wanted, *before))
    differing = [name for name in names if before.get(name) != wanted.get(name)]
    if differing:
        shown = ", ".join(
            f"{name} was {before.get(name)!r:.60}, now {wanted.get(name)!r:.60}" for name in differing
        )
        raise BadOptionError(f"{where}: the unfinished export there has other options: {shown}; {way_out}")
    if head.selection != now.selection:
        raise BadOptionError(f"{where}: the unfinished export there has other genes or cells; {way_out}")
    if head.sent != now.sent:
        raise BadOptionError(
            f"{where}: the unfinished export there has another --header or --public-read; {way_out}"
        )


def _own_files(plan: ExportPlan) -> list[int]:
    """Size and time of files that an option of a format names, such as an image."""
    paths = [path for each in plan.options.own.values() for path in getattr(each, "input_files", ())]
    states = [Path(path).stat() for path in paths]
    return [number for each in states for number in (each.st_size, each.st_mtime_ns)]


def _beside(plan: ExportPlan) -> Iterator[list[str]]:
    """States of files beside the input that a format reads piece by piece."""
    for each in plan.formats:
        if found := list(getattr(each, "fingerprints", ())):
            yield found


def _flat(head: Head) -> dict[str, Any]:
    """Flatten the options by name; those of a format are one level deeper."""
    flat: dict[str, Any] = {"format": list(head.formats)}
    for name, value in head.options.items():
        flat |= value if isinstance(value, dict) else {name: value}
    return flat


def _cuts(plan: ExportPlan) -> Iterator[Any]:
    turning = plan.transpose
    yield [turning.strategy, turning.bands_per_task, turning.row_cuts, turning.gene_cuts]
    if turning.borders:
        yield turning.borders
    if plan.layer_pass is not None:
        layer = plan.layer_pass.transpose
        yield [layer.strategy, layer.bands_per_task, layer.row_cuts, layer.gene_cuts]
    if plan.graph is not None:
        yield asdict(plan.graph.edges)
    for each in plan.formats:
        yield each.facts().to_json()


def _digest(values: Any) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for value in values:
        if isinstance(value, np.ndarray):
            digest.update(value.tobytes())
        else:
            digest.update(json.dumps(value, default=repr, sort_keys=True).encode())
    return digest.hexdigest()
