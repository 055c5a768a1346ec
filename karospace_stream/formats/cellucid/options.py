"""What a user can wish for in a Cellucid export, besides what all formats have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from karospace_stream.encode.quantise import Bits
from karospace_stream.errors import BadOptionError
from karospace_stream.formats.cellucid.layout.stored import DtypeWish


@dataclass(frozen=True, slots=True)
class CellucidOptions:
    """Options of the Cellucid format, checked.

    Attributes
    ----------
    points
        obsm keys of the embeddings, ``KEY`` or ``KEY=DIMS``; None finds them.
    latent
        obsm key of the space in which outliers are sought; None finds it.
    var_quantization, obs_quantization
        8 or 16 bits for genes, and for continuous columns and outlier quantiles; None keeps float32.
    categorical_dtype
        Of codes: ``uint8``, ``uint16``, or ``auto`` for the smaller one that fits.
    centroid_min_points
        Categories of fewer cells have no centroid.
    centroid_outlier_quantile
        Cells farther from their category's mean than this quantile do not count for its centroid;
        None leaves centroids out.
    gene_ids
        var column with the names of genes; ``index`` or None for the names themselves.
    dataset_id, description
        None takes the name's file-name form; no description.
    source_name, source_url, source_citation
        Where the data come from, as given.
    strict
        Whether names that would be one file, and cells without a place, are refused, as `prepare` does it,
        instead of numbered and placed.
    """

    points: tuple[str, ...] | None = None
    latent: str | None = None
    var_quantization: Bits | None = None
    obs_quantization: Bits | None = None
    categorical_dtype: DtypeWish = "auto"
    centroid_min_points: int = 10
    centroid_outlier_quantile: float | None = 0.95
    gene_ids: str | None = "index"
    dataset_id: str | None = None
    description: str | None = None
    source_name: str | None = None
    source_url: str | None = None
    source_citation: str | None = None
    strict: bool = False

    def __post_init__(self) -> None:
        for option, bits in (
            ("--var-quantization", self.var_quantization),
            ("--obs-quantization", self.obs_quantization),
        ):
            if bits is not None and bits not in get_args(Bits):
                raise BadOptionError(f"{option} wants 8 or 16 bits, got {bits!r}; leave it out for float32")
        wishes = get_args(DtypeWish)
        if self.categorical_dtype not in wishes:
            raise BadOptionError(
                f"--categorical-dtype wants one of {', '.join(wishes)}; got {self.categorical_dtype!r}"
            )
        if self.centroid_min_points < 1:
            raise BadOptionError(f"centroid_min_points wants at least 1, got {self.centroid_min_points}")
        quantile = self.centroid_outlier_quantile
        if quantile is not None and not 0.5 < quantile < 1:
            raise BadOptionError(
                f"centroid_outlier_quantile wants a number between 0.5 and 1, or None; got {quantile}"
            )
