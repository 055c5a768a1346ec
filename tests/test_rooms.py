"""The rooms of the package: who may import whom, and which words stay where.

Imports run cli -> app, notebook -> convert -> rooms -> storage, model, errors, units. A room imports no other
room, but ``formats`` uses ``encode``. Reading is the business of ``source``, so inflating is; ``testing``
writes whole ``.h5ad`` files, so it has the words of storage too.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "karospace_stream"
BASE = {"model", "errors", "units", "storage"}
ROOMS = {
    "source",
    "select",
    "transpose",
    "derive",
    "doctor",
    "encode",
    "formats",
    "target",
    "runtime",
    "serving",
    "testing",
}
MAY_IMPORT = {
    **dict.fromkeys(ROOMS, BASE),
    "model": {"errors", "units"},
    "storage": {"errors"},
    "errors": set(),
    "units": {"errors"},
    "formats": BASE | {"encode"},
    "convert": BASE | ROOMS | {"__version__"},
    "notebook": BASE | {"convert", "serving"},
    "app": BASE | {"convert", "source", "select", "runtime", "serving", "__version__"},
    "cli": BASE
    | {"app", "convert", "doctor", "source", "select", "runtime", "serving", "testing", "__version__"},
    "__init__": {"convert", "notebook", "serving"},
    "__main__": {"cli"},
}
# Module (or name in it) -> rooms or files that may import it. The longest match decides.
WORDS = {
    "dask": {"runtime/graph.py", "runtime/cluster.py"},
    "distributed": {"runtime/cluster.py"},
    "h5py": {"source", "testing"},
    "hdf5plugin": {"source", "testing"},
    "gzip": {"encode"},
    "isal": {"encode", "source", "testing"},
    "isal.isal_zlib.crc32": {"encode", "source", "target", "testing"},
    "zlib": {"doctor", "encode", "source"},
    "zlib.crc32": {"encode", "source", "target"},
    "fsspec": {"storage"},
    "s3fs": {"storage"},
    "filelock": {"target"},
    "platformdirs": {"app", "target"},
    "anywidget": {"notebook"},
    "traitlets": {"notebook"},
    "IPython": {"notebook"},
    "click": {"cli"},
    "rich": {"cli"},
    "uvicorn": {"serving"},
    "starlette": {"app", "serving"},
}
JSON_KEYS = {
    *("schema_version", "asset_files", "annotation_columns", "n_genes_exported", "gene_list", "size_bytes"),
    *(
        "cell_id",
        "source_index",
        "per_gene_float32_v1",
        "coordinate_source",
        "y_axis",
        "gene_digits",
        "part_digits",
    ),
}
HTML = re.compile(r"<(!doctype|html|head|body|div|span|script|style|table|svg|canvas)\b", re.IGNORECASE)


def imports(tree: ast.AST, package: list[str]) -> Iterator[str]:
    """Every imported name, dotted and absolute, wherever in the file it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) + 1 - node.level] if node.level else []
            yield from (".".join([*base, *filter(None, [node.module]), alias.name]) for alias in node.names)
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "import_module":
            yield from (arg.value for arg in node.args if isinstance(arg, ast.Constant))


def import_problems(file: str, room: str, tree: ast.AST) -> Iterator[str]:
    for name in imports(tree, ["karospace_stream", *file.split("/")[:-1]]):
        top, _, rest = name.partition(".")
        other = rest.split(".")[0] or "__init__"
        if top == "karospace_stream" and other not in MAY_IMPORT[room] | {room}:
            yield f"imports {name}"
        words = [word for word in WORDS if f"{name}.".startswith(f"{word}.")]
        if words and not WORDS[max(words, key=len)] & {room, file}:
            yield f"imports {name}"


def word_problems(room: str, tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Name(id="print") if room != "cli":
                yield "prints"
            case ast.Attribute(value=ast.Name(id="sys"), attr="stdout" | "stderr" as stream) if room != "cli":
                yield f"uses sys.{stream}"
            case ast.Constant(value=str(text)) if text in JSON_KEYS and room not in {"formats", "testing"}:
                yield f"knows the JSON key {text!r}"
            case ast.Constant(value=str(text)) if HTML.search(text):
                yield f"holds HTML: {text[:40]!r}"


def problems(file: str, text: str) -> list[str]:
    """What is wrong with one file of the package; ``file`` is its path below the package."""
    room = file.split("/")[0].removesuffix(".py")
    if room not in MAY_IMPORT:
        return [f"unknown room {room}"]
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError) as error:
        return [f"cannot be parsed: {error}"]
    return [*import_problems(file, room, tree), *word_problems(room, tree)]


def test_every_file_keeps_to_its_room() -> None:
    files = {path.relative_to(PACKAGE).as_posix(): path for path in PACKAGE.rglob("*.py")}
    assert "errors.py" in files
    found = [
        f"{file}: {problem}"
        for file in sorted(files)
        for problem in problems(file, files[file].read_text("utf-8"))
    ]
    assert not found, "\n".join(found)


def test_files_are_short_and_named_after_what_they_hold() -> None:
    folders = [
        PACKAGE,
        *(
            ROOT / name
            for name in ("tests", "examples", "benchmarks", "viewer/src", "viewer/test", "viewer/build")
        ),
    ]
    files = [path for folder in folders for ext in ("py", "ts", "css") for path in folder.rglob(f"*.{ext}")]
    assert len(files) > 10
    long = [f"{path}: {n} lines" for path in files if (n := len(path.read_text("utf-8").splitlines())) > 400]
    assert not long, "\n".join(long)
    assert not [path for path in files if path.stem in {"utils", "util", "helpers", "misc", "common"}]


@pytest.mark.parametrize(
    ("file", "text", "problem"),
    [
        (
            "source/a.py",
            "from karospace_stream.select import Selection",
            "imports karospace_stream.select.Selection",
        ),
        ("source/a.py", "from ..target import fs", "imports karospace_stream.target.fs"),
        ("target/a.py", "from karospace_stream import convert", "imports karospace_stream.convert"),
        ("encode/a.py", "from karospace_stream.formats import x", "imports karospace_stream.formats.x"),
        ("units.py", "import karospace_stream.model.plan", "imports karospace_stream.model.plan"),
        ("cli/a.py", "from karospace_stream.encode import gzip", "imports karospace_stream.encode.gzip"),
        ("model/a.py", "import karospace_stream", "imports karospace_stream"),
        ("runtime/other.py", "def f():\n    import dask.array as da", "imports dask.array"),
        ("select.py", "import importlib\nimportlib.import_module('h5py')", "imports h5py"),
        ("target/a.py", "from gzip import compress", "imports gzip.compress"),
        ("formats/a.py", "import zlib", "imports zlib"),
        ("target/a.py", "from isal import isal_zlib", "imports isal.isal_zlib"),
        ("target/a.py", "from isal.isal_zlib import compress", "imports isal.isal_zlib.compress"),
        ("convert/a.py", "from fsspec.core import url_to_fs", "imports fsspec.core.url_to_fs"),
        ("serving/a.py", "import click", "imports click"),
        ("convert/a.py", "list(map(print, [1]))", "prints"),
        ("source/a.py", "import sys\nsys.stderr.write('x')", "uses sys.stderr"),
        ("convert/a.py", "x = {'schema_version': 1}", "knows the JSON key 'schema_version'"),
        ("formats/a.py", "x = f'<div>{1}</div>'", "holds HTML: '<div>'"),
        ("extra/a.py", "", "unknown room extra"),
    ],
)
def test_a_breach_is_seen(file: str, text: str, problem: str) -> None:
    assert problems(file, text) == [problem]


def test_a_file_that_cannot_be_parsed_is_a_problem() -> None:
    assert [p.split(":")[0] for p in problems("source/a.py", "def f(:\n")] == ["cannot be parsed"]
    assert [p.split(":")[0] for p in problems("source/a.py", "x = 1\0")] == ["cannot be parsed"]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("runtime/graph.py", "import dask"),
        ("target/a.py", "from zlib import crc32"),
        ("target/a.py", "from isal.isal_zlib import crc32"),
        ("formats/a.py", "from karospace_stream.encode.gzip import deflate\nx = 'schema_version'"),
        ("cli/a.py", "import click\nfrom karospace_stream.convert import export\nprint(1)"),
        ("convert/a.py", "from karospace_stream.source import open_source"),
        ("source/a.py", "from karospace_stream.source.protocol import Source\nx = 'gzip'"),
    ],
)
def test_what_is_allowed_is_not_a_breach(file: str, text: str) -> None:
    assert not problems(file, text)
