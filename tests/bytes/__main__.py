"""Compare all exports with the record, or write it: ``python -m tests.bytes``."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.bytes.environment import different, environment
from tests.bytes.exports import WAY, export_objects
from tests.bytes.inputs import INPUTS, path_of, sha256_of
from tests.bytes.options import FORMATS, SETS
from tests.bytes.record import (
    FOLDER,
    Exports,
    differences,
    read_environment,
    read_input,
    write_environment,
    write_input,
)


def main() -> int:
    """Give 0 where all bytes are as recorded."""
    parser = argparse.ArgumentParser(prog="python -m tests.bytes", description=__doc__)
    parser.add_argument("inputs", nargs="*", metavar="INPUT", help=f"of {', '.join(INPUTS)}; default: all")
    parser.add_argument("--write", action="store_true", help="write the record, and compare nothing")
    parser.add_argument("--record", type=Path, default=FOLDER, help="another folder for the record")
    for option in ("--scheduler", "--workers", "--strategy", "--memory"):
        parser.add_argument(option, help="of the exports; must not change their bytes")
    given = parser.parse_args()
    way = WAY | {k: v for k in ("scheduler", "strategy", "memory") if (v := getattr(given, k))}
    way["workers"] = int(given.workers or 1)
    if given.write:
        given.record.mkdir(parents=True, exist_ok=True)
        write_environment(given.record, environment())
    else:
        for line in different(read_environment(given.record), environment()):
            print(f"this environment is not the one of the record: {line}")
    n_lines = 0
    with tempfile.TemporaryDirectory() as scratch:
        for name in given.inputs or INPUTS:
            folder = Path(scratch)
            exports: Exports = {
                f"{option_set} {format}": export_objects(name, option_set, format, folder, way)
                for option_set in SETS
                for format in FORMATS
            }
            source = sha256_of(path_of(name, folder))
            if given.write:
                write_input(given.record, name, source, exports)
            else:
                n_lines += _print_differences(name, source, exports, given.record)
            n_objects = sum(len(each) for each in exports.values() if not isinstance(each, int))
            print(f"{name}: {n_objects:,} objects", file=sys.stderr)
    return 1 if n_lines else 0


def _print_differences(name: str, source: str, exports: Exports, record: Path) -> int:
    recorded_source, recorded = read_input(record, name)
    lines = [] if source == recorded_source else [f"{name} is not the input of the record"]
    for export, found in exports.items():
        lines += [f"{name} [{export}] {line}" for line in differences(recorded[export], found)]
    print("".join(f"{line}\n" for line in lines), end="")
    return len(lines)


if __name__ == "__main__":
    sys.exit(main())
