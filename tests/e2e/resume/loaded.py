"""What an export imports, imported once: processes that are forked from here begin at once."""

import dask.array  # noqa: F401
import hdf5plugin  # noqa: F401
import numcodecs.blosc  # noqa: F401
import s3fs  # noqa: F401

import tests.e2e.resume.killing  # noqa: F401
