"""A key that changes with the input and with any option that affects the export."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import blake2b
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from karospace_stream._version import __version__
from karospace_stream.formats.cells.tiles import TILE
from karospace_stream.formats.options import declared_options
from karospace_stream.model.source import MatrixReader, Source
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.plan.lazy_source import OpenedSource
from karospace_stream.plan.row_blocks import plain_block
from karospace_stream.runtime.events import ignore
from karospace_stream.runtime.graph import rechunk_rows
from karospace_stream.runtime.run import run
from karospace_stream.runtime.tasks import Tasks
from karospace_stream.select.relations import choose_graph
from karospace_stream.storage import is_url, local_path, location_of

_DIGEST_NBYTES = 16
_BLOCK_VALUES = 4_000_000


def cache_key(source: Any, opened: OpenedSource, options: ExportOptions) -> str:
    """Name of an export in the cache: the data set for people, and a fingerprint for the program.

    A file is identified by its path, size and time. An object in memory is read once, tile by tile.

    Parameters
    ----------
    source
        As the user gave it.
    """
    catalog = opened.catalog
    by_path = not isinstance(source, OpenedSource) and len(catalog.locations) == max(1, len(catalog.inputs))
    content = catalog.fingerprint if by_path else content_digest(opened.source, options)
    location = "".join(map(_location_name, catalog.locations)) if by_path else ""
    # Where and how an export is made does not affect it; its formats do.
    unseen = {each.field for each in declared_options() if not each.decides_bytes} - {"formats"} | {"targets"}
    seen = {name: value for name, value in options.to_json().items() if name not in unseen}
    named = [_file_state(path) for path in options.input_files]
    parts = json.dumps([__version__, location, content, seen, named], sort_keys=True)
    digest = blake2b(parts.encode("utf-8", "surrogatepass"), digest_size=_DIGEST_NBYTES).hexdigest()
    name = "".join(c for c in options.name or catalog.name if c.isascii() and (c.isalnum() or c in "-_"))
    return f"{name[:40] or 'data'}-{digest}"


def _location_name(text: str) -> str:
    if is_url(text):
        return location_of(text).shown
    return str(Path(local_path(text)).expanduser().resolve())


def content_digest(source: Source, options: ExportOptions) -> str:
    """Hash all that an export of an AnnData can show: one matrix, obs, var, obsm, graph, colours, images.

    Holds a block of the matrix of about 4 million values at a time.
    """
    digest = blake2b(digest_size=_DIGEST_NBYTES)
    matrices = [] if options.genes == "none" else [options.matrix]
    graph = choose_graph(source.catalog, options.graph)
    matrices += [] if graph is None else [f"obsp/{graph}"]
    pieces = chain(_frames(source, raw=options.raw), _pictures(source), _embeddings(source))
    for piece in chain(pieces, *(_matrix(source.matrix(name)) for name in matrices)):
        digest.update(piece)
    return digest.hexdigest()


def _file_state(path: Any) -> list[Any] | None:
    if not isinstance(path, str) or not Path(path).is_file():
        return None
    stat = Path(path).stat()
    return [str(Path(path).resolve()), stat.st_size, stat.st_mtime_ns]


def _frames(source: Source, *, raw: bool) -> Iterator[bytes]:
    catalog = source.catalog
    yield _text([catalog.name, catalog.n_cells, catalog.n_genes, catalog.texts])
    yield _text(source.var_names(raw=raw).tolist())
    for info in catalog.raw_var if raw else catalog.var:
        yield from _column(source.var_column(info.name, raw=raw))
    for start, stop in _tiles(catalog.n_cells):
        yield _text(source.obs_names(start, stop).tolist())
    for info in catalog.obs:
        yield _text(source.uns_colors(info.name))
        for start, stop in _tiles(catalog.n_cells):
            yield from _column(source.obs_column(info.name, start, stop))


def _column(column: Any) -> Iterator[bytes]:
    yield _text([column.name, column.kind, column.categories, str(column.values.dtype)])
    yield _array(column.values)
    if column.missing is not None:
        yield _array(column.missing)


def _embeddings(source: Source) -> Iterator[bytes]:
    for entry in source.catalog.obsm:
        yield _text([entry.key, entry.n_columns, entry.dtype])
        for start, stop in _tiles(source.catalog.n_cells):
            yield _array(source.obsm(entry.key, start, stop, entry.n_columns))


def _pictures(source: Source) -> Iterator[bytes]:
    yield _text([source.catalog.spot_diameter, source.catalog.microns_per_pixel])
    for info in source.catalog.images:
        yield _text([info.library, info.resolution, info.height, info.width, info.scale])
        yield _array(source.image(info.library, info.resolution))


def _matrix(reader: MatrixReader) -> Iterator[bytes]:
    info = reader.info
    yield _text([info.name, info.layout, list(info.shape), info.dtype])
    n_lines = info.shape[1] if info.layout == "csc" else info.shape[0]
    n_values = info.shape[0] * info.shape[1] if info.nnz is None else info.nnz
    step = min(TILE, max(1, _BLOCK_VALUES * n_lines // max(1, n_values)))
    cuts = [*range(0, n_lines, step), n_lines]
    lazy = reader.lazy()
    if lazy is not None:
        blocks = rechunk_rows(lazy, cuts)
        tasks = Tasks()
        hashed = tasks.over_blocks("hash", _block_digest, blocks, info.name)
        yield from run(tasks.call("hash", list, hashed), scheduler="threads", workers=1, listener=ignore)
        return
    for start, stop in pairwise(cuts):
        block = reader.read_genes(start, stop) if info.layout == "csc" else reader.read_rows(start, stop)
        for name in ("indptr", "rows", "indices", "data"):
            if (part := getattr(block, name, None)) is not None:
                yield _array(part)


def _block_digest(block: Any, number: int, name: str) -> bytes:
    plain: Any = plain_block(block, name)
    parts = (plain.indptr, plain.indices, plain.data) if sparse.issparse(plain) else (plain,)
    digest = blake2b(_text(list(plain.shape)), digest_size=_DIGEST_NBYTES)
    for part in parts:
        digest.update(_array(part))
    return digest.digest()


def _tiles(n_cells: int) -> Iterator[tuple[int, int]]:
    return pairwise([*range(0, n_cells, TILE), n_cells])


def _array(values: Any) -> Any:
    if values.dtype == object:
        return _text(values.tolist())
    return memoryview(np.ascontiguousarray(values).reshape(-1)).cast("B")


def _text(value: Any) -> bytes:
    # As JSON, so that ["a", "b"] and ["ab"] differ; a name may hold half a surrogate pair.
    return json.dumps(value).encode()
