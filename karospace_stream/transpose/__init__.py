"""From cell-major to gene-major without holding the matrix.

``plan`` decides by arithmetic, ``kernels`` turns what is in memory, ``scratch`` keeps the
fragments in between. The room ends at a band of whole genes.
"""
