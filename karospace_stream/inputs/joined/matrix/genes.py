"""Match the genes of several inputs by name, as ``anndata.concat`` does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError
from karospace_stream.options.general.joining import Join

Positions = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class GeneJoin:
    """The genes of the joined matrix.

    Attributes
    ----------
    names
        Of the joined genes, in order.
    columns
        For each input, the joined number of each of its genes, -1 if it is left out; None if its genes are
        the joined ones, in the same order. Inputs with the same genes share an array.
    sources
        For each input the reverse: its number of each joined gene, -1 if it has none; None as above.
    n_named
        Genes of all inputs, each name once.
    """

    names: npt.NDArray[np.object_]
    columns: tuple[Positions | None, ...]
    sources: tuple[Positions | None, ...]
    n_named: int

    @property
    def is_complete(self) -> bool:
        """Whether every input has every joined gene."""
        return all(each is None or (each >= 0).all() for each in self.sources)

    @property
    def leaves_out(self) -> bool:
        """Whether an input has a gene that is not among the joined ones."""
        return any(each is not None and (each < 0).any() for each in self.columns)


def join_genes(
    keys: Sequence[str], named: Sequence[npt.NDArray[np.object_]], join: Join, what: str = "var"
) -> GeneJoin:
    """Match genes by name.

    Parameters
    ----------
    keys
        Names of the inputs, for messages.
    named
        Names of the genes of each input.
    what
        Whose genes, for messages.

    Raises
    ------
    BadInputError
        If a name is there twice in one input, or no gene is in all of them.
    """
    lists: dict[bytes, int] = {}
    distinct: list[list[str]] = []
    of_input = []
    for key, names in zip(keys, named, strict=True):
        listed: list[str] = names.tolist()
        digest = blake2b("\0".join(listed).encode("utf-8", "surrogatepass")).digest()
        if digest not in lists:
            _refuse_repeated(key, listed, what)
            lists[digest] = len(distinct)
            distinct.append(listed)
        of_input.append(lists[digest])
    joined = _intersection(distinct) if join == "inner" else _union(distinct)
    if not joined and all(distinct):
        raise _nothing_in_common(keys, distinct, of_input, what)
    position = {name: number for number, name in enumerate(joined)}
    columns = [_columns(position, each, joined) for each in distinct]
    sources = [None if each is None else _reversed(each, len(joined)) for each in columns]
    return GeneJoin(
        _as_array(joined),
        tuple(columns[number] for number in of_input),
        tuple(sources[number] for number in of_input),
        len(set().union(*distinct)),
    )


def _intersection(lists: Sequence[list[str]]) -> list[str]:
    """Names in all lists, in the order of the first."""
    common = set(lists[0]).intersection(*lists[1:])
    return [name for name in lists[0] if name in common]


def _union(lists: Sequence[list[str]]) -> list[str]:
    """Names of any list; sorted where lists differ, as pandas has it."""
    joined = lists[0]
    for other in lists[1:]:
        if not other or other == joined:
            continue
        joined = sorted({*joined, *other}) if joined else other
    return joined


def _columns(position: dict[str, int], names: list[str], joined: list[str]) -> Positions | None:
    if names == joined:
        return None
    return np.fromiter((position.get(name, -1) for name in names), np.int32, len(names))


def _reversed(columns: Positions, n_joined: int) -> Positions:
    sources = np.full(n_joined, -1, np.int32)
    there = np.flatnonzero(columns >= 0)
    sources[columns[there]] = there
    return sources


def _as_array(names: list[str]) -> npt.NDArray[np.object_]:
    array = np.empty(len(names), object)
    array[:] = names
    return array


def _refuse_repeated(key: str, names: list[str], what: str) -> None:
    if len(set(names)) == len(names):
        return
    name, times = Counter(names).most_common(1)[0]
    raise BadInputError(
        f"{key}: names of genes must be unique to be matched with those of other files, but {what} has "
        f"{name!r} {times} times; write the file again after adata.var_names_make_unique()"
    )


def _nothing_in_common(
    keys: Sequence[str], distinct: list[list[str]], of_input: list[int], what: str
) -> BadInputError:
    other = next((number for number in of_input if not set(distinct[0]) & set(distinct[number])), None)
    if other is None:
        return BadInputError(
            f"no gene is in {what} of all {len(keys)} files; give --join outer to take every gene, or leave "
            "out the files that have others"
        )
    second = keys[of_input.index(other)]
    return BadInputError(
        f"no gene is in {what} of all {len(keys)} files: {keys[0]} has {distinct[0][0]!r} and so on, "
        f"{second} has {distinct[other][0]!r}; genes are matched by the index of var, so give both the same "
        "names, or take every gene with --join outer"
    )
