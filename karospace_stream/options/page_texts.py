"""Labels and explanations of the options in the graphical exporter; the terminal has its own help."""

from __future__ import annotations

#: By keyword: the label of the field, and one or two sentences below it.
PAGE_TEXTS: dict[str, tuple[str, str]] = {
    "feature_type": (
        "Types of features",
        "Of a 10x Genomics matrix, one at a time, or all. Left alone, the genes are read.",
    ),
    "genome": ("Genome", "Of a 10x Genomics matrix with several genomes."),
    "format": (
        "Format",
        "Several formats are written from one reading of the matrix, each into a folder of its own.",
    ),
    "modality": (
        "Modalities",
        "Of a MuData: such as rna, or all. Several are exported for the cells that are in all of them.",
    ),
    "obs_table": (
        "Tables of cells",
        "CSV, TSV or Parquet files with a row for each cell, one at a time. Their columns become "
        "annotations, and pairs such as UMAP_1, UMAP_2 embeddings.",
    ),
    "obs_table_key": (
        "Column with the cell ids",
        "Of the tables; left empty, their first column. One for all tables, or one for each.",
    ),
    "join": (
        "Genes of several inputs",
        "Those that all inputs have (inner), or all that any of them has (outer).",
    ),
    "merge": (
        "What belongs to genes",
        "Columns of var and entries of uns that stay if there are several inputs: with one value (unique), "
        "in all of them (same), the first value, of a single input (only), or none.",
    ),
    "batch_column": (
        "Column for the input",
        "Name of a new column of obs that says which of several inputs a cell is from.",
    ),
    "arrange": (
        "Coordinates of several inputs",
        "With grid, the tissues of the inputs lie side by side, where each has coordinates of its own.",
    ),
    "index_unique": (
        "Separator for names of cells",
        "The name of the input is appended to the names of its cells after it, so that they differ.",
    ),
    "genes": (
        "Genes",
        "Fewer genes make a smaller export. Cellucid exports and AnnData stores may have none.",
    ),
    "gene_names": (
        "Names of genes",
        "A column of var, or index. With auto, symbols are taken where the index has accession numbers.",
    ),
    "hvg_flavor": (
        "Variable genes by",
        "How the most variable genes are found: by var, or computed. seurat_v3 takes counts, the others "
        "logarithms.",
    ),
    "hvg_batch": (
        "Batches of variable genes",
        "A column of obs: variable genes are found within each of its groups.",
    ),
    "anno": (
        "Annotations",
        "Columns of obs by which people colour the cells. Left alone, the usual ones are taken.",
    ),
    "as_labels": (
        "Numbers that are labels",
        "Columns of obs with whole numbers to show as categories. Left alone, a bundle takes those called "
        "like clusters, and a Cellucid export none.",
    ),
    "coords": ("Coordinates", "Where the cells are drawn at first; people can switch to the others."),
    "section": (
        "Sections",
        "Column of obs with the sections of a tissue, each of which gets a panel of its own.",
    ),
    "graph": (
        "Neighbour graph",
        "Edges between cells, a key of obsp. Left alone, the usual one is taken if there is one.",
    ),
    "vectors": (
        "Vector fields",
        "Arrows such as RNA velocity, entries of obsm. Left alone, those with a usual name are taken.",
    ),
    "layer": ("Layer", "Values of a layer instead of X."),
    "normalize": ("Normalise counts", "The total of each cell afterwards, such as 1e4, or median."),
    "log1p": ("Logarithm", "The natural logarithm of one plus each value, after normalising."),
    "raw": ("Values of raw", "Values and genes of raw instead of X."),
    "leave_out": (
        "Leave out",
        "Parts that must not be in the export, such as obsm:protein, var:feature_name or uns.",
    ),
    "table": ("Table", "Of a SpatialData store with several tables."),
    "where": (
        "Only cells where",
        "An expression over annotations, such as tissue == 'lung' and n_counts > 500. Left empty, all cells.",
    ),
    "downsample": ("Number of cells", "A random sample, always the same one."),
    "downsample_by": (
        "Keep small groups of",
        "A column of obs: the sample has the same number of cells of each group, or all of a smaller one.",
    ),
    "gene_sets": (
        "Gene sets",
        "A .gmt file, or uns:KEY for an entry of uns, one at a time. Each set is scored in every cell.",
    ),
    "set_scores": ("Score gene sets", "A number for each cell and set, to colour the cells by."),
    "name": ("Name", "Short, for lists and file names. Left empty, the name of the input."),
    "title": ("Title", "At the top of the page. Left empty, the name above, or the title in the file."),
    "description": ("Description", "What the data are. Left empty, the description in the file."),
    "license": ("Licence", "Its name, such as CC-BY-4.0, or its address. Left empty, the one in the file."),
    "source_name": ("Source", "Where the data come from."),
    "source_url": ("Address of the source", "Of a page, beginning with https://."),
    "source_citation": ("Citation", "How to cite the data. Left empty, the citation in the file."),
    "gzip": ("Compress the files", "Smaller files, which browsers inflate by themselves."),
    "compression": ("Compression level", "1 to 3 are fast, 6 to 9 make smaller files."),
    "overwrite": ("Replace what is there", "The old export stays until the new one is complete."),
    "resume": (
        "Resume",
        "Continue an interrupted export, and keep finished work if this one is interrupted.",
    ),
    "memory": (
        "Memory",
        "The most that all processes together may take, such as 2GB. Left empty, half of what is free.",
    ),
    "workers": ("Workers", "Tasks at once. Left empty, one for each core."),
    "scheduler": (
        "Scheduler",
        "threads, processes or sync; or the address of a Dask cluster, such as tcp://HOST:8786.",
    ),
    "strategy": ("Way to transpose", "Left alone, the cheapest that fits into the memory."),
    "scratch": ("Scratch folder", "For fragments while it runs. Left empty, the system's temporary folder."),
    "storage_options": (
        "Access to the store",
        "Credentials, endpoint and the like, one at a time, such as s3.anon=true. They are stored nowhere. "
        "Left empty, the settings of the store's own tools.",
    ),
    "public_read": ("Readable by anyone", "Lets anyone read the objects (S3)."),
    "headers": ("Headers", "What the store sends with every object, one at a time."),
    "image": ("Tissue images", "Pictures to use instead of those in the file, each as SECTION=PATH or PATH."),
    "no_image": ("No image", "Leave the tissue image out."),
    "image_placement": ("Place of the image", "Pixel = coordinate x scale + offset, for both axes."),
    "transcripts": (
        "Transcripts",
        "own for those of the input (Xenium, SpatialData), or a CSV or Parquet file with a row for each. "
        "Left empty, none.",
    ),
    "transcript_columns": (
        "Columns of transcripts",
        "Names of x, y and the gene, with commas between them. Left empty, the usual names.",
    ),
    "image_mode": ("Images on a host", "Copied as tiles, or referred to where they are OME-Zarr at a URL."),
    "pixel_size": ("Length of a unit", "Of the coordinates of the tissue, in micrometres, for a scale bar."),
    "shapes": ("Boundaries of cells", "A file of shapes to use instead of those of the input."),
    "no_shapes": ("No boundaries", "Leave the boundaries of cells out."),
    "layout": (
        "Layout",
        "classic has a file for each gene; packed is for many cells; auto decides.",
    ),
    "gene_bits": (
        "Bits per packed value",
        "Of the packed layout: 16 or 8 make smaller files.",
    ),
    "order": (
        "Order of cells",
        "Of the packed layout: fair shows all of the picture from the first cells on.",
    ),
    "order_by": (
        "Fair shares of",
        "Categories of this column have their shares in the first cells. Left empty, the first coloured.",
    ),
    "preview": ("Loading picture", "Draws the picture that people see while the page loads."),
    "max_asset_mb": ("Largest file", "In MiB, before compression. Some hosts limit the size of a file."),
    "points": ("Points", "Embeddings of 1, 2 and 3 dimensions. Left alone, the usual ones."),
    "latent": ("Latent space", "The entry of obsm in which outliers of a category are found."),
    "var_quantization": ("Bits per gene value", "8 or 16 make smaller files. Left empty, 32-bit numbers."),
    "obs_quantization": (
        "Bits per number of a column",
        "8 or 16 make smaller files. Left empty, 32-bit numbers.",
    ),
    "categorical_dtype": ("Type of category codes", "auto takes the smallest that fits."),
    "dataset_id": ("Id", "For links and lists. Left empty, made from the name."),
    "zarr_format": ("Zarr version", "3 is newer; some readers know only 2."),
    "shard": ("Shards", "Few large objects instead of many small ones (Zarr 3)."),
    "uns": ("Arrays of uns", "To keep in the store, such as clusters_colors; all keeps every one."),
}
