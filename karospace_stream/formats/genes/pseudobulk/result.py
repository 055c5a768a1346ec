"""Sums over combinations of columns as one AnnData, and as the bytes of a file."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from karospace_stream.errors import TargetError
from karospace_stream.formats.genes.side_plan import BOOLS
from karospace_stream.formats.genes.statistics.plan import StatisticsPlan
from karospace_stream.formats.genes.statistics.summed import SummedGenes
from karospace_stream.measures.combined import categories_of
from karospace_stream.model.selection import Selection
from karospace_stream.model.source import Source

if TYPE_CHECKING:
    import pandas as pd
    from anndata import AnnData

#: Column of obs: cells of each combination.
N_CELLS = "n_obs_aggregated"
#: Key of uns: which matrix was summed.
UNS = "pseudobulk"


def sums_as_anndata(source: Source, selection: Selection, summed: SummedGenes, matrix: str) -> AnnData:
    """Combinations x genes, as ``scanpy.get.aggregate`` gives them.

    Parameters
    ----------
    matrix
        The one that was summed, in the source.
    """
    import pandas as pd
    from anndata import AnnData  # takes its time
    from anndata.utils import make_index_unique

    (grouping,) = summed.plan.request.groupings
    sums = np.zeros((grouping.n_groups, len(selection.genes)))
    n_cells = np.zeros(grouping.n_groups, np.int64)
    for part in summed.each_task():
        (groups,) = part.groups
        sums[:, part.genes] = groups.sums[:, 1:].T
        n_cells = groups.n_cells[1:]
    obs = pd.DataFrame(index=make_index_unique(pd.Index(grouping.categories, dtype=object)))
    codes = categories_of(grouping.combinations, grouping.sizes)
    for name, of_rows in zip(grouping.parts, codes, strict=True):
        used, positions = np.unique(of_rows, return_inverse=True)
        obs[name] = _categorical(source, summed.plan, name, used, positions)
    obs[N_CELLS] = n_cells
    var = pd.DataFrame(index=list(selection.labels))
    if selection.ids:
        var["gene_id"] = list(selection.ids)
    return AnnData(X=sums, obs=obs, var=var, uns={UNS: {"matrix": matrix}})


def sums_as_file(made: AnnData) -> bytes:
    """The bytes of an ``.h5ad``, which is not written from its first byte to its last.

    Raises
    ------
    TargetError
        If there is no room in the system's folder for temporary files.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="karospace-upload-") as folder:
            path = Path(folder) / "sums.h5ad"
            made.write_h5ad(path, compression="gzip")
            return path.read_bytes()
    except OSError as error:
        raise TargetError(
            f"pseudobulk.h5ad could not be made in {tempfile.gettempdir()}: {error.strerror or error}; make "
            "room there, or let TMPDIR name another folder"
        ) from error


def _categorical(
    source: Source, plan: StatisticsPlan, name: str, used: Any, positions: Any
) -> pd.Categorical:
    """A column of the result, with the type of the input's values, and those categories that there are."""
    import pandas as pd

    kinds = {info.name: info.kind for info in source.catalog.obs}
    if name in plan.labels:
        values: list[Any] = list(plan.labels[name])
    elif kinds[name] == "bool":
        values = [each == BOOLS[1] for each in BOOLS]
    else:
        (grouping,) = plan.request.groupings
        values = list(grouping.names[grouping.parts.index(name)])
    return pd.Categorical.from_codes(positions, pd.Index([values[code] for code in used]))
