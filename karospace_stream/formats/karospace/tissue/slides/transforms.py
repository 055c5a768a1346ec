"""Read a matrix of 3 x 3 from a file: JSON, or numbers with commas or spaces, as 10x Genomics writes it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadOptionError
from karospace_stream.similar.paths import did_you_mean_path
from karospace_stream.storage import local_path, read_regular

_MOST_NBYTES = 1 << 20
_KEYS = ("matrix", "transform", "affine")


def read_matrix(path: str) -> npt.NDArray[np.float64]:
    """The matrix of a file, from coordinates to pixels.

    Raises
    ------
    BadOptionError
        If there is none.
    """
    try:
        text = read_regular(Path(local_path(path)).expanduser(), _MOST_NBYTES).decode("utf-8-sig")
        values = np.asarray(_numbers(path, text), np.float64)
    except OSError as error:
        hint = did_you_mean_path(path) if isinstance(error, FileNotFoundError) else ""
        raise BadOptionError(f"--image: {path} cannot be read: {error.strerror or error}{hint}") from error
    except (ValueError, TypeError, RecursionError):
        values = np.empty(0)
    is_affine = values.shape == (3, 3) and np.isfinite(values).all() and (values[2] == (0, 0, 1)).all()
    if not is_affine or np.linalg.det(values[:2, :2]) == 0:
        raise BadOptionError(
            f"--image: {path} must hold an affine matrix of 3 x 3 from coordinates to pixels, whose last row "
            "is 0, 0, 1"
        )
    return values


def _numbers(path: str, text: str) -> Any:
    if path.lower().endswith(".json"):
        found = json.loads(text)
        if isinstance(found, Mapping):
            found = next(found[key] for key in _KEYS if key in found)
        return found
    return [
        [float(each) for each in re.split(r"[,\s]+", line.strip())]
        for line in text.splitlines()
        if line.strip()
    ]
