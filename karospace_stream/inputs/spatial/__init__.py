"""What lies beside the matrix in the folders of 10x Genomics: positions, images, scales, cells, analyses."""
