"""The options that decide the bytes of an export, as stored in bundle and ledger: no path, no secret.

The headers that a store sends with every object are kept as a digest, so that a later run can compare them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.formats.registry import FORMATS, options_of
from karospace_stream.model.selection import GivenSets, Selection
from karospace_stream.model.source import Source
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.options.general.inputs import InputOptions
from karospace_stream.options.option import declared, names_or_none
from karospace_stream.options.own_json import own_json

# In records of version 1 these options come first and in this order, those of KaroSpace among them. Those of
# the two other formats follow by name, whether the format is written or not; then later additions.
_ORDER = (
    *("genes", "anno", "coords", "graph", "vectors", "layer", "raw", "leave_out", "downsample"),
    *("image", "image_placement", "gzip", "compression", "max_asset_mb", "preview", "name"),
)
#: Later ones, so that other exports are as before; a resume compares those of either run.
_IF_GIVEN = (
    "arrange_by",
    "section",
    "where",
    "downsample_by",
    "as_labels",
    "gene_names",
    "title",
    "license",
    "pseudobulk",
    "pseudobulk_layer",
    "gene_sets",
    "set_scores",
    "neighbourhoods",
    "permutations",
    "seed",
    "marker_genes",
    "inputs",
    "listed_columns",
    "transcripts",
    "transcript_columns",
    "image_mode",
    "pixel_size",
    "shapes",
    "layout",
    "gene_bits",
    "order",
    "order_by",
)
#: Options of all formats that records of version 1 have among those of Cellucid, before this one.
_IN_CELLUCID = ("description", "source_name", "source_url", "source_citation")
_BEFORE = "strict"
_FLOAT32 = 32  # bits
_ALWAYS = ("karospace", "cellucid", "anndata")

#: Names of the inputs, if there were several.
INPUTS = "inputs"
#: Columns of obs that a list of inputs added.
LISTED = "listed_columns"
#: The digest of ``headers`` and ``public_read``; only where one of them was given.
SENT = "sent"


def recorded_options(source: Source, options: ExportOptions, selection: Selection) -> dict[str, Any]:
    """Convert to plain data.

    A gene list is recorded by its names, an image by whether there was a file, tables by the names of their
    columns.
    """
    kept = {
        each.field: getattr(options, each.field) for each in declared(ExportOptions) if each.decides_bytes
    }
    kept["name"] = options.name or source.catalog.name
    # As the name is recorded, whoever gave it, so is a title that comes from uns.
    kept["title"] = options.title or selection.about.title or options.title
    kept["gene_names"] = selection.names_from or ("index" if options.gene_names == "index" else None)
    if not isinstance(options.genes, str) or options.genes.startswith("list:"):
        names = source.var_names(raw=options.raw)
        kept["genes"] = [str(names[gene]) for gene in selection.genes.tolist()]
    kept["gene_sets"] = [each.to_json() for each in selection.gene_sets.given] or None
    kept["obs_table"] = tuple(sorted({name for each in source.catalog.tables for name in each.columns}))
    kept[INPUTS] = tuple(each.name for each in source.catalog.inputs) or None
    listed = sorted({name for each in source.catalog.inputs for name in each.columns})
    kept[LISTED] = tuple(listed) or None
    # The column that was taken, whoever chose it.
    kept["section"] = None if source.catalog.sections is None else source.catalog.sections.column
    kept["set_scores"] = None if options.set_scores else False
    if options.neighbourhoods == "none":
        kept |= {"neighbourhoods": None, "permutations": None, "seed": None}
    recorded = [name for name in FORMATS if name in (*_ALWAYS, *options.formats)]
    kept |= own_json({name: options.of(options_of(name)) for name in recorded})
    cellucid = kept["cellucid"]
    last = cellucid.pop(_BEFORE)
    cellucid |= {**{name: kept.pop(name) for name in _IN_CELLUCID}, _BEFORE: last}
    if isinstance(kept["image"], (str, tuple)):
        kept["image"] = "file"
    if kept["transcripts"] not in (None, "own", "none"):
        kept["transcripts"] = "file"
    if kept["image_mode"] == "copy":
        kept["image_mode"] = None
    kept |= _layout(options, selection)
    kept = _without_defaults(kept)
    if len(options.reference) == 1:
        (kept["reference"],) = options.reference
    if options.compared is not None:
        kept["compared"] = options.compared
    record = {**{name: kept.pop(name) for name in _ORDER}, **kept}
    if options.public_read or options.headers:
        sent = json.dumps([options.public_read, options.headers]).encode()
        record[SENT] = blake2b(sent, digest_size=16).hexdigest()
    return record


def _layout(options: ExportOptions, selection: Selection) -> dict[str, Any]:
    """What is recorded of the layout: nothing of the classic one."""
    own = options.of(options_of("karospace"))
    is_packed = own.is_packed(selection.n_cells)
    bits = own.gene_bits if is_packed and own.gene_bits != _FLOAT32 else None
    order = "source" if is_packed and own.order == "source" else None
    column = own.order_by if is_packed and order is None else None
    return {"layout": "packed" if is_packed else None, "gene_bits": bits, "order": order, "order_by": column}


def _without_defaults(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Without options that came later and were not given."""
    default = {each.field: each.stored_default for each in declared(InputOptions)}
    default |= dict.fromkeys(_IF_GIVEN)
    return {name: value for name, value in kept.items() if name not in default or value != default[name]}


def read_recorded(recorded: Mapping[str, Any], format: str, where: str) -> ExportOptions:
    """Read the options recorded in an export.

    Raises
    ------
    BadInputError
        If they are not those of this version.
    """
    given = {name: _tuples(value) for name, value in recorded.items() if name not in (SENT, INPUTS, LISTED)}
    if given.get("image") == "file":
        given["image"] = False
        given.pop("image_placement", None)  # that of another file, too
    if given.get("transcripts") == "file":
        given |= {"transcripts": None, "transcript_columns": None}
    given.pop("obs_table", None)  # names of columns: the tables themselves are those of another file
    given.setdefault("layout", "classic")  # there was no other one
    try:
        if "gene_sets" in given:
            given["gene_sets"] = tuple(map(_read_sets, given["gene_sets"]))
        cellucid = dict(given.get("cellucid", {}))
        given |= {name: cellucid.pop(name) for name in _IN_CELLUCID if name in cellucid}
        given |= {"cellucid": cellucid} if "cellucid" in given else {}
        former = _former_names_column(given, format)
        own = {name: _read_own(name, given) for name in FORMATS}
        given.setdefault("gene_names", former)
        given.setdefault("group_by", ("none",))  # none were compared unasked
        given.setdefault("section", "none")  # cells were in their order
        given["reference"] = names_or_none(given.get("reference")) or ("rest",)
        return ExportOptions(formats=(format,), own=own, **given)
    except (KeyError, TypeError, AttributeError, BadOptionError) as error:
        raise BadInputError(
            f"{where}: it was made with options that this version does not know ({error}); verify it with "
            "the version that made it"
        ) from error


def _read_sets(recorded: Mapping[str, Any]) -> GivenSets:
    sets = ((str(name), tuple(map(str, genes))) for name, genes in recorded["sets"].items())
    return GivenSets(str(recorded["source"]), tuple(sets))


def _former_names_column(given: Mapping[str, Any], format: str) -> str | None:
    """The column that named the genes before all formats had one; None for the index."""
    stores = given.get("cellucid", {})
    former = None if format == "karospace" or stores.get("strict") else stores.get("gene_ids")
    return None if former == "index" else former


def _read_own(name: str, given: dict[str, Any]) -> Any:
    """Take the options of one format out of a record."""
    kind = options_of(name)
    if getattr(kind, "nested", True):
        values = given.pop(name, {})
    else:
        values = {each.field: given.pop(each.field) for each in declared(kind) if each.field in given}
    return kind(**{key: _tuples(value) for key, value in values.items()})


def _tuples(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
