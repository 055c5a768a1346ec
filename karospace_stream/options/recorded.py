"""The options that decide the bytes of an export, as bundle and ledger keep them: no path, no secret.

Of what a store sends with every object there is a digest, so that a later run knows whether it is the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import blake2b
from typing import Any

from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.formats.anndata.options import AnnDataOptions
from karospace_stream.formats.cellucid.options import CellucidOptions
from karospace_stream.model.selection import Selection
from karospace_stream.model.source import Source
from karospace_stream.options.export_options import ExportOptions

#: Where and how an export is made: the bytes do not depend on these.
MACHINE = frozenset(
    {
        *("formats", "targets", "memory_nbytes", "workers", "scheduler", "strategy", "scratch", "overwrite"),
        *("resume", "public_read", "headers", "storage_options"),
    }
)

#: The digest of ``headers`` and ``public_read``; only where one of them was given.
SENT = "sent"


def recorded_options(source: Source, options: ExportOptions, selection: Selection) -> dict[str, Any]:
    """As plain data; a list of genes by its names, an image by whether there was a file."""
    kept = {name: value for name, value in asdict(options).items() if name not in MACHINE}
    kept["name"] = options.name or source.catalog.name
    if isinstance(options.genes, tuple) or options.genes.startswith("list:"):
        names = source.var_names(raw=options.raw)
        kept["genes"] = [str(names[gene]) for gene in selection.genes.tolist()]
    if isinstance(options.image, str):
        kept["image"] = "file"
    if options.public_read or options.headers:
        sent = json.dumps([options.public_read, options.headers]).encode()
        kept[SENT] = blake2b(sent, digest_size=16).hexdigest()
    return kept


def read_recorded(recorded: Mapping[str, Any], format: str, where: str) -> ExportOptions:
    """The options of an export, as it keeps them.

    Raises
    ------
    BadInputError
        If they are not those of this version.
    """
    given = {name: value for name, value in recorded.items() if name != SENT}
    if given.get("image") == "file":
        given["image"] = False
    try:
        own = CellucidOptions(**{key: _tuples(value) for key, value in given.pop("cellucid").items()})
        anndata = AnnDataOptions(**given.pop("anndata", {}))
        kept = {key: _tuples(value) for key, value in given.items()}
        return ExportOptions(formats=(format,), targets=(None,), cellucid=own, anndata=anndata, **kept)
    except (KeyError, TypeError, AttributeError, BadOptionError) as error:
        raise BadInputError(
            f"{where}: it was made with options that this version does not know ({error}); verify it with "
            "the version that made it"
        ) from error


def _tuples(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
