"""Which features of a 10x Genomics matrix are read: by their type, and by their genome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadOptionError
from karospace_stream.model.finding import Finding
from karospace_stream.options.general.inputs import InputOptions
from karospace_stream.units import counted

#: The type that is read by default where there are several, as by scanpy.
GENES = "Gene Expression"
ALL = "all"


@dataclass(frozen=True, slots=True)
class Features:
    """The features of a file that are read.

    Attributes
    ----------
    rows
        Their numbers in the file, ascending; None for all.
    findings
        What was left out.
    """

    rows: npt.NDArray[np.int64] | None = None
    findings: tuple[Finding, ...] = ()


def choose_features(
    options: InputOptions, types: Sequence[str] | None, genomes: Sequence[str] | None, where: str
) -> Features:
    """Choose by the options.

    Parameters
    ----------
    types, genomes
        Of each feature, if the file has them.

    Raises
    ------
    BadOptionError
        If the user names a type or a genome that no feature has.
    """
    masks = []
    findings: list[Finding] = []
    if options.genome is not None:
        masks.append(_of_genome(options.genome, genomes, where))
    wanted = _wanted_types(options.feature_type, types, where)
    if types is not None and wanted is not None:
        masks.append(np.isin(np.asarray(types, object), list(wanted)))
        findings += _left_out(types, wanted, given=bool(options.feature_type))
    if not masks:
        return Features()
    rows = np.flatnonzero(np.logical_and.reduce(masks))
    if not len(rows):
        both = f"--genome {options.genome} and --feature-type {', '.join(sorted(wanted or {ALL}))}"
        raise BadOptionError(f"{where} has no feature of {both}; leave one of them out")
    return Features(rows, tuple(findings))


def _of_genome(genome: str, genomes: Sequence[str] | None, where: str) -> npt.NDArray[np.bool_]:
    known = Counter(genomes or ())
    if genome not in known:
        raise BadOptionError(
            f"--genome must be a genome of {where} ({_listed(known) or 'it names none'}), got {genome!r}"
        )
    mask: npt.NDArray[np.bool_] = np.asarray(genomes, object) == genome
    return mask


def _wanted_types(given: Sequence[str], types: Sequence[str] | None, where: str) -> set[str] | None:
    """The types to read; None for all."""
    known = Counter(types or ())
    if not given:
        return {GENES} if len(known) > 1 and GENES in known else None
    if ALL in given:
        return None
    spelled = {name.casefold(): name for name in known}
    for name in given:
        if name.casefold() not in spelled:
            raise BadOptionError(
                f"--feature-type must be a type of features of {where} ({_listed(known) or 'it names none'}) "
                f"or {ALL}, got {name!r}"
            )
    return {spelled[name.casefold()] for name in given}


def _left_out(types: Sequence[str], wanted: set[str], *, given: bool) -> Iterator[Finding]:
    rest = Counter(each for each in types if each not in wanted)
    if rest:
        yield Finding(
            "features-left-out",
            f"only features of the type {' and '.join(sorted(wanted))} are read; left out: {_listed(rest)}",
            "" if given else "feature_type",
            None if given else ALL,
        )


def _listed(known: Counter[str]) -> str:
    return ", ".join(f"{name or 'no name'} with {counted(n, 'feature')}" for name, n in known.most_common())
