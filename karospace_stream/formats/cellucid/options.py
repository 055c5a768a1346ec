"""Options of the Cellucid format; an AnnData store shares some of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from karospace_stream.errors import BadOptionError
from karospace_stream.options.checks import one_of
from karospace_stream.options.moot_reasons import without_genes
from karospace_stream.options.option import names, option

if TYPE_CHECKING:  # a command's help imports this module, and must be fast
    from karospace_stream.encode.quantise import Bits
    from karospace_stream.formats.cellucid.layout.stored import DtypeChoice

_OWN = "Only with --format cellucid"
_BOTH = "Only with --format cellucid or anndata"
_CELLUCID = ("cellucid",)
_STORES = ("cellucid", "anndata")
_DTYPES = ("auto", "uint8", "uint16")


@dataclass(frozen=True, slots=True)
class CellucidOptions:
    """Options of the Cellucid format, checked.

    Attributes
    ----------
    strict
        Whether to refuse names that map to the same file, and cells without coordinates, as `prepare` does.
        Otherwise such names are numbered, and such cells are placed in a corner.
    gene_ids
        The column of var whose values are the names of the source's genes, as given to `prepare`.
    """

    points: tuple[str, ...] | None = option(
        None,
        "Embedding in obsm, one each for 1, 2 and 3 dimensions. Default: the common ones.",
        kind="list",
        section=_OWN,
        metavar="KEY[=DIMS]",
        formats=_CELLUCID,
        doc='Cellucid: keys of ``obsm``, one each for 1, 2 and 3 dimensions; ``"KEY=2"`` takes the first two '
        "columns. By default the common ones.",
        read=names,
        names_parts=True,
    )
    latent: str | None = option(
        None,
        "Entry of obsm in which to find outliers. Default: cellucid, X_pca or the like; anndata, none.",
        kind="text",
        section=_BOTH,
        metavar="KEY",
        formats=_STORES,
        doc="Cellucid: key of ``obsm`` in which to find the outliers of categories. By default ``X_pca`` or "
        "the like, else the points with the most dimensions. AnnData: the same, and the launch default; none "
        "by default.",
        names_parts=True,
    )
    var_quantization: Bits | None = option(
        None,
        "Bits per gene value; default: float32.",
        kind="integer",
        section=_OWN,
        metavar="8|16",
        formats=_CELLUCID,
        moot=without_genes,
        doc="Cellucid: 8 or 16 bits for genes; by default float32.",
    )
    obs_quantization: Bits | None = option(
        None,
        "Bits per number in a column; default: float32.",
        kind="integer",
        section=_OWN,
        metavar="8|16",
        formats=_CELLUCID,
        doc="Cellucid: 8 or 16 bits for columns of numbers and outlier quantiles; by default float32.",
    )
    categorical_dtype: DtypeChoice = option(
        "auto",
        "Type of category codes: auto, uint8 or uint16.",
        kind="choice",
        section=_OWN,
        metavar="TYPE",
        choices=_DTYPES,
        formats=_CELLUCID,
        doc='Cellucid: type of category codes: ``"uint8"``, ``"uint16"``, or ``"auto"`` for the smaller '
        "that fits.",
    )
    centroid_min_points: int = option(
        10,
        "Cellucid: categories with fewer cells get neither centroid nor outliers. AnnData: no outliers.",
        kind="integer",
        formats=_STORES,
    )
    centroid_outlier_quantile: float | None = option(
        0.95,
        "Cellucid: above 0.5 and below 1. Cells farther from their category's mean than this quantile do not "
        "count for its centroid. None writes no centroids.",
        kind="number",
        formats=_CELLUCID,
        type="float or None",
    )
    gene_ids: str | None = "index"
    dataset_id: str | None = option(
        None,
        "Id of the data set; default: from its name.",
        kind="text",
        section=_BOTH,
        metavar="TEXT",
        formats=_STORES,
        doc="Cellucid, AnnData: Id of the data set; default: from its name.",
    )
    strict: bool = False

    def __post_init__(self) -> None:
        for name, bits in (
            ("--var-quantization", self.var_quantization),
            ("--obs-quantization", self.obs_quantization),
        ):
            if bits is not None and bits not in (8, 16):
                raise BadOptionError(f"{name} must be 8 or 16 bits, got {bits!r}; leave it out for float32")
        one_of("--categorical-dtype", self.categorical_dtype, _DTYPES)
        if self.centroid_min_points < 1:
            raise BadOptionError(f"centroid_min_points must be at least 1, got {self.centroid_min_points}")
        quantile = self.centroid_outlier_quantile
        if quantile is not None and not 0.5 < quantile < 1:
            raise BadOptionError(
                f"centroid_outlier_quantile must be a number between 0.5 and 1, or None; got {quantile}"
            )


OPTIONS = CellucidOptions
