"""Do two exports hold the same, file by file? Shares no code with the writers."""

from __future__ import annotations

import json
import math
import zlib
from pathlib import Path
from typing import Any

from benchmarks.outputs import CellucidOutput, inflated

_TOLERANCE = 1e-5  # of a coordinate of a centroid
_REPORT = "report.json"  # time and memory of the run: the one file that is not the same twice
_OWN = {"created_at", "cellucid_data_version", "compression"}  # where two programs may differ


_CHECKSUMS = "checksums.json"  # of ours only, and of bytes as stored


class DisagreementError(Exception):
    """Two sides of a ratio did not do the same."""


def files_of(folder: Path) -> list[str]:
    """Paths of all files below a folder, sorted."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def compare_bytes(one: Path, other: Path) -> int:
    """Two exports of ours in the same format hold the same in every file but the report; give how many.

    After inflation: see ``docs/design/flow.md``.

    Raises
    ------
    DisagreementError
        If not.
    """
    names = [name for name in _shared_files(one, other) if name != _REPORT]
    for name in names:
        if not _same_content(one / name, other / name):
            raise DisagreementError(f"{name} holds other bytes in {other.name} than in {one.name}")
    return len(names)


def _same_content(one: Path, other: Path) -> bool:
    if one.read_bytes() == other.read_bytes():
        return True
    try:
        return one.suffix == ".gz" and inflated(one) == inflated(other)
    except (OSError, EOFError, zlib.error):  # no whole member
        return False


def compare_cellucid(ours: Path, theirs: Path, n_genes: int = 200) -> int:
    """Two exports in the Cellucid format hold the same; give the number of files compared.

    The folders hold the same files. Compared are, after inflation, byte for byte all of them but
    the genes, and of these ``n_genes`` spread over all; manifests as JSON, but for time, version
    and gzip level, centroids to 1e-5.

    Raises
    ------
    DisagreementError
        If anything differs.
    """
    names = _shared_files(ours, theirs)
    left, right = CellucidOutput(ours), CellucidOutput(theirs)
    if left.genes != right.genes or not left.genes:
        raise DisagreementError(f"{len(left.genes)} genes of ours are not {len(right.genes)} of theirs")
    last = len(left.genes) - 1
    steps = max(1, n_genes - 1)
    genes = {left.path(last * step // steps) for step in range(n_genes)}
    chosen = [name for name in names if not name.startswith("var/") or name in genes]
    for name in chosen:
        one, other = inflated(ours / name), inflated(theirs / name)
        if name.endswith(".json"):
            tolerance = _TOLERANCE if name == "obs_manifest.json" else 0.0
            same = _same(json.loads(one), json.loads(other), tolerance)
        else:
            same = one == other
        if not same:
            raise DisagreementError(f"{name} holds other values in {theirs.name} than in {ours.name}")
    return len(chosen)


def compare_stores(ours: Path, theirs: Path, *, bytes_too: bool) -> int:
    """Two Zarr stores have the same files, byte for byte; give how many.

    Parameters
    ----------
    bytes_too
        Whether both were compressed the same way; else chunks are compared after inflation, and documents
        not at all.

    Raises
    ------
    DisagreementError
        If anything differs.
    """
    names = _shared_files(ours, theirs)
    for name in names:
        one, other = ((folder / name).read_bytes() for folder in (ours, theirs))
        if one != other and (bytes_too or not _same_chunk(name, one, other)):
            raise DisagreementError(f"{name} holds other bytes in {theirs.name} than in {ours.name}")
    return len(names)


def _same_chunk(name: str, one: bytes, other: bytes) -> bool:
    is_document = name.rpartition("/")[2].startswith(".z")
    return is_document or zlib.decompress(one) == zlib.decompress(other)


def _shared_files(one: Path, other: Path) -> list[str]:
    names, others = ([n for n in files_of(folder) if n != _CHECKSUMS] for folder in (one, other))
    if names != others or not names:
        odd = sorted(set(names) ^ set(others))
        raise DisagreementError(f"{one.name} has {len(names)} files, {other.name} {len(others)}: {odd[:5]}")
    return names


def _same(one: Any, other: Any, tolerance: float) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(
            key in _OWN or _same(value, other[key], tolerance) for key, value in one.items()
        )
    if isinstance(one, list) and isinstance(other, list):
        pairs = zip(one, other, strict=False)
        return len(one) == len(other) and all(_same(*pair, tolerance) for pair in pairs)
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=0, abs_tol=tolerance)
    return bool(one == other)
