"""Local paths that cluster workers must be able to see."""

from __future__ import annotations

import os
import pickle
from collections.abc import Sequence

from karospace_stream.errors import BadInputError
from karospace_stream.model.source import Source
from karospace_stream.pipeline.scratch import RunScratch
from karospace_stream.storage import is_url
from karospace_stream.targets import Target
from karospace_stream.units import format_nbytes

#: Largest AnnData in memory that may be sent to the workers.
_MOST_SENT_NBYTES = 64_000_000
_PROTOCOL = 5  # the first protocol that does not copy arrays


def required_paths(
    source: Source, targets: Sequence[Target] = (), scratch: RunScratch | None = None
) -> tuple[str, ...]:
    """Paths of the inputs, the targets and the scratch."""
    paths = [path for target in targets for path in target.shared_paths]
    if scratch is not None:
        paths += scratch.locations().values()
    paths += source.catalog.locations
    for each in source.catalog.inputs or (source.catalog,):
        if each.container == "memory" and os.path.exists(each.location):  # noqa: PTH110 - a backed AnnData
            paths.append(each.location)
    return tuple(os.path.abspath(path) for path in paths if not is_url(path))  # noqa: PTH100 - links stay


def refuse_to_send(source: Source) -> None:
    """Refuse an AnnData in memory, or tables of a folder, that are too large to send to every worker.

    Raises
    ------
    BadInputError
        States its size, and what to pass instead.
    """
    if source.catalog.container != "memory":
        _refuse_held(source)
        return
    way_out = "write it to a .zarr or .h5ad that all workers see, and give its path or URL"
    arrays: list[int] = []

    def count(buffer: pickle.PickleBuffer) -> None:
        arrays.append(buffer.raw().nbytes)

    try:
        rest = pickle.dumps(source, _PROTOCOL, buffer_callback=count)
    except (TypeError, AttributeError, pickle.PicklingError) as error:
        raise BadInputError(f"this AnnData cannot be sent to the workers ({error}); {way_out}") from error
    nbytes = len(rest) + sum(arrays)
    if nbytes > _MOST_SENT_NBYTES:
        raise BadInputError(
            f"an AnnData in memory must have at most {format_nbytes(_MOST_SENT_NBYTES)} to be sent to "
            f"every worker, got {format_nbytes(nbytes)}; {way_out}"
        )


def _refuse_held(source: Source) -> None:
    nbytes = source.catalog.held_nbytes
    if nbytes > _MOST_SENT_NBYTES:
        most = format_nbytes(_MOST_SENT_NBYTES)
        raise BadInputError(
            f"the tables in {source.catalog.location} must have at most {most} in memory to be sent to every "
            f"worker of a cluster, got {format_nbytes(nbytes)}; export on one machine"
        )
