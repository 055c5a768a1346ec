"""Numbers of genes by groups of cells, as data frames and files, without an export."""
