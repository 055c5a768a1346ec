"""Transpose from cell-major to gene-major without holding the matrix in memory.

``plan`` decides by arithmetic, ``kernels`` transposes blocks in memory, ``scratch`` stores the
fragments in between. The room ends at a band of complete genes.
"""
