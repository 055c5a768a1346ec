"""What a user should know about transcripts that were read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from karospace_stream.derive.bounds import Bounds
from karospace_stream.formats.karospace.tissue.transcripts.survey import Survey
from karospace_stream.inputs.transcripts.table import LEAST_QUALITY
from karospace_stream.model.finding import Finding
from karospace_stream.units import counted

#: Less of the cells' box than this is under transcripts if their units differ.
_LITTLE = 0.1


def noticed(found: Survey, where: str, genes: Sequence[int], bounds: Bounds) -> Iterator[Finding]:
    """Findings about all transcripts.

    Parameters
    ----------
    genes
        The number of each gene in the gene table; -1 for none.
    bounds
        Those of the cells.
    """
    if found.n_poor:
        verb = "is" if found.n_poor == 1 else "are"
        yield Finding(
            "transcripts-poor",
            f"{counted(found.n_poor, 'transcript')} of {where} {verb} left out, because the quality (qv) is "
            f"below {LEAST_QUALITY:g}",
        )
    if found.n_incomplete:
        verb = "is" if found.n_incomplete == 1 else "are"
        yield Finding(
            "transcripts-incomplete",
            f"{counted(found.n_incomplete, 'row')} of {where} {verb} left out, without a gene or coordinates",
        )
    if genes and max(genes) < 0:
        yield Finding(
            "transcripts-other-genes",
            f"no gene of {where} has the name of an exported gene, so the two are not linked",
        )
    if _overlap(found, bounds) < _LITTLE:
        yield Finding(
            "transcripts-elsewhere",
            f"the transcripts of {where} are elsewhere than the cells: x and y are from "
            f"{_place(found.minimum)} to {_place(found.maximum)}, those of the cells from "
            f"{_place(bounds.minimum)} to {_place(bounds.maximum)}; their units may differ",
        )


def _overlap(found: Survey, bounds: Bounds) -> float:
    """Share of the smaller box that the larger one covers, along the axis where it is least."""
    shares = []
    sides = zip(found.minimum, found.maximum, bounds.minimum, bounds.maximum, strict=False)
    for low, high, left, right in sides:
        common = min(high, right) - max(low, left)
        longest = max(high - low, right - left)
        shares.append(1.0 if longest <= 0 else common / longest)
    return min(shares, default=1.0)


def _place(point: Sequence[float]) -> str:
    return ", ".join(f"{each:,.6g}" for each in point[:2])
