"""The record: a file for each input, and in it the objects of every export of that input."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from tests.bytes.exports import Objects

FOLDER = Path(__file__).parent / "record"
ENVIRONMENT = "environment.json"

Exports = dict[str, Objects | int]
"""By set and format, as ``compact cellucid``: the objects, or the exit code of a refusal."""


def write_input(folder: Path, name: str, source: str, exports: Exports) -> None:
    """Write the file of one input, whose own SHA-256 is ``source``."""
    lines = [f"[input]\n{source}  {name}\n"]
    for export, outcome in exports.items():
        lines.append(f"[{export}]\n")
        if isinstance(outcome, int):
            lines.append(f"refused, exit code {outcome}\n")
        else:
            # A name may hold a line end; JSON without its quotes does not.
            lines.extend(f"{outcome[key]}  {json.dumps(key)[1:-1]}\n" for key in sorted(outcome))
    (folder / f"{name}.txt").write_text("".join(lines), encoding="utf-8")


def read_input(folder: Path, name: str) -> tuple[str, Exports]:
    """Read it back: the input's SHA-256, and its exports."""
    source, exports, objects = "", Exports(), Objects()
    for line in (folder / f"{name}.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            title, objects = line[1:-1], {}
            exports[title] = objects
        elif line.startswith("refused"):
            exports[title] = int(line.split()[-1])
        else:
            digest, _, key = line.partition("  ")
            objects[json.loads(f'"{key}"')] = digest
    (source,) = exports.pop("input").values()
    return source, exports


def write_environment(folder: Path, environment: Mapping[str, str]) -> None:
    """Write what the record was made with."""
    (folder / ENVIRONMENT).write_text(json.dumps(environment, indent=1) + "\n", encoding="utf-8")


def read_environment(folder: Path) -> dict[str, str]:
    """Read it back."""
    return json.loads((folder / ENVIRONMENT).read_text("utf-8"))


def differences(recorded: Objects | int, found: Objects | int) -> list[str]:
    """How an export differs from the record, a line for each object."""
    if isinstance(recorded, int) or isinstance(found, int):
        return [] if recorded == found else [f"{_told(recorded)} in the record, and is {_told(found)}"]
    lines = []
    for key in sorted(recorded.keys() | found.keys()):
        if key not in found:
            lines.append(f"{key} is not written any more")
        elif key not in recorded:
            lines.append(f"{key} is new")
        elif recorded[key] != found[key]:
            lines.append(f"{key} has other bytes")
    return lines


def _told(outcome: Objects | int) -> str:
    return f"refused with exit code {outcome}" if isinstance(outcome, int) else f"{len(outcome)} objects"
