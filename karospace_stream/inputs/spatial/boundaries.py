"""The boundaries of cells and nuclei in a Xenium folder."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec

from karospace_stream.inputs.folders.folder import InputFolder
from karospace_stream.inputs.shapes.long_table import LongTable
from karospace_stream.model.finding import Finding
from karospace_stream.model.inputs.shapes import ShapesInfo
from karospace_stream.source.files.stored_file import PlainFile
from karospace_stream.source.files.stream import AnyFile
from karospace_stream.source.problems.unreadable import Unreadable, optional

_NAMES = ("cell_boundaries", "nucleus_boundaries")
_KEY = "spatial"


@dataclass(frozen=True, slots=True)
class Boundaries:
    """Those that are there."""

    shapes: tuple[ShapesInfo, ...]
    files: tuple[AnyFile, ...]
    findings: tuple[Finding, ...] = ()


def find_boundaries(folder: InputFolder, unreadable: Unreadable) -> Boundaries:
    """Look for the files; reads their footers. Those that cannot be read are left out, and recorded."""
    shapes, files, findings = [], [], []
    for name in _NAMES:
        path = f"{name}.parquet"
        if not folder.has(path):
            if other := folder.first(f"{name}.csv.gz", f"{name}.csv"):
                text = f"{folder.shown_file(other)} is not read: boundaries are read from {path}"
                findings.append(Finding("shapes-unread", text))
            continue
        if find_spec("pyarrow") is None:
            text = (
                f"{folder.shown_file(path)} is not read, since pyarrow is not installed; install it with: "
                "pip install 'karospace-stream[spatial]'"
            )
            findings.append(Finding("shapes-unread", text))
            continue
        with optional(unreadable, path):
            file = folder.file(path)
            shapes.append(ShapesInfo(name, _KEY, LongTable.of(PlainFile(file))))
            files.append(file)
    return Boundaries(tuple(shapes), tuple(files), tuple(findings))
