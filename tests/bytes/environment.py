"""What decides the bytes beside our own code: libraries, the interpreter, the processor."""

from __future__ import annotations

import hashlib
import platform
import zlib
from collections.abc import Mapping
from importlib.metadata import version

import numpy as np
from isal import isal_zlib
from zlib_ng import zlib_ng

LIBRARIES = (
    *("anndata", "h5py", "hdf5plugin", "isal", "numcodecs", "numpy", "orjson", "pandas", "pillow", "scipy"),
    *("zarr", "zlib-ng"),
)


def environment() -> dict[str, str]:
    """Versions by name, and digests of what compression and arithmetic give on this processor."""
    return {
        "python": ".".join(platform.python_version_tuple()[:2]),
        **{name: version(name) for name in LIBRARIES},
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
        "compressed here": _compressed(),
        "computed here": _computed(),
    }


def different(recorded: Mapping[str, str], here: Mapping[str, str]) -> list[str]:
    """How this environment differs from the one of the record, in words."""
    return [
        f"{name} is {here.get(name)} and was {recorded.get(name)}"
        for name in sorted(recorded.keys() | here.keys())
        if recorded.get(name) != here.get(name)
    ]


def _compressed() -> str:
    # ISA-L and zlib-ng have code of their own for some processors, and not all of it gives the same bytes.
    values = np.random.default_rng(0).poisson(0.4, 60_000).astype("<f4").tobytes()
    parts = [isal_zlib.compress(values, level) for level in (1, 2, 3)]
    parts += [zlib_ng.compress(values, level) for level in (6, 9)]
    parts.append(zlib.compress(values, 6))
    return hashlib.sha256(b"".join(parts)).hexdigest()[:16]


def _computed() -> str:
    # NumPy chooses its loops by the processor, and their last bits may differ.
    values = np.random.default_rng(0).gamma(0.5, 2.0, 50_001)
    results = [
        part
        for each in (values, values.astype(np.float32))
        for part in (np.log1p(each), np.sqrt(each), each.sum(), each.std(), np.quantile(each, 0.95))
    ]
    return hashlib.sha256(b"".join(np.asarray(part).tobytes() for part in results)).hexdigest()[:16]
