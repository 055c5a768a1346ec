"""The floor: what an export cannot avoid, and nothing else.

    python -m benchmarks.floor INPUT OUT --sample SAMPLE --level 1 --threads 2

Reads and inflates every chunk of INPUT by ranged reads, deflates as many bytes as the export writes
with the same codec and level, and writes as many objects under the same names. It does not turn the
matrix: what it deflates are genes of the same data, made dense beforehand (`benchmarks.sample`), that
lie in the page cache.
"""

from __future__ import annotations

import argparse
import json
import os
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import numpy.typing as npt
from isal import isal_zlib

_READ_NBYTES = 4 << 20  # one ranged read, as neighbours lie
_GZIP_MEMBER = 31
_DEFLATE = 1


@dataclass(frozen=True, slots=True)
class Stored:
    """One chunk in the file: place, bytes as stored, and bytes when inflated (0: not deflated)."""

    offset: int
    size: int
    inflated: int


def stored_chunks(path: Path) -> list[Stored]:
    """Every chunk of every dataset of a file, in the order in which they lie."""
    found: list[Stored] = []
    with h5py.File(path) as file:
        file.visititems(lambda _, item: found.extend(_chunks_of(item)))
    return sorted(found, key=lambda chunk: chunk.offset)


def _chunks_of(item: Any) -> Iterator[Stored]:
    if not isinstance(item, h5py.Dataset) or not item.size:
        return
    if item.chunks is None:
        offset = item.id.get_offset()
        if offset is not None:
            for start in range(0, item.nbytes, _READ_NBYTES):
                yield Stored(offset + start, min(_READ_NBYTES, item.nbytes - start), 0)
        return
    plist = item.id.get_create_plist()
    filters = {plist.get_filter(number)[0] for number in range(plist.get_nfilters())}
    inflated = int(np.prod(item.chunks)) * item.dtype.itemsize if filters == {_DEFLATE} else 0
    listed: list[Any] = []
    item.id.chunk_iter(listed.append)
    yield from (Stored(info.byte_offset, info.size, inflated) for info in listed)


def read_all(descriptor: int, run: list[Stored]) -> int:
    """Read neighbouring chunks at once and inflate each; give the bytes that came out."""
    base = run[0].offset
    raw = memoryview(os.pread(descriptor, run[-1].offset + run[-1].size - base, base))
    total = 0
    for chunk in run:
        here = raw[chunk.offset - base : chunk.offset - base + chunk.size]
        # One byte more than the data: a buffer that is just full is doubled to look for the end.
        total += len(isal_zlib.decompress(here, bufsize=chunk.inflated + 1)) if chunk.inflated else len(here)
    return total


def neighbours(chunks: list[Stored]) -> Iterator[list[Stored]]:
    """Runs of chunks that lie one behind another, none longer than one read."""
    run: list[Stored] = []
    for chunk in chunks:
        if run and (
            chunk.offset != run[-1].offset + run[-1].size or chunk.offset - run[0].offset >= _READ_NBYTES
        ):
            yield run
            run = []
        run.append(chunk)
    if run:
        yield run


def compressor(level: int) -> Callable[[Any], bytes]:
    """The export's codec: ISA-L up to level 3, zlib above."""
    library = isal_zlib if level <= isal_zlib.ISAL_BEST_COMPRESSION else zlib
    return lambda data: library.compress(data, level, _GZIP_MEMBER)


def write_gene(out: Path, values: npt.NDArray[Any], parts: list[Any], pack: Callable[[Any], bytes]) -> None:
    """Deflate and write the parts of one gene; ``parts`` holds name, first and last cell of each."""
    for name, start, stop in parts:
        _write(out / name, pack(values[start:stop]))


def write_other(out: Path, name: str, path: Path, pack: Callable[[Any], bytes]) -> None:
    """Write one of the other objects, deflated where the export deflates it."""
    data = path.read_bytes()
    _write(out / name, pack(data) if name.endswith(".gz") else data)


def _write(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    try:
        os.write(descriptor, data)
    finally:
        os.close(descriptor)


def run_floor(source: Path, out: Path, sample: Path, level: int, threads: int) -> int:
    """Do it; give the number of bytes inflated."""
    listed = json.loads((sample / "sample.json").read_text())
    genes = np.memmap(sample / "genes.bin", listed["dtype"], "r").reshape(-1, listed["n_cells"])
    pack = compressor(level)
    for folder in listed["folders"]:
        (out / folder).mkdir(parents=True, exist_ok=True)
    descriptor = os.open(source, os.O_RDONLY)
    try:
        with ThreadPoolExecutor(threads) as pool:
            reading = [pool.submit(read_all, descriptor, run) for run in neighbours(stored_chunks(source))]
            writing: list[Future[None]] = [
                pool.submit(write_other, out, name, sample / "others" / name, pack)
                for name in listed["others"]
            ]
            writing += [
                pool.submit(write_gene, out, genes[stand_in], parts, pack)
                for stand_in, parts in zip(listed["stand_ins"], listed["genes"], strict=True)
            ]
            for written in writing:
                written.result()
            return sum(done.result() for done in reading)
    finally:
        os.close(descriptor)


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Read and inflate all of the input, deflate all of the output."
    )
    parser.add_argument("source", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--sample", type=Path, required=True)
    parser.add_argument("--level", type=int, default=1)
    parser.add_argument("--threads", type=int, required=True)
    asked = parser.parse_args()
    inflated = run_floor(asked.source, asked.out, asked.sample, asked.level, asked.threads)
    print(json.dumps({"inflated_nbytes": inflated, "workers": asked.threads}))


if __name__ == "__main__":
    main()
