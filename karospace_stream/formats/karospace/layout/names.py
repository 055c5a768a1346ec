"""Paths inside a bundle. Numbers only: no path contains the name of a gene or column."""

from __future__ import annotations

from karospace_stream.formats.layout.checksums import CHECKSUMS
from karospace_stream.formats.layout.pseudobulk import PSEUDOBULK

MANIFEST = "manifest.json"
ATLAS = "atlas.json"
#: Version of the stream layer with the packed layout; here, since who serves a bundle loads no arrays.
PACKED_VERSION = 2
PAGE = "index.html"
PREVIEW = "preview.png"
REPORT = "report.json"
PROGRESS = "progress.json"

#: Documents with fixed names, ending with the one that makes a folder a bundle.
ENTRIES = (PAGE, REPORT, CHECKSUMS, MANIFEST)
#: Prefixes of all other object names.
OWNED = ("assets/", ATLAS, PREVIEW, PSEUDOBULK)

GENE_DIGITS = 5
PART_DIGITS = 3

JSON = "application/json"
CSV = "text/csv; charset=utf-8"
BINARY = "application/octet-stream"
GZIP = "application/gzip"
HTML = "text/html; charset=utf-8"
PNG = "image/png"


def _suffix(gzip: bool) -> str:
    return ".gz" if gzip else ""


def obs_csv(part: int, gzip: bool) -> str:
    """Part of the obs table as CSV."""
    return f"assets/obs_{part:03d}.csv{_suffix(gzip)}"


def obs_json(part: int, gzip: bool) -> str:
    """Part of the obs table as JSON records."""
    return f"assets/obs_records_{part:03d}.json{_suffix(gzip)}"


def coords_json(part: int, gzip: bool) -> str:
    """Part of the coordinates as JSON records."""
    return f"assets/coords_{part:03d}.json{_suffix(gzip)}"


def var_csv(part: int, gzip: bool) -> str:
    """Part of the gene table as CSV."""
    return f"assets/var_{part:03d}.csv{_suffix(gzip)}"


def expression(gene: int, part: int, gzip: bool) -> str:
    """Some cells of one gene."""
    return f"assets/expression/gene_{gene:05d}_part_{part:03d}.bin{_suffix(gzip)}"


def expression_pattern(gzip: bool) -> str:
    """`expression` with ``{gene}`` and ``{part}`` as placeholders."""
    return f"assets/expression/gene_{{gene}}_part_{{part}}.bin{_suffix(gzip)}"


def gene_shard(shard: int) -> str:
    """Some genes of the packed layout, one after another."""
    return f"assets/genes/{shard:05d}.bin"


#: Shards as the manifest lists them, and where the genes lie in them.
SHARD_KIND = "gene_shard"
GENE_INDEX = "assets/genes/index.bin.gz"


def image(extension: str, number: int | None = None) -> str:
    """The tissue image; of several, one by its number."""
    return f"assets/image.{extension}" if number is None else f"assets/image_{number:03d}.{extension}"


def column_array(column: int, part: int, gzip: bool) -> str:
    """Part of one obs column as an array."""
    return f"assets/stream/obs_{column:03d}_part_{part:03d}.bin{_suffix(gzip)}"


def embedding_array(embedding: int, part: int, gzip: bool) -> str:
    """Part of one embedding as an array."""
    return f"assets/stream/coords_{embedding:03d}_part_{part:03d}.bin{_suffix(gzip)}"


def vector_array(vectors: int, part: int, gzip: bool) -> str:
    """Part of one vector field."""
    return f"assets/stream/vectors_{vectors:03d}_part_{part:03d}.bin{_suffix(gzip)}"


def graph_array(end: str, part: int, gzip: bool) -> str:
    """Part of one end of every edge; ``end`` is ``sources`` or ``targets``."""
    return f"assets/stream/graph_{end}_part_{part:03d}.bin{_suffix(gzip)}"


def cell_ids(part: int, gzip: bool) -> str:
    """Part of the cell names."""
    return f"assets/stream/cell_ids_part_{part:03d}.bin{_suffix(gzip)}"


def gene_table(gzip: bool) -> str:
    """Names and summaries of all exported genes."""
    return f"assets/genes.json{_suffix(gzip)}"


def group_table(kind: str, grouping: int, part: int, gzip: bool) -> str:
    """Part of a table of numbers by gene and group."""
    return f"assets/statistics/groups_{grouping:03d}_{kind}_{part:03d}.bin{_suffix(gzip)}"


def ranking(grouping: int, group: int, part: int, gzip: bool) -> str:
    """Part of the ranking of a group's genes."""
    return f"assets/statistics/ranking_{grouping:03d}_{group:04d}_part_{part:03d}.bin{_suffix(gzip)}"


def best_genes(grouping: int, gzip: bool) -> str:
    """The first genes of all rankings of a grouping."""
    return f"assets/statistics/best_{grouping:03d}.json{_suffix(gzip)}"


def file_ranking(entry: int, group: int, part: int, gzip: bool) -> str:
    """Part of the ranking of a group's genes that the input has already."""
    return f"assets/statistics/file_{entry:03d}_{group:04d}_part_{part:03d}.bin{_suffix(gzip)}"


def file_best(entry: int, gzip: bool) -> str:
    """The first genes of all rankings of an entry of uns."""
    return f"assets/statistics/file_{entry:03d}_best.json{_suffix(gzip)}"


def file_genes(entry: int, gzip: bool) -> str:
    """Names of ranked genes that are not exported."""
    return f"assets/statistics/file_{entry:03d}_other_genes.json{_suffix(gzip)}"


def neighbour_genes(part: int, gzip: bool) -> str:
    """Part of the genes by their spatial pattern."""
    return f"assets/neighbourhoods/genes_part_{part:03d}.bin{_suffix(gzip)}"


def enrichment(grouping: int, gzip: bool) -> str:
    """How often the groups of a grouping are neighbours."""
    return f"assets/neighbourhoods/enrichment_{grouping:03d}.bin{_suffix(gzip)}"


def co_occurrence(grouping: int, gzip: bool) -> str:
    """Co-occurrence of the groups of a grouping."""
    return f"assets/neighbourhoods/co_occurrence_{grouping:03d}.bin{_suffix(gzip)}"


def section_points(section: int, gzip: bool) -> str:
    """Coordinates and first colours of one section."""
    return f"assets/sections/{section:05d}.bin{_suffix(gzip)}"


def order_rows(part: int, gzip: bool) -> str:
    """Part of the exported rows of the cells, where these are in an order of their own."""
    return f"assets/order/rows_part_{part:03d}.bin{_suffix(gzip)}"


def order_boxes(gzip: bool) -> str:
    """Boxes around blocks of cells."""
    return f"assets/order/boxes.bin{_suffix(gzip)}"


def coarse_array(part: int, gzip: bool) -> str:
    """Part of the coarse coordinates of the first embedding."""
    return f"assets/order/coarse_part_{part:03d}.bin{_suffix(gzip)}"


def section_rows(part: int, gzip: bool) -> str:
    """Part of the rows that the cells have in the source."""
    return f"assets/sections/rows_part_{part:03d}.bin{_suffix(gzip)}"


def gene_sets(gzip: bool) -> str:
    """All gene sets."""
    return f"assets/gene_sets.json{_suffix(gzip)}"


def transcript_genes(gzip: bool) -> str:
    """Genes of the transcripts."""
    return f"assets/transcripts/genes.json{_suffix(gzip)}"


def transcript_pack(pack: int) -> str:
    """Some transcripts, gene by gene."""
    return f"assets/transcripts/pack_{pack:03d}.bin"


def varm(entry: int, part: int, gzip: bool) -> str:
    """Part of one entry of varm."""
    return f"assets/stream/varm_{entry:03d}_part_{part:03d}.bin{_suffix(gzip)}"


def shape_index(number: int) -> str:
    """Where the tiles of a set of shapes lie."""
    return f"assets/shapes/{number:03d}/index.json.gz"


def shape_pack(number: int, pack: int, more: int) -> str:
    """Some tiles of a set of shapes; ``more`` counts the files of what was too much for one."""
    return f"assets/shapes/{number:03d}/pack_{pack:03d}{f'_{more}' if more else ''}.bin"
