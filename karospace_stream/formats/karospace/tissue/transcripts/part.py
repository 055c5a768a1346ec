"""The plan of the transcripts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from karospace_stream.errors import BadOptionError
from karospace_stream.formats.karospace.options import KarospaceOptions
from karospace_stream.formats.karospace.tissue.transcripts.blocks import BLOCK_ROWS, ROW_NBYTES
from karospace_stream.formats.karospace.tissue.transcripts.inputs import own_tables
from karospace_stream.formats.karospace.tissue.transcripts.sieve import SPILLED_NBYTES
from karospace_stream.formats.karospace.tissue.transcripts.survey import gene_nbytes
from karospace_stream.inputs.transcripts.open import open_transcripts, own_transcripts
from karospace_stream.inputs.transcripts.table import TranscriptTable
from karospace_stream.model.finding import Finding
from karospace_stream.model.left_out import LeftOut
from karospace_stream.model.plan import StageCost
from karospace_stream.model.selection import Selection
from karospace_stream.model.size import Size
from karospace_stream.model.source import Source
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.select.coords import is_pixels
from karospace_stream.units import counted

KEY = "transcripts"
#: Words that are no paths.
OWN, NONE = "own", "none"
#: Transcripts of one gene that are in memory at the same time.
LIMIT = 1 << 19
_PIECE_ROWS = 1 << 21
_TASK_ROWS = 1 << 22
_MOST_TASKS = 256
#: That one worker reads, sorts and writes.
_ROWS_A_SECOND = 1.2e6
_MANY_GENES = 100_000
#: Memory of a transcript while it is read and sorted, and while its gene's tree grows.
_READING, _GROWING = 80, 120
_SLACK = 48 << 20
_LEAST_MB = 1
#: Bytes of a transcript as written.
_WRITTEN = Size(1.5, 4.2)
#: What a transcript takes in scratch, and once more if its gene has to be divided by space.
_SCRATCH_NBYTES = ROW_NBYTES + SPILLED_NBYTES


@dataclass(frozen=True, slots=True)
class TranscriptsPart:
    """Transcripts of a table, under the cells of one embedding; see `TissuePart`."""

    table: TranscriptTable
    embedding: int
    part_nbytes: int
    findings: tuple[Finding, ...] = ()

    key = KEY

    @property
    def pieces(self) -> tuple[Any, ...]:
        """Parts of the table, each for one task. They do not depend on memory or workers."""
        return tuple(self.table.pieces(_PIECE_ROWS))

    @property
    def n_tasks(self) -> int:
        """Tasks that write packs."""
        return min(_MOST_TASKS, 1 + self.table.most_rows // _TASK_ROWS)

    @property
    def costs(self) -> tuple[StageCost, ...]:
        """Of reading, and of writing packs."""
        held = max(_READING * BLOCK_ROWS, _GROWING * LIMIT + 2 * self.part_nbytes)
        n_tasks = len(self.pieces) + self.n_tasks
        return (StageCost(KEY, _SLACK + min(held, self._most_held), n_tasks),)

    @property
    def _most_held(self) -> int:
        return (_READING + _GROWING) * self.table.most_rows

    @property
    def n_objects(self) -> int:
        """A table of genes, and packs, each of which is more than half full with the one after it."""
        n = self.table.most_rows
        nbytes = gene_nbytes(n) + min(n, _MANY_GENES) * gene_nbytes(0)
        return 3 + 2 * nbytes // self.part_nbytes

    @property
    def size(self) -> Size:
        """Of all packs."""
        return _WRITTEN * self.table.most_rows

    @property
    def seconds(self) -> float:
        """What reading and writing takes one worker."""
        return self.table.most_rows / _ROWS_A_SECOND

    @property
    def scratch_nbytes(self) -> int:
        """Blocks between reading and writing, and genes that are divided by space meanwhile."""
        return _SCRATCH_NBYTES * self.table.most_rows

    @property
    def fingerprint(self) -> str:
        """That of the table."""
        return self.table.fingerprint

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """Nothing: the parts of an AnnData include no transcripts."""
        return ()


def plan_transcripts(source: Source, options: ExportOptions, selection: Selection) -> TranscriptsPart | None:
    """Plan the transcripts that the user names.

    Raises
    ------
    BadInputError, BadOptionError
        If there are none, or they cannot lie under the cells.
    """
    own = options.of(KarospaceOptions)
    path = own.transcripts
    if path is None or path == NONE:
        return None
    if own.max_asset_mb < _LEAST_MB:
        raise BadOptionError(
            f"--transcripts needs --max-asset-mb of at least {_LEAST_MB}, got {own.max_asset_mb:g}"
        )
    embedding = _embedding(selection)
    if embedding is None:
        raise BadOptionError(
            "--transcripts needs coordinates of a tissue, but no entry is called spatial; name the one of "
            "the tissue with --coords"
        )
    laid = selection.arrangement
    choice = selection.embeddings[embedding]
    made = laid if laid is not None and laid.source == choice.source else None
    columns, part_nbytes = own.transcript_columns or (), int(own.max_asset_mb * 1024 * 1024)
    if path == OWN:
        table, findings = own_tables(source, selection, choice, made, columns, options.storage_options)
        return TranscriptsPart(table, embedding, part_nbytes, findings)
    if made is not None:
        raise BadOptionError(_unplaced(source))
    return TranscriptsPart(open_transcripts(path, columns, options.storage_options), embedding, part_nbytes)


def _unplaced(source: Source) -> str:
    """Why a table cannot lie under sections that are laid out."""
    start = (
        "--transcripts PATH cannot be shown where sections are laid out side by side, as no transcript has a "
        "section"
    )
    if len(source.catalog.inputs) > 1:
        return f"{start}; give --transcripts own, by which those of each input are laid out with its cells"
    return f"{start}; leave out --arrange-by, or give --arrange-by none"


def unused_transcripts(source: Source, options: ExportOptions) -> Iterator[Finding]:
    """A finding if the input has transcripts, and nobody asked for them."""
    if options.of(KarospaceOptions).transcripts is not None:
        return
    several = source.catalog.inputs or (source.catalog,)
    paths = [own_transcripts(each.kind, each.location, options.storage_options) for each in several]
    if found := list(filter(None, paths)):
        name = found[0].rpartition("/")[2]
        of = f" of {counted(len(found), 'input')}" if len(found) > 1 else ""
        text = f"the input has transcripts ({name}{of}), which are left out"
        yield Finding("transcripts-left-out", text, "transcripts", OWN)


def _embedding(selection: Selection) -> int | None:
    """The coordinates of the tissue: those called spatial; else the first, if they were named for it."""
    numbers = range(len(selection.embeddings))
    found = next((number for number in numbers if is_pixels(selection.embeddings[number])), None)
    return 0 if found is None and selection.embeddings[0].y_down else found
