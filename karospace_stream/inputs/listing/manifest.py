"""Manifests: text, CSV or TSV files with a path in each line, and columns that become columns of obs."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from karospace_stream.errors import BadInputError
from karospace_stream.inputs.listing.folders import inputs_in
from karospace_stream.inputs.listing.listed import Given
from karospace_stream.inputs.listing.looks import is_list, is_named_like_one
from karospace_stream.inputs.listing.patterns import is_pattern, matches
from karospace_stream.model.finding import Finding
from karospace_stream.similar.paths import did_you_mean_path
from karospace_stream.storage import (
    StorageError,
    Store,
    is_url,
    local_path,
    location_of,
    open_regular,
)
from karospace_stream.units import format_nbytes

_MOST_NBYTES = 64 << 20
_PATH = "path"


@dataclass(frozen=True, slots=True)
class _Row:
    """One line with content: its number in the file, and its cells."""

    line: int
    cells: list[str]


def read_manifest(
    where: str, storage_options: Mapping[str, Any] | None
) -> tuple[list[Given], tuple[Finding, ...]]:
    """The inputs that a manifest names, in its order.

    Raises
    ------
    BadInputError
        If it cannot be read, or a line names nothing, or the same input again; the error names the line.
    """
    rows = list(_rows(where, _read(where, storage_options)))
    columns, rows = _header(where, rows)
    at = columns.index(_PATH) if _PATH in columns else 0
    given: list[Given] = []
    findings: list[Finding] = []
    lines: dict[str, int] = {}
    for row in rows:
        if len(row.cells) > max(1, len(columns)):
            raise BadInputError(
                f"{where}, line {row.line}: there must be {max(1, len(columns))} values, as in the header, "
                f"but there are {len(row.cells)}; put quotes around a value with a comma"
            )
        cells = row.cells + [""] * (len(columns) - len(row.cells))
        more = {
            name: cell
            for number, (name, cell) in enumerate(zip(columns, cells, strict=False))
            if number != at
        }
        if not cells[at]:
            raise BadInputError(f"{where}, line {row.line}: there must be a path, but it is empty")
        for path, noticed in _inputs(where, row.line, cells[at], storage_options):
            same = identity(path)
            if same in lines:
                raise BadInputError(
                    f"{where}, line {row.line}: {path} is named in line {lines[same]} already; name every "
                    "input once"
                )
            lines[same] = row.line
            given.append(Given(path, "", more))
            findings += noticed
    return given, tuple(findings)


def identity(path: str) -> str:
    """A name that two spellings of one path share."""
    if is_url(path):
        return location_of(path).url
    return os.path.realpath(os.path.expanduser(local_path(path)))  # noqa: PTH111


def _read(where: str, storage_options: Mapping[str, Any] | None) -> str:
    try:
        if is_url(where):
            data = Store(location_of(where, storage_options)).read_document("", _MOST_NBYTES)
        else:
            path = Path(local_path(where)).expanduser()
            with open_regular(path) as file:
                data = file.read(_MOST_NBYTES + 1)
        if len(data) > _MOST_NBYTES:
            raise BadInputError(f"{where}: a list of inputs must have at most {format_nbytes(_MOST_NBYTES)}")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInputError(f"{where}: a list of inputs must be text in UTF-8; save it so") from error
    except (StorageError, OSError) as error:
        why = getattr(error, "strerror", None) or error
        raise BadInputError(f"{where} cannot be read: {why}") from error


def _rows(where: str, text: str) -> Iterator[_Row]:
    if "\0" in text:
        raise BadInputError(f"{where}: a list of inputs must be text, but has bytes that are none")
    delimiter = _delimiter(where, text)
    if delimiter is None:
        for number, line in enumerate(text.splitlines(), 1):
            if line.strip() and not line.lstrip().startswith("#"):
                yield _Row(number, [line.strip()])
        return
    uncommented = ("\n" if line.lstrip().startswith("#") else line for line in StringIO(text))
    reader = csv.reader(uncommented, delimiter=delimiter, skipinitialspace=True, strict=True)
    before = 0
    try:
        for cells in reader:
            number, before = before + 1, reader.line_num
            stripped = [cell.strip() for cell in cells]
            while stripped and not stripped[-1]:
                stripped.pop()
            if stripped:
                yield _Row(number, stripped)
    except csv.Error as error:
        raise BadInputError(f"{where}, line {reader.line_num}: it is no table ({error})") from error


def _delimiter(where: str, text: str) -> str | None:
    """None for a text file with one path a line, which may hold any character."""
    name = where.partition("?")[0].lower() if is_url(where) else where.lower()
    if name.endswith(".tsv"):
        return "\t"
    lines = [line.strip() for line in text.splitlines() if line.strip() and line.strip()[0] != "#"]
    if name.endswith(".csv"):
        first = next(csv.reader(lines[:1], delimiter=","), [])
        return ";" if len(first) == 1 and ";" in first[0] else ","
    return "\t" if any("\t" in line for line in lines) else None


def _header(where: str, rows: list[_Row]) -> tuple[list[str], list[_Row]]:
    """Names of the columns, and the rows below; no names if the first row is an input already."""
    if not rows:
        raise BadInputError(f"{where}: a list of inputs must name at least one, but is empty")
    first, names = rows[0], [cell.lower() if cell.lower() == _PATH else cell for cell in rows[0].cells]
    if _PATH not in names and _is_input(where, first.cells[0]):
        widest = max(rows, key=lambda row: len(row.cells))
        if len(widest.cells) > 1:
            raise BadInputError(
                f"{where}, line {first.line}: a list with further columns must begin with their names, but "
                "begins with an input; put a line such as path,sample above it"
            )
        return [], rows
    is_text = where.partition("?")[0].lower().endswith(".txt")
    if _PATH not in names and len(names) == 1 and (is_text or not rows[1:]):
        return [], rows  # an input that does not exist, which is said with its line
    _check_names(where, first.line, names)
    if not rows[1:]:
        raise BadInputError(f"{where}: a list of inputs must name at least one, but has only a header")
    return names, rows[1:]


def _check_names(where: str, line: int, names: Sequence[str]) -> None:
    if not all(names):
        raise BadInputError(
            f"{where}, line {line}: every column must have a name; name column {names.index('') + 1}"
        )
    twice = next((name for number, name in enumerate(names) if name in names[:number]), None)
    if twice is not None:
        raise BadInputError(f"{where}, line {line}: two columns are called {twice!r}; name every column once")


def _is_input(where: str, text: str) -> bool:
    path = _resolved(where, text)
    return is_url(path) or is_named_like_one(text) or "/" in text or os.path.exists(path)  # noqa: PTH110


def _resolved(where: str, text: str) -> str:
    """Relative paths count from the manifest."""
    if is_url(text):
        return text
    text = local_path(text)
    if is_url(where):
        if text.startswith("/"):
            raise BadInputError(f"{where}: a list at a URL must name URLs or relative paths, got {text}")
        address, mark, query = where.partition("?")
        made = urljoin(f"http://{address.partition('://')[2]}", text).partition("://")[2]
        return f"{address.partition('://')[0]}://{made}{mark}{query}"
    folder = Path(local_path(where)).expanduser().parent
    return str(folder / Path(text).expanduser())


def _inputs(
    where: str, line: int, text: str, storage_options: Mapping[str, Any] | None
) -> Iterator[tuple[str, tuple[Finding, ...]]]:
    path = _resolved(where, text)
    if is_list(path.partition("?")[0] if is_url(path) else path):
        raise BadInputError(f"{where}, line {line}: a list must name inputs, but {text} is a list itself")
    if is_pattern(path):
        found, findings = _at_line(where, line, path, storage_options)
        for number, each in enumerate(found):
            yield each, () if number else findings
        return
    if not is_url(path) and not os.path.exists(path) and not _is_in_file(path):  # noqa: PTH110
        hint = did_you_mean_path(path)
        raise BadInputError(f"{where}, line {line}: {path} does not exist{hint}")
    found_below = inputs_in(Path(path)) if os.path.isdir(path) else None  # noqa: PTH112
    if found_below is None:
        yield path, ()  # of a URL, a Path would lose a slash
        return
    below, findings = found_below
    for number, entry in enumerate(below):
        yield str(entry), () if number else findings


def _is_in_file(path: str) -> bool:
    """Whether it lies in a zip file."""
    return any(above.is_file() for above in Path(path).parents)


def _at_line(
    where: str, line: int, path: str, storage_options: Mapping[str, Any] | None
) -> tuple[list[str], tuple[Finding, ...]]:
    try:
        return matches(path, storage_options)
    except BadInputError as error:
        raise BadInputError(f"{where}, line {line}: {error}") from error
