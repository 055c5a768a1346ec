"""Everything that a task may leave behind. What is not listed here is never made from a ledger."""

from __future__ import annotations

from karospace_stream.derive.bounds import Bounds
from karospace_stream.derive.genes import GeneSummary
from karospace_stream.formats.anndata.arrays.results import MatrixWritten, Written
from karospace_stream.formats.anndata.layout.arrays import ArraySpec
from karospace_stream.formats.anndata.layout.groups import GroupSpec
from karospace_stream.formats.cellucid.columns import FieldWritten
from karospace_stream.formats.cellucid.genes import GeneWritten as CellucidGene
from karospace_stream.formats.cellucid.layout.obs import CategoricalField, ContinuousField, Label
from karospace_stream.formats.cellucid.layout.stored import CodesDtype
from karospace_stream.formats.karospace.arrays import ColumnPart
from karospace_stream.formats.karospace.genes import GeneWritten as KarospaceGene
from karospace_stream.formats.karospace.layout.manifest import PlacedImage
from karospace_stream.model.blob import Receipt
from karospace_stream.model.matrix import ValueFacts
from karospace_stream.pipeline.resume.codec import known_classes
from karospace_stream.transpose.edges.receipts import EdgeBand, EdgeReceipt
from karospace_stream.transpose.scratch import FragmentReceipt

KNOWN = known_classes(
    Receipt,
    FragmentReceipt,
    ValueFacts,
    EdgeReceipt,
    EdgeBand,
    KarospaceGene,
    GeneSummary,
    ColumnPart,
    Bounds,
    PlacedImage,
    CellucidGene,
    FieldWritten,
    CategoricalField,
    ContinuousField,
    CodesDtype,
    Label,
    MatrixWritten,
    Written,
    ArraySpec,
    GroupSpec,
)
