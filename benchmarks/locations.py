"""Where a case runs: on a RAM file system if all of it fits there, else on a disk."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import psutil

from karospace_stream.units import format_nbytes

_SHARE = 0.85  # of what is free; the rest is for estimates that were too low


@dataclass(frozen=True, slots=True)
class Locations:
    """Two folders of the benchmark's own; ``ram`` is None where there is no RAM file system."""

    ram: Path | None
    disk: Path

    def choose(self, file_nbytes: int, process_nbytes: int, *, disk_only: bool) -> tuple[str, Path]:
        """``"ram"`` or ``"disk"``, and the folder.

        Parameters
        ----------
        file_nbytes
            Inputs, outputs and scratch that are there at the same time.
        process_nbytes
            What the most demanding process needs beside them: files in RAM take from the same memory.

        Raises
        ------
        OSError
            If not even the disk has room.
        """
        if self.ram is not None and not disk_only:
            room = min(_free(self.ram), psutil.virtual_memory().available - process_nbytes)
            if file_nbytes < _SHARE * room:
                return "ram", self.ram
        if file_nbytes > _SHARE * _free(self.disk):
            raise OSError(
                f"{format_nbytes(file_nbytes)} are needed, {self.disk} has {format_nbytes(_free(self.disk))} "
                "free; name a larger disk with --disk, or leave the case out"
            )
        return "disk", self.disk

    def fits_disk(self, nbytes: int) -> bool:
        """Whether the disk has room for that."""
        return nbytes <= _SHARE * _free(self.disk)


def _free(folder: Path) -> int:
    existing = next(each for each in (folder, *folder.parents) if each.exists())
    return shutil.disk_usage(existing).free


def ram_file_system() -> Path | None:
    """The RAM file system that Linux has; None elsewhere."""
    shm = Path("/dev/shm")
    return shm / "karospace-bench" if shm.is_dir() else None
