"""Several inputs as one source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

from karospace_stream.errors import BadInputError
from karospace_stream.inputs.joined.columns.elements import JoinedNames, endings_of
from karospace_stream.inputs.joined.columns.embeddings import join_embeddings
from karospace_stream.inputs.joined.columns.join import ColumnsJoin, FrameParts, join_columns, wanted_columns
from karospace_stream.inputs.joined.columns.listed import labels, listed_columns
from karospace_stream.inputs.joined.columns.var import join_var
from karospace_stream.inputs.joined.columns.varm import join_varm
from karospace_stream.inputs.joined.facts import Facts, read_facts
from karospace_stream.inputs.joined.findings import (
    about_joining,
    about_merging,
    about_names,
    parts_of_some,
)
from karospace_stream.inputs.joined.matrix.genes import GeneJoin, join_genes
from karospace_stream.inputs.joined.matrix.join import is_mixed, join_graphs, join_matrices, join_sparse
from karospace_stream.inputs.joined.meaning import about_meaning
from karospace_stream.inputs.joined.names import joined_location, joined_name
from karospace_stream.inputs.joined.origin import JoinedOrigin
from karospace_stream.inputs.joined.pieces import Stack
from karospace_stream.inputs.joined.uns import join_uns
from karospace_stream.inputs.named import NamedInput
from karospace_stream.model.finding import Finding
from karospace_stream.model.inputs.several import InputInfo
from karospace_stream.model.left_out import TURNED_IF_CHOSEN, is_within
from karospace_stream.model.source import MatrixReader
from karospace_stream.options.general.inputs import InputOptions
from karospace_stream.source.anndata_source import AnnDataSource, make_source
from karospace_stream.source.elements.frames import Frame
from karospace_stream.source.parts import OBSM, OBSP, Parts
from karospace_stream.source.problems.unreadable import Unreadable

_LIBRARY = "library_id"


@dataclass(frozen=True, slots=True)
class _Given:
    """The inputs, what is known of them, and how they are joined."""

    inputs: Sequence[NamedInput]
    facts: Sequence[Facts]
    stack: Stack
    options: InputOptions
    genes: GeneJoin
    raw_genes: GeneJoin | None

    @property
    def keys(self) -> list[str]:
        return [each.key for each in self.inputs]

    @property
    def parts(self) -> list[Parts]:
        return [each.source.parts for each in self.inputs]


def joined_source(inputs: Sequence[NamedInput], options: InputOptions, name: str) -> AnnDataSource:
    """The inputs as one source; see `join_inputs`.

    Raises
    ------
    BadInputError
        If they do not fit together.
    """
    given = _look(inputs, options)
    unreadable: Unreadable = []
    obs, columns = _obs(given, unreadable)
    uns = join_uns(inputs, given.facts, obs, options.merge)
    var, var_left = join_var([each.var for each in given.parts], given.genes, options.merge)
    raw_var = None
    if given.raw_genes is not None:
        frames = [each.raw_var for each in given.parts if each.raw_var is not None]
        raw_var, _ = join_var(frames, given.raw_genes, options.merge, "raw/var")
    varm, varm_left = join_varm([each.varm for each in given.parts], given.genes, options.merge)
    matrices = _matrices(given, unreadable)
    parts = Parts(
        matrices=matrices,
        obs=_with_library(obs, uns.library_of, given.stack),
        var=var,
        raw_var=raw_var,
        varm=varm,
        obsm=join_embeddings(
            given.keys, [each.obsm for each in given.parts], given.stack, options.join, unreadable
        ),
        aliases={old: new for each in given.parts for old, new in each.aliases.items() if new in matrices},
        findings=(
            *_own_findings(given),
            *about_joining(inputs, options, given.genes, columns),
            *about_merging(
                [
                    *(f"var/{name}" for name in var_left),
                    *(f"varm/{key}" for key in varm_left),
                    *(f"uns/{key}" for key in uns.left_out),
                ],
                options,
            ),
            *about_names([each.obs.index for each in given.parts], options),
            *about_meaning(inputs, getattr(options, "matrix", "X")),
        ),
        **uns.fields,
    )
    return _source(given, parts, unreadable, name)


def _look(inputs: Sequence[NamedInput], options: InputOptions) -> _Given:
    keys = [each.key for each in inputs]
    parts = [each.source.parts for each in inputs]
    has_raw = all(each.raw_var is not None for each in parts)
    columns = wanted_columns([each.obs for each in parts], options.join)
    facts = [read_facts(each, columns, raw=has_raw) for each in inputs]
    raw = [each.raw_genes for each in facts if each.raw_genes is not None]
    return _Given(
        inputs,
        facts,
        Stack.of([each.obs.n_rows for each in parts]),
        options,
        join_genes(keys, [each.genes for each in facts], options.join),
        join_genes(keys, raw, options.join, "raw.var") if has_raw else None,
    )


def _obs(given: _Given, unreadable: Unreadable) -> tuple[Frame, ColumnsJoin]:
    frames, options = [each.obs for each in given.parts], given.options
    known = [each.categories for each in given.facts]
    made = join_columns(FrameParts(given.keys, frames, known, given.stack), options.join)
    for name, why in made.conflicts:
        if not any(is_within(f"obs:{name}", each) for each in getattr(options, "leave_out", ())):
            raise BadInputError(
                f"the column {name!r} of obs does not fit together: {why}; convert it in one of them, or "
                f"leave it out with --leave-out obs:{name}"
            )
        unreadable.append((f"obs/{name}", why))
    columns = dict(made.columns) | listed_columns(given.inputs, given.stack)
    if options.labels is not None:
        columns[options.labels] = labels(given.keys, given.stack)
    index = JoinedNames(tuple(each.index for each in frames), given.stack, _endings(given))
    return Frame("obs", given.stack.n_rows, index, columns), made


def _endings(given: _Given) -> tuple[str, ...]:
    """What is appended to the names of each input's cells; nothing if there is one input."""
    return () if len(given.keys) == 1 else endings_of(given.keys, given.options.index_unique)


def _with_library(obs: Frame, libraries: Sequence[str | None], stack: Stack) -> Frame:
    """Say which cells lie on which slide, unless a column of the inputs does."""
    names = {name for name in libraries if name is not None}
    if not names or len(names) < len([name for name in libraries if name is not None]):
        return obs
    for name, column in obs.columns.items():
        if column.info(name).kind == "category" and names <= set(map(str, obs.categories(name).values)):
            return obs
    return replace(obs, columns={**obs.columns, _LIBRARY: labels(libraries, stack)})


def _matrices(given: _Given, unreadable: Unreadable) -> dict[str, MatrixReader]:
    held = [each.matrices for each in given.parts]
    joined: dict[str, MatrixReader] = {}
    for name in dict.fromkeys(name for each in held for name in each):
        readers = [each.get(name) for each in held]
        is_missing = any(reader is None for reader in readers)
        if is_missing and (given.options.join == "inner" or name in ("X", "raw")):
            if name == "X":
                lacks = given.keys[readers.index(None)]
                unreadable.append(("X", f"{lacks} has none, and other inputs have one"))
            continue
        why = _unfit(name, readers)
        if why:
            unreadable.append((name, why))
        else:
            joined[name] = _matrix(name, readers, given)
    return joined


def _matrix(name: str, readers: Sequence[MatrixReader | None], given: _Given) -> Any:
    if name.startswith(OBSP):
        return join_graphs(name, readers, given.stack)
    if name.startswith(OBSM):
        return join_sparse(name, readers, given.stack)
    genes = given.raw_genes if name == "raw" else given.genes
    assert genes is not None
    return join_matrices(name, readers, given.stack, genes)


def _unfit(name: str, readers: Sequence[MatrixReader | None]) -> str:
    there = [reader for reader in readers if reader is not None]
    if any(reader.lazy() is not None for reader in there):
        return "Dask arrays cannot be joined with other inputs; join them with anndata.concat"
    if is_mixed(readers):
        return (
            "it is CSC in some inputs and not in others"
            if name.startswith((OBSM, OBSP))
            else TURNED_IF_CHOSEN
        )
    if name.startswith(OBSM) and len({reader.info.shape[1] for reader in there}) > 1:
        return "it must be equally wide in all files"
    return ""


def _own_findings(given: _Given) -> list[Finding]:
    """What was noticed about single inputs; what was noticed about several, once."""
    found: dict[Finding, str] = {}
    times: dict[Finding, int] = {}
    for each in given.inputs:
        for finding in each.source.catalog.findings:
            found.setdefault(finding, each.key)
            times[finding] = times.get(finding, 0) + 1
    return [
        finding if times[finding] == len(given.inputs) else replace(finding, text=f"{key}: {finding.text}")
        for finding, key in found.items()
    ]


def _source(given: _Given, parts: Parts, unreadable: Unreadable, name: str) -> AnnDataSource:
    catalogs = [each.source.catalog for each in given.inputs]
    origins = [each.source.origin for each in given.inputs]
    kinds = {catalog.container for catalog in catalogs}
    seen: dict[str, str] = {}
    for catalog, key in zip(catalogs, given.keys, strict=True):
        for part, why in catalog.unreadable:
            seen.setdefault(part, f"in {key}, {why}")
    there = {part for part, _ in unreadable}
    source = make_source(
        parts,
        [*unreadable, *((part, why) for part, why in seen.items() if part not in there)],
        location=joined_location(given.inputs),
        name=name or joined_name(given.inputs),
        # That of which a read takes the most memory.
        container=next(kind for kind in ("zarr", "h5ad", "files", "memory") if kind in kinds),
        fingerprint=_fingerprint(given.inputs),
        origin=JoinedOrigin(tuple(origin for origin in origins if origin is not None)),
        remote=any(catalog.remote for catalog in catalogs),
        external_files=tuple(pair for catalog in catalogs for pair in catalog.external_files),
    )
    inputs = tuple(
        InputInfo(key, each.location, each.container, each.n_cells, each.kind, tuple(own.columns))
        for key, each, own in zip(given.keys, catalogs, given.inputs, strict=True)
    )
    return replace(source, catalog=replace(source.catalog, inputs=inputs, in_some=_in_some(given)))


def _in_some(given: _Given) -> tuple[tuple[str, str], ...]:
    """Parts that only some inputs have, and the first input without each."""
    if given.options.join == "outer":
        return ()
    columns = [frame.columns for frame in (each.obs for each in given.parts)]
    lacking = {
        f"obs/{name}": key
        for own, key in reversed(list(zip(columns, given.keys, strict=True)))
        for name in dict.fromkeys(name for each in columns for name in each)
        if name not in own
    }
    return (*lacking.items(), *parts_of_some(given.inputs, given.options.join).items())


def _fingerprint(inputs: Sequence[NamedInput]) -> str:
    digest = blake2b(digest_size=16)
    for each in inputs:
        about = (each.key, each.source.catalog.fingerprint, sorted(each.columns.items()))
        digest.update(repr(about).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
